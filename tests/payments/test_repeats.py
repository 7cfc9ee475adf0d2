"""One transfer that two feeds tell of is booked once; two equal transfers are two."""

from __future__ import annotations

from functools import partial

import pytest

from marketplace.places.models import MarketSite
from payments.invariants import violations
from payments.models import BankNotice, ReviewItem
from payments.services.reviewing import set_aside
from tests.payments.banks import PART_VND, second_feed, told_by
from tests.payments.factories import (
    NENH,
    NOW,
    PRICE_VND,
    Shop,
    a_notice,
    a_shop,
    a_site_feed,
    an_order,
    code_of,
    moved,
    pay,
    send,
    waiting,
)
from tests.plugins.database import at_once
from vendors.models import BankAccount


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.mark.django_db
def test_a_transfer_told_of_by_two_feeds_is_linked_to_the_first_and_booked_once() -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    shop = a_shop(site=site)
    order = an_order(shop)

    assert told_by(shop.feed, shop, code_of(order)) == ("booked", "")
    assert told_by(a_site_feed(site), shop, code_of(order)) == ("ignored", "same_transfer")

    assert moved(order) == [("charge_success", PART_VND, "bank")]
    first, again = BankNotice.objects.order_by("pk")
    assert (again.same_as, again.vendor_id) == (first, shop.vendor.pk)
    assert waiting(shop) == [("partial", PRICE_VND - PART_VND)]
    assert violations() == []


@pytest.mark.django_db
def test_control_another_reference_amount_or_day_is_another_transfer(shop: Shop) -> None:
    other = second_feed(shop)
    order = an_order(shop, quantity=10)
    told_by(shop.feed, shop, code_of(order))

    assert told_by(other, shop, code_of(order), reference="FT26326002") == ("booked", "")
    assert told_by(other, shop, code_of(order), transactionDate="2026-11-21 10:00:00") == ("booked", "")
    assert told_by(other, shop, code_of(order), transferAmount=PART_VND + 1) == ("booked", "")
    assert len(moved(order)) == 4


@pytest.mark.django_db
def test_the_virtual_account_that_another_feed_names_is_the_account(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order))

    again = told_by(second_feed(shop), shop, code_of(order), accountNumber="1", subAccount=shop.account)

    assert again == ("ignored", "same_transfer")


@pytest.mark.django_db
def test_another_account_of_the_shop_with_the_same_reference_is_for_a_person_to_judge(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order))
    BankAccount.objects.create(
        vendor=shop.vendor, bin="970436", account_number="CHO40OTHER", account_name="X", is_active=False, made_at=NOW
    )

    again = told_by(second_feed(shop), shop, code_of(order), accountNumber="CHO40OTHER")

    assert again == ("review", "may_be_repeat")


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "again"), [("MBVCB.3278907687", "3278907687"), ("FT26326001", "ft 26326-001")])
def test_a_reference_written_in_another_way_is_the_same_transfer(shop: Shop, first: str, again: str) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order), reference=first)

    assert told_by(second_feed(shop), shop, code_of(order), reference=again) == ("ignored", "same_transfer")
    assert len(moved(order)) == 1


@pytest.mark.django_db
def test_a_transfer_dated_a_day_apart_at_night_is_held_and_not_booked_twice(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order), transactionDate="2026-11-21 23:10:00")

    again = told_by(second_feed(shop), shop, code_of(order), transactionDate="2026-11-22 00:00:00")

    assert again == ("review", "may_be_repeat")
    assert len(moved(order)) == 1


@pytest.mark.django_db
def test_a_third_feed_is_linked_to_the_first_telling(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order))

    for _feed in range(2):
        assert told_by(second_feed(shop), shop, code_of(order)) == ("ignored", "same_transfer")

    first, second, third = BankNotice.objects.order_by("pk")
    assert (second.same_as, third.same_as) == (first, first)


@pytest.mark.django_db
def test_two_equal_transfers_told_by_two_feeds_are_two_each_linked_to_its_own(shop: Shop) -> None:
    order = an_order(shop)
    other = second_feed(shop)
    for _time in range(2):
        told_by(shop.feed, shop, code_of(order))

    assert [told_by(other, shop, code_of(order)) for _time in range(2)] == [("ignored", "same_transfer")] * 2
    assert told_by(other, shop, code_of(order)) == ("booked", "")

    first, second, again, again_second, _third = BankNotice.objects.order_by("pk")
    assert (again.same_as, again_second.same_as) == (first, second)
    assert len(moved(order)) == 3


@pytest.mark.django_db
def test_what_waits_for_a_person_is_a_first_telling_too(shop: Shop) -> None:
    told_by(shop.feed, shop, "mua hang")
    item = ReviewItem.objects.get()
    set_aside(actor=shop.owner, item=item, resolution="tiền riêng", now=NOW)

    assert told_by(second_feed(shop), shop, "mua hang") == ("ignored", "same_transfer")
    assert waiting(shop) == []


@pytest.mark.django_db
def test_equal_transfers_of_one_feed_are_two_since_its_provider_says_so(shop: Shop) -> None:
    order = an_order(shop)

    for _time in range(2):
        assert told_by(shop.feed, shop, code_of(order)) == ("booked", "")

    assert len(moved(order)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "again"), [("FT1", ""), ("", "FT1"), ("", "")])
def test_a_likeness_without_the_banks_reference_is_for_a_person_to_judge(shop: Shop, first: str, again: str) -> None:
    order = an_order(shop)

    told_by(shop.feed, shop, code_of(order), reference=first)
    assert told_by(second_feed(shop), shop, code_of(order), reference=again) == ("review", "may_be_repeat")

    assert len(moved(order)) == 1
    assert ("unmatched", PART_VND) in waiting(shop)


@pytest.mark.django_db
def test_another_code_without_a_reference_is_another_transfer(shop: Shop) -> None:
    order, another = an_order(shop), an_order(shop)

    told_by(shop.feed, shop, code_of(order), reference="")
    assert told_by(second_feed(shop), shop, code_of(another), reference="") == ("booked", "")


@pytest.mark.django_db
def test_a_possible_repeat_says_so_although_its_amount_is_odd_too(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, code_of(order), reference="", transferAmount=f"{PART_VND}.5")
    told_by(second_feed(shop), shop, code_of(order), reference="", transferAmount=f"{PART_VND}.5")

    assert list(BankNotice.objects.order_by("pk").values_list("why", flat=True)) == [
        "amount_not_whole",
        "may_be_repeat",
    ]


@pytest.mark.django_db
def test_a_certain_likeness_counts_before_a_possible_one(shop: Shop) -> None:
    other = second_feed(shop)
    told_by(shop.feed, shop, "no code", reference="")
    told_by(shop.feed, shop, "no code", reference="FT1")

    assert told_by(other, shop, "no code", reference="FT1") == ("ignored", "same_transfer")
    assert waiting(shop) == [("unmatched", PART_VND)] * 2


@pytest.mark.django_db
def test_what_was_let_lie_is_no_first_telling(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), PART_VND, referenceCode="FT26326001", transferType="out")

    assert told_by(second_feed(shop), shop, code_of(order)) == ("booked", "")


@pytest.mark.usefixtures("committed_db")
def test_two_feeds_that_tell_of_money_without_a_code_at_once_make_one_task() -> None:
    shop = a_shop()
    feeds = [shop.feed, *(second_feed(shop) for _ in range(5))]
    tellings = [
        partial(send, feed, a_notice(feed, shop.account, "mua hang", PART_VND, referenceCode="FT1")) for feed in feeds
    ]

    at_once(tellings)

    assert sorted(BankNotice.objects.values_list("state", flat=True)) == ["ignored"] * 5 + ["review"]
    assert waiting(shop) == [("unmatched", PART_VND)]


@pytest.mark.usefixtures("committed_db")
def test_two_feeds_that_tell_of_it_at_once_book_it_once() -> None:
    shop = a_shop()
    order = an_order(shop)
    feeds = [shop.feed, *(second_feed(shop) for _ in range(5))]
    tellings = [
        partial(send, feed, a_notice(feed, shop.account, code_of(order), PART_VND, referenceCode="FT1"))
        for feed in feeds
    ]

    at_once(tellings)

    assert moved(order) == [("charge_success", PART_VND, "bank")]
    assert sorted(BankNotice.objects.values_list("state", flat=True)) == ["booked"] + ["ignored"] * 5
    assert violations() == []
