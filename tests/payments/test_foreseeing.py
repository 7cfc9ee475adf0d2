"""The dry run says of every row what the import then does, and writes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Stock
from marketplace.core.errors import NotAllowed
from marketplace.core.money import format_vnd
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from payments import likeness
from payments.models import BankNotice, Statement
from payments.services import foreseeing
from payments.services.foreseeing import Fate, Forecast, Foreseen, foresee, in_words
from payments.services.importing import import_statement, plan_of
from payments.services.statements import bring_statement
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_shop, an_order, code_of, pay, rows
from tests.payments.statements.booklets import Entry, entries, plain, vietcombank
from tests.payments.statements.samples import csv_of

pytestmark = pytest.mark.usefixtures("committed_db")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(quantity=100)


def foreseen(shop: Shop, content: bytes) -> Forecast:
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    return foresee(actor=shop.owner, statement=draft, now=NOW)


def words(shop: Shop, content: bytes) -> list[str]:
    return [in_words(one) for one in foreseen(shop, content).lines]


def imported(shop: Shop, content: bytes) -> list[tuple[str, str]]:
    """State and why of every line after the import, in the order of the file."""
    statement = import_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    by_row = sorted((one.line.row, one.tx_id) for one in plan_of(statement))
    notices = {
        notice.provider_tx_id: (notice.state, notice.why) for notice in BankNotice.objects.filter(feed=statement.feed)
    }
    return [notices[tx_id] for _row, tx_id in by_row]


def as_imported(one: Foreseen) -> tuple[str, str]:
    """What the import does to a line of this fate."""
    if one.fate in (Fate.BOOK, Fate.BOOK_IF):
        return ("booked", "")
    return ("review" if one.fate is Fate.REVIEW else "ignored", one.why)


def every_kind_of_line(shop: Shop) -> tuple[bytes, list[str]]:
    """A file with a line of every kind, and what is said of each."""
    paid, part, over, cancelled, twice, told, alike = (an_order(shop) for _ in range(7))
    checkout = reserve_checkout(checkout_id=a_checkout(shop), now=NOW).code
    strangers = an_order(a_shop())
    cancelled_code = code_of(cancelled)
    cancel_order(actor=shop.owner, order=cancelled, reason="khách đổi ý", now=NOW)
    told_code, alike_code = code_of(told), code_of(alike)
    day = "22/11/2026"
    pay(shop, told_code, referenceCode="FT1")
    pay(shop, alike_code, 45_000, referenceCode="")
    lines = [
        (Entry(code_of(paid), reference="R1"), f"mới – ghi vào đơn {paid.number}"),
        (Entry(code_of(part), 20_000, "R2"), f"mới – ghi vào đơn {part.number}, còn thiếu {format_vnd(40_000)}"),
        (Entry(code_of(over), 70_000, "R3"), f"mới – ghi vào đơn {over.number}, thừa {format_vnd(10_000)}"),
        (Entry(cancelled_code, reference="R4"), "cần xem: đơn đã hủy trước khi tiền tới"),
        (Entry(code_of(twice), reference="R5"), f"mới – ghi vào đơn {twice.number}"),
        (Entry(code_of(twice), reference="R6", day="21/11/2026"), "cần xem: đơn đã được trả đủ trước đó"),
        (Entry(code_of(part), 40_000, "R7", "21/11/2026"), f"mới – ghi vào đơn {part.number}"),
        (Entry(checkout, reference="R8"), "mới – thành đơn mới nếu còn hàng"),
        (Entry(told_code, reference="FT1", day=day), "bỏ qua: trùng với một khoản đã báo từ nguồn khác"),
        (Entry(alike_code, 45_000, "R9", day), "cần xem: có thể trùng với một khoản đã báo từ nguồn khác"),
        (Entry("khong ma", reference="R10"), "cần xem: nội dung chuyển khoản không có mã đơn"),
        (
            Entry(f"{code_of(paid)} {code_of(over)}", reference="R11"),
            "cần xem: nội dung chuyển khoản có nhiều mã đơn",
        ),
        (Entry("OCZ2222222222", reference="R12"), "cần xem: mã đơn trong nội dung không có ở chợ"),
        (Entry(code_of(strangers), reference="R13"), "cần xem: mã đơn này là của gian hàng khác"),
        (Entry("phi", -1_000, "R14"), "tiền đi – bỏ qua"),
    ]
    return vietcombank(shop, [line for line, _said in lines]), [said for _line, said in lines]


def test_every_row_is_told_in_words_and_nothing_is_written(shop: Shop) -> None:
    content, said = every_kind_of_line(shop)
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    before = rows() | {"statements": Statement.objects.count()}

    forecast = foresee(actor=shop.owner, statement=draft, now=NOW)

    assert [in_words(one) for one in forecast.lines] == said
    assert rows() | {"statements": Statement.objects.count()} == before


def test_the_import_does_what_the_dry_run_said(shop: Shop) -> None:
    content, _said = every_kind_of_line(shop)
    forecast = foreseen(shop, content)
    assert imported(shop, content) == [as_imported(one) for one in forecast.lines]


def test_a_line_that_is_there_already_is_known(shop: Shop) -> None:
    import_statement(actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, entries(2)), now=NOW)
    content = vietcombank(shop, entries(3))
    forecast = foreseen(shop, content)
    assert [in_words(one) for one in forecast.lines] == [
        "đã có", "đã có", "cần xem: nội dung chuyển khoản không có mã đơn",
    ]  # fmt: skip
    assert (forecast.count(Fate.KNOWN), forecast.count(Fate.REVIEW, Fate.BOOK)) == (2, 1)
    assert forecast.in_vnd(Fate.KNOWN) == 2 * PRICE_VND


def test_a_sale_that_expired_is_booked_if_its_goods_are_there(shop: Shop) -> None:
    order = an_order(shop)
    content = vietcombank(shop, [Entry(code_of(order))])
    assert expire_due_orders(now=LATER, at_most=10) == 1
    assert words(shop, content) == [f"mới – ghi vào đơn {order.number} nếu còn hàng"]
    Stock.objects.filter(pk=shop.stock.pk).update(quantity=0)
    assert imported(shop, content) == [("review", "order_expired_without_stock")]


def test_an_order_that_its_checkout_became_is_the_codes(shop: Shop) -> None:
    checkout = a_checkout(shop)
    code = reserve_checkout(checkout_id=checkout, now=NOW).code
    lines = [Entry(code, 20_000, "R1"), Entry(code, 40_000, "R2")]
    assert words(shop, vietcombank(shop, lines)) == ["mới – thành đơn mới nếu còn hàng"] * 2


def test_an_equal_line_with_another_balance_is_doubted_beforehand_too(shop: Shop) -> None:
    heads = ["Ngày", "Nội dung", "Tiền ra", "Tiền vào", "Số dư"]

    def file(balance: str) -> bytes:
        return csv_of([["Số tài khoản:", shop.account], heads, ["20/11/2026", "x", "", "60.000", balance]])

    import_statement(actor=shop.owner, vendor=shop.vendor, content=file("1.000"), now=NOW)
    assert words(shop, file("2.000")) == ["cần xem: có thể trùng với một khoản đã báo từ nguồn khác"]


def test_another_transfer_of_the_same_amount_does_not_disturb(shop: Shop) -> None:
    pay(shop, "khac")
    assert words(shop, plain(shop, [Entry("khong ma")])) == ["cần xem: nội dung chuyển khoản không có mã đơn"]


def test_only_the_owner_sees_it(shop: Shop) -> None:
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=plain(shop, [Entry("x")]), now=NOW)
    with pytest.raises(NotAllowed):
        foresee(actor=shop.seller, statement=draft, now=NOW)


def test_a_long_file_takes_a_handful_of_statements(shop: Shop) -> None:
    draft = bring_statement(
        actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, entries(600)), now=NOW
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        forecast = foresee(actor=shop.owner, statement=draft, now=NOW)
    assert forecast.count(Fate.REVIEW) == 600
    assert len(queries) <= 6


def test_a_long_file_takes_a_handful_of_statements_although_another_feed_told_of_as_much(shop: Shop) -> None:
    import_statement(actor=shop.owner, vendor=shop.vendor, content=plain(shop, entries(30)), now=NOW)
    draft = bring_statement(
        actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, entries(600)), now=NOW
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        forecast = foresee(actor=shop.owner, statement=draft, now=NOW)
    assert Counter(one.why for one in forecast.lines) == {"may_be_repeat": 30, "no_code": 570}
    assert len(queries) <= 7


def test_a_file_of_many_days_is_compared_in_slices_and_says_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line is told again by another feed on its day or the next, and each telling stands for one line."""
    days = [f"{day}/11/2026" for day in (17, 17, 17, 18, 20, 20, 21)]
    lines = [Entry("khong ma", reference=f"5078.{number}", day=day) for number, day in enumerate(days)]
    other = [Entry("khong ma", reference="", day=day) for day in (days[0], days[1], days[3], "22/11/2026")]
    import_statement(actor=shop.owner, vendor=shop.vendor, content=plain(shop, other), now=NOW)
    whole = [one.why for one in foreseen(shop, vietcombank(shop, lines)).lines]

    monkeypatch.setattr(foreseeing, "LINES_COMPARED_AT_ONCE", 2)

    assert [one.why for one in foreseen(shop, vietcombank(shop, lines)).lines] == whole
    assert whole == [why for _state, why in imported(shop, vietcombank(shop, lines))]
    assert Counter(whole) == {"may_be_repeat": 5, "no_code": 2}


def test_the_dry_run_counts_what_the_file_was_linked_to_as_the_import_does(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four were told of and one is compared: a line like none of them is held until its file told them all again."""
    monkeypatch.setattr(likeness, "EARLIER_COMPARED_MAX", 1)
    day = "22/11/2026"
    for number in range(4):
        pay(shop, f"khach {number}", referenceCode=f"FT2632600{number}")
    again = [Entry(f"khach {number}", reference=f"FT2632600{number}", day=day) for number in range(4)]
    content = vietcombank(shop, [*again, Entry("khac", reference="FT26326009", day=day)])

    said = [as_imported(one) for one in foreseen(shop, content).lines]

    assert said[:4] == [("ignored", "same_transfer")] * 4
    assert imported(shop, content) == said


def test_a_draft_without_lines_has_nothing_to_foresee(shop: Shop) -> None:
    assert foreseen(shop, csv_of([["Lúc", "Gì đó", "Ai"], ["20/11/2026", "1.000", "x"]])).lines == ()
