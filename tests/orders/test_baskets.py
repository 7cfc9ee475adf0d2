"""The basket of the pages: several shops under one id, each shop's part ordered from one form."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductMedia, ProductVariant, Stock
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.phone import InvalidPhone
from marketplace.core.text import BadText
from marketplace.orders.errors import (
    AgeNotDeclared,
    CheckoutNotReady,
    DeliveryNotOffered,
    InsufficientStock,
    TooManyLines,
)
from marketplace.orders.models import Address, Checkout, Order
from marketplace.orders.selectors import (
    BasketView,
    basket_contents,
    basket_count,
    checkout_by_id,
    checkout_contents,
)
from marketplace.orders.services import filling
from marketplace.orders.services.addresses import AddressInput
from marketplace.orders.services.baskets import add_to_basket, place_basket_order
from marketplace.orders.services.checkouts import set_line_quantity
from marketplace.orders.services.codes import reserve_checkout
from tests.orders.factories import (
    NENH,
    NOW,
    a_checkout,
    a_person,
    a_place,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_address,
    stock_of,
)
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def put(
    variant: ProductVariant,
    quantity: int = 1,
    *,
    basket: uuid.UUID | None = None,
    age_declared: bool = False,
    second: int = 0,
) -> uuid.UUID:
    return add_to_basket(
        basket=basket,
        actor=ANONYMOUS,
        variant_id=variant.pk,
        quantity=quantity,
        age_declared=age_declared,
        now=NOW + timedelta(seconds=second),
    )


def shown(basket: uuid.UUID) -> list[tuple[str, list[tuple[str, int, str | None]]]]:
    return [
        (
            shop.vendor.slug,
            [
                (line.product.name, line.quantity, None if line.problem is None else str(line.problem))
                for line in shop.lines
            ],
        )
        for shop in basket_contents(basket, now=NOW).shops
    ]


# --- Filling --------------------------------------------------------------------------------------


def test_goods_of_two_shops_are_two_parts_of_one_basket() -> None:
    honey, tea = a_variant(a_shop("mat-ong")), a_variant(a_shop("che-shan"), name="Chè Shan", price_vnd=90_000)

    basket = put(honey, 2)
    assert put(tea, basket=basket, second=1) == basket
    put(honey, basket=basket)

    assert shown(basket) == [
        ("mat-ong", [("Mật ong hoa nhãn", 3, None)]),
        ("che-shan", [("Chè Shan", 1, None)]),
    ]
    view = basket_contents(basket, now=NOW)
    assert (view.total_vnd, view.item_count) == (450_000, 4)
    assert [shop.subtotal_vnd for shop in view.shops] == [360_000, 90_000]
    assert not view.shops[0].has_problems
    assert basket_count(basket) == 4


def test_a_basket_sent_twice_is_filled_once() -> None:
    variant, client_id = a_variant(a_shop()), uuid.uuid4()

    def send(basket: uuid.UUID | None) -> uuid.UUID:
        return add_to_basket(
            basket=basket, actor=ANONYMOUS, variant_id=variant.pk, quantity=1, client_id=client_id, now=NOW
        )

    made = send(None)
    assert send(None) == made
    assert send(made) == made
    assert send(made) == made
    assert basket_count(made) == 2


def test_a_signed_in_shoppers_part_is_theirs() -> None:
    buyer = a_person()
    variant = a_variant(a_shop())

    basket = add_to_basket(basket=None, actor=Actor(user_id=buyer.pk), variant_id=variant.pk, quantity=1, now=NOW)

    assert Checkout.objects.get(basket=basket).user == buyer


def test_alcohol_without_a_declared_age_stays_out() -> None:
    spirit = a_variant(a_shop(), name="Rượu ngô", alcohol=True)

    with pytest.raises(AgeNotDeclared):
        put(spirit)
    assert not Checkout.objects.exists()
    assert basket_count(put(spirit, age_declared=True)) == 1


def test_more_than_there_is_stays_out_and_the_sentence_says_how_many_there_are() -> None:
    variant = a_variant(a_shop(), quantity=3)
    basket = put(variant, 2)

    with pytest.raises(InsufficientStock) as refusal:
        put(variant, 2, basket=basket)

    assert str(refusal.value) == "Chỉ còn 3 hũ."
    assert basket_count(basket) == 2


def test_a_basket_holds_goods_of_at_most_thirty_shops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BASKET_SHOPS_MAX", 2)
    variants = [a_variant(a_shop(f"shop-{number}")) for number in range(3)]
    basket = put(variants[0])
    put(variants[1], basket=basket)

    with pytest.raises(TooManyLines, match="tối đa 2 gian hàng"):
        put(variants[2], basket=basket)

    put(variants[1], basket=basket)
    assert len(shown(basket)) == 2


@pytest.mark.parametrize("quantity", [0, -1, True, 1001, 2**63, "1", None])
def test_impossible_quantities_make_no_basket(quantity: int) -> None:
    with pytest.raises(MarketError):
        put(a_variant(a_shop()), quantity)
    assert not Checkout.objects.exists()


# --- Showing --------------------------------------------------------------------------------------


def test_what_stands_against_buying_is_said_beside_the_line() -> None:
    vendor = a_shop("mat-ong")
    names = ("Còn hàng", "Còn ít", "Hết hàng", "Ngừng bán", "Rượu ngô")
    variants = {name: a_variant(vendor, name=name) for name in names}
    basket = uuid.uuid4()
    for second, variant in enumerate(variants.values()):
        put(variant, 4, basket=basket, second=second)
    Stock.objects.filter(variant=variants["Còn ít"]).update(quantity=3)
    Stock.objects.filter(variant=variants["Hết hàng"]).update(quantity=0)
    Product.objects.filter(name="Ngừng bán").update(listing=Product.Listing.WITHDRAWN)
    Product.objects.filter(name="Rượu ngô").update(is_alcohol=True)

    [(_slug, lines)] = shown(basket)

    assert lines == [
        ("Còn hàng", 4, None),
        ("Còn ít", 4, "Chỉ còn 3 hũ."),
        ("Hết hàng", 4, "Đã hết hàng."),
        ("Ngừng bán", 4, "Ngừng bán hiện không bán."),
        ("Rượu ngô", 4, "Rượu bia chỉ bán cho người từ 18 tuổi. Bạn xác nhận tuổi trước nhé."),
    ]
    part = basket_contents(basket, now=NOW).shops[0]
    assert part.has_problems
    assert [line.left for line in part.lines] == [5, 3, 0, 5, 5]


def test_prices_in_the_basket_follow_the_shop() -> None:
    basket = put(a_variant(a_shop()), 2)
    ProductVariant.objects.update(price_vnd=150_000)

    line = basket_contents(basket, now=NOW).shops[0].lines[0]

    assert (line.unit_price_vnd, line.total_vnd) == (150_000, 300_000)


def test_a_line_shows_the_first_photo_of_its_product() -> None:
    variant = a_variant(a_shop())
    basket = put(variant)
    assert basket_contents(basket, now=NOW).shops[0].lines[0].picture is None

    for position, alt in ((2, "sau"), (1, "trước")):
        ProductMedia.objects.create(product=variant.product, position=position, alt=alt)

    line = basket_contents(basket, now=NOW).shops[0].lines[0]
    assert line.picture is not None
    assert line.picture.alt == "trước"
    assert line.variant == variant


def test_emptied_parts_and_unknown_baskets_show_nothing() -> None:
    variant = a_variant(a_shop())
    basket = put(variant)
    set_line_quantity(checkout_id=Checkout.objects.get().pk, variant_id=variant.pk, quantity=0, now=NOW)

    assert basket_contents(basket, now=NOW) == BasketView(basket, ())
    for unknown in (uuid.uuid4(), None):
        assert basket_contents(unknown, now=NOW) == BasketView(unknown, ())
        assert basket_count(unknown) == 0
    assert checkout_contents(Checkout.objects.get().pk, now=NOW).item_count == 0


def test_one_part_can_be_looked_at_alone() -> None:
    checkout = a_checkout((a_variant(a_shop()), 2))

    assert checkout_contents(checkout.pk, now=NOW).item_count == 2
    assert checkout_by_id(checkout.pk) == checkout
    for look in (lambda: checkout_contents(uuid.uuid4(), now=NOW), lambda: checkout_by_id(uuid.uuid4())):
        with pytest.raises(NotFound):
            look()


def statements_to_show(*, shops: int, lines: int) -> int:
    basket = uuid.uuid4()
    for shop in range(shops):
        vendor = a_shop(f"shop-{shops}-{shop}")
        for line in range(lines):
            variant = a_variant(vendor, name=f"Món {line}")
            ProductMedia.objects.create(product=variant.product)
            put(variant, basket=basket)
    Checkout.objects.filter(basket=basket).update(reserved_until=NOW + timedelta(minutes=1))
    with CaptureQueriesContext(
        connection,
    ) as statements:
        view = basket_contents(basket, now=NOW)
        assert [line.picture is not None for shop in view.shops for line in shop.lines] == [True] * shops * lines
        assert view.total_vnd == 120_000 * shops * lines
    return len(statements)


def test_a_basket_takes_the_same_few_statements_however_full_it_is() -> None:
    assert statements_to_show(shops=1, lines=1) == statements_to_show(shops=4, lines=5) == 5


# --- Ordering from the one-page form --------------------------------------------------------------


def test_a_part_is_ordered_to_an_address_at_the_shops_rate_for_it() -> None:
    vendor = a_shop(rates={"same_commune": 10_000, "country": 35_000})
    variant = a_variant(vendor)
    basket = put(variant, 2)
    part = Checkout.objects.get()
    far = AddressInput(last_name="Nông Thị Mơ", street_address_1="Số 1", commune_code=NENH)

    order = place_basket_order(
        checkout_id=part.pk,
        actor=ANONYMOUS,
        phone="0912 345 678",
        email="mo@example.vn",
        note="Gọi trước",
        address=far,
        now=NOW,
    )

    assert (order.total_vnd, order.shipping_vnd, order.basket) == (275_000, 35_000, basket)
    assert (order.phone, order.email, order.note) == ("+84912345678", "mo@example.vn", "Gọi trước")
    assert order.shipping_address is not None
    assert order.shipping_address.phone == "+84912345678"
    assert basket_count(basket) == 0


def test_a_part_is_ordered_for_pick_up_without_an_address() -> None:
    vendor = a_shop()
    place = a_place(vendor)
    put(a_variant(vendor))

    order = place_basket_order(
        checkout_id=Checkout.objects.get().pk, actor=ANONYMOUS, phone="0912345678", pick_up_at=place.pk, now=NOW
    )

    assert (order.pick_up_at, order.shipping_address, order.total_vnd) == (place, None, 120_000)


def test_the_form_sent_again_answers_the_same_order() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    put(variant)
    part, place = Checkout.objects.get().pk, vendor.warehouses.get().pk
    client_id = uuid.uuid4()

    orders = {
        place_basket_order(
            checkout_id=part, actor=ANONYMOUS, phone=phone, pick_up_at=place, client_id=client_id, now=NOW
        ).pk
        for phone in ("0912345678", "0912345678", "not a phone")
    }

    assert orders == {Order.objects.get().pk}
    assert stock_of(variant) == (5, 1, 0)


def test_a_held_part_can_still_be_ordered_from_the_form() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    checkout = a_ready_checkout((variant, 5))
    code = reserve_checkout(checkout_id=checkout.pk, now=NOW)

    order = place_basket_order(
        checkout_id=checkout.pk,
        actor=ANONYMOUS,
        phone="0912345678",
        pick_up_at=vendor.warehouses.get().pk,
        now=NOW,
    )

    assert order.payment_codes.get() == code
    assert stock_of(variant) == (5, 5, 0)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"phone": "12"}, InvalidPhone),
        ({"email": "mo@"}, MarketError),
        ({"note": "\x00"}, BadText),
        ({"pick_up_at": None}, CheckoutNotReady),
        ({"pick_up_at": None, "address": an_address(street_address_1="")}, BadText),
        ({"pick_up_at": None, "address": an_address()}, DeliveryNotOffered),
        ({"pick_up_at": 999_999}, DeliveryNotOffered),
        ({"pick_up_at": True}, DeliveryNotOffered),
        ({"pick_up_at": 2**63}, DeliveryNotOffered),
        ({"pick_up_at": "1"}, DeliveryNotOffered),
    ],
)
def test_a_bad_form_orders_nothing_and_changes_nothing(form: dict[str, object], error: type[MarketError]) -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    put(variant)
    before = Checkout.objects.values().get()
    filled = {"phone": "0912345678", "pick_up_at": vendor.warehouses.get().pk, **form}

    with pytest.raises(error):
        place_basket_order(checkout_id=before["id"], actor=ANONYMOUS, now=NOW, **filled)  # type: ignore[arg-type]  # bad on purpose

    assert Checkout.objects.values().get() == before
    assert not Order.objects.exists()
    assert not Address.objects.exists()
    assert stock_of(variant) == (5, 0, 0)


def test_an_unknown_part_cannot_be_ordered() -> None:
    with pytest.raises(NotFound):
        place_basket_order(checkout_id=uuid.uuid4(), actor=ANONYMOUS, phone="0912345678", now=NOW)


def test_a_shop_that_may_not_sell_any_more_is_said_in_the_basket() -> None:
    basket = put(a_variant(a_shop("mat-ong")))
    Vendor.objects.update(verification=Vendor.Verification.NONE)

    assert shown(basket) == [("mat-ong", [("Mật ong hoa nhãn", 1, "Mật ong hoa nhãn hiện không bán.")])]
