"""What waits for people, as lists: paged for the shop, counted for the commune."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotFound
from marketplace.places.models import Commune
from payments.models import ReviewItem
from payments.services.reviewing import NothingToBook, may_be_taken_up, refund_held, set_aside, take_up_again
from payments.waiting import ITEMS_A_PAGE, items_without_order, waiting_counts, waiting_items
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, pay

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def newest(shop: Shop) -> ReviewItem:
    return ReviewItem.objects.filter(vendor=shop.vendor).order_by("-pk")[0]


def test_the_queue_is_paged_the_newest_first_with_who_told_of_it(shop: Shop) -> None:
    for number in range(ITEMS_A_PAGE + 1):
        pay(shop, "mua hang", 1_000 + number)

    first = waiting_items(actor=shop.seller, vendor=shop.vendor)
    second = waiting_items(actor=shop.seller, vendor=shop.vendor, page=2)

    assert [item.amount_vnd for item in first.items] == list(range(1_020, 1_000, -1))
    assert [item.amount_vnd for item in second.items] == [1_000]
    assert ((first.page, first.more), (second.page, second.more)) == ((1, True), (2, False))
    assert {getattr(item, "told_by", "") for item in first.items} == {"sepay"}
    with pytest.raises(NotFound):
        waiting_items(actor=a_shop("Hộ khác").owner, vendor=shop.vendor)


def test_what_was_set_aside_or_given_back_stays_in_sight_the_last_first(shop: Shop) -> None:
    for hours, amount in enumerate((1_000, 2_000, 3_000)):
        pay(shop, "mua hang", amount)
        if amount == 1_000:
            set_aside(actor=shop.owner, item=newest(shop), resolution="not_for_goods", now=NOW + hours * HOUR)
        elif amount == 2_000:
            refund_held(actor=shop.owner, item=newest(shop), method="cash", now=NOW + hours * HOUR)

    ended = items_without_order(actor=shop.seller, vendor=shop.vendor)

    assert [(item.amount_vnd, item.outcome) for item in ended.items] == [(2_000, "refunded"), (1_000, "set_aside")]
    with pytest.raises(NotFound):
        items_without_order(actor=ANONYMOUS, vendor=shop.vendor)


def test_a_rest_that_was_set_aside_is_listed_and_stays_as_it_is(shop: Shop) -> None:
    pay(shop, code_of(an_order(shop)), 10_000)
    set_aside(actor=shop.owner, item=newest(shop), resolution="khách quen", now=NOW)

    (ended,) = items_without_order(actor=shop.seller, vendor=shop.vendor).items

    assert (ended.kind, ended.outcome, may_be_taken_up(ended)) == ("partial", "set_aside", False)
    with pytest.raises(NothingToBook):
        take_up_again(actor=shop.owner, item=ended, now=NOW)


def test_an_officer_sees_how_much_waits_in_each_shop_of_the_commune_and_since_when(shop: Shop) -> None:
    other, elsewhere = a_shop("Hộ ông Páo"), a_shop("Hộ ở xa", commune=NENH)
    pay(other, "mua hang", now=NOW + HOUR)
    pay(other, "mua hang", now=NOW + 2 * HOUR)
    pay(shop, "mua hang", now=NOW + 3 * HOUR)
    pay(elsewhere, "mua hang")
    pay(shop, "mua hang", now=NOW)
    set_aside(actor=shop.owner, item=newest(shop), resolution="x", now=NOW)
    commune = Commune.objects.get(pk=DAM_THUY)

    counts = waiting_counts(actor=OFFICER, commune=commune)

    assert [(row.vendor_id, row.name, row.count, row.oldest) for row in counts] == [
        (other.vendor.pk, "Hộ ông Páo", 2, NOW + HOUR),
        (shop.vendor.pk, shop.vendor.name, 1, NOW + 3 * HOUR),
    ]
    with pytest.raises(NotFound):
        waiting_counts(actor=shop.owner, commune=commune)
    with pytest.raises(NotFound):
        waiting_counts(actor=OFFICER, commune=Commune.objects.get(pk=NENH))
