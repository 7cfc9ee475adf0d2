"""What a shop tells the buyer about an order."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from marketplace.core.text import BadText
from marketplace.orders.models import Order, OrderMessage
from marketplace.orders.services.messages import MESSAGES_AN_ORDER_MAX, TooManyMessages, tell_buyer
from tests.orders.factories import NOW, a_member
from tests.payments.factories import journal

pytestmark = pytest.mark.django_db
WORDS = "Chiều nay xe chạy,\nmai bác nhận được."


def test_the_shop_tells_its_buyer_once_however_often_the_form_is_sent(order: Order) -> None:
    seller, sent = a_member(order.vendor), uuid.uuid4()

    first = tell_buyer(actor=seller, order=order, text=WORDS, now=NOW, client_id=sent)
    again = tell_buyer(actor=seller, order=order, text=WORDS, now=NOW, client_id=sent)

    assert first == again
    assert [(row.text, row.user_id) for row in order.messages.all()] == [(WORDS, seller.user_id)]
    assert [event["message"] for event in journal("order.message_sent")] == [first.pk]


def test_a_stranger_or_an_empty_message_is_refused_and_nothing_is_said(order: Order) -> None:
    with pytest.raises(NotFound):
        tell_buyer(actor=ANONYMOUS, order=order, text=WORDS, now=NOW)
    with pytest.raises(BadText):
        tell_buyer(actor=a_member(order.vendor), order=order, text=" \n ", now=NOW)

    assert OrderMessage.objects.count() == 0


def test_an_order_takes_twenty_messages_and_none_is_ever_changed(order: Order) -> None:
    seller = a_member(order.vendor)
    for number in range(MESSAGES_AN_ORDER_MAX):
        last = tell_buyer(actor=seller, order=order, text=f"Lần {number}", now=NOW)

    with pytest.raises(TooManyMessages):
        tell_buyer(actor=seller, order=order, text="Lần nữa", now=NOW)
    assert OrderMessage.objects.count() == 20
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderMessage.objects.filter(pk=last.pk).update(text="Khác")
