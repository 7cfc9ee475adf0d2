"""The watch over the money sees each kind of wrong; every one of these is made behind the services' back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalEvent
from marketplace.core.triggers import drop_triggers
from marketplace.orders.models import Order
from payments.invariants import violations
from payments.models import BankNotice, GrantedRefund, ReviewItem, TransactionEvent, TransactionItem
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.granting import grant_refund
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, pay
from tests.payments.unguarded import take_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checks_are_on_again")]


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
    connection.check_constraints()
    drop_triggers()


def _other_things(shop: Shop) -> None:
    order = an_order(shop)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)
    record_refund(actor=shop.owner, order=order, amount_vnd=10_000, confirmation="cash", now=NOW)
    pay(shop, "no code")
    pay(shop, "x", transferType="out")
    an_order(shop)


def an_order_of(order: Order) -> Order:
    """Another unpaid order of the same shop."""
    return Order.objects.filter(vendor=order.vendor, charged_vnd=0)[0]


def change(model: Any, **values: object) -> int:
    """Change the newest row of a table; answers its key."""
    pk: int = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
    model.objects.filter(pk=pk).update(**values)
    return pk


def test_sound_money_has_nothing_to_report(order: Order) -> None:
    assert violations() == []


@pytest.mark.usefixtures("unguarded")
def test_a_balance_that_its_events_do_not_make_up_is_seen(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(charged_vnd=PRICE_VND + 1, charge_status="overcharged")

    assert violations() == [f"order {order.pk} says 60001 đồng came, its events say 60000"]


@pytest.mark.usefixtures("unguarded")
def test_money_without_any_event_is_seen(order: Order) -> None:
    unpaid = Order.objects.filter(charged_vnd=0)[0]
    Order.objects.filter(pk=unpaid.pk).update(charged_vnd=5, charge_status="partial")

    assert violations() == [f"order {unpaid.pk} says 5 đồng came, its events say 0"]


@pytest.mark.usefixtures("unguarded")
def test_a_notice_that_is_booked_without_an_event_is_seen(order: Order) -> None:
    notice = BankNotice.objects.get(state="review")
    BankNotice.objects.filter(pk=notice.pk).update(state="booked", order=order)

    assert violations() == [f"notice {notice.pk} is booked with 0 events"]


@pytest.mark.usefixtures("unguarded")
def test_an_event_that_says_otherwise_than_its_notice_is_seen(order: Order) -> None:
    event = TransactionEvent.objects.filter(notice__isnull=False).get()
    BankNotice.objects.filter(pk=event.notice_id).update(amount_vnd=1)

    assert violations() == [f"event {event.pk} does not say what notice {event.notice_id} says"]


@pytest.mark.usefixtures("unguarded")
def test_held_money_that_is_in_nobodys_list_is_seen(order: Order) -> None:
    item = ReviewItem.objects.get(kind="unmatched")
    item.delete()

    assert violations() == [f"notice {item.notice_id} is held and in nobody's review list"]


EVENT, ORDER = "payments.TransactionEvent", "orders.Order"


def test_an_order_that_is_called_otherwise_than_its_amounts_make_it_is_seen(order: Order) -> None:
    take_off([f"check:{ORDER} order_charge_status_agrees"])
    Order.objects.filter(pk=order.pk).update(charge_status="partial")

    assert violations() == [f"order {order.pk} is called partial with 60000 of 60000 đồng"]


def test_a_transaction_that_gave_back_more_than_it_got_is_seen(order: Order) -> None:
    bank = TransactionItem.objects.get(order=order)
    mark = mark_paid_by_hand(
        actor=SYSTEM, order=an_order_of(order), amount_vnd=PRICE_VND, confirmation="cash", now=NOW
    )
    cash = mark.transaction
    take_off(["append_only payments.TransactionItem", "item_keeps_its_order", "no_more_goes_back_than_came"])
    take_off(["event_is_of_its_order", "order_balance"])
    event = TransactionEvent.objects.filter(transaction=bank).get(type="charge_success")
    event.pk, event.notice, event.confirmation = None, None, "cash"
    event.type, event.amount_vnd, event.transaction = "refund_success", PRICE_VND + 5, cash
    event.save(force_insert=True)

    assert f"transaction {cash.pk} gave back 5 đồng more than it got" in violations()


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("column", ["vendor", "channel", "order"])
def test_an_event_of_another_shop_channel_or_order_is_seen(order: Order, column: str) -> None:
    event = TransactionEvent.objects.get(order=order, type="charge_success")
    other = {"vendor": a_shop().vendor, "channel": "stall", "order": Order.objects.filter(charged_vnd=0)[0]}
    TransactionEvent.objects.filter(pk=event.pk).update(**{column: other[column]})

    said = f"event {event.pk} is of another order, shop or channel than its transaction {event.transaction_id}"
    assert said in violations()


def test_the_banks_word_without_a_notice_is_seen(order: Order) -> None:
    event = TransactionEvent.objects.get(order=order, type="charge_success")
    take_off([f"append_only {EVENT}", f"check:{EVENT} bank_money_has_its_notice"])
    TransactionEvent.objects.filter(pk=event.pk).update(notice=None)

    assert f"event {event.pk} is called the bank's and no notice says so" in violations()


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(("confirmation", "said"), [("vendor", "vendor"), ("card", "card")])
def test_what_was_marked_by_hand_in_another_confirmations_transaction_is_seen(
    order: Order, confirmation: str, said: str
) -> None:
    cash = TransactionEvent.objects.get(confirmation="cash", type="charge_success")
    TransactionEvent.objects.filter(pk=cash.pk).update(confirmation=confirmation, psp_reference="1")

    assert f"event {cash.pk} ({said}) is in a transaction of another confirmation" in violations()


def test_a_cards_event_that_is_kept_twice_is_seen(order: Order) -> None:
    take_off(["unique:card_money_once", "order_balance"])
    event = TransactionEvent.objects.get(order=order, type="charge_success")
    event.notice, event.confirmation = None, "card"
    for _ in range(2):
        event.pk = None
        event.save(force_insert=True)

    assert f"event {event.pk} of a card is kept 2 times" in violations()


def test_a_promise_that_is_called_kept_and_was_not_is_seen(order: Order) -> None:
    granted = grant_refund(actor=SYSTEM, order=order, amount_vnd=5_000, reason="", now=NOW)
    assert violations() == []
    take_off(["granted_refund_is_kept"])
    GrantedRefund.objects.filter(pk=granted.pk).update(status="success")

    assert violations() == [f"granted refund {granted.pk} (success) of 5000 đồng gave 0"]


@pytest.mark.usefixtures("unguarded")
def test_a_journal_that_tells_of_other_amounts_is_seen(order: Order) -> None:
    told = JournalEvent.objects.filter(kind="order.refunded")[0]
    JournalEvent.objects.filter(pk=told.pk).update(data=told.data | {"amount_vnd": 9_999})

    assert violations() == ["on 2026-11-22 110000 đồng moved, the journal says 110001"]


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
