"""The watch over the money sees each kind of wrong; every one of these is made behind the services' back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core.triggers import drop_triggers
from marketplace.orders.models import Order
from payments.invariants import violations
from payments.models import BankNotice, ReviewItem, TransactionEvent
from payments.services.by_hand import mark_paid_by_hand, record_refund
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db: None) -> Order:
    """A paid order of a shop where other things happened too."""
    shop = a_shop()
    _other_things(shop)
    order = an_order(shop)
    pay(shop, code_of(order))
    return order


@pytest.fixture
def unguarded(order: Order) -> None:
    """No triggers until the test's transaction is taken back."""
    drop_triggers()


def _other_things(shop: Shop) -> None:
    order = an_order(shop)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)
    record_refund(actor=shop.owner, order=order, amount_vnd=10_000, confirmation="cash", now=NOW)
    pay(shop, "no code")
    pay(shop, "x", transferType="out")
    an_order(shop)


def change(model: Any, **values: object) -> int:
    """Change the newest row of a table; answers its key."""
    pk: int = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
    model.objects.filter(pk=pk).update(**values)
    return pk


def test_sound_money_has_nothing_to_report(order: Order) -> None:
    assert violations() == []


def test_a_balance_that_its_events_do_not_make_up_is_seen(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(charged_vnd=PRICE_VND + 1)

    assert violations() == [f"order {order.pk} says 60001 đồng came, its events say 60000"]


def test_money_without_any_event_is_seen(order: Order) -> None:
    unpaid = Order.objects.filter(charged_vnd=0)[0]
    Order.objects.filter(pk=unpaid.pk).update(charged_vnd=5)

    assert violations() == [f"order {unpaid.pk} says 5 đồng came, its events say 0"]


@pytest.mark.usefixtures("unguarded")
def test_a_notice_that_is_booked_without_an_event_is_seen(order: Order) -> None:
    event = TransactionEvent.objects.filter(notice__isnull=False).get()
    TransactionEvent.objects.filter(pk=event.pk).update(notice=None)

    assert violations() == [f"notice {event.notice_id} is booked with 0 events"]


@pytest.mark.usefixtures("unguarded")
def test_an_event_that_says_otherwise_than_its_notice_is_seen(order: Order) -> None:
    event = TransactionEvent.objects.filter(notice__isnull=False).get()
    BankNotice.objects.filter(pk=event.notice_id).update(amount_vnd=1)

    assert violations() == [f"event {event.pk} does not say what notice {event.notice_id} says"]


def test_held_money_that_is_in_nobodys_list_is_seen(order: Order) -> None:
    item = ReviewItem.objects.get(kind="unmatched")
    item.delete()

    assert violations() == [f"notice {item.notice_id} is held and in nobody's review list"]


def test_a_notice_cannot_be_kept_twice_nor_booked_twice_and_the_database_holds_it(order: Order) -> None:
    notice = BankNotice.objects.get(state="booked")
    event = TransactionEvent.objects.get(notice=notice)
    for row in (notice, event):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.usefixtures("unguarded")
def test_control_a_notice_kept_twice_would_be_seen(order: Order) -> None:
    notice = BankNotice.objects.get(state="booked")
    first = notice.pk
    notice.pk = None
    notice.provider_tx_id = "another"
    notice.state = BankNotice.State.IGNORED
    notice.save(force_insert=True)
    with pytest.MonkeyPatch.context() as patch:
        # The table's own key refuses equal rows, so equality is widened to the feed alone.
        values = BankNotice.objects.values
        patch.setattr(type(BankNotice.objects), "values", lambda _self, *_names: values("feed"))
        found = violations()

    assert first != notice.pk
    assert len(found) == 1
    assert found[0].endswith("times")


@pytest.mark.parametrize(("model", "field"), [(TransactionEvent, "amount_vnd"), (BankNotice, "amount_vnd")])
def test_what_moved_cannot_be_changed_or_deleted(order: Order, model: Any, field: str) -> None:
    row = model.objects.order_by("-pk")[0]
    for statement in (
        f"UPDATE {model._meta.db_table} SET {field} = 1 WHERE id = {row.pk}",
        f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
