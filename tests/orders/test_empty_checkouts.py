"""A checkout that nothing lies in is nobody's: programs open it first and put goods in after."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import InvalidInput
from marketplace.orders.errors import CheckoutNotReady, NotForSale, OtherVendorsGoods
from marketplace.orders.models import Checkout
from marketplace.orders.selectors import checkout_contents
from marketplace.orders.services.checkouts import (
    Extras,
    LineWanted,
    add_lines,
    create_checkout,
    offer_deliveries,
    set_shipping_address,
)
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.line_changes import LineChange, remove_lines, update_lines
from marketplace.orders.services.metadata import MetadataNotYours
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import NoSuchVoucher
from tests.orders.factories import (
    NOW,
    a_checkout,
    a_member,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_address,
)
from tests.orders.vouching import a_voucher, apply

pytestmark = pytest.mark.django_db


def begun_empty(*, basket: uuid.UUID | None = None, extras: Extras | None = None) -> Checkout:
    return create_checkout(actor=ANONYMOUS, lines=[], basket=basket, extras=extras, now=NOW)


def emptied(checkout: Checkout) -> Checkout:
    return remove_lines(checkout_id=checkout.pk, line_ids=[line.pk for line in checkout.lines.all()], now=NOW)


def test_it_has_no_shop_and_offers_nothing_until_goods_come() -> None:
    checkout = begun_empty()

    assert (checkout.vendor, checkout.lines.count()) == (None, 0)
    assert offer_deliveries(checkout_id=checkout.pk, now=NOW) == []
    assert checkout_contents(checkout.pk, now=NOW).subtotal_vnd == 0
    for order in (complete_checkout, reserve_checkout):
        with pytest.raises(CheckoutNotReady) as refusal:
            order(checkout_id=checkout.pk, now=NOW, **({"actor": ANONYMOUS} if order is complete_checkout else {}))
        assert refusal.value.code == "NO_LINES"


@pytest.mark.parametrize("by", ["adding", "updating"])
def test_it_becomes_the_shops_whose_goods_come_first(by: str) -> None:
    vendor, checkout = a_shop(), begun_empty()
    honey, foreign = a_variant(vendor), a_variant(a_shop("che"))

    if by == "adding":
        filled = add_lines(checkout_id=checkout.pk, lines=[LineWanted(honey.pk, 2)], now=NOW)
    else:
        filled = update_lines(checkout_id=checkout.pk, changes=[LineChange(2, variant_id=honey.pk)], now=NOW)

    assert (filled.pk, filled.vendor) == (checkout.pk, vendor)
    assert list(filled.lines.values_list("variant_id", "quantity")) == [(honey.pk, 2)]
    with pytest.raises(OtherVendorsGoods):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(foreign.pk, 1)], now=NOW)


def test_an_address_that_came_before_the_goods_is_delivered_to() -> None:
    vendor, checkout = a_shop(rates={"country": 30_000}), begun_empty()
    set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW)

    add_lines(checkout_id=checkout.pk, lines=[LineWanted(a_variant(vendor).pk, 1)], now=NOW)

    assert sorted(checkout.offered_deliveries.values_list("price_vnd", flat=True)) == [0, 30_000]


def test_goods_of_two_shops_or_not_for_sale_leave_it_nobodys() -> None:
    checkout, honey, tea = begun_empty(), a_variant(a_shop()), a_variant(a_shop("che"))
    not_sold = a_variant(a_shop("rau", verification="declared"))

    with pytest.raises(OtherVendorsGoods):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(honey.pk, 1), LineWanted(tea.pk, 1)], now=NOW)
    with pytest.raises(NotForSale):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(not_sold.pk, 1)], now=NOW)

    checkout.refresh_from_db()
    assert (checkout.vendor, checkout.lines.count()) == (None, 0)


def test_where_the_basket_has_the_shops_checkout_the_goods_are_sent_there() -> None:
    basket, honey = uuid.uuid4(), a_variant(a_shop())
    there, checkout = a_checkout((honey, 1), basket=basket), begun_empty(basket=basket)

    with pytest.raises(OtherVendorsGoods) as refusal:
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(honey.pk, 1)], now=NOW)

    assert refusal.value.subjects == (there.pk,)
    assert begun_empty(basket=basket) == checkout


def test_a_checkout_that_was_emptied_becomes_another_shops_with_nothing_of_the_one_before() -> None:
    before, after = a_shop(rates={"country": 30_000}), a_shop("che", rates={"country": 20_000})
    checkout, tea = a_ready_checkout((a_variant(before, price_vnd=200_000), 1)), a_variant(after)
    a_voucher(before)
    checkout = apply(checkout)
    Checkout.objects.update(private_metadata={"kho": "B2"}, metadata={"nguồn": "trang chủ"})
    emptied(checkout)

    filled = add_lines(checkout_id=checkout.pk, lines=[LineWanted(tea.pk, 1)], now=NOW)

    filled.refresh_from_db()
    assert (filled.vendor, filled.delivery, filled.voucher, filled.private_metadata) == (after, None, None, {})
    assert (filled.metadata, filled.phone) == ({"nguồn": "trang chủ"}, checkout.phone)
    offered = {row.rate.vendor if row.rate else row.pick_up_at.vendor for row in filled.offered_deliveries.all()}  # type: ignore[union-attr]  # one of both
    assert offered == {after}


def test_a_checkout_that_a_payment_was_asked_for_stays_its_shops() -> None:
    vendor = a_shop(rates={"country": 30_000})
    checkout, tea = a_ready_checkout((a_variant(vendor), 1)), a_variant(a_shop("che"))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    emptied(checkout)

    with pytest.raises(OtherVendorsGoods):
        add_lines(checkout_id=checkout.pk, lines=[LineWanted(tea.pk, 1)], now=NOW)

    checkout.refresh_from_db()
    assert checkout.vendor == vendor


def test_no_voucher_no_private_text_and_no_stall_without_a_shop() -> None:
    vendor = a_shop()
    a_voucher(vendor)

    with pytest.raises(NoSuchVoucher):
        apply(begun_empty())
    with pytest.raises(MetadataNotYours):
        begun_empty(extras=Extras(private_metadata={"kho": "B2"}))
    with pytest.raises(InvalidInput) as refusal:
        create_checkout(actor=a_member(vendor), lines=[], channel="stall", now=NOW)
    assert refusal.value.code == "REQUIRED"
    assert create_checkout(actor=SYSTEM, vendor=vendor, lines=[], now=NOW).vendor == vendor


def test_the_database_keeps_what_is_a_shops_off_it() -> None:
    checkout = a_ready_checkout((a_variant(a_shop(rates={"country": 30_000})), 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        Checkout.objects.filter(pk=checkout.pk).update(vendor=None)


def test_a_checkout_that_was_emptied_keeps_all_it_had_when_goods_of_the_same_shop_come_again() -> None:
    vendor = a_shop(rates={"country": 30_000})
    honey = a_variant(vendor, price_vnd=200_000)
    a_voucher(vendor)
    checkout = apply(a_ready_checkout((honey, 1)))
    emptied(checkout)

    filled = add_lines(checkout_id=checkout.pk, lines=[LineWanted(honey.pk, 1)], now=NOW)

    assert filled.vendor == vendor
    assert filled.delivery_id == checkout.delivery_id is not None
    assert filled.voucher_id == checkout.voucher_id is not None
