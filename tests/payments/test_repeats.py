"""One transfer that two feeds tell of is booked once; two equal transfers are two."""

from __future__ import annotations

from functools import partial

import pytest

from marketplace.places.models import MarketSite
from payments.invariants import violations
from payments.models import BankNotice, Feed
from payments.services.feeds import create_feed
from tests.payments.factories import (
    NENH,
    NOW,
    PRICE_VND,
    SECRET,
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

PART_VND = 20_000


def told_by(
    feed: Feed, shop: Shop, content: str, reference: str = "FT26326001", **changes: object
) -> tuple[str, str]:
    """What becomes of a transfer of 20,000 that `feed` tells of: state and why."""
    send(feed, a_notice(feed, shop.account, content, PART_VND, referenceCode=reference, **changes))
    notice = BankNotice.objects.order_by("-pk")[0]
    return notice.state, notice.why


def second_feed(shop: Shop) -> Feed:
    return create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed


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
def test_control_another_reference_amount_day_or_account_is_another_transfer(shop: Shop) -> None:
    other = second_feed(shop)
    order = an_order(shop, quantity=10)
    told_by(shop.feed, shop, code_of(order))

    assert told_by(other, shop, code_of(order), reference="FT26326002") == ("booked", "")
    assert told_by(other, shop, code_of(order), transactionDate="2026-11-21 10:00:00") == ("booked", "")
    assert told_by(other, shop, code_of(order), transferAmount=PART_VND + 1) == ("booked", "")
    assert told_by(other, shop, code_of(order), accountNumber="1", subAccount=shop.account) == ("booked", "")
    assert len(moved(order)) == 5


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
def test_other_words_without_a_reference_are_another_transfer(shop: Shop) -> None:
    order = an_order(shop)

    told_by(shop.feed, shop, code_of(order), reference="")
    assert told_by(second_feed(shop), shop, f"{code_of(order)} lan 2", reference="") == ("booked", "")


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
