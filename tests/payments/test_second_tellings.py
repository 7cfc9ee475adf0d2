"""What a second feed's telling does for money that waits, and what a person can still do wrong with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.places.models import MarketSite
from payments.invariants import violations
from payments.models import BankNotice, ReviewItem
from payments.services import booking, facts, reviewing
from payments.services.reviewing import AlreadyTold, book_from_review, set_aside
from tests.payments.banks import PART_VND, second_feed, told_by
from tests.payments.factories import (
    NENH,
    NOW,
    PRICE_VND,
    Shop,
    a_shop,
    a_site_feed,
    an_order,
    code_of,
    journal,
    moved,
    waiting,
)
from vendors.models import BankAccount, Vendor


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


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
