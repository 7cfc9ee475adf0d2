"""A checkout: one shop's goods, a buyer's contact and address, nothing taken from stock yet."""

from __future__ import annotations

import uuid

import pytest

from catalog.models import Product, Stock
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.phone import InvalidPhone
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from marketplace.orders.errors import (
    AgeNotDeclared,
    InsufficientStock,
    NotForSale,
    OtherVendorsGoods,
    QuantityTooLarge,
    QuantityWrong,
    TooManyLines,
)
from marketplace.orders.models import Checkout, CheckoutLine
from marketplace.orders.services.checkouts import (
    LineWanted,
    add_lines,
    create_checkout,
    declare_age,
    set_email,
    set_line_quantity,
    set_note,
    set_phone,
)
from marketplace.people.services import InvalidEmail
from tests.orders.factories import (
    NOW,
    a_checkout,
    a_member,
    a_person,
    a_place,
    a_shop,
    a_variant,
    stock_of,
)
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def quantities(checkout: Checkout) -> list[tuple[int, int]]:
    return list(checkout.lines.order_by("made_at", "variant_id").values_list("variant_id", "quantity"))


# --- Making one -----------------------------------------------------------------------------------


def test_a_checkout_holds_what_was_asked_and_takes_nothing_from_stock() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor), a_variant(vendor, name="Chè Shan tuyết")

    checkout = a_checkout((tea, 2), (honey, 1))

    assert quantities(checkout) == [(tea.pk, 2), (honey.pk, 1)]
    assert (checkout.vendor, checkout.channel, checkout.email, checkout.phone) == (vendor, "online", "", "")
    assert stock_of(honey) == (5, 0, 0)


def test_the_shop_is_that_of_the_first_line_unless_it_is_named() -> None:
    variant = a_variant(a_shop())

    checkout = create_checkout(actor=ANONYMOUS, lines=[LineWanted(variant.pk, 1)], now=NOW)

    assert checkout.vendor == variant.product.vendor


def test_a_variant_named_twice_is_one_line() -> None:
    variant = a_variant(a_shop())

    assert quantities(a_checkout((variant, 1), (variant, 2))) == [(variant.pk, 3)]


def test_a_signed_in_buyer_need_not_type_their_contact_again() -> None:
    variant = a_variant(a_shop())
    person = a_person("+84911222333", email="mo@example.vn")

    known = create_checkout(actor=ANONYMOUS, user=person, lines=[LineWanted(variant.pk, 1)], now=NOW)
    typed = create_checkout(
        actor=ANONYMOUS,
        user=person,
        lines=[LineWanted(variant.pk, 1)],
        email="Khac@Example.vn",
        phone="0987 654 321",
        now=NOW,
    )

    assert (known.email, known.phone, known.user) == ("mo@example.vn", "+84911222333", person)
    assert (typed.email, typed.phone) == ("khac@example.vn", "+84987654321")


def test_a_checkout_asked_for_twice_with_one_client_id_is_made_once() -> None:
    variant = a_variant(a_shop())
    client_id = uuid.uuid4()

    def ask(quantity: int = 2) -> Checkout:
        lines = [LineWanted(variant.pk, quantity)]
        return create_checkout(actor=ANONYMOUS, lines=lines, client_id=client_id, now=NOW)

    assert ask() == ask()
    assert Checkout.objects.count() == 1
    with pytest.raises(SameIdOtherContent):
        ask(3)


def test_a_checkout_that_became_an_order_is_not_made_again() -> None:
    variant, client_id = a_variant(a_shop()), uuid.uuid4()
    lines = [LineWanted(variant.pk, 1)]
    create_checkout(actor=ANONYMOUS, lines=lines, client_id=client_id, now=NOW).delete()

    with pytest.raises(NotFound, match="Có thể bạn đã đặt hàng rồi"):
        create_checkout(actor=ANONYMOUS, lines=lines, client_id=client_id, now=NOW)
    assert not Checkout.objects.exists()


def test_the_same_client_id_of_two_people_makes_two_checkouts() -> None:
    vendor = a_shop()
    variant, client_id = a_variant(vendor), uuid.uuid4()
    actors = [ANONYMOUS, a_member(vendor), a_member(vendor, phone="+84911222444")]

    made = {
        create_checkout(actor=actor, lines=[LineWanted(variant.pk, 1)], client_id=client_id, now=NOW).pk
        for actor in actors
    }

    assert len(made) == 3


def test_the_stall_is_for_the_shops_own_people() -> None:
    vendor = a_shop()
    lines = [LineWanted(a_variant(vendor).pk, 1)]

    with pytest.raises(NotFound):
        create_checkout(actor=ANONYMOUS, lines=lines, channel="stall", now=NOW)
    with pytest.raises(NotFound) as refusal:
        create_checkout(actor=ANONYMOUS, lines=lines, channel="default-channel", now=NOW)
    assert refusal.value.field == "channel"
    assert not Checkout.objects.exists()

    assert create_checkout(actor=a_member(vendor), lines=lines, channel="stall", now=NOW).channel == "stall"


def test_lines_of_a_basket_that_has_this_shop_go_into_its_checkout() -> None:
    variant = a_variant(a_shop())
    basket = uuid.uuid4()

    first = a_checkout((variant, 1), basket=basket)
    second = a_checkout((variant, 1), basket=basket)

    assert first == second
    assert quantities(second) == [(variant.pk, 2)]


# --- What may not go in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listing", "is_active", "verification", "code"),
    [
        (Product.Listing.DRAFT, True, Vendor.Verification.VNEID, "PRODUCT_NOT_PUBLISHED"),
        (Product.Listing.IN_REVIEW, True, Vendor.Verification.VNEID, "PRODUCT_NOT_PUBLISHED"),
        (Product.Listing.WITHDRAWN, True, Vendor.Verification.VNEID, "PRODUCT_NOT_PUBLISHED"),
        (Product.Listing.PUBLISHED, False, Vendor.Verification.VNEID, "UNAVAILABLE_VARIANT_IN_CHANNEL"),
        (Product.Listing.PUBLISHED, True, Vendor.Verification.DECLARED, "UNAVAILABLE_VARIANT_IN_CHANNEL"),
    ],
)
def test_what_shoppers_do_not_see_cannot_be_bought(
    listing: str, is_active: bool, verification: str, code: str
) -> None:
    variant = a_variant(a_shop(verification=verification), listing=listing, is_active=is_active)

    with pytest.raises(NotForSale) as refusal:
        a_checkout((variant, 1))

    assert (refusal.value.code, refusal.value.subjects) == (code, (variant.pk,))
    assert str(refusal.value) == "Mật ong hoa nhãn hiện không bán."
    assert not Checkout.objects.exists()


def test_alcohol_needs_a_declared_age() -> None:
    vendor = a_shop()
    spirit, honey = a_variant(vendor, name="Rượu ngô", alcohol=True), a_variant(vendor)

    with pytest.raises(AgeNotDeclared):
        a_checkout((spirit, 1))
    checkout = a_checkout((honey, 1))
    with pytest.raises(AgeNotDeclared):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(spirit.pk, 1)], now=NOW)
    assert quantities(checkout) == [(honey.pk, 1)]

    declare_age(checkout_id=checkout.pk, now=NOW)
    add_lines(checkout_id=checkout.pk, lines=[LineWanted(spirit.pk, 1)], now=NOW)
    assert quantities(checkout) == [(spirit.pk, 1), (honey.pk, 1)]
    assert quantities(a_checkout((spirit, 1), age_declared=True)) == [(spirit.pk, 1)]


def test_another_shops_goods_are_refused_and_the_right_checkout_named() -> None:
    basket = uuid.uuid4()
    honey, tea = a_variant(a_shop("mat-ong")), a_variant(a_shop("che-shan"), name="Chè Shan tuyết")
    honeys, teas = a_checkout((honey, 1), basket=basket), a_checkout((tea, 1), basket=basket)
    alone = a_checkout((honey, 1))

    with pytest.raises(OtherVendorsGoods) as refusal:
        add_lines(checkout_id=honeys.pk, lines=[LineWanted(tea.pk, 1)], now=NOW)
    assert (refusal.value.code, refusal.value.subjects) == ("INVALID", (teas.pk,))
    with pytest.raises(OtherVendorsGoods) as refusal:
        add_lines(checkout_id=alone.pk, lines=[LineWanted(tea.pk, 1)], now=NOW)
    assert refusal.value.subjects == ()
    assert quantities(honeys) == quantities(alone) == [(honey.pk, 1)]


def test_more_than_there_is_cannot_be_added() -> None:
    vendor = a_shop()
    honey, tea = a_variant(vendor, quantity=3), a_variant(vendor, name="Chè Shan tuyết", quantity=0, unit="gói")
    checkout = a_checkout((honey, 2))

    with pytest.raises(InsufficientStock) as refusal:
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(honey.pk, 2)], now=NOW)
    assert (str(refusal.value), refusal.value.code) == ("Chỉ còn 3 hũ.", "INSUFFICIENT_STOCK")
    assert refusal.value.subjects == (honey.pk,)
    with pytest.raises(InsufficientStock) as refusal:
        a_checkout((tea, 1))
    assert str(refusal.value) == "Đã hết hàng."
    with pytest.raises(InsufficientStock) as refusal:
        a_checkout((honey, 4), (tea, 1))
    assert str(refusal.value) == "Mật ong hoa nhãn: chỉ còn 3 hũ. Chè Shan tuyết: đã hết hàng."
    assert refusal.value.subjects == (honey.pk, tea.pk)
    assert CheckoutLine.objects.get().quantity == 2


def test_goods_at_a_closed_place_are_not_to_be_had() -> None:
    vendor = a_shop()
    variant = a_variant(vendor, quantity=1)
    Stock.objects.create(variant=variant, warehouse=a_place(vendor, is_active=False), quantity=9)

    with pytest.raises(InsufficientStock, match=r"Chỉ còn 1 hũ\."):
        a_checkout((variant, 2))


@pytest.mark.parametrize(
    ("quantity", "error", "code"),
    [
        (0, QuantityWrong, "ZERO_QUANTITY"),
        (-1, QuantityWrong, "ZERO_QUANTITY"),
        (True, QuantityWrong, "INVALID"),
        (1.5, QuantityWrong, "INVALID"),
        ("2", QuantityWrong, "INVALID"),
        (None, QuantityWrong, "INVALID"),
        (1001, QuantityTooLarge, "QUANTITY_GREATER_THAN_LIMIT"),
        (2**63, QuantityTooLarge, "QUANTITY_GREATER_THAN_LIMIT"),
        (10**30, QuantityTooLarge, "QUANTITY_GREATER_THAN_LIMIT"),
    ],
)
def test_impossible_quantities_are_refused(quantity: int, error: type[InvalidInput], code: str) -> None:
    variant = a_variant(a_shop(), quantity=2000)

    with pytest.raises(error) as refusal:
        a_checkout((variant, quantity))

    assert (refusal.value.code, refusal.value.field) == (code, "quantity")
    assert not Checkout.objects.exists()


@pytest.mark.parametrize("variant_id", [0, -1, True, 2**63, 10**30, "7", None, 999_999])
def test_impossible_and_unknown_variants_are_not_found(variant_id: int) -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    with pytest.raises(NotFound) as refusal:
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(variant_id, 1)], now=NOW)
    assert refusal.value.subjects == (variant_id,)
    with pytest.raises(NotFound):
        set_line_quantity(checkout_id=checkout.pk, variant_id=variant_id, quantity=1, now=NOW)
    assert CheckoutLine.objects.count() == 1


def test_a_line_holds_at_most_a_thousand() -> None:
    variant = a_variant(a_shop(), quantity=2000)
    checkout = a_checkout((variant, 999))

    add_lines(checkout_id=checkout.pk, lines=[LineWanted(variant.pk, 1)], now=NOW)
    with pytest.raises(QuantityTooLarge, match="tối đa 1000"):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(variant.pk, 1)], now=NOW)

    assert quantities(checkout) == [(variant.pk, 1000)]


def test_a_checkout_holds_at_most_a_hundred_lines() -> None:
    vendor = a_shop()
    first = a_variant(vendor)
    checkout = a_checkout((first, 1))
    others = [a_variant(vendor, name=f"Món {number}") for number in range(100)]

    with pytest.raises(TooManyLines, match="tối đa 100 món"):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(other.pk, 1) for other in others], now=NOW)
    with pytest.raises(TooManyLines):
        a_checkout(*[(first, 1)] * 101)
    assert quantities(checkout) == [(first.pk, 1)]

    add_lines(checkout_id=checkout.pk, lines=[LineWanted(other.pk, 1) for other in others[:99]], now=NOW)
    assert checkout.lines.count() == 100


# --- Changing it ----------------------------------------------------------------------------------


def test_adding_again_with_the_same_client_id_adds_nothing() -> None:
    variant = a_variant(a_shop())
    checkout, client_id = a_checkout((variant, 1)), uuid.uuid4()

    for _again in range(3):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(variant.pk, 2)], client_id=client_id, now=NOW)

    assert quantities(checkout) == [(variant.pk, 3)]


def test_a_line_can_be_changed_and_taken_out() -> None:
    variant = a_variant(a_shop(), quantity=5)
    checkout = a_checkout((variant, 1))

    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=5, now=NOW)
    assert quantities(checkout) == [(variant.pk, 5)]
    with pytest.raises(InsufficientStock, match=r"Chỉ còn 5 hũ\."):
        set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=6, now=NOW)
    with pytest.raises(QuantityWrong):
        set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=-1, now=NOW)
    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=0, now=NOW)

    assert quantities(checkout) == []


def test_less_can_be_taken_even_of_what_is_short_or_no_longer_sold() -> None:
    variant = a_variant(a_shop(), quantity=5)
    checkout = a_checkout((variant, 5))
    Stock.objects.filter(variant=variant).update(quantity=1)
    Product.objects.update(listing=Product.Listing.WITHDRAWN)

    set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=4, now=NOW)

    assert quantities(checkout) == [(variant.pk, 4)]
    with pytest.raises(NotForSale):
        set_line_quantity(checkout_id=checkout.pk, variant_id=variant.pk, quantity=5, now=NOW)


def test_contact_and_note_are_kept_as_people_mean_them() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    set_email(checkout_id=checkout.pk, email=" Mo@Example.VN ", now=NOW)
    set_phone(checkout_id=checkout.pk, phone="0912.345.678", now=NOW)
    set_note(checkout_id=checkout.pk, note="  Gói kỹ\r\ngiúp nhé ", now=NOW)

    checkout.refresh_from_db()
    assert (checkout.email, checkout.phone) == ("mo@example.vn", "+84912345678")
    assert checkout.note == "Gói kỹ\ngiúp nhé"


def test_bad_contact_and_notes_are_refused_and_change_nothing() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    with pytest.raises(InvalidEmail):
        set_email(checkout_id=checkout.pk, email="mo@", now=NOW)
    with pytest.raises(InvalidPhone) as refusal:
        set_phone(checkout_id=checkout.pk, phone="12", now=NOW)
    assert refusal.value.field == "phone"
    for note in ("a" * 501, "mưa\x00gió", "\x07"):
        with pytest.raises(BadText):
            set_note(checkout_id=checkout.pk, note=note, now=NOW)

    checkout.refresh_from_db()
    assert (checkout.email, checkout.phone, checkout.note) == ("", "", "")


@pytest.mark.parametrize("checkout_id", [uuid.UUID(int=0), uuid.uuid4(), "abc", 7, None])
def test_an_unknown_checkout_is_not_found(checkout_id: uuid.UUID) -> None:
    variant = a_variant(a_shop())

    with pytest.raises(NotFound):
        add_lines(checkout_id=checkout_id, lines=[LineWanted(variant.pk, 1)], now=NOW)
    with pytest.raises(NotFound):
        set_phone(checkout_id=checkout_id, phone="0912345678", now=NOW)
