"""The database itself keeps money true: SQL that goes round every service is refused, and gets in without guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from payments.guards import MONEY_GUARDS
from payments.invariants import violations
from payments.models import CardEvent, GrantedRefund, ReviewItem, TransactionEvent, TransactionItem
from payments.services.by_hand import mark_paid_by_hand
from tests.payments.factories import NOW, PRICE_VND, a_shop, an_order, code_of, pay
from tests.payments.unguarded import take_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checks_are_on_again")]

EVENT = "payments.TransactionEvent"
ITEM = "payments.TransactionItem"
NOTICE = "payments.BankNotice"
DELIVERY = "payments.NoticeDelivery"
REVIEW = "payments.ReviewItem"
GRANTED = "payments.GrantedRefund"
ORDER = "orders.Order"


@dataclass(frozen=True)
class Money:
    """Rows of a market in which everything happened through the services, by their keys."""

    order: int
    """Paid by the bank, in full."""
    unpaid: int
    of_others: int
    """An unpaid order of another shop."""
    booked: int
    held: int
    event: int
    """The bank's."""
    by_hand: int
    """An event of another order, marked by the vendor."""
    hand_order: int
    review: int
    granted: int
    delivery: int
    card_event: int
    item: str
    """The transaction of `order`."""
    empty_item: str
    """A transaction of `unpaid` in which nothing happened."""


@pytest.fixture
def money(db: None) -> Money:
    shop, other = a_shop(), a_shop()
    order, unpaid, by_hand, of_others = an_order(shop), an_order(shop), an_order(shop), an_order(other)
    booked, held = pay(shop, code_of(order)), pay(shop, "no code")
    mark = mark_paid_by_hand(actor=shop.owner, order=by_hand, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)
    granted = GrantedRefund.objects.create(order=order, amount_vnd=10_000, granted_at=NOW, updated_at=NOW)
    connection.check_constraints()
    assert violations() == []
    return Money(
        order=order.pk,
        unpaid=unpaid.pk,
        of_others=of_others.pk,
        booked=booked.pk,
        held=held.pk,
        event=TransactionEvent.objects.get(notice=booked).pk,
        by_hand=mark.pk,
        hand_order=by_hand.pk,
        review=ReviewItem.objects.get(notice=held).pk,
        granted=granted.pk,
        delivery=booked.delivery_id,
        card_event=CardEvent.objects.create(
            stripe_event_id="evt_1", kind="x", livemode=False, happened_at=NOW, received_at=NOW, state="done"
        ).pk,
        item=TransactionItem.objects.get(order=order).pk.hex,
        empty_item=TransactionItem.objects.create(order=unpaid, made_at=NOW).pk.hex,
    )


def change(model: str, key: str, **values: str) -> tuple[str, str, dict[str, str]]:
    """An UPDATE of the row that `key` of `Money` names; values are SQL in which `{…}` stands for such a key."""
    return "change", f"{model} {key}", values


def copy(model: str, key: str, **values: str) -> tuple[str, str, dict[str, str]]:
    """A new row like the one that `key` names, but for these values."""
    return "copy", f"{model} {key}", values


def delete(model: str, key: str) -> tuple[str, str, dict[str, str]]:
    """A DELETE of the row that `key` names."""
    return "delete", f"{model} {key}", {}


Write = tuple[str, str, dict[str, str]]


def sql_of(write: Write, money: Money) -> str:
    verb, what, values = write
    name, key = what.split()
    model = apps.get_model(name)
    table, pk = model._meta.db_table, f"'{getattr(money, key)}'"
    filled = {column: value.format(**vars(money)) for column, value in values.items()}
    if verb == "change":
        return f"UPDATE {table} SET {', '.join(f'{c} = {v}' for c, v in filled.items())} WHERE id = {pk}"
    if verb == "delete":
        return f"DELETE FROM {table} WHERE id = {pk}"
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    said = ", ".join(filled.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {said} FROM {table} WHERE id = {pk}"


def run(writes: Iterable[Write], money: Money) -> None:
    """The statements in one transaction of their own, with all that its commit looks at."""
    with transaction.atomic(), connection.cursor() as cursor:
        for write in writes:
            cursor.execute(sql_of(write, money), None)
        connection.check_constraints()


ATTEMPTS: Mapping[str, tuple[tuple[str, ...], tuple[Write, ...]]] = {
    "what moved is changed": ((f"append_only {EVENT}",), (change(EVENT, "event", bank_date="'2020-01-01'"),)),
    "what moved is struck out": ((f"append_only {EVENT}",), (delete(EVENT, "by_hand"),)),
    "what Stripe told is changed": (
        ("append_only payments.CardEvent",),
        (change("payments.CardEvent", "card_event", kind="'y'"),),
    ),
    "a delivery says other things": ((f"append_only {DELIVERY}",), (change(DELIVERY, "delivery", body_sha256="''"),)),
    "erased bytes are forged": (("raw_body_only_goes",), (change(DELIVERY, "delivery", raw_body="'forged'"),)),
    "a notice names another amount": ((f"append_only {NOTICE}",), (change(NOTICE, "held", amount_vnd="1"),)),
    "a notice is struck out": (
        (f"append_only {NOTICE}", f"append_only {REVIEW}"),
        (delete(REVIEW, "review"), delete(NOTICE, "held")),
    ),
    "a booked notice waits again": (("notice_state_moves_on",), (change(NOTICE, "booked", state="'received'"),)),
    "a booked notice is let lie": (("notice_state_moves_on",), (change(NOTICE, "booked", state="'ignored'"),)),
    "a held notice is as if it had just come": (
        ("notice_state_moves_on",),
        (change(NOTICE, "held", state="'received'"),),
    ),
    "a notice that nobody linked is let lie and waits again": (
        ("notice_state_moves_on",),
        (change(NOTICE, "held", state="'ignored'"), change(NOTICE, "held", state="'review'")),
    ),
    "a linked notice is of another transfer": (
        ("settled_notice_stays",),
        (
            change(NOTICE, "held", state="'ignored'", same_as_id="{booked}"),
            change(NOTICE, "held", same_as_id="NULL"),
        ),
    ),
    "a booked notice is for another order": (
        ("settled_notice_stays",),
        (change(NOTICE, "booked", order_id="{unpaid}"),),
    ),
    "a notice is booked without any event": (
        ("notice_booking",),
        (change(NOTICE, "held", state="'booked'", order_id="{unpaid}"),),
    ),
    "a notice is kept as booked without any event": (
        ("notice_booking",),
        (copy(NOTICE, "booked", provider_tx_id="'another'"),),
    ),
    "a notice is booked for no order": (
        ("notice_booking", f"check:{NOTICE} booked_notice_is_of_an_order"),
        (change(NOTICE, "held", state="'booked'"),),
    ),
    "a notice is in no state that there is": (
        (f"check:{NOTICE} notice_state_known", "notice_state_moves_on"),
        (change(NOTICE, "held", state="'lost'"),),
    ),
    "a held notice is nobody's": (
        (f"check:{NOTICE} held_notice_is_of_a_vendor",),
        (change(NOTICE, "held", vendor_id="NULL"),),
    ),
    "a held notice is in no list": ((f"append_only {REVIEW}",), (delete(REVIEW, "review"),)),
    "a new notice is held in no list": (
        ("held_notice_is_listed",),
        (copy(NOTICE, "held", provider_tx_id="'another'"),),
    ),
    "a review item is about another notice": (
        (f"append_only {REVIEW}",),
        (change(REVIEW, "review", notice_id="{booked}"),),
    ),
    "an order says that money came": (
        ("order_balance",),
        (change(ORDER, "unpaid", charged_vnd="1", charge_status="'partial'"),),
    ),
    "an order is placed with money in it": (
        ("order_balance",),
        (copy(ORDER, "order", token="'00000000000000000000000000000001'", checkout_id="NULL"),),
    ),
    "money comes that the order does not say": (
        ("order_balance",),
        (copy(EVENT, "by_hand", psp_reference="'again'"),),
    ),
    "money goes back that the order does not say": (
        ("order_balance",),
        (copy(EVENT, "by_hand", type="'refund_success'", amount_vnd="1"),),
    ),
    "an order is called paid": (
        (f"check:{ORDER} order_charge_status_agrees",),
        (change(ORDER, "unpaid", charge_status="'full'", fully_charged_at="placed_at"),),
    ),
    "an order was never paid in full": (
        (f"check:{ORDER} order_paid_in_full_says_when",),
        (change(ORDER, "order", fully_charged_at="NULL"),),
    ),
    "an order costs less afterwards": (
        (f"append_only {ORDER}",),
        (change(ORDER, "order", subtotal_vnd="1", total_vnd="1", charge_status="'overcharged'"),),
    ),
    "an order is another shop's": (
        (f"append_only {ORDER}",),
        (change(ORDER, "unpaid", vendor_id="(SELECT vendor_id FROM orders_order WHERE id = {of_others})"),),
    ),
    "an event is another shop's": (
        ("event_is_of_its_order", "order_balance"),
        (copy(EVENT, "by_hand", vendor_id="(SELECT vendor_id FROM orders_order WHERE id = {of_others})"),),
    ),
    "an event is of another order than its transaction": (
        ("event_is_of_its_order", "order_balance"),
        (copy(EVENT, "by_hand", order_id="{unpaid}"),),
    ),
    "an event is of another channel than its order": (
        ("event_is_of_its_order", "order_balance"),
        (copy(EVENT, "by_hand", channel="'stall'"),),
    ),
    "a transaction goes over to another order": (
        ("item_keeps_its_order",),
        (change(ITEM, "item", order_id="{unpaid}"),),
    ),
    "a transaction leaves its order": (("item_keeps_its_order",), (change(ITEM, "item", order_id="NULL"),)),
    "a transaction is struck out": (
        (f"append_only {ITEM}",),
        (delete(ITEM, "empty_item"),),
    ),
    "cash is put to the bank's money": (
        ("hand_money_has_its_own_item", "order_balance"),
        (copy(EVENT, "event", notice_id="NULL", confirmation="'cash'"),),
    ),
    "the vendor's word is put to cash": (
        ("hand_money_has_its_own_item", "order_balance"),
        (copy(EVENT, "by_hand", confirmation="'vendor'"),),
    ),
    "the card's money is put to cash": (
        ("hand_money_has_its_own_item", "order_balance"),
        (copy(EVENT, "by_hand", confirmation="'card'", psp_reference="'pi_1'"),),
    ),
    "the bank is said to have spoken": (
        (f"check:{EVENT} bank_money_has_its_notice", "hand_money_has_its_own_item", "order_balance"),
        (copy(EVENT, "by_hand", confirmation="'bank'"),),
    ),
    "the vendor's word is lent a notice": (
        (f"check:{EVENT} bank_money_has_its_notice", "order_balance", "notice_booking"),
        (copy(EVENT, "by_hand", notice_id="{held}"),),
    ),
    "a held notice's money is put to an order on the quiet": (
        ("notice_booking", "order_balance"),
        (copy(EVENT, "event", notice_id="{held}"),),
    ),
    "nothing moves and it is called money": (
        (f"check:{EVENT} money_moves_have_confirmation",),
        (copy(EVENT, "by_hand", amount_vnd="0"),),
    ),
    "money moves in a way that figures have no column for": (
        (f"check:{EVENT} event_words_known", "hand_money_has_its_own_item", "order_balance"),
        (copy(EVENT, "by_hand", confirmation="'friend'"),),
    ),
    "the card's money has no reference": (
        (f"check:{EVENT} card_money_has_a_reference", "order_balance"),
        (copy(EVENT, "event", notice_id="NULL", confirmation="'card'", psp_reference="''"),),
    ),
    "the card network is heard twice": (
        ("unique:card_money_once", "order_balance"),
        tuple(
            copy(EVENT, "event", notice_id="NULL", confirmation="'card'", psp_reference="'pi_1'") for _ in range(2)
        ),
    ),
    "more goes back than came": (
        ("no_more_goes_back_than_came", "order_balance"),
        (copy(EVENT, "by_hand", type="'refund_success'", amount_vnd="amount_vnd + 1"),),
    ),
    "more is promised than came": (
        ("granted_no_more_than_charged_at_first",),
        (copy(GRANTED, "granted", amount_vnd=f"{PRICE_VND}"),),
    ),
    "a promise grows to more than came": (
        ("granted_no_more_than_charged_later",),
        (change(GRANTED, "granted", amount_vnd=f"{PRICE_VND} + 1"),),
    ),
    "a promise of nothing": (
        (f"check:{GRANTED} granted_amount_positive", "granted_refund_is_kept"),
        (change(GRANTED, "granted", amount_vnd="0"),),
    ),
    "a promise in a state that there is not": (
        (f"check:{GRANTED} granted_status_known",),
        (change(GRANTED, "granted", status="'later'"),),
    ),
    "a promise is called kept and nothing went back": (
        ("granted_refund_is_kept",),
        (change(GRANTED, "granted", status="'success'"),),
    ),
    "a promise is born kept": (("granted_refund_is_kept",), (copy(GRANTED, "granted", status="'success'"),)),
    "a promise that ended goes on": (
        ("granted_refund_stays",),
        (change(GRANTED, "granted", status="'failure'"), change(GRANTED, "granted", status="'none'")),
    ),
    "a promise is struck out": ((f"append_only {GRANTED}",), (delete(GRANTED, "granted"),)),
    "a promise is another order's": (
        (f"append_only {GRANTED}",),
        (change(GRANTED, "granted", order_id="{hand_order}"),),
    ),
    "a charge keeps a promise": (
        (f"check:{EVENT} only_refunds_keep_promises", "order_balance", "granted_refund_is_kept"),
        (copy(EVENT, "by_hand", related_granted_refund_id="{granted}"),),
    ),
    "a refund keeps another order's promise": (
        ("granted_refund_is_kept", "order_balance"),
        (
            copy(
                EVENT, "by_hand", type="'refund_success'", amount_vnd="10000", related_granted_refund_id="{granted}"
            ),
            change(GRANTED, "granted", status="'success'"),
        ),
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_is_refused(money: Money, attempt: str) -> None:
    _guards, writes = ATTEMPTS[attempt]

    with pytest.raises(IntegrityError):
        run(writes, money)

    assert violations() == []


@pytest.mark.parametrize("attempt", [name for name, (guards, _) in ATTEMPTS.items() if guards[1:]])
def test_one_guard_alone_refuses_it_where_several_look(money: Money, attempt: str) -> None:
    (_first, *others), writes = ATTEMPTS[attempt]
    take_off(others)

    with pytest.raises(IntegrityError):
        run(writes, money)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_control_without_its_guards_it_gets_in(money: Money, attempt: str) -> None:
    guards, writes = ATTEMPTS[attempt]
    take_off(guards)

    run(writes, money)


def test_every_guard_of_money_is_tried() -> None:
    assert {guard.key() for guard in MONEY_GUARDS} <= {guards[0] for guards, _writes in ATTEMPTS.values()}
