"""Ways of delivery: flat rates by zone relative to the shop's commune, and pick-up for nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import DeliveryNotOffered
from marketplace.orders.models import Checkout, CheckoutDelivery, DeliveryRate
from marketplace.orders.selectors import delivery_zone, rates_of
from marketplace.orders.services.checkouts import (
    choose_delivery,
    offer_deliveries,
    set_shipping_address,
    take_off_delivery,
)
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.deliveries import set_delivery_rate
from marketplace.places.models import Commune
from tests.orders.factories import (
    NENH,
    NOW,
    NUNG_TRI_CAO,
    THUC_PHAN,
    a_checkout,
    a_member,
    a_place,
    a_ready_checkout,
    a_shop,
    a_variant,
    an_address,
    stock_of,
)
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

ALL_RATES = {"same_commune": 10_000, "same_province": 20_000, "country": 35_000}


def offered(checkout: Checkout) -> list[tuple[str, int]]:
    return [(row.name, row.price_vnd) for row in offer_deliveries(checkout_id=checkout.pk, now=NOW)]


def send_to(checkout: Checkout, commune: str) -> None:
    address = an_address(commune_code=commune)
    set_shipping_address(checkout_id=checkout.pk, address=address, now=NOW)


def chosen(checkout: Checkout) -> CheckoutDelivery | None:
    return Checkout.objects.select_related("delivery").get(pk=checkout.pk).delivery


@pytest.mark.parametrize(
    ("commune", "sent"),
    [
        (THUC_PHAN, ("Giao trong xã, phường", 10_000)),
        (NUNG_TRI_CAO, ("Giao trong tỉnh, thành phố", 20_000)),
        (NENH, ("Giao toàn quốc", 35_000)),
    ],
)
def test_goods_are_sent_at_the_rate_of_the_nearest_zone(commune: str, sent: tuple[str, int]) -> None:
    checkout = a_checkout((a_variant(a_shop(rates=ALL_RATES)), 1))
    send_to(checkout, commune)

    assert offered(checkout) == [("Nhận tại Cửa hàng", 0), sent]


def test_a_wider_rate_serves_where_the_shop_has_no_nearer_one() -> None:
    checkout = a_checkout((a_variant(a_shop(rates={"country": 30_000})), 1))
    send_to(checkout, THUC_PHAN)

    assert offered(checkout)[1:] == [("Giao toàn quốc", 30_000)]


def test_a_shop_that_sends_only_nearby_offers_pick_up_to_others() -> None:
    checkout = a_checkout((a_variant(a_shop(rates={"same_commune": 0, "same_province": 15_000})), 1))
    send_to(checkout, NENH)

    assert offered(checkout) == [("Nhận tại Cửa hàng", 0)]


def test_without_an_address_or_to_one_abroad_nothing_is_sent() -> None:
    checkout = a_checkout((a_variant(a_shop(rates=ALL_RATES)), 1))
    assert offered(checkout) == [("Nhận tại Cửa hàng", 0)]

    abroad = an_address(country="FR", city="Paris", country_area="")
    set_shipping_address(checkout_id=checkout.pk, address=abroad, now=NOW)
    assert offered(checkout) == [("Nhận tại Cửa hàng", 0)]


def test_goods_are_fetched_at_every_open_place_that_hands_them_out() -> None:
    vendor = a_shop()
    checkout = a_checkout((a_variant(vendor), 1))
    a_place(vendor, name="Sạp số 7")
    a_place(vendor, name="Kho", pick_up=False)
    a_place(vendor, name="Sạp đã đóng", is_active=False)

    assert offered(checkout) == [("Nhận tại Cửa hàng", 0), ("Nhận tại Sạp số 7", 0)]


def test_the_same_way_keeps_its_id_and_its_price_follows_the_shop() -> None:
    vendor = a_shop(rates=ALL_RATES)
    checkout = a_checkout((a_variant(vendor), 1))
    send_to(checkout, THUC_PHAN)
    first = offer_deliveries(checkout_id=checkout.pk, now=NOW)
    choose_delivery(checkout_id=checkout.pk, delivery_id=first[1].pk, now=NOW)

    set_delivery_rate(actor=a_member(vendor), vendor=vendor, zone="same_commune", price_vnd=12_000, now=NOW)
    again = offer_deliveries(checkout_id=checkout.pk, now=NOW)

    assert [row.pk for row in again] == [row.pk for row in first]
    assert [row.price_vnd for row in again] == [0, 12_000]
    assert chosen(checkout) == again[1]


def test_a_chosen_way_that_the_new_address_does_not_have_is_chosen_no_more() -> None:
    checkout = a_checkout((a_variant(a_shop(rates=ALL_RATES)), 1))
    send_to(checkout, THUC_PHAN)
    pick_up, sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    assert chosen(checkout) == sent

    send_to(checkout, THUC_PHAN)
    assert chosen(checkout) == sent
    send_to(checkout, NENH)
    assert chosen(checkout) is None

    choose_delivery(checkout_id=checkout.pk, delivery_id=pick_up.pk, now=NOW)
    send_to(checkout, NUNG_TRI_CAO)
    assert chosen(checkout) == pick_up


@pytest.mark.parametrize("delivery_id", [uuid.uuid4(), "pick-up", 1, None])
def test_a_way_that_was_not_offered_cannot_be_chosen(delivery_id: uuid.UUID) -> None:
    checkout = a_ready_checkout((a_variant(a_shop()), 1))
    before = chosen(checkout)

    with pytest.raises(DeliveryNotOffered) as refusal:
        choose_delivery(checkout_id=checkout.pk, delivery_id=delivery_id, now=NOW)

    assert (refusal.value.code, refusal.value.field) == ("DELIVERY_METHOD_NOT_APPLICABLE", "delivery_method_id")
    assert chosen(checkout) == before


def test_another_checkouts_way_cannot_be_chosen() -> None:
    variant = a_variant(a_shop())
    mine, theirs = a_checkout((variant, 1)), a_checkout((variant, 1))
    way = offer_deliveries(checkout_id=theirs.pk, now=NOW)[0]

    with pytest.raises(DeliveryNotOffered):
        choose_delivery(checkout_id=mine.pk, delivery_id=way.pk, now=NOW)
    assert chosen(mine) is None


def test_a_way_that_ended_since_it_was_offered_cannot_be_chosen() -> None:
    vendor = a_shop()
    checkout = a_checkout((a_variant(vendor), 1))
    place = a_place(vendor)
    at_stall = offer_deliveries(checkout_id=checkout.pk, now=NOW)[1]
    place.is_active = False
    place.save()

    with pytest.raises(DeliveryNotOffered):
        choose_delivery(checkout_id=checkout.pk, delivery_id=at_stall.pk, now=NOW)
    assert offered(checkout) == [("Nhận tại Cửa hàng", 0)]


def test_what_a_buyer_was_asked_to_pay_stays_while_it_is_held_for_them() -> None:
    vendor = a_shop(rates=ALL_RATES)
    checkout = a_ready_checkout((a_variant(vendor), 1))
    send_to(checkout, THUC_PHAN)
    pick_up, sent = offer_deliveries(checkout_id=checkout.pk, now=NOW)
    choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    DeliveryRate.objects.update(price_vnd=99_000)

    assert offered(checkout) == [("Nhận tại Cửa hàng", 0), ("Giao trong xã, phường", 10_000)]
    held = choose_delivery(checkout_id=checkout.pk, delivery_id=sent.pk, now=NOW)
    assert held.reserved_until is not None

    freed = choose_delivery(checkout_id=checkout.pk, delivery_id=pick_up.pk, now=NOW)
    assert freed.reserved_until is None
    assert offered(checkout)[1] == ("Giao trong xã, phường", 99_000)


def test_a_way_is_taken_off_again_and_what_was_held_for_its_sum_is_free() -> None:
    vendor = a_shop(rates=ALL_RATES)
    variant = a_variant(vendor, quantity=5)
    checkout = a_ready_checkout((variant, 2))
    reserve_checkout(checkout_id=checkout.pk, now=NOW)
    assert stock_of(variant) == (5, 0, 2)

    freed = take_off_delivery(checkout_id=checkout.pk, now=NOW + timedelta(minutes=1))

    assert (freed.delivery, freed.reserved_until, freed.updated_at) == (None, None, NOW + timedelta(minutes=1))
    assert (chosen(checkout), stock_of(variant)) == (None, (5, 0, 0))
    assert [price for _name, price in offered(checkout)] == [0]


def test_a_checkout_without_a_way_of_delivery_keeps_what_it_has_when_none_is_wanted() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    same = take_off_delivery(checkout_id=checkout.pk, now=NOW + timedelta(minutes=1))

    assert (same.delivery, same.updated_at) == (None, NOW)


# --- The shop's rates -----------------------------------------------------------------------------


def test_members_set_rates_and_end_them() -> None:
    vendor = a_shop()
    seller = a_member(vendor, role="seller")

    set_delivery_rate(actor=seller, vendor=vendor, zone="country", price_vnd=30_000, now=NOW)
    set_delivery_rate(actor=seller, vendor=vendor, zone="same_commune", price_vnd=0, now=NOW)
    set_delivery_rate(actor=seller, vendor=vendor, zone="country", price_vnd=25_000, now=NOW)
    assert [(rate.zone, rate.price_vnd) for rate in rates_of(vendor)] == [("same_commune", 0), ("country", 25_000)]

    assert set_delivery_rate(actor=seller, vendor=vendor, zone="country", price_vnd=None, now=NOW) is None
    assert [rate.zone for rate in rates_of(vendor)] == ["same_commune"]
    last = JournalEvent.objects.filter(kind="vendor.delivery_rate_set").latest("id")
    assert last.data == {"vendor": vendor.pk, "zone": "country", "price_vnd": None}


@pytest.mark.parametrize("price_vnd", [-1, 10_000_001, 10**30, True, 1.5, "1000"])
def test_impossible_rates_are_refused(price_vnd: int) -> None:
    vendor = a_shop()

    with pytest.raises(InvalidInput) as refusal:
        set_delivery_rate(actor=a_member(vendor), vendor=vendor, zone="country", price_vnd=price_vnd, now=NOW)

    assert refusal.value.field == "price_vnd"
    assert not DeliveryRate.objects.exists()


def test_strangers_and_unknown_zones_are_refused() -> None:
    vendor = a_shop()

    with pytest.raises(NotFound):
        set_delivery_rate(actor=ANONYMOUS, vendor=vendor, zone="country", price_vnd=1, now=NOW)
    with pytest.raises(InvalidInput):
        set_delivery_rate(actor=a_member(vendor), vendor=vendor, zone="moon", price_vnd=1, now=NOW)
    assert not DeliveryRate.objects.exists()


def test_zones_are_told_from_the_shops_commune() -> None:
    vendor = Vendor.objects.get(pk=a_shop().pk)
    zones = [delivery_zone(vendor, Commune.objects.get(pk=code)) for code in (THUC_PHAN, NUNG_TRI_CAO, NENH)]

    assert zones == ["same_commune", "same_province", "country"]
