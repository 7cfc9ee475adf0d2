"""Placing an order: one transaction takes the stock, freezes prices and names, and makes the code to pay with."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from catalog.models import Product, ProductVariant, Stock
from marketplace.core import payment_codes
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import (
    AgeNotDeclared,
    CheckoutNotReady,
    DeliveryNotOffered,
    InsufficientStock,
    NoBankAccount,
    NotForSale,
    TotalTooLarge,
)
from marketplace.orders.models import Address, Allocation, Checkout, Order, PaymentCode
from marketplace.orders.services import codes
from marketplace.orders.services.checkouts import (
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_billing_address,
    set_email,
    set_line_quantity,
    set_note,
    set_phone,
    set_shipping_address,
)
from marketplace.orders.services.codes import code_by_text, live_code_of_order
from marketplace.orders.services.placing import complete_checkout
from tests.orders.factories import (
    NOW,
    a_checkout,
    a_member,
    a_person,
    a_place,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_address,
    an_order,
    assert_stock_adds_up,
    stock_of,
)
from vendors.models import BankAccount, Vendor, Warehouse

pytestmark = pytest.mark.django_db


def complete(checkout: Checkout, **more: uuid.UUID) -> Order:
    return complete_checkout(checkout_id=checkout.pk, actor=ANONYMOUS, now=NOW, **more)


def assert_refused(checkout: Checkout, error: type[MarketError], code: str) -> MarketError:
    before = list(Stock.objects.order_by("pk").values_list("quantity", "allocated", "reserved"))
    with pytest.raises(error) as refusal:
        complete(checkout)
    assert refusal.value.code == code
    assert not Order.objects.exists()
    assert not PaymentCode.objects.exists()
    assert not JournalEvent.objects.filter(kind="order.placed").exists()
    assert Checkout.objects.filter(pk=checkout.pk).exists()
    assert list(Stock.objects.order_by("pk").values_list("quantity", "allocated", "reserved")) == before
    return refusal.value


# --- What an order is -----------------------------------------------------------------------------


def test_an_order_freezes_what_was_sold_and_takes_it_from_stock() -> None:
    vendor = a_shop(rates={"same_commune": 15_000})
    honey, tea = a_variant(vendor), a_variant(vendor, name="Chè Shan tuyết", price_vnd=90_000, unit="gói")
    checkout = a_checkout((honey, 2), (tea, 1))
    set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW)
    set_billing_address(checkout_id=checkout.pk, address=an_address(), now=NOW)
    set_email(checkout_id=checkout.pk, email="mo@example.vn", now=NOW)
    set_note(checkout_id=checkout.pk, note="Gói kỹ giúp nhé", now=NOW)
    sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)[1]
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)

    order = complete(checkout)

    assert (order.status, order.charge_status, order.channel, order.origin) == (
        "unconfirmed",
        "none",
        "online",
        "checkout",
    )
    assert (order.subtotal_vnd, order.shipping_vnd, order.total_vnd) == (330_000, 15_000, 345_000)
    assert order.outstanding_vnd == 345_000
    assert (order.email, order.phone, order.note) == ("mo@example.vn", "+84912345678", "Gói kỹ giúp nhé")
    assert (order.delivery_name, order.pick_up_at) == ("Giao trong xã, phường", None)
    assert order.expires_at == NOW + timedelta(minutes=30)
    assert order.shipping_address is not None
    assert order.shipping_address.street_address_1 == "Tổ 5, đường Kim Đồng"
    assert Address.objects.count() == 2
    assert order.number.isdigit()
    lines = order.lines.order_by("position").values_list(
        "product_name", "unit", "ocop_set", "quantity", "unit_price_vnd", "total_vnd"
    )
    assert list(lines) == [
        ("Mật ong hoa nhãn", "hũ", 5, 2, 120_000, 240_000),
        ("Chè Shan tuyết", "gói", 5, 1, 90_000, 90_000),
    ]
    assert (stock_of(honey), stock_of(tea)) == ((5, 2, 0), (5, 1, 0))
    assert not Checkout.objects.exists()
    assert_stock_adds_up()


def test_placing_is_told_to_the_journal_in_ids_and_numbers() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 1))

    event = JournalEvent.objects.get(kind="order.placed")

    assert (event.aggregate_type, event.aggregate_id, event.happened_at) == ("order", order.number, NOW)
    assert event.data == {
        "order": order.pk,
        "vendor": order.vendor_id,
        "commune": "01273",
        "province": "04",
        "channel": "online",
        "total_vnd": 120_000,
    }


def test_later_changes_of_the_product_leave_the_order_as_it_was() -> None:
    variant = a_variant(a_shop())
    order = an_order((variant, 1))

    ProductVariant.objects.update(price_vnd=500_000)
    Product.objects.update(name="Mật ong khác")

    line = order.lines.get()
    assert (line.product_name, line.unit_price_vnd) == ("Mật ong hoa nhãn", 120_000)
    assert Order.objects.get().total_vnd == 120_000


def test_prices_are_those_of_the_moment_of_ordering() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 2))
    ProductVariant.objects.update(price_vnd=130_000)

    assert complete(checkout).total_vnd == 260_000


def test_the_order_carries_its_buyer_and_its_demo_mark() -> None:
    buyer = a_person()
    variant = a_variant(a_shop(is_demo=True))
    checkout = create_checkout(actor=ANONYMOUS, user=buyer, lines=[LineWanted(variant.pk, 1)], now=NOW)
    choose_delivery(
        checkout_id=checkout.pk,
        delivery_id=offer_deliveries(checkout_id=checkout.pk, now=NOW)[0].pk,
        now=NOW,
    )

    order = complete(checkout)

    assert (order.user, order.phone, order.is_demo) == (buyer, buyer.phone, True)


def test_pick_up_needs_no_address_and_takes_from_that_place_first() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=5)
    stall = a_place(vendor)
    at_stall = Stock.objects.create(variant=variant, warehouse=stall, quantity=2)
    checkout = a_checkout((variant, 3))
    set_phone(checkout_id=checkout.pk, phone="0912345678", now=NOW)
    ways = {row.pick_up_at_id: row for row in offer_deliveries(checkout_id=checkout.pk, now=NOW)}
    choose_delivery(checkout_id=checkout.pk, delivery_id=ways[stall.pk].pk, now=NOW)

    order = complete(checkout)

    assert (order.pick_up_at, order.shipping_address, order.shipping_vnd) == (stall, None, 0)
    assert order.delivery_name == "Nhận tại Sạp số 7"
    taken = dict(Allocation.objects.values_list("stock_id", "quantity"))
    assert taken[at_stall.pk] == 2
    assert sum(taken.values()) == 3
    assert_stock_adds_up()


def test_a_sale_at_the_stall_needs_neither_contact_nor_delivery() -> None:
    vendor = a_shop()
    seller = a_member(vendor)
    lines = [LineWanted(a_variant(vendor).pk, 1)]
    checkout = create_checkout(actor=seller, lines=lines, channel="stall", now=NOW)

    order = complete_checkout(checkout_id=checkout.pk, actor=seller, now=NOW)

    assert (order.channel, order.origin, order.user, order.phone) == ("stall", "stall", None, "")
    assert order.expires_at == NOW + timedelta(minutes=15)


# --- The code -------------------------------------------------------------------------------------


def test_the_code_remembers_where_the_money_goes() -> None:
    vendor = a_shop()
    BankAccount.objects.update(memo_prefix="SEVQR")
    order = an_order((a_variant(vendor), 1))

    BankAccount.objects.update(account_number="CHO40DEMO0002", memo_prefix="")

    code = PaymentCode.objects.get()
    assert (code.order, code.checkout, code.vendor, code.is_live) == (order, None, vendor, True)
    assert (code.bin, code.account_number, code.account_name) == ("970436", "CHO40DEMO0001", "HTX MAT ONG")
    assert payment_codes.is_valid_code(code.code)
    assert code.memo == f"SEVQR{code.code}"
    assert live_code_of_order(order=order, now=NOW) == code
    assert code_by_text(code.code) == code
    assert code_by_text(code.code.lower()) is None
    assert code_by_text(payment_codes.code_from_number(1)) is None


def test_a_code_that_exists_already_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = a_shop()
    first = an_order((a_variant(vendor), 1)).payment_codes.get().code
    fresh = payment_codes.code_from_number(4_711)
    drawn = iter([first, first, fresh])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))

    order = an_order((a_variant(vendor), 1))

    assert order.payment_codes.get().code == fresh


def test_codes_that_never_become_free_place_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    variant = a_variant(a_shop())
    taken = an_order((variant, 1)).payment_codes.get().code
    monkeypatch.setattr(codes, "new_code", lambda: taken)
    checkout = a_ready_checkout((variant, 1))

    with pytest.raises(codes.IntegrityError):
        complete(checkout)

    assert Order.objects.count() == 1
    assert stock_of(variant) == (5, 1, 0)


def test_an_order_that_lost_its_code_gets_a_new_one_once() -> None:
    order = an_order((a_variant(a_shop()), 1))
    PaymentCode.objects.update(is_live=False)

    code = live_code_of_order(order=order, now=NOW)

    assert code.order == order
    assert live_code_of_order(order=order, now=NOW) == code
    assert PaymentCode.objects.count() == 2


def test_a_shop_without_an_account_takes_no_orders() -> None:
    checkout = a_ready_checkout((a_variant(a_shop(account=False)), 1))

    assert_refused(checkout, NoBankAccount, "INVALID")


# --- Once -----------------------------------------------------------------------------------------


def test_completing_again_answers_the_same_order() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 2))
    client_id = uuid.uuid4()

    first = complete(checkout, client_id=client_id)

    assert complete(checkout, client_id=client_id) == first
    assert complete(checkout, client_id=uuid.uuid4()) == first
    assert complete(checkout) == first
    assert Order.objects.count() == 1
    assert stock_of(variant) == (5, 2, 0)


@pytest.mark.parametrize("checkout_id", [uuid.uuid4(), "abc", None, 5])
def test_an_unknown_checkout_cannot_be_completed(checkout_id: uuid.UUID) -> None:
    with pytest.raises(NotFound):
        complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)


# --- What keeps a checkout from becoming an order -------------------------------------------------


def test_an_empty_checkout_cannot_be_ordered() -> None:
    variant = a_variant(a_shop())
    checkout = a_ready_checkout((variant, 1))
    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=0, now=NOW)

    assert_refused(checkout, CheckoutNotReady, "NO_LINES")


def test_an_order_needs_a_way_of_delivery_an_address_and_a_contact() -> None:
    vendor = a_shop(rates={"country": 30_000})
    checkout = a_checkout((a_variant(vendor), 1))
    assert_refused(checkout, CheckoutNotReady, "SHIPPING_METHOD_NOT_SET")

    set_shipping_address(checkout_id=checkout.pk, address=an_address(phone=""), now=NOW)
    sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)[1]
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    assert_refused(checkout, CheckoutNotReady, "EMAIL_NOT_SET")

    set_billing_address(checkout_id=checkout.pk, address=an_address(phone="0987654321"), now=NOW)
    order = complete(checkout)
    assert (order.phone, order.email) == ("+84987654321", "")


def test_an_address_that_went_missing_is_asked_for_again() -> None:
    checkout = a_checkout((a_variant(a_shop(rates={"country": 30_000})), 1))
    set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW)
    sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)[1]
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    # Held, so that the delivery is not looked at again before the address is.
    Checkout.objects.update(shipping_address=None, reserved_until=NOW + timedelta(minutes=1))

    assert_refused(checkout, CheckoutNotReady, "SHIPPING_ADDRESS_NOT_SET")


def test_an_e_mail_alone_is_contact_enough() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    Checkout.objects.update(phone="", email="mo@example.vn")

    assert complete(checkout).phone == ""


def test_a_way_of_delivery_that_ended_must_be_chosen_anew() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    Warehouse.objects.update(pick_up=False)

    assert_refused(checkout, DeliveryNotOffered, "INVALID_SHIPPING_METHOD")


def test_delivery_is_paid_at_the_price_of_the_moment_of_ordering() -> None:
    vendor = a_shop(rates={"country": 30_000})
    checkout = a_checkout((a_variant(vendor), 1))
    set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW)
    sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)[1]
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    vendor.delivery_rates.update(price_vnd=32_000)

    assert complete(checkout).shipping_vnd == 32_000


def test_what_is_no_longer_for_sale_cannot_be_ordered() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    Product.objects.update(listing=Product.Listing.WITHDRAWN)
    assert_refused(checkout, NotForSale, "PRODUCT_NOT_PUBLISHED")

    Product.objects.update(listing=Product.Listing.PUBLISHED)
    Vendor.objects.update(verification=Vendor.Verification.NONE)
    assert_refused(checkout, NotForSale, "UNAVAILABLE_VARIANT_IN_CHANNEL")


def test_what_became_alcohol_meanwhile_asks_for_the_age() -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    Product.objects.update(is_alcohol=True)

    assert_refused(checkout, AgeNotDeclared, "PRODUCT_NOT_PUBLISHED")


def test_what_was_sold_to_somebody_else_meanwhile_is_named() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor, quantity=5), a_variant(vendor, name="Chè Shan tuyết", quantity=5)
    checkout = a_ready_checkout((honey, 3), (tea, 1))
    Stock.objects.filter(variant=honey).update(quantity=2)

    refusal = assert_refused(checkout, InsufficientStock, "INSUFFICIENT_STOCK")

    assert str(refusal) == "Mật ong hoa nhãn: chỉ còn 2 hũ."
    assert refusal.subjects == (honey.pk,)


def test_an_order_beyond_all_measure_is_refused() -> None:
    vendor = a_shop()
    goods = [a_variant(vendor, name=f"Sâm {number}", price_vnd=499_999_999, quantity=1000) for number in range(3)]
    checkout = a_ready_checkout(*[(variant, 1000) for variant in goods])

    assert_refused(checkout, TotalTooLarge, "INVALID")
