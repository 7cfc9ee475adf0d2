"""A voucher on its way: named for a checkout, counted with the order, given back when that ends."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import InsufficientStock, NoSuchVoucher, VoucherNotApplicable
from marketplace.orders.models import Checkout, Order, OrderLine
from marketplace.orders.selectors import basket_contents, checkout_contents
from marketplace.orders.selectors.vouchers import miscounted_vouchers
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.promo_codes import (
    MISSES_OF_A_CHECKOUT_MAX,
    MISSES_OF_AN_ADDRESS_MAX,
    TooManyMisses,
    apply_voucher,
    remove_voucher,
)
from marketplace.orders.services.vouchers import change_voucher
from tests.orders.factories import (
    NOW,
    a_checkout,
    a_ready_checkout,
    a_shop,
    a_variant,
    stock_of,
)
from tests.orders.vouching import a_voucher, apply, complete, terms, used
from tests.plugins.database import count_statements
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


# --- Naming a code --------------------------------------------------------------------------------


def test_a_code_takes_its_part_off_the_goods_and_none_off_the_delivery(shop: Vendor) -> None:
    a_voucher(shop)
    checkout = a_ready_checkout((a_variant(shop), 2))

    apply(checkout, "khai trương")

    seen = checkout_contents(checkout.pk, now=NOW)
    assert seen.discount is not None
    assert (seen.subtotal_vnd, seen.discount.amount_vnd, seen.goods_vnd) == (240_000, 24_000, 216_000)
    assert seen.discount.problem is None


@pytest.mark.parametrize("code", ["KHAITRUONG2", "", "'; --", "折扣", "x" * 10_000])
def test_a_code_that_the_shop_does_not_have_is_refused(shop: Vendor, code: str) -> None:
    a_voucher(shop)
    checkout = a_ready_checkout((a_variant(shop), 1))

    with pytest.raises(NoSuchVoucher) as refusal:
        apply(checkout, code)

    assert (refusal.value.code, refusal.value.field) == ("INVALID", "promo_code")
    assert Checkout.objects.get().voucher is None


def test_another_shops_code_is_told_apart_from_nobodys_by_nothing(shop: Vendor) -> None:
    a_voucher(a_shop("che-shan"), "CHESHAN")
    checkout = a_ready_checkout((a_variant(shop), 1))

    said = []
    for code in ("CHESHAN", "KHONG-CO"):
        with pytest.raises(NoSuchVoucher) as refusal:
            apply(checkout, code)
        said.append((str(refusal.value), refusal.value.code, refusal.value.field, refusal.value.subjects))

    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": date(2026, 11, 21)}, "đã hết hạn"),
        ({"first_day": date(2026, 11, 23)}, "dùng được từ ngày 23/11/2026"),
        ({"min_spent_vnd": 150_000}, "còn thiếu 30.000"),
    ],
)
def test_a_code_that_does_not_count_now_is_refused_with_the_reason(
    shop: Vendor, changes: dict[str, object], sentence: str
) -> None:
    a_voucher(shop, **changes)
    checkout = a_ready_checkout((a_variant(shop), 1))

    with pytest.raises(VoucherNotApplicable, match=sentence) as refusal:
        apply(checkout)

    assert (refusal.value.code, refusal.value.field) == ("VOUCHER_NOT_APPLICABLE", "promo_code")
    assert Checkout.objects.get().voucher is None


def test_the_last_and_the_first_day_count_whole(shop: Vendor) -> None:
    a_voucher(shop, first_day=date(2026, 11, 22), last_day=date(2026, 11, 22))

    assert apply(a_ready_checkout((a_variant(shop), 1))).voucher is not None


def test_a_code_is_taken_off_again(shop: Vendor) -> None:
    a_voucher(shop)
    checkout = a_ready_checkout((a_variant(shop), 1))
    apply(checkout)

    with pytest.raises(NotFound):
        remove_voucher(checkout_id=checkout.pk, code="KHAC", now=NOW)
    assert Checkout.objects.get().voucher is not None
    remove_voucher(checkout_id=checkout.pk, code="khai truong", now=NOW)
    remove_voucher(checkout_id=checkout.pk, now=NOW)  # a page that was sent twice

    assert Checkout.objects.get().voucher is None
    assert checkout_contents(checkout.pk, now=NOW).goods_vnd == 120_000
    with pytest.raises(NotFound):
        remove_voucher(checkout_id=a_checkout((a_variant(shop), 1)).basket, now=NOW)  # type: ignore[arg-type]  # None


def test_goods_taken_out_make_the_code_wait_and_the_order_is_refused(shop: Vendor) -> None:
    a_voucher(shop, min_spent_vnd=200_000)
    variant = a_variant(shop)
    checkout = a_ready_checkout((variant, 2))
    apply(checkout)

    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=1, now=NOW)

    seen = checkout_contents(checkout.pk, now=NOW)
    assert seen.discount is not None
    assert (seen.goods_vnd, seen.has_problems) == (120_000, True)
    assert "còn thiếu 80.000" in str(seen.discount.problem)
    with pytest.raises(VoucherNotApplicable):
        complete(checkout, code=None)
    assert not Order.objects.exists()
    remove_voucher(checkout_id=checkout.pk, now=NOW)
    assert complete(checkout, code=None).total_vnd == 120_000


def test_a_voucher_costs_the_basket_no_statement(shop: Vendor) -> None:
    checkout = a_ready_checkout((a_variant(shop), 1))
    Checkout.objects.update(basket=checkout.pk)
    before = count_statements(lambda: basket_contents(checkout.pk, now=NOW))
    a_voucher(shop)
    apply(checkout)

    assert count_statements(lambda: basket_contents(checkout.pk, now=NOW)) == before


# --- Guessing -------------------------------------------------------------------------------------


def miss(checkout: Checkout, times: int) -> None:
    for number in range(times):
        with pytest.raises(NoSuchVoucher):
            apply(checkout, f"DOAN-{number}")


def test_a_checkout_guesses_no_more_after_ten_codes_that_are_none(shop: Vendor) -> None:
    a_voucher(shop)
    checkout, variant = a_ready_checkout((a_variant(shop), 1)), a_variant(shop)
    miss(checkout, MISSES_OF_A_CHECKOUT_MAX)

    with pytest.raises(TooManyMisses) as refusal:
        apply(checkout)

    assert (refusal.value.status, refusal.value.retry_after_s) == (429, 900)
    assert Checkout.objects.get().voucher is None
    assert apply(a_ready_checkout((variant, 1))).voucher is not None


def test_an_address_guesses_no_more_from_however_many_checkouts(shop: Vendor) -> None:
    a_voucher(shop)
    variant = a_variant(shop, quantity=100)
    for _checkout in range(MISSES_OF_AN_ADDRESS_MAX // MISSES_OF_A_CHECKOUT_MAX):
        miss(a_ready_checkout((variant, 1)), MISSES_OF_A_CHECKOUT_MAX)
    fresh = a_ready_checkout((variant, 1))

    with pytest.raises(TooManyMisses):
        apply(fresh)

    elsewhere = apply_voucher(checkout_id=fresh.pk, code="KHAITRUONG", address="198.51.100.7", now=NOW)
    assert elsewhere.voucher is not None


def test_control_without_the_count_every_guess_is_heard(shop: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    a_voucher(shop)
    checkout = a_ready_checkout((a_variant(shop), 1))
    monkeypatch.setattr("marketplace.orders.services.promo_codes.count_try", lambda *_key, **_kept: None)

    miss(checkout, MISSES_OF_AN_ADDRESS_MAX + 1)

    assert apply(checkout).voucher is not None


def test_a_code_that_only_does_not_count_yet_is_no_guess(shop: Vendor) -> None:
    a_voucher(shop, min_spent_vnd=500_000)
    checkout = a_ready_checkout((a_variant(shop), 1))

    for _again in range(MISSES_OF_A_CHECKOUT_MAX + 1):
        with pytest.raises(VoucherNotApplicable):
            apply(checkout)


# --- The order ------------------------------------------------------------------------------------


def test_the_order_keeps_code_and_discount_and_its_lines_add_up_to_what_is_paid(shop: Vendor) -> None:
    voucher = a_voucher(shop, discount_value=15)
    honey, tea = a_variant(shop, price_vnd=33_333), a_variant(shop, name="Chè", price_vnd=77_777)

    order = complete(a_ready_checkout((honey, 1), (tea, 2)))

    assert (order.voucher, order.voucher_code, order.voucher_counts) == (voucher, "KHAITRUONG", True)
    assert (order.subtotal_vnd, order.discount_vnd, order.total_vnd) == (188_887, 28_333, 160_554)
    lines = list(OrderLine.objects.order_by("position").values_list("unit_price_vnd", "discount_vnd", "total_vnd"))
    assert lines == [(33_333, 4_999, 28_334), (77_777, 23_334, 132_220)]
    assert sum(line[2] for line in lines) == order.goods_vnd == 160_554
    assert used(voucher) == 1
    assert JournalEvent.objects.get(kind="order.placed").data["discount_vnd"] == 28_333
    assert list(miscounted_vouchers()) == []


def test_an_order_without_a_voucher_is_as_it_was(shop: Vendor) -> None:
    order = complete(a_ready_checkout((a_variant(shop), 2)), code=None)

    assert (order.voucher, order.voucher_code, order.voucher_counts, order.discount_vnd) == (None, "", False, 0)
    assert OrderLine.objects.get().total_vnd == order.total_vnd == 240_000


def test_a_voucher_of_everything_leaves_a_thousand_dong_to_pay(shop: Vendor) -> None:
    a_voucher(shop, discount_value_type="fixed", discount_value=1_000_000)

    order = complete(a_ready_checkout((a_variant(shop), 1)))

    assert (order.discount_vnd, order.total_vnd) == (119_000, 1_000)


def test_what_was_agreed_changes_no_more(shop: Vendor) -> None:
    voucher = a_voucher(shop)
    order = complete(a_ready_checkout((a_variant(shop), 1)))
    change_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, terms=terms(discount_value=50), now=NOW)

    order.refresh_from_db()
    assert order.discount_vnd == 12_000
    for wrong in ({"discount_vnd": 0, "total_vnd": 120_000}, {"voucher_code": "KHAC"}, {"voucher": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.update(**wrong)


def test_the_terms_of_the_moment_of_ordering_count(shop: Vendor) -> None:
    voucher = a_voucher(shop)
    checkout = a_ready_checkout((a_variant(shop), 1))
    apply(checkout)
    change_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher.pk, terms=terms(discount_value=20), now=NOW)

    assert complete(checkout, code=None).discount_vnd == 24_000


def test_a_code_used_up_meanwhile_refuses_the_order_and_takes_nothing(shop: Vendor) -> None:
    voucher = a_voucher(shop, usage_limit=1)
    variant = a_variant(shop)
    late = a_ready_checkout((variant, 1))
    apply(late)
    complete(a_ready_checkout((variant, 1)))

    with pytest.raises(VoucherNotApplicable, match="hết lượt"):
        complete(late, code=None)

    assert (Order.objects.count(), used(voucher), stock_of(variant)) == (1, 1, (5, 1, 0))


def test_no_stock_takes_no_use(shop: Vendor) -> None:
    voucher = a_voucher(shop)
    variant = a_variant(shop, quantity=1)
    late = a_ready_checkout((variant, 1))
    apply(late)
    complete(a_ready_checkout((variant, 1)), code=None)

    with pytest.raises(InsufficientStock):
        complete(late, code=None)

    assert used(voucher) == 0


def test_a_phone_uses_a_code_of_one_each_once(shop: Vendor) -> None:
    voucher = a_voucher(shop, apply_once_per_customer=True)
    variant = a_variant(shop)
    early = a_ready_checkout((variant, 1))
    apply(early)
    complete(a_ready_checkout((variant, 1)))

    with pytest.raises(VoucherNotApplicable, match="đã dùng mã KHAITRUONG"):
        complete(early, code=None)
    assert apply(early).voucher == voucher  # naming it tells nothing about anybody's number

    Checkout.objects.update(phone="+84912345679")
    assert complete(early, code=None).discount_vnd == 12_000
    assert used(voucher) == 2


def test_a_code_of_one_each_needs_a_phone(shop: Vendor) -> None:
    a_voucher(shop, apply_once_per_customer=True)
    checkout = a_ready_checkout((a_variant(shop), 1))
    Checkout.objects.update(phone="", email="mo@example.com")
    apply(checkout)  # who buys is asked when the order is placed

    with pytest.raises(VoucherNotApplicable, match="để lại số điện thoại"):
        complete(checkout, code=None)

    assert not Order.objects.exists()
