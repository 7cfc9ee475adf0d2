"""One transfer that two feeds tell of is booked once; two equal transfers are two."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from marketplace.core.clock import vietnam_date
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.places.models import MarketSite
from payments import likeness
from payments.invariants import violations
from payments.models import BankNotice, Feed, ReviewItem
from payments.services import booking, facts, reviewing
from payments.services.feeds import create_feed
from payments.services.repeats import EarlierOfMany, earlier_tellings, first_told
from payments.services.reviewing import AlreadyTold, book_from_review, set_aside
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
    journal,
    moved,
    pay,
    send,
    waiting,
)
from tests.plugins.database import at_once
from vendors.models import BankAccount, Vendor

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


def test_money_without_a_code_is_booked_on_the_order_that_a_second_telling_names(shop: Shop) -> None:
    """payOS's words carry no code of ours: SePay's telling waits, payOS's own names the order by its link."""
    order = an_order(shop)
    assert told_by(shop.feed, shop, "CSC5ZUJHBJ8 chuyen tien") == ("review", "no_code")

    assert told_by(second_feed(shop), shop, code_of(order)) == ("ignored", "same_transfer")

    assert moved(order) == [("charge_success", PART_VND, "bank")]
    first, again = BankNotice.objects.order_by("pk")
    assert (first.state, first.order_id, again.same_as, again.order_id) == ("booked", order.pk, first, None)
    item = ReviewItem.objects.get(kind="unmatched")
    assert (item.outcome, item.closed_by_id, item.closed_at) == ("booked", None, NOW)
    assert waiting(shop) == [("partial", PRICE_VND - PART_VND)]
    assert [said["outcome"] for said in journal("review.closed")] == ["booked"]
    assert violations() == []


def test_control_without_it_the_money_waits_for_a_person(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking, "book_first_telling", lambda *_, **__: None)
    order = an_order(shop)
    told_by(shop.feed, shop, "CSC5ZUJHBJ8 chuyen tien")

    told_by(second_feed(shop), shop, code_of(order))

    assert (moved(order), waiting(shop)) == ([], [("unmatched", PART_VND)])
    assert ReviewItem.objects.get(vendor=shop.vendor).order_id == order.pk


def test_what_a_person_set_aside_is_not_booked_behind_their_back(shop: Shop) -> None:
    order = an_order(shop)
    told_by(shop.feed, shop, "mua hang")
    set_aside(actor=shop.owner, item=ReviewItem.objects.get(), resolution="tiền riêng", now=NOW)

    assert told_by(second_feed(shop), shop, code_of(order)) == ("ignored", "same_transfer")

    assert (moved(order), ReviewItem.objects.get().outcome) == ([], "set_aside")


@pytest.mark.parametrize("why", ["doubted", "cancelled", "expired", "cut"])
def test_what_would_not_be_booked_at_once_waits_for_a_person_with_its_order_beside_it(shop: Shop, why: str) -> None:
    order = an_order(shop)
    code = code_of(order)
    if why == "cancelled":
        cancel_order(actor=shop.owner, order=order, reason="khách đổi ý", now=NOW)
    if why == "expired":
        assert expire_due_orders(now=NOW + timedelta(days=3), at_most=10) == 1
    told_by(shop.feed, shop, code[:7] if why == "cut" else "mua hang")
    amount = f"{PART_VND}.5" if why == "doubted" else PART_VND

    assert told_by(second_feed(shop), shop, code, transferAmount=amount) == ("ignored", "same_transfer")

    assert (moved(order), waiting(shop)) == ([], [("unmatched", PART_VND)])
    assert ReviewItem.objects.get(kind="unmatched").order_id == order.pk


@pytest.mark.django_db
def test_money_that_waits_at_one_shop_is_not_booked_on_anothers_order() -> None:
    """Two stalls share an account: the first telling, without a code, waits at the one that is named first."""
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    one, other = a_shop(site=site), a_shop("Sạp 2", site=site)
    BankAccount.objects.filter(vendor=other.vendor).update(account_number=one.account)
    order = an_order(other)
    assert told_by(a_site_feed(site), one, "mua hang") == ("review", "no_code")
    assert waiting(other) == []

    assert told_by(a_site_feed(site), one, code_of(order)) == ("ignored", "same_transfer")

    assert (moved(order), waiting(one)) == ([], [("unmatched", PART_VND)])


def test_a_telling_of_a_checkout_or_of_another_order_leaves_the_waiting_one_as_it_is(shop: Shop) -> None:
    first, second = an_order(shop), an_order(shop)
    assert told_by(shop.feed, shop, f"{code_of(first)} {code_of(second)}") == ("review", "several_codes")

    assert told_by(second_feed(shop), shop, f"{code_of(first)} {code_of(second)}") == ("ignored", "same_transfer")

    assert ReviewItem.objects.get(vendor=shop.vendor).order_id is None


@pytest.fixture
def neither_sees_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two feeds tell at the same instant, one of them without the code: they wait for different rows."""
    monkeypatch.setattr(facts, "earlier_tellings", lambda *_, **__: ())


def held_and_booked(shop: Shop, order: Order) -> ReviewItem:
    assert told_by(shop.feed, shop, "khong co ma") == ("review", "no_code")
    assert told_by(second_feed(shop), shop, code_of(order)) == ("booked", "")
    return ReviewItem.objects.get(vendor=shop.vendor, kind="unmatched")


def test_what_another_feed_told_and_booked_is_not_booked_again_by_hand(
    shop: Shop, neither_sees_the_other: None
) -> None:
    order, other = an_order(shop), an_order(shop)
    item = held_and_booked(shop, order)

    with pytest.raises(AlreadyTold):
        book_from_review(actor=shop.owner, item=item, order=other, now=NOW)

    assert (moved(order), moved(other)) == ([("charge_success", PART_VND, "bank")], [])


def test_control_without_that_look_one_tap_books_the_transfer_twice(
    shop: Shop, neither_sees_the_other: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, other = an_order(shop), an_order(shop)
    item = held_and_booked(shop, order)
    monkeypatch.setattr(reviewing, "first_told", lambda _: None)

    book_from_review(actor=shop.owner, item=item, order=other, now=NOW)

    assert moved(order) == moved(other) == [("charge_success", PART_VND, "bank")]


@pytest.mark.django_db
def test_at_a_shared_feed_a_shop_that_was_not_checked_never_takes_a_checked_ones_money() -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    checked, stranger = a_shop(site=site), a_shop("Hộ mới khai", site=site)
    BankAccount.objects.filter(vendor=checked.vendor).update(is_active=False)
    BankAccount.objects.filter(vendor=stranger.vendor).update(account_number=checked.account)
    Vendor.objects.filter(pk=stranger.vendor.pk).update(verification=Vendor.Verification.DECLARED)

    assert told_by(a_site_feed(site), checked, "khong co ma") == ("review", "no_code")

    assert (waiting(checked), waiting(stranger)) == ([("unmatched", PART_VND)], [])


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
