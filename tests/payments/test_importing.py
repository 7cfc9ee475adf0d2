"""Imported lines are booked like any notice, once; again, shuffled, overlapping, at once and after a kill."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.places.models import MarketSite
from payments import tasks
from payments.invariants import violations
from payments.models import BankNotice, Feed, ReviewItem, Statement
from payments.services import booking, importing, keeping
from payments.services.importing import (
    BATCH_LINES,
    SLICE_LINES_MAX,
    advance,
    continue_statements,
    finish,
    import_statement,
)
from payments.services.keeping import NotKept
from payments.services.notices import sweep_received
from payments.services.statements import NotReady, bring_statement, confirm_statement
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
    journal,
    moved,
    pay,
    rows,
    send,
    waiting,
)
from tests.payments.statements.booklets import Entry, entries, plain, shuffled, vietcombank
from tests.payments.statements.samples import csv_of
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")
TWENTY = Entry("NGUYEN VAN THU chuyen tien", 20_000)


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(quantity=1_000)


def brought(shop: Shop, content: bytes) -> Statement:
    return import_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)


def running(shop: Shop, content: bytes) -> Statement:
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    return confirm_statement(actor=shop.owner, statement=draft, now=NOW)


def counts(statement: Statement) -> tuple[int, int, int, int]:
    """New, booked, in review, ignored."""
    statement.refresh_from_db()
    return statement.new_count, statement.booked_count, statement.review_count, statement.ignored_count


def states() -> list[tuple[str, str]]:
    return list(BankNotice.objects.order_by("pk").values_list("state", "why"))


def taken_in(shop: Shop) -> int:
    """What came in by all lines of the shop's statements, đồng."""
    lines = BankNotice.objects.filter(vendor=shop.vendor, feed__provider="statement", is_incoming=True)
    return lines.aggregate(all=Sum("amount_vnd"))["all"] or 0


def test_every_line_is_booked_reviewed_or_ignored_and_adds_up_to_the_dong(shop: Shop) -> None:
    order = an_order(shop)
    lines = [Entry(f"tra don {code_of(order)}"), Entry("khong ma", 30_000), Entry("phi", -11_000), Entry("lai", 7)]

    statement = brought(shop, vietcombank(shop, lines))

    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert waiting(shop) == [("unmatched", 30_000), ("unmatched", 7)] or waiting(shop) == [
        ("unmatched", 7), ("unmatched", 30_000),
    ]  # fmt: skip
    assert (statement.state, counts(statement)) == ("done", (4, 1, 2, 1))
    assert (statement.booked_vnd, statement.review_vnd, statement.ignored_vnd) == (PRICE_VND, 30_007, 0)
    assert (statement.in_vnd, statement.out_vnd) == (PRICE_VND + 30_007, 11_000)
    assert violations() == []


def test_the_journal_hears_of_an_import_once_by_numbers_only(shop: Shop) -> None:
    statement = brought(shop, vietcombank(shop, [TWENTY]))
    finish(statement, now=NOW)
    assert journal("statement.imported") == [
        {
            "statement": str(statement.pk), "vendor": shop.vendor.pk, "feed": str(statement.feed_id), "lines": 1,
            "new": 1, "in_vnd": 20_000, "out_vnd": 0, "booked_vnd": 0, "review_vnd": 20_000, "ignored_vnd": 0,
        }
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    order = an_order(shop)
    content = vietcombank(shop, [Entry(code_of(order)), TWENTY])
    first = brought(shop, content)
    before = rows() | {"statements": Statement.objects.count()}

    again = brought(shop, content)

    assert again.pk == first.pk
    assert rows() | {"statements": Statement.objects.count()} == before


def test_the_same_lines_shuffled_or_with_others_bring_only_what_is_new(shop: Shop) -> None:
    lines = entries(60)
    brought(shop, vietcombank(shop, lines[:40]))

    other = brought(shop, vietcombank(shop, shuffled(lines[20:], 1)))
    last = brought(shop, vietcombank(shop, shuffled(lines, 2)))

    assert (counts(other)[0], counts(last)[0]) == (20, 0)
    assert BankNotice.objects.count() == 60
    assert taken_in(shop) == sum(line.amount_vnd for line in lines)


def test_two_honest_equal_transfers_of_one_day_are_both_kept(shop: Shop) -> None:
    brought(shop, plain(shop, [TWENTY]))
    brought(shop, plain(shop, [TWENTY, TWENTY]))
    brought(shop, plain(shop, [TWENTY, TWENTY, Entry("khac", 5_000)]))
    assert taken_in(shop) == 45_000
    assert waiting(shop).count(("unmatched", 20_000)) == 2


def test_two_equal_payments_of_one_order_are_both_kept(shop: Shop) -> None:
    order = an_order(shop)
    brought(shop, plain(shop, [Entry(code_of(order))] * 2))
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    assert states() == [("booked", ""), ("review", "order_already_paid")]


@pytest.mark.parametrize("statement_first", [False, True])
def test_a_transfer_that_a_notice_and_a_statement_tell_of_is_booked_once(shop: Shop, statement_first: bool) -> None:
    order = an_order(shop, quantity=10)
    content = code_of(order)
    by_statement = partial(
        brought, shop, vietcombank(shop, [Entry(content, reference="FT26324001", day="22/11/2026")])
    )
    by_notice = partial(pay, shop, content, referenceCode="FT26324001")

    for tell in (by_statement, by_notice) if statement_first else (by_notice, by_statement):
        tell()

    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert states() == [("booked", ""), ("ignored", "same_transfer")]
    assert violations() == []


def test_without_the_banks_reference_a_person_says_whether_it_is_the_same(shop: Shop) -> None:
    order = an_order(shop, quantity=10)
    pay(shop, code_of(order), referenceCode="FT26324001")
    brought(shop, plain(shop, [Entry(code_of(order), day="22/11/2026")]))
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert states() == [("booked", ""), ("review", "may_be_repeat")]


def test_files_of_two_layouts_are_compared_like_two_sources(shop: Shop) -> None:
    order = an_order(shop, quantity=10)
    line = Entry(code_of(order), reference="FT26324001")
    first = brought(shop, vietcombank(shop, [line]))
    head = f":20:A\n:25:{shop.account}\n:28C:1\n:60F:C261120VND0,\n"
    second = brought(shop, f"{head}:61:261120C60000,NTRFX//FT26324001\n:86:{line.content}\n".encode())
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert states() == [("booked", ""), ("ignored", "same_transfer")]
    assert (first.feed_id != second.feed_id, counts(second)) == (True, (1, 0, 0, 1))
    assert second.ignored_vnd == PRICE_VND


def test_an_equal_line_whose_balance_moved_waits_for_a_person(shop: Shop) -> None:
    order = an_order(shop, quantity=10)

    def file(balance: str) -> bytes:
        heads = ["Ngày", "Nội dung", "Tiền ra", "Tiền vào", "Số dư"]
        return csv_of([["Số tài khoản:", shop.account], heads, ["20/11/2026", code_of(order), "", "60.000", balance]])

    for balance in ("100.000", "120.000"):
        brought(shop, file(balance))
    assert states() == [("booked", ""), ("review", "may_be_repeat")]
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_a_fraction_of_a_dong_is_for_a_person(shop: Shop) -> None:
    brought(
        shop, csv_of([["Số tài khoản:", shop.account], ["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", "5,5"]])
    )
    assert states() == [("review", "amount_not_whole")]


def test_the_earlier_of_two_payments_is_the_one_that_is_booked(shop: Shop) -> None:
    order = an_order(shop)
    code = code_of(order)
    brought(shop, vietcombank(shop, [Entry(code, reference="2", day="21/11/2026"), Entry(code, reference="1")]))
    assert list(BankNotice.objects.order_by("bank_date").values_list("bank_reference", "state")) == [
        ("1", "booked"), ("2", "review"),
    ]  # fmt: skip


def test_a_market_sites_feed_and_a_statement_tell_of_one_transfer() -> None:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    shop = a_shop(site=site)
    order = an_order(shop, quantity=10)
    send(a_site_feed(site), a_notice(a_site_feed(site), shop.account, code_of(order), referenceCode="FT1"))
    brought(shop, vietcombank(shop, [Entry(code_of(order), reference="FT1", day="22/11/2026")]))
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_a_file_that_is_not_ready_is_not_imported_and_leaves_nothing(shop: Shop) -> None:
    heads = ["Ngày", "Nội dung", "Số tiền"]
    for content in (
        csv_of([heads, ["20/11/2026", "x", "1.000"]]),
        csv_of([["Lúc", "Gì", "Ai"], ["20/11/2026", "1.000", "x"]]),
    ):
        with pytest.raises(NotReady):
            brought(shop, content)
    assert (Statement.objects.count(), BankNotice.objects.count()) == (0, 0)


def test_the_operator_may_import_for_a_shop_from_a_terminal(shop: Shop) -> None:
    statement = import_statement(actor=SYSTEM, vendor=shop.vendor, content=vietcombank(shop, [TWENTY]), now=NOW)
    assert (statement.state, statement.actor_id) == ("done", None)


def test_the_worker_goes_on_by_slices_until_it_is_done(shop: Shop) -> None:
    statement = running(shop, vietcombank(shop, entries(SLICE_LINES_MAX + 10)))

    assert tasks.import_statements(NOW) == 1
    statement.refresh_from_db()
    assert (statement.state, statement.next_line) == ("running", SLICE_LINES_MAX)
    assert continue_statements(now=NOW) == 1
    assert continue_statements(now=NOW) == 0

    assert counts(statement) == (SLICE_LINES_MAX + 10, 0, SLICE_LINES_MAX + 10, 0)
    assert (statement.state, statement.finished_at) == ("done", NOW)


def test_progress_is_told(shop: Shop) -> None:
    told: list[tuple[int, int]] = []
    content = vietcombank(shop, entries(BATCH_LINES + 1))
    import_statement(
        actor=shop.owner, vendor=shop.vendor, content=content, now=NOW, progress=lambda *at: told.append(at)
    )
    assert told == [(BATCH_LINES, BATCH_LINES + 1), (BATCH_LINES + 1, BATCH_LINES + 1)]


def test_killed_in_the_middle_importing_again_goes_on_and_counts_what_it_brought(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = entries(4 * BATCH_LINES)
    content = vietcombank(shop, lines)
    take_in, calls = importing.take_in, iter(range(100))

    def dies_after_the_second(*arguments: object, **named: object) -> object:
        taken = take_in(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came
        if next(calls) == 1:
            raise KeyboardInterrupt  # the transaction is committed, its progress is not
        return taken

    monkeypatch.setattr(importing, "take_in", dies_after_the_second)
    with pytest.raises(KeyboardInterrupt):
        brought(shop, content)
    statement = Statement.objects.get()
    assert (statement.state, statement.next_line) == ("running", BATCH_LINES)

    again = brought(shop, content)

    assert (again.pk, again.state) == (statement.pk, "done")
    assert counts(again) == (len(lines), 0, len(lines), 0)
    assert BankNotice.objects.count() == len(lines)
    assert journal("statement.imported")[0]["new"] == len(lines)


def test_a_line_that_cannot_be_settled_is_kept_swept_and_only_then_is_the_statement_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    with monkeypatch.context() as broken:
        broken.setattr(booking, "charge", lambda *_, **__: 1 / 0)
        statement = brought(shop, vietcombank(shop, [Entry(code_of(order)), TWENTY]))
        assert (statement.state, statement.next_line) == ("running", 2)
        assert continue_statements(now=NOW) == 1
    assert sorted(states()) == [("received", ""), ("review", "no_code")]

    sweep_received(now=NOW)
    continue_statements(now=NOW)

    assert counts(statement) == (2, 1, 1, 0)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_a_busy_database_stops_the_import_where_it_is_and_the_worker_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = running(shop, vietcombank(shop, [TWENTY]))

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "_store", busy)
        with pytest.raises(NotKept):
            advance(statement, now=NOW, new_lines_max=None)
        assert continue_statements(now=NOW) == 0
    assert BankNotice.objects.count() == 0
    assert continue_statements(now=NOW) == 1
    assert counts(statement) == (1, 0, 1, 0)


def test_a_draft_is_never_imported(shop: Shop) -> None:
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, [TWENTY]), now=NOW)
    with pytest.raises(ValueError, match="draft"):
        advance(draft, now=NOW, new_lines_max=None)
    assert BankNotice.objects.count() == 0


def test_known_lines_cost_a_handful_of_statements_however_many_they_are(shop: Shop) -> None:
    lines = entries(300)
    brought(shop, vietcombank(shop, lines))
    with CaptureQueriesContext(connection) as queries:
        again = brought(shop, vietcombank(shop, shuffled(lines, 3)))
    assert counts(again) == (0, 0, 300, 0)
    assert len(queries) < 60


def test_the_database_itself_refuses_a_statement_that_does_not_add_up(shop: Shop) -> None:
    statement = brought(shop, vietcombank(shop, [TWENTY]))
    for wrong in ({"booked_vnd": 1}, {"review_count": 0}, {"finished_at": None}, {"next_line": 2}, {"feed": None}):
        with pytest.raises(DatabaseError):
            Statement.objects.filter(pk=statement.pk).update(**wrong)


def test_two_imports_of_one_file_at_once_book_each_line_once(shop: Shop) -> None:
    orders = [an_order(shop) for _ in range(12)]
    lines = [Entry(code_of(order), reference=f"FT{order.pk}") for order in orders] + entries(40)

    def one(seed: int) -> Callable[[], Statement]:
        return partial(brought, shop, vietcombank(shop, shuffled(lines, seed)))

    answers = at_once([one(seed) for seed in range(3)] + [one(0)])
    while sweep_received(now=NOW):
        pass
    for statement in Statement.objects.filter(state="running"):
        advance(statement, now=NOW, new_lines_max=None)
        finish(statement, now=NOW)

    assert all(isinstance(answer, Statement | NotKept) for answer in answers)
    assert BankNotice.objects.count() == len(lines)
    assert [len(moved(order)) for order in orders] == [1] * 12
    assert set(Statement.objects.values_list("state", flat=True)) == {"done"}
    for statement in Statement.objects.all():
        assert counts(statement)[1:] == (12, 40, 0)
    assert Feed.objects.filter(provider="statement").count() == 1
    assert ReviewItem.objects.count() == 40
    assert Order.objects.filter(charge_status="full").count() == 12
    assert violations() == []
