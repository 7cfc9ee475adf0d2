"""A transfer is compared with so many that were told before: those beyond are not taken for other money."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from marketplace.core.clock import vietnam_date
from payments import likeness
from payments.models import BankNotice, ReviewItem
from payments.services.repeats import EarlierOfMany, earlier_tellings, first_told
from tests.payments.banks import PART_VND, second_feed, told_by
from tests.payments.factories import Shop, a_shop, an_order, code_of, moved


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_what_is_read_for_many_notices_at_once_is_what_is_read_for_each(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dry run's reading holds against the import's: the same tellings, in the same order, as many."""
    other = second_feed(shop)
    days = [f"2026-11-{day} {hour}" for day in (19, 20, 21, 22) for hour in ("00:00:00", "23:30:00")]
    told = [(day, reference, words) for day in days for reference in ("FT1", "") for words in ("mua", "ban")]
    for day, reference, words in told:
        told_by(shop.feed, shop, words, reference, transactionDate=day)
    told_by(shop.feed, shop, "mua", "FT1", transactionDate=days[4], transferAmount=PART_VND + 1)
    told_by(other, shop, "mua", "FT1", transactionDate=days[4])
    feed_id = uuid.uuid4()
    moments = [datetime.fromisoformat(f"{days[place]}+07:00").astimezone(UTC) for place in (2, 4, 7)]
    notices = [
        BankNotice(
            feed_id=feed_id, is_incoming=True, amount_vnd=PART_VND, bank_reference=reference, content="mua",
            happened_at=moment, bank_date=vietnam_date(moment),
        )
        for moment, reference in zip(moments, ("FT1", "", "FT2"), strict=True)
    ]  # fmt: skip

    for limit in (2, 200):
        monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", limit)
        read = EarlierOfMany(notices, vendor_ids=[shop.vendor.pk])
        for notice in notices:
            each = earlier_tellings(notice, vendor_ids=[shop.vendor.pk])
            assert (read.of(notice), len(each) >= 3) == (each, True)


def test_what_is_like_none_of_those_compared_is_held_where_more_were_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three equal sales were told of, two are compared: the very transfer may be the third."""
    monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", 2)
    order = an_order(shop, quantity=10)
    for reference in ("FT26326001", "FT26326002", "FT26326003"):
        told_by(shop.feed, shop, code_of(order), reference)

    assert told_by(second_feed(shop), shop, code_of(order), "FT26326004") == ("review", "may_be_repeat")

    item = ReviewItem.objects.get(vendor=shop.vendor, kind="unmatched")
    assert (first_told(BankNotice.objects.get(review_item=item)), len(moved(order))) == (None, 3)


def test_control_where_all_are_compared_it_is_booked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", 3)
    order = an_order(shop, quantity=10)
    for reference in ("FT26326001", "FT26326002", "FT26326003"):
        told_by(shop.feed, shop, code_of(order), reference)

    assert told_by(second_feed(shop), shop, code_of(order), "FT26326004") == ("booked", "")
    assert len(moved(order)) == 4


def test_those_that_the_feed_told_again_stand_for_their_own_and_hold_nothing_up(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", 2)
    order, other = an_order(shop, quantity=10), second_feed(shop)
    for reference in ("FT26326001", "FT26326002", "FT26326003"):
        told_by(shop.feed, shop, code_of(order), reference)
        assert told_by(other, shop, code_of(order), reference) == ("ignored", "same_transfer")

    assert told_by(other, shop, code_of(order), "FT26326004") == ("booked", "")


def test_a_telling_with_the_very_reference_is_found_however_many_were_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", 1)
    order = an_order(shop, quantity=10)
    for reference in ("FT26326001", "FT26326002", "FT26326003"):
        told_by(shop.feed, shop, code_of(order), reference)

    assert told_by(second_feed(shop), shop, "khac", "FT26326001") == ("ignored", "same_transfer")
