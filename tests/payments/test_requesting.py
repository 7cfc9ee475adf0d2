"""Asking for a payment: one code, one transaction, the right account, never more than is owed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from marketplace.orders.errors import InsufficientStock
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders, release_due_reservations
from marketplace.orders.services.placing import complete_checkout
from payments.asked import transaction_by_id
from payments.models import TransactionEvent, TransactionItem
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.requesting import outstanding_of_code, payment_for_checkout, payment_for_order
from payments.vietqr.reader import read_vietqr
from payments.vietqr.writer import AmountOverTransferLimit
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_checkout,
    a_shop,
    an_order,
    code_of,
    fresh,
    moved,
    pay,
    rows,
)
from vendors.services import set_bank_account

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
NO_AMOUNTS = [0, -1, PRICE_VND + 1, True, 1.0, "1", 10**30]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_the_code_pays_the_shops_own_account_with_the_orders_words(shop: Shop) -> None:
    order = an_order(shop, quantity=2)

    asked = payment_for_order(order=order, now=NOW)

    qr = read_vietqr(asked.payload)
    assert (qr.bin, qr.account, qr.amount, qr.purpose) == ("970436", shop.account, 120_000, code_of(order))
    assert (qr.poi, qr.service, qr.warnings) == ("12", "QRIBFTTA", ())
    assert (asked.reference, asked.memo) == (code_of(order), code_of(order))
    assert (asked.amount_vnd, asked.outstanding_vnd) == (120_000, 120_000)
    assert (asked.bank.short_name, asked.account_number, asked.account_name) == (
        "Vietcombank",
        shop.account,
        "HTX BAN GIOC",
    )
    assert asked.expires_at == order.expires_at
    assert asked.transaction.payment_code == PaymentCode.objects.get(order=order)


def test_a_banks_own_prefix_stands_before_the_code_and_the_money_still_finds_its_order(shop: Shop) -> None:
    set_bank_account(
        actor=shop.owner,
        vendor=shop.vendor,
        bin="970415",
        account_number="CHO40VA1",
        account_name="HTX",
        memo_prefix="SEVQR",
        now=NOW,
    )
    order = an_order(shop)

    asked = payment_for_order(order=order, now=NOW)

    assert asked.memo == f"SEVQR{code_of(order)}"
    assert read_vietqr(asked.payload).purpose == asked.memo
    assert pay(shop, asked.memo, accountNumber="CHO40VA1").state == "booked"


def test_asking_again_answers_the_same_and_writes_nothing(shop: Shop) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    before = rows()

    with CaptureQueriesContext(connection) as statements:
        again = payment_for_order(order=order, now=LATER)

    assert again == first
    assert rows() == before
    assert len(statements) == 2
    assert not any("FOR UPDATE" in one["sql"] or one["sql"].startswith("SAVEPOINT") for one in statements)


def test_each_amount_asked_for_is_written_down_once(shop: Shop) -> None:
    order = an_order(shop)

    for amount in (None, PRICE_VND, 10_000, 10_000, None):
        payment_for_order(order=order, amount_vnd=amount, now=NOW)

    asked = TransactionEvent.objects.filter(type="charge_action_required")
    assert list(asked.order_by("pk").values_list("amount_vnd", flat=True)) == [PRICE_VND, 10_000]
    assert TransactionItem.objects.count() == 1
    assert moved(order) == []


def test_after_a_part_was_paid_the_rest_is_asked_for_with_the_same_code(shop: Shop) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    pay(shop, first.memo, 45_000)

    rest = payment_for_order(order=order, now=NOW)

    assert (rest.amount_vnd, rest.outstanding_vnd) == (15_000, 15_000)
    assert (rest.reference, rest.transaction.pk) == (first.reference, first.transaction.pk)
    assert rest.expires_at is None


def test_a_code_keeps_the_account_it_was_given_out_with(shop: Shop) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    set_bank_account(
        actor=shop.owner, vendor=shop.vendor, bin="970418", account_number="CHO40NEW1", account_name="MOI", now=NOW
    )

    assert payment_for_order(order=order, amount_vnd=1, now=NOW).account_number == shop.account
    assert payment_for_order(order=an_order(shop), now=NOW).account_number == "CHO40NEW1"
    assert payment_for_order(order=order, now=NOW) == first


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_an_amount_outside_one_to_outstanding_is_refused(shop: Shop, amount: object) -> None:
    order = an_order(shop)
    before = rows()

    with pytest.raises(AmountOutOfRange) as refusal:
        payment_for_order(order=order, amount_vnd=amount, now=NOW)  # type: ignore[arg-type]  # bad on purpose

    assert (refusal.value.code, refusal.value.field) == ("INVALID", "amount")
    assert "60.000" in str(refusal.value)
    assert rows() == before


def test_a_price_beyond_one_transfer_is_asked_for_in_parts() -> None:
    shop = a_shop(price_vnd=499_999_999)
    order = an_order(shop, quantity=2)

    asked = payment_for_order(order=order, now=NOW)

    assert (asked.amount_vnd, asked.outstanding_vnd) == (499_999_999, 999_999_998)
    with pytest.raises(AmountOverTransferLimit):
        payment_for_order(order=order, amount_vnd=500_000_000, now=NOW)


def test_nothing_is_asked_for_when_nothing_is_owed(shop: Shop) -> None:
    paid, cancelled, expired = an_order(shop), an_order(shop), an_order(shop)
    pay(shop, code_of(paid))
    cancel_order(actor=shop.owner, order=cancelled, reason="", now=NOW)
    expire_due_orders(now=LATER, at_most=10)

    for order, words in ((paid, "trả đủ"), (cancelled, "đã hủy"), (expired, "hết hạn")):
        with pytest.raises(NothingToPay, match=words):
            payment_for_order(order=order, now=LATER)


def test_nothing_is_asked_for_of_an_order_whose_money_went_back(shop: Shop) -> None:
    wholly, partly = an_order(shop), an_order(shop)
    for order, back_vnd in ((wholly, PRICE_VND), (partly, 1_000)):
        pay(shop, code_of(order))
        record_refund(actor=shop.owner, order=fresh(order), amount_vnd=back_vnd, confirmation="cash", now=NOW)

        with pytest.raises(NothingToPay, match="trả lại khách"):
            payment_for_order(order=order, now=NOW)
        with pytest.raises(NothingToPay, match="trả lại khách"):
            mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=1_000, confirmation="cash", now=NOW)


def test_an_order_that_is_gone_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        payment_for_order(order=Order(pk=999_999), now=NOW)


# --- Before there is an order ---------------------------------------------------------------------


def test_a_checkout_is_held_while_it_is_being_paid(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=3)

    asked = payment_for_checkout(checkout_id=checkout_id, now=NOW)

    checkout = Checkout.objects.get(pk=checkout_id)
    shop.stock.refresh_from_db()
    assert shop.stock.reserved == 3
    assert asked.expires_at == checkout.reserved_until
    assert (asked.amount_vnd, asked.transaction.checkout_id, asked.transaction.order_id) == (
        180_000,
        checkout_id,
        None,
    )
    event = TransactionEvent.objects.get()
    assert (event.type, event.order_id, event.vendor_id) == ("charge_action_required", None, shop.vendor.pk)


def test_asking_again_for_a_checkout_renews_the_hold_under_the_same_code(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    first = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    minute = timedelta(minutes=1)

    again = payment_for_checkout(checkout_id=checkout_id, now=NOW + minute)

    assert (again.reference, again.transaction.pk) == (first.reference, first.transaction.pk)
    assert first.expires_at is not None
    assert again.expires_at == first.expires_at + minute
    assert TransactionEvent.objects.count() == 1


def test_a_checkout_that_became_an_order_answers_the_orders_payment(shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    first = payment_for_checkout(checkout_id=checkout_id, now=NOW)
    order = complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)

    asked = payment_for_checkout(checkout_id=checkout_id, now=NOW)

    assert (asked.reference, asked.transaction.pk) == (first.reference, first.transaction.pk)
    assert TransactionItem.objects.get().order_id == order.pk


def test_a_checkout_that_nobody_has_is_not_found(shop: Shop) -> None:
    for checkout_id in (uuid.uuid4(), "x", None):
        with pytest.raises(NotFound):
            payment_for_checkout(checkout_id=checkout_id, now=NOW)  # type: ignore[arg-type]  # bad on purpose


@pytest.mark.parametrize("amount", NO_AMOUNTS)
def test_a_wrong_amount_for_a_checkout_holds_nothing(shop: Shop, amount: object) -> None:
    checkout_id = a_checkout(shop)
    before = rows()

    with pytest.raises(AmountOutOfRange):
        payment_for_checkout(checkout_id=checkout_id, amount_vnd=amount, now=NOW)  # type: ignore[arg-type]  # bad

    shop.stock.refresh_from_db()
    assert (rows(), shop.stock.reserved) == (before, 0)


def test_goods_that_are_gone_are_not_asked_money_for(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=6)
    an_order(shop, quantity=5)

    with pytest.raises(InsufficientStock):
        payment_for_checkout(checkout_id=checkout_id, now=NOW)


def test_a_checkout_that_costs_nothing_is_not_asked_money_for(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.orders.drafts.Draft.total_vnd", 0)

    with pytest.raises(NothingToPay):
        payment_for_checkout(checkout_id=a_checkout(shop), now=NOW)


def test_what_a_code_still_costs(shop: Shop) -> None:
    order = an_order(shop, quantity=2)
    of_order = PaymentCode.objects.get(order=order)
    of_checkout = reserve_checkout(checkout_id=a_checkout(shop, quantity=3), now=NOW)

    assert outstanding_of_code(of_order) == 120_000
    pay(shop, of_order.code, 20_000)
    assert outstanding_of_code(of_order) == 100_000
    assert outstanding_of_code(of_checkout) == 180_000
    release_due_reservations(now=LATER, at_most=10)
    set_line_quantity(
        checkout_id=of_checkout.checkout_id,
        variant_id=shop.variant.pk,
        quantity=1,
        now=LATER,  # type: ignore[arg-type]  # set
    )
    assert outstanding_of_code(of_checkout) == PRICE_VND
    Checkout.objects.filter(pk=of_checkout.checkout_id).delete()
    of_checkout.refresh_from_db()
    assert outstanding_of_code(of_checkout) == 0


def test_a_transaction_that_never_was_is_not_found() -> None:
    with pytest.raises(NotFound):
        transaction_by_id(uuid.UUID(int=1))
