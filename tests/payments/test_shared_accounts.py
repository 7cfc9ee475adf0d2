"""Two shops that name one bank account: what one transfer pays is never booked for both without a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import SYSTEM
from marketplace.places.models import MarketSite
from payments.invariants import violations
from payments.reasons import why_in_words
from payments.services.facts import others_with_account
from payments.services.foreseeing import Fate, foresee
from payments.services.reconciling import reconcile
from payments.services.reviewing import book_from_review
from payments.services.statements import bring_statement
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
from tests.payments.statements.booklets import Entry, vietcombank
from vendors.models import BankAccount
from vendors.selectors import active_account, is_account_of_others
from vendors.services import set_bank_account

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
REFERENCE = "FT26326000000001"


def with_account_of(shop: Shop, other: Shop, *, bin: str = "970436") -> Shop:
    """The shop after it typed the other's number."""
    number, name = other.account, "NGUOI KHAC"
    set_bank_account(actor=SYSTEM, vendor=shop.vendor, bin=bin, account_number=number, account_name=name, now=NOW)
    return replace(shop, account=number)


def told(shop: Shop, content: str) -> tuple[str, str]:
    notice = pay(shop, content, referenceCode=REFERENCE)
    return notice.state, notice.why


def differing(shop: Shop) -> list[tuple[str, int]]:
    found = reconcile(shop.vendor, first_day=DAY, last_day=DAY).differences
    return [(one.kind.value, one.amount_vnd) for one in found]


def test_one_transfer_told_to_two_shops_of_one_account_is_booked_once_and_seen() -> None:
    first = a_shop()
    second = with_account_of(a_shop(), first)
    order, other_order = an_order(first), an_order(second)
    assert told(first, code_of(order)) == ("booked", "")

    # The second shop's feed says of the same transfer what it likes.
    state = told(second, code_of(other_order))

    assert state == ("review", "told_elsewhere")
    assert why_in_words("told_elsewhere") == "Gian hàng khác cũng khai tài khoản này và đã được báo khoản này."
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert moved(other_order) == []
    assert waiting(second) == [("unmatched", PRICE_VND)]
    assert differing(first) == [("told_elsewhere", PRICE_VND)]
    assert violations() == []
    item = second.vendor.review_items.get()
    assert item.order == other_order

    # It is not impossible: a family that shares an account may say so.
    book_from_review(actor=second.owner, item=item, order=other_order, now=NOW)

    assert moved(other_order) == [("charge_success", PRICE_VND, "bank")]
    assert differing(first) == differing(second) == [("told_elsewhere", PRICE_VND)]
    sentence = reconcile(second.vendor, first_day=DAY, last_day=DAY).differences[0].sentence
    assert first.vendor.name not in sentence
    assert "dùng chung tài khoản" in sentence


def test_control_shops_of_two_accounts_or_of_one_number_at_two_banks_are_booked_both() -> None:
    first, other = a_shop(), a_shop()
    elsewhere = with_account_of(a_shop(), first, bin="970415")
    orders = [an_order(shop) for shop in (first, other, elsewhere)]

    states = [told(shop, code_of(order)) for shop, order in zip((first, other, elsewhere), orders, strict=True)]

    assert states == [("booked", "")] * 3
    assert differing(first) == differing(other) == differing(elsewhere) == []


def test_a_family_that_shares_an_account_is_paid_as_ever() -> None:
    first = a_shop()
    second = with_account_of(a_shop(), first)
    order, other_order = an_order(first), an_order(second)

    # Every transfer is told to both; whose code it names gets it, whoever hears of it first.
    assert told(second, code_of(order)) == ("review", "other_vendors_code")
    assert told(first, code_of(order)) == ("booked", "")
    assert pay(first, code_of(other_order), referenceCode="FT2").why == "other_vendors_code"
    assert pay(second, code_of(other_order), referenceCode="FT2").state == "booked"

    assert differing(first) == differing(second) == []


def test_a_site_feed_and_a_shop_outside_that_claims_an_account_of_the_site() -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    inside = a_shop(site=site)
    outside = with_account_of(a_shop(), inside)
    order, other_order = an_order(inside), an_order(outside)
    feed = a_site_feed(site)
    told(outside, code_of(other_order))

    send(feed, a_notice(feed, inside.account, code_of(order), referenceCode=REFERENCE))

    # Two codes in one transfer: the words do not agree, but its reference does.
    notice = order.vendor.bank_notices.get()
    assert (notice.state, notice.why) == ("review", "told_elsewhere")


def test_the_dry_run_of_a_statement_foresees_it() -> None:
    first = a_shop()
    second = with_account_of(a_shop(), first)
    order, other_order = an_order(first), an_order(second)
    told(first, code_of(order))
    lines = [Entry(code_of(other_order), reference=REFERENCE, day="22/11/2026")]
    draft = bring_statement(actor=second.owner, vendor=second.vendor, content=vietcombank(second, lines), now=NOW)

    forecast = foresee(actor=second.owner, statement=draft, now=NOW)

    assert [(one.fate, one.why) for one in forecast.lines] == [(Fate.REVIEW, "told_elsewhere")]


def test_what_two_other_shops_were_told_of_as_well_is_one_difference() -> None:
    first = a_shop()
    second, third = (with_account_of(a_shop(), first) for _ in range(2))
    told(first, code_of(an_order(first)))
    assert [told(shop, code_of(an_order(shop))) for shop in (second, third)] == [("review", "told_elsewhere")] * 2

    assert differing(first) == [("told_elsewhere", PRICE_VND)]


def test_the_dry_run_asks_no_more_of_two_other_shops_than_of_one() -> None:
    first = a_shop()
    told(first, code_of(an_order(first)))
    counts = []
    for others in (1, 2):
        shop = with_account_of(a_shop(), first)
        lines = [Entry(code_of(an_order(shop)), reference=REFERENCE, day="22/11/2026")]
        draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, lines), now=NOW)
        assert len(others_with_account(first.account, vendor_id=shop.vendor.pk)) == others
        with CaptureQueriesContext(connection) as made:
            forecast = foresee(actor=shop.owner, statement=draft, now=NOW)
        counts.append(len(made.captured_queries))
        assert [one.why for one in forecast.lines] == ["told_elsewhere"]
    assert counts[0] == counts[1]


def test_who_else_has_an_account_costs_an_ordinary_notice_no_statement() -> None:
    alone, shop = a_shop(), a_shop()
    with_account_of(a_shop(), shop)
    counts = []
    for one in (alone, shop):
        order = an_order(one)
        notice = a_notice(one.feed, one.account, code_of(order))
        with CaptureQueriesContext(connection) as made:
            send(one.feed, notice)
        counts.append(sum("vendors_bankaccount" in query["sql"] for query in made.captured_queries))
    # Its account is looked up once; only where somebody else has it is it locked too.
    assert counts == [1, 2]


def test_a_shared_account_is_seen_but_not_within_one_site() -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    first, neighbour, outside = a_shop(site=site), a_shop(site=site), a_shop()

    def is_shared(shop: Shop) -> bool:
        account = active_account(shop.vendor)
        assert account is not None
        return is_account_of_others(account)

    assert not is_shared(first)
    with_account_of(neighbour, first)
    assert not is_shared(first)
    with_account_of(outside, first)
    assert (is_shared(first), is_shared(outside)) == (True, True)
    BankAccount.objects.filter(vendor__in=[first.vendor, neighbour.vendor]).update(is_active=False)
    assert not is_shared(outside)
