"""Writes that go round every service and should be refused, by the fact that they would make untrue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

from tests.payments.factories import PRICE_VND

EVENT = "payments.TransactionEvent"
ITEM = "payments.TransactionItem"
NOTICE = "payments.BankNotice"
DELIVERY = "payments.NoticeDelivery"
REVIEW = "payments.ReviewItem"
GRANTED = "payments.GrantedRefund"
ORDER = "orders.Order"
CODE = "orders.PaymentCode"


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
    code: int
    """The code of `order`."""
    unpaid_code: int
    loose_code: int
    """The code of a checkout that is not an order yet."""
    feed: str
    """The feed that told of `booked`."""
    closed: int
    """The review item of a notice that was set aside."""
    taken: int
    """That of a notice that a person booked."""
    statement: str
    """An import that is done."""


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
        ("notice_state_moves_on", "held_notice_lies_once_it_was_reviewed"),
        (change(NOTICE, "held", state="'ignored'"), change(NOTICE, "held", state="'review'")),
    ),
    "a held notice is let lie while it waits for a person": (
        ("held_notice_lies_once_it_was_reviewed",),
        (change(NOTICE, "held", state="'ignored'"),),
    ),
    "an unpaid order is ready to be handed over": (
        ("only_paid_orders_are_handed_over_later",),
        (change(ORDER, "unpaid", status="'unfulfilled'"),),
    ),
    "an order is placed ready to be handed over": (
        ("only_paid_orders_are_handed_over_at_first",),
        (
            copy(
                ORDER, "unpaid", token="'00000000000000000000000000000001'", checkout_id="NULL", status="'fulfilled'"
            ),
        ),
    ),
    "an order is said to have been paid in full": (
        ("paid_in_full_had_the_money_later",),
        (change(ORDER, "unpaid", fully_charged_at="placed_at"),),
    ),
    "an order is placed as one that was paid in full": (
        ("paid_in_full_had_the_money_at_first",),
        (
            copy(
                ORDER,
                "unpaid",
                token="'00000000000000000000000000000001'",
                checkout_id="NULL",
                fully_charged_at="placed_at",
            ),
        ),
    ),
    "an order was paid in full on another day": (
        ("paid_in_full_stays",),
        (change(ORDER, "order", fully_charged_at="'2020-01-01 00:00:00+00:00'"),),
    ),
    "a paid order expires": (("order_ends_rightly",), (change(ORDER, "order", status="'expired'"),)),
    "an order is cancelled and nobody knows when": (
        ("order_ends_rightly",),
        (change(ORDER, "unpaid", status="'canceled'"),),
    ),
    "a code is another one": ((f"append_only {CODE}",), (change(CODE, "code", code="'OCZ2222329QDJ'"),)),
    "a code's money goes elsewhere": ((f"append_only {CODE}",), (change(CODE, "code", account_number="'EVIL'"),)),
    "a code is another shop's": (
        (f"append_only {CODE}",),
        (change(CODE, "code", vendor_id="(SELECT vendor_id FROM orders_order WHERE id = {of_others})"),),
    ),
    "a code goes over to another order": (
        ("code_keeps_its_sale",),
        (change(CODE, "unpaid_code", order_id="{hand_order}", is_live="(1 = 0)"),),
    ),
    "a code leaves its order": (("code_keeps_its_sale",), (change(CODE, "code", order_id="NULL"),)),
    "a code goes from its checkout to another order": (
        ("code_goes_with_its_checkout",),
        (change(CODE, "loose_code", order_id="{unpaid}", is_live="(1 = 0)"),),
    ),
    "a feed that told of money is another shop's": (
        ("feed_keeps_its_owner",),
        (change("payments.Feed", "feed", vendor_id="(SELECT vendor_id FROM orders_order WHERE id = {of_others})"),),
    ),
    "a review ended otherwise": (
        ("closed_review_stays",),
        (change(REVIEW, "closed", outcome="'refunded'", refund_method="'cash'"),),
    ),
    "a review was about another sum": (("closed_review_stays",), (change(REVIEW, "closed", amount_vnd="1"),)),
    "a held notice's review is about another sum": (
        ("closed_review_stays",),
        (change(REVIEW, "review", amount_vnd="1"),),
    ),
    "what a person booked waits again": (
        ("closed_review_stays",),
        (change(REVIEW, "taken", closed_at="NULL", outcome="''"),),
    ),
    "a statement's figures are shifted": (
        ("done_statement_stays",),
        (change("payments.Statement", "statement", booked_vnd="review_vnd", review_vnd="booked_vnd"),),
    ),
    "a linked notice is of another transfer": (
        ("settled_notice_stays", "held_notice_lies_once_it_was_reviewed"),
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
        (
            f"check:{ORDER} order_paid_in_full_says_when",
            "paid_in_full_stays",
            "only_paid_orders_are_handed_over_later",
        ),
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
