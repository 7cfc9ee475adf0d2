"""What banks told against what was booked: a clean period, and every way in which it is not."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result

from marketplace.cli import market
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.places.models import MarketSite
from payments.matching import Direction, Transfer
from payments.models import BankNotice, Confirmation, Feed, NoticeDelivery, ReviewItem, Statement, TransactionEvent
from payments.providers.base import Reported
from payments.selectors import day_takings
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.keeping import take_in
from payments.services.reconciling import BadPeriod, Line, ShopBook, Tally, reconcile, shops_with_money
from payments.services.reviewing import refund_held, set_aside
from tests.payments.factories import DAM_THUY, NOW, PRICE_VND, Shop, a_shop, an_order, code_of, pay
from tests.payments.unguarded import take_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checks_are_on_again")]
DAY = date(2026, 11, 22)
NEXT_DAY = NOW + timedelta(days=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def book_of(shop: Shop, *, first: date = DAY, last: date = DAY) -> ShopBook:
    return reconcile(shop.vendor, first_day=first, last_day=last)


def sums(book: ShopBook) -> dict[str, tuple[int, int]]:
    found = {line.value: book.total(line) for line in Line}
    return {name: (tally.count, tally.vnd) for name, tally in found.items() if tally != Tally()}


def said(book: ShopBook) -> list[tuple[str, int]]:
    return [(one.kind.value, one.amount_vnd) for one in book.differences]


def a_statement_feed(shop: Shop) -> Feed:
    return Feed.objects.create(vendor=shop.vendor, provider="statement", secret="none", made_at=NOW, is_active=False)


def import_lines(shop: Shop, feed: Feed, *lines: tuple[str, int, str], days: int = 0, key: str = "") -> None:
    """One file: each line has a reference, an amount and words; the last of them is `days` later."""
    take_in(
        feed,
        raw=b"a statement",
        reported=[
            Reported(
                provider_tx_id=f"{key}{reference}",
                transfer=Transfer(direction=Direction.IN, amount=amount_vnd, accounts=(shop.account,), content=words),
                bank_reference=reference,
                happened_at=NOW + timedelta(days=days if number == len(lines) - 1 else 0),
            )
            for number, (reference, amount_vnd, words) in enumerate(lines)
        ],
        now=NOW,
    )
    Statement.objects.create(
        vendor=shop.vendor, feed=feed, state="done", made_at=NOW, confirmed_at=NOW, finished_at=NOW,
        file_sha256=key, account_number=shop.account, first_day=DAY, last_day=DAY + timedelta(days=days),
    )  # fmt: skip


def market_reconcile(*arguments: str) -> Result:
    return CliRunner().invoke(market, ["reconcile", *arguments])


# --- What is clean ---------------------------------------------------------------------------------


def test_every_dong_is_in_one_line_of_its_day_and_each_confirmation_has_its_own(shop: Shop) -> None:
    booked, partly = an_order(shop), an_order(shop)
    pay(shop, code_of(booked))
    for amount, confirmation in ((20_000, "cash"), (15_000, "vendor")):
        mark_paid_by_hand(actor=shop.owner, order=partly, amount_vnd=amount, confirmation=confirmation, now=NOW)
    record_refund(actor=shop.owner, order=booked, amount_vnd=7_000, confirmation="vendor", now=NOW)
    pay(shop, "no code", 5_000)
    pay(shop, "seen", 4_000)
    pay(shop, "sent back", 2_000)
    seen, back = (ReviewItem.objects.get(amount_vnd=amount) for amount in (4_000, 2_000))
    set_aside(actor=shop.owner, item=seen, resolution="tiền nhà", now=NOW)
    refund_held(actor=shop.owner, item=back, method="cash", now=NOW)
    pay(shop, "out", 3_000, transferType="out")

    book = book_of(shop)

    assert sums(book) == {
        "told_in": (4, 71_000),
        "told_out": (1, 3_000),
        "booked": (1, 60_000),
        "waiting": (1, 5_000),
        "set_aside": (1, 4_000),
        "sent_back": (1, 2_000),
        "ignored": (1, 3_000),
        "charged_vendor": (1, 15_000),
        "charged_cash": (1, 20_000),
        "refunded": (1, 7_000),
    }
    assert book.differences == ()
    takings = day_takings(actor=SYSTEM, vendor=shop.vendor, day=DAY)
    assert (takings.bank_vnd, takings.vendor_vnd, takings.cash_vnd) == (60_000, 15_000, 20_000)


def test_a_day_is_the_banks_day_in_vietnam_and_other_shops_and_days_stay_out(shop: Shop) -> None:
    other = a_shop()
    pay(other, code_of(an_order(other)))
    pay(shop, code_of(an_order(shop)))
    pay(shop, code_of(an_order(shop)), now=NEXT_DAY)

    assert sums(book_of(shop))["booked"] == (1, PRICE_VND)
    both = book_of(shop, last=date(2026, 11, 23))
    assert {entry.day for entry in both.tallies} == {DAY, date(2026, 11, 23)}
    assert list(shops_with_money(DAY, DAY)) == [shop.vendor, other.vendor]
    assert list(shops_with_money(date(2026, 11, 23), date(2026, 11, 23))) == [shop.vendor]


def test_the_card_networks_money_and_what_it_takes_back_have_their_lines(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))
    event = TransactionEvent.objects.get(order=order, type="charge_success")
    take_off(["order_balance"])
    event.notice, event.confirmation = None, Confirmation.CARD
    for kind in ("charge_success", "charge_back"):
        event.pk, event.type = None, kind
        event.save(force_insert=True)

    found = sums(book_of(shop))

    assert (found["charged_card"], found["charged_back"]) == ((1, PRICE_VND), (1, PRICE_VND))


def test_a_statement_that_tells_the_same_as_the_notices_is_clean(shop: Shop) -> None:
    code = code_of(an_order(shop))
    pay(shop, code, referenceCode="FT1")
    import_lines(shop, a_statement_feed(shop), ("FT1", PRICE_VND, code))

    book = book_of(shop)

    assert said(book) == []
    assert sums(book) == {
        "told_in": (1, PRICE_VND),
        "by_statement": (1, PRICE_VND),
        "booked": (1, PRICE_VND),
        "linked": (1, PRICE_VND),
    }


def test_a_statement_that_speaks_first_is_clean_too(shop: Shop) -> None:
    code = code_of(an_order(shop))
    import_lines(shop, a_statement_feed(shop), ("FT1", PRICE_VND, code))
    pay(shop, code, referenceCode="FT1")

    assert said(book_of(shop)) == []


# --- What is not -----------------------------------------------------------------------------------


def test_a_transfer_on_a_day_of_the_statement_that_it_does_not_know_is_a_difference(shop: Shop) -> None:
    known, unknown, later = (code_of(an_order(shop)) for _ in range(3))
    pay(shop, known, referenceCode="FT1")
    lost = pay(shop, unknown, 50_000, referenceCode="FT2")
    pay(shop, later, referenceCode="FT3", now=NOW + timedelta(days=3))
    import_lines(shop, a_statement_feed(shop), ("FT1", PRICE_VND, known))

    book = book_of(shop, last=date(2026, 11, 30))

    assert said(book) == [("not_in_statement", 50_000)]
    assert book.differences[0].notice == lost.pk
    assert f"thông báo {lost.pk}" in book.differences[0].sentence


def test_days_between_a_files_first_and_last_line_are_covered(shop: Shop) -> None:
    code = code_of(an_order(shop))
    pay(shop, code, referenceCode="FT9", now=NEXT_DAY)
    import_lines(shop, a_statement_feed(shop), ("A1", 1_000, "x"), ("A2", 2_000, "y"), days=4)

    book = book_of(shop, last=date(2026, 11, 30))

    assert ("not_in_statement", PRICE_VND) in said(book)


def test_a_line_of_the_statement_that_no_feed_told_is_a_difference_from_the_day_after_the_feed(shop: Shop) -> None:
    feed = a_statement_feed(shop)
    import_lines(shop, feed, ("B1", 1_000, "on the day the feed was made"), ("B2", 2_000, "later"), days=1)

    book = book_of(shop, last=date(2026, 11, 30))

    assert said(book) == [("only_in_statement", 2_000)]


def test_a_shop_without_live_feeds_knows_its_money_by_statements_alone(shop: Shop) -> None:
    Feed.objects.filter(vendor=shop.vendor).update(vendor=a_shop().vendor)
    import_lines(shop, a_statement_feed(shop), ("B1", 1_000, "x"), ("B2", 2_000, "y"), days=1)

    assert said(book_of(shop, last=date(2026, 11, 30))) == []


def test_a_feed_of_the_whole_market_is_a_live_feed_of_its_shops(db: None) -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=DAM_THUY)
    shop = a_shop(site=site)
    Feed.objects.filter(vendor=shop.vendor).update(vendor=None, market_site=site)
    import_lines(shop, a_statement_feed(shop), ("B1", 1_000, "x"), ("B2", 2_000, "y"), days=1)

    assert said(book_of(shop, last=date(2026, 11, 30))) == [("only_in_statement", 2_000)]


def test_a_booked_notice_without_its_event_is_a_difference(shop: Shop) -> None:
    notice, order = pay(shop, "no code"), an_order(shop)
    take_off(["notice_booking"])
    BankNotice.objects.filter(pk=notice.pk).update(state="booked", order=order)

    book = book_of(shop)

    assert said(book) == [("booked_without_event", PRICE_VND)]
    assert book.differences[0].sentence.startswith(f"thông báo {notice.pk} (60.000")


def test_an_event_without_a_notice_or_another_than_its_notice_is_a_difference(shop: Shop) -> None:
    orders = [an_order(shop), an_order(shop)]
    for order in orders:
        pay(shop, code_of(order))
    first, second = TransactionEvent.objects.filter(type="charge_success").order_by("pk")
    take_off(["append_only payments.TransactionEvent", "check:payments.TransactionEvent bank_money_has_its_notice"])
    TransactionEvent.objects.filter(pk=first.pk).update(notice=None)
    TransactionEvent.objects.filter(pk=second.pk).update(amount_vnd=1)

    book = book_of(shop)

    assert sorted(said(book)) == [
        ("booked_without_event", PRICE_VND),
        ("event_says_otherwise", 1),
        ("event_without_notice", PRICE_VND),
    ]
    assert {one.event for one in book.differences} == {None, first.pk, second.pk}


def test_a_notice_that_nobody_finished_and_one_in_no_list_are_differences(shop: Shop) -> None:
    held = pay(shop, "no code")
    take_off(["append_only payments.ReviewItem", "append_only payments.BankNotice"])
    ReviewItem.objects.all().delete()
    BankNotice.objects.create(
        delivery=NoticeDelivery.objects.all()[0], feed=shop.feed, vendor=shop.vendor, provider_tx_id="new",
        is_incoming=True, amount_vnd=9_000, account_number=shop.account, happened_at=NOW, bank_date=DAY,
        received_at=NOW,
    )  # fmt: skip

    book = book_of(shop)

    assert sorted(said(book)) == [("held_without_review", PRICE_VND), ("not_settled", 9_000)]
    assert {one.notice for one in book.differences} > {held.pk}
    assert sums(book)["received"] == (1, 9_000)


@pytest.mark.parametrize(("first", "last"), [(DAY, date(2026, 11, 21)), (date(2025, 11, 21), DAY)])
def test_a_period_runs_forwards_and_is_a_year_at_most(shop: Shop, first: date, last: date) -> None:
    with pytest.raises(BadPeriod):
        book_of(shop, first=first, last=last)


# --- The command -----------------------------------------------------------------------------------


def test_the_command_says_what_it_found_and_that_all_agrees(shop: Shop) -> None:
    pay(shop, code_of(an_order(shop)))
    pay(shop, "out", 3_000, transferType="out")
    empty = a_shop()

    result = market_reconcile("--from", "22/11/2026", "--to", "2026-11-22")

    assert result.exit_code == 0
    assert shop.vendor.slug in result.output
    assert empty.vendor.slug not in result.output
    assert f"  22/11/2026 {shop.account}" in result.output
    assert "    đã ghi vào đơn: 1 khoản, 60.000\u00a0₫" in result.output
    assert "    bỏ qua (Tiền đi, không phải tiền bán hàng.): 1 khoản, 3.000\u00a0₫" in result.output
    assert result.output.endswith("Khớp: không có chỗ lệch nào.\n")


def test_the_command_names_each_difference_and_ends_with_1(shop: Shop) -> None:
    notice, order = pay(shop, "no code"), an_order(shop)
    take_off(["notice_booking"])
    BankNotice.objects.filter(pk=notice.pk).update(state="booked", order=order)

    result = market_reconcile("--from", "2026-11-22", "--to", "2026-11-22", "--vendor", shop.vendor.slug)
    answer = json.loads(market_reconcile("--from", "2026-11-22", "--to", "2026-11-22", "--json").output)

    assert result.exit_code == 1
    assert f"  LỆCH 22/11/2026: thông báo {notice.pk}" in result.output
    assert result.output.endswith("Có 1 chỗ lệch.\n")
    assert (answer["vendor"], answer["clean"]) == (shop.vendor.slug, False)
    assert answer["differences"][0]["notice"] == notice.pk
    assert {"day": "2026-11-22", "account": shop.account, "line": "booked", "why": "", "count": 1,
            "amount_vnd": PRICE_VND} in answer["lines"]  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "yesterday"],
        ["--from", "2026-11-23", "--to", "2026-11-22"],
        ["--vendor", "no-such-shop"],
    ],
)
def test_what_cannot_be_asked_ends_with_2(arguments: list[str]) -> None:
    assert market_reconcile(*arguments).exit_code == 2


def test_without_days_it_is_this_month_and_a_shop_without_money_is_clean(shop: Shop) -> None:
    result = market_reconcile("--vendor", shop.vendor.slug)

    assert (result.exit_code, Order.objects.count()) == (0, 0)
    assert "Khớp" in result.output
