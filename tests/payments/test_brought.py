"""Statements are found again with what became of each line, in words; only by their owner."""

from __future__ import annotations

import pytest

from marketplace.core.errors import NotAllowed
from payments.brought import Outcome, outcome_in_words, outcomes_of, statements_of_vendor
from payments.models import StatementFile, StatementLayout, StatementSource
from payments.services.statements import bring_statement, choose_account, choose_columns, confirm_statement
from payments.statements.layouts import Column
from tests.payments.factories import NOW, Shop, a_shop
from tests.payments.statements.booklets import entries, vietcombank
from tests.payments.statements.samples import a_line, csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ({"state": None}, "đang xử lý"),
        ({"state": "received"}, "đang xử lý"),
        ({"state": "booked", "order_number": "7"}, "đã ghi vào đơn 7"),
        ({"state": "review", "why": "no_code", "review_id": 1}, "cần xem: nội dung chuyển khoản không có mã đơn"),
        ({"state": "review", "why": "no_code"}, "đã xem xong"),
        ({"state": "ignored", "why": "outgoing"}, "tiền đi – bỏ qua"),
        ({"state": "ignored", "why": "same_transfer"}, "bỏ qua: trùng với một khoản đã báo từ nguồn khác"),
    ],
)
def test_what_became_of_a_line_is_said_in_words(outcome: dict[str, object], words: str) -> None:
    assert outcome_in_words(Outcome(line=a_line(), **outcome)) == words  # type: ignore[arg-type]  # fields of an outcome


def test_a_statement_that_has_only_begun_shows_lines_without_an_end(shop: Shop) -> None:
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, entries(3)), now=NOW)
    for statement in (draft, confirm_statement(actor=shop.owner, statement=draft, now=NOW)):
        found = outcomes_of(actor=shop.owner, statement=statement, first=1, count=5)
        assert [(one.line.row, one.state) for one in found] == [(4, None), (5, None)]


def test_only_the_owner_finds_them_the_newest_first(shop: Shop) -> None:
    first, second = (
        bring_statement(actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, entries(count)), now=NOW)
        for count in (1, 2)
    )
    assert {one.pk for one in statements_of_vendor(actor=shop.owner, vendor=shop.vendor)} == {first.pk, second.pk}
    assert len(statements_of_vendor(actor=shop.owner, vendor=shop.vendor, at_most=1)) == 1
    assert statements_of_vendor(actor=shop.owner, vendor=shop.vendor, at_most=-1) == []
    for call in (
        lambda: statements_of_vendor(actor=shop.seller, vendor=shop.vendor),
        lambda: outcomes_of(actor=shop.seller, statement=first, first=0, count=1),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_rows_name_themselves_without_personal_data(shop: Shop) -> None:
    content = csv_of([["Lúc", "Vì sao", "Bao nhiêu"], ["20/11/2026", "NGUYEN VAN THU", "1.000"]])
    draft = bring_statement(actor=shop.owner, vendor=shop.vendor, content=content, now=NOW)
    columns = {Column.DATE: 0, Column.CONTENT: 1, Column.AMOUNT: 2}
    choose_columns(actor=shop.owner, statement=draft, header_row=1, columns=columns, now=NOW)
    choose_account(actor=shop.owner, statement=draft, account_number=shop.account)
    confirmed = confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    layout, source = StatementLayout.objects.get(), StatementSource.objects.get()
    assert [str(confirmed), str(StatementFile.objects.get()), str(layout), str(source)] == [
        "tu-chon-cot 1 lines (running)",
        f"file of {confirmed.pk}",
        f"layout {layout.pk} of {shop.vendor.pk}",
        f"{confirmed.source_key} of {shop.vendor.pk}",
    ]
