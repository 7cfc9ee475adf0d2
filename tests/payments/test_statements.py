"""A statement from its owner's hands until it may be imported: drafts, accounts, columns, who may."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from payments.models import BankNotice, Feed, Statement, StatementFile, StatementLayout, StatementSource
from payments.selectors import feeds_of_vendor
from payments.services import statements
from payments.services.importing import import_statement
from payments.services.notices import UnknownFeed, receive_notice
from payments.services.statements import (
    DRAFT_HOURS_MAX,
    DRAFTS_MAX,
    AccountNotYours,
    BadColumns,
    NoDraft,
    NotReady,
    TooManyKept,
    UnknownKind,
    accounts_of,
    bring_statement,
    choose_account,
    choose_columns,
    confirm_statement,
    discard_draft,
    forget_old_statements,
    statement_of,
    table_of,
)
from payments.statements.errors import BadRow, UnknownLayout, UnreadableStatement
from payments.statements.layouts import Column
from tests.payments.factories import NOW, Shop, a_shop, journal, rows
from tests.payments.statements.samples import csv_of
from vendors.models import BankAccount
from vendors.services import set_bank_account

pytestmark = pytest.mark.django_db
HEADS = ["Ngày", "Nội dung", "Số tiền"]
LINE = ["20/11/2026", "chuyen tien", "20.000"]
STRANGE = [["Lúc", "Vì sao", "Bao nhiêu"], LINE]
COLUMNS = {Column.DATE: 0, Column.CONTENT: 1, Column.AMOUNT: 2}


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def a_file(shop: Shop, *lines: list[str]) -> bytes:
    return csv_of([["Số tài khoản:", shop.account], HEADS, *(lines or [LINE])])


def a_draft(shop: Shop, content: bytes | None = None) -> Statement:
    return bring_statement(actor=shop.owner, vendor=shop.vendor, content=content or a_file(shop), now=NOW)


def kept() -> tuple[int, int]:
    return Statement.objects.count(), StatementFile.objects.count()


def test_a_file_becomes_a_draft_that_books_nothing(shop: Shop) -> None:
    before = rows()

    draft = a_draft(shop, a_file(shop, LINE, ["22/11/2026", "phi", "-1.000"]))

    assert (draft.state, draft.account_number, draft.kind) == ("draft", shop.account, "theo-ten-cot")
    assert (draft.lines_count, draft.in_vnd, draft.out_vnd, draft.gap_vnd) == (2, 20_000, 1_000, None)
    assert (str(draft.first_day), str(draft.last_day)) == ("2026-11-20", "2026-11-22")
    assert (draft.feed, draft.actor_id) == (None, shop.owner.user_id)
    assert (rows(), kept()) == (before, (1, 1))


def test_the_same_form_again_is_the_same_draft(shop: Shop) -> None:
    form = uuid.uuid4()
    first, again = (
        bring_statement(actor=shop.owner, vendor=shop.vendor, content=a_file(shop), now=NOW, client_id=form)
        for _ in range(2)
    )
    assert (first.pk, kept()) == (again.pk, (1, 1))
    with pytest.raises(SameIdOtherContent):
        bring_statement(
            actor=shop.owner, vendor=shop.vendor, content=a_file(shop, LINE, LINE), now=NOW, client_id=form
        )


def test_only_the_owner_may(shop: Shop) -> None:
    draft = a_draft(shop)
    agent = replace(shop.seller, helped_user_id=shop.owner.user_id)
    for actor, error in (
        (shop.seller, NotAllowed),
        (agent, NotAllowed),
        (ANONYMOUS, NotFound),
        (a_shop().owner, NotFound),
    ):
        with pytest.raises(error):
            bring_statement(actor=actor, vendor=shop.vendor, content=a_file(shop), now=NOW)
        with pytest.raises(error):
            choose_account(actor=actor, statement=draft, account_number=shop.account)
        with pytest.raises(error):
            choose_columns(actor=actor, statement=draft, header_row=2, columns=COLUMNS, now=NOW)
        with pytest.raises(error):
            confirm_statement(actor=actor, statement=draft, now=NOW)
        with pytest.raises(error):
            discard_draft(actor=actor, statement=draft)
        with pytest.raises(error):
            statement_of(actor=actor, vendor=shop.vendor, statement_id=draft.pk)
    assert kept() == (1, 1)


def test_a_file_that_cannot_be_read_leaves_nothing(shop: Shop) -> None:
    for content, kind, error in (
        (b"1;2\n3;4", "", UnknownLayout),
        (csv_of(STRANGE), "mb", UnknownLayout),
        (a_file(shop), "no-such-kind", UnknownKind),
        (a_file(shop, ["24/11/2026", "x", "1.000"]), "", BadRow),
        (b"PK\x03\x04", "", UnreadableStatement),
    ):
        with pytest.raises(error):
            bring_statement(actor=shop.owner, vendor=shop.vendor, content=content, kind=kind, now=NOW)
    assert kept() == (0, 0)


def test_tomorrow_is_no_fault_of_the_file_since_banks_book_ahead(shop: Shop) -> None:
    assert a_draft(shop, a_file(shop, ["23/11/2026", "x", "1.000"])).lines_count == 1


def test_the_account_must_be_the_vendors_now_or_before(shop: Shop) -> None:
    set_bank_account(
        actor=SYSTEM, vendor=shop.vendor, bin="970436", account_number="0011001932418", account_name="HTX BAN GIOC",
        now=NOW,
    )  # fmt: skip
    assert accounts_of(shop.vendor) == ["0011001932418", shop.account]
    assert a_draft(shop).account_number == shop.account
    # A spreadsheet that took the number for a number dropped its zeros.
    assert a_draft(shop, csv_of([["Số tài khoản", "11001932418"], HEADS, LINE])).account_number == "0011001932418"
    with pytest.raises(AccountNotYours):
        a_draft(shop, csv_of([["Số tài khoản", "99887766"], HEADS, LINE]))
    with pytest.raises(AccountNotYours):
        bring_statement(
            actor=shop.owner, vendor=shop.vendor, content=a_file(shop), account_number="0011001932418", now=NOW
        )


def test_two_accounts_that_differ_in_zeros_only_are_not_guessed_between(shop: Shop) -> None:
    for number in ("0012345678", "012345678"):
        BankAccount.objects.create(
            vendor=shop.vendor, bin="970415", account_number=number, account_name="A", is_active=False, made_at=NOW
        )
    with pytest.raises(AccountNotYours):
        a_draft(shop, csv_of([["Số tài khoản", "12345678"], HEADS, LINE]))
    assert a_draft(shop, csv_of([["Số tài khoản", "012345678"], HEADS, LINE])).account_number == "012345678"


def test_where_the_file_names_no_account_a_person_does(shop: Shop) -> None:
    draft = a_draft(shop, csv_of([HEADS, LINE]))
    assert draft.account_number == ""
    with pytest.raises(NotReady, match="tài khoản"):
        confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    with pytest.raises(AccountNotYours):
        choose_account(actor=shop.owner, statement=draft, account_number="99887766")
    assert choose_account(actor=shop.owner, statement=draft, account_number="").account_number == ""

    chosen = choose_account(actor=shop.owner, statement=draft, account_number=shop.account)

    assert chosen.account_number == shop.account
    assert choose_account(actor=shop.owner, statement=draft, account_number="99").account_number == shop.account
    assert confirm_statement(actor=shop.owner, statement=draft, now=NOW).state == "running"


def test_columns_that_nobody_knows_are_said_once_and_remembered(shop: Shop) -> None:
    draft = a_draft(shop, csv_of(STRANGE))
    assert (draft.kind, draft.lines_count) == ("", 0)
    with pytest.raises(NotReady, match="cột"):
        confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    table, header = table_of(draft)
    assert (len(table), header) == (2, table[0])

    said = choose_columns(actor=shop.owner, statement=draft, header_row=1, columns=COLUMNS, now=NOW)

    assert (said.kind, said.lines_count, said.in_vnd) == ("tu-chon-cot", 1, 20_000)
    assert StatementLayout.objects.get().heads == {"date": "Lúc", "content": "Vì sao", "amount": "Bao nhiêu"}
    assert a_draft(shop, csv_of([*STRANGE, LINE])).lines_count == 2
    # Another shop has not said it.
    assert a_draft(a_shop(), csv_of(STRANGE)).lines_count == 0


def test_columns_said_otherwise_are_another_source(shop: Shop) -> None:
    content = csv_of([["Lúc", "Vì sao", "Mã", "Bao nhiêu"], ["20/11/2026", "x", "FT1", "20.000"]])
    draft = a_draft(shop, content)
    columns = {Column.DATE: 0, Column.CONTENT: 1, Column.AMOUNT: 3}
    first = choose_columns(actor=shop.owner, statement=draft, header_row=1, columns=columns, now=NOW)
    again = choose_columns(
        actor=shop.owner, statement=draft, header_row=1, columns=columns | {Column.REFERENCE: 2}, now=NOW
    )
    assert first.source_key != again.source_key
    assert StatementLayout.objects.count() == 1


@pytest.mark.parametrize(
    ("header_row", "columns"),
    [
        (1, {Column.DATE: 0, Column.CONTENT: 1}),
        (1, {Column.DATE: 0, Column.CONTENT: 1, Column.AMOUNT: 9}),
        (1, {Column.DATE: 0, Column.CONTENT: 1, Column.AMOUNT: -1}),
        (1, {Column.DATE: 0, Column.CONTENT: 0, Column.AMOUNT: 2}),
        (9, COLUMNS),
    ],
)
def test_columns_that_are_not_there_or_do_not_suffice_are_refused(
    shop: Shop, header_row: int, columns: dict[Column, int]
) -> None:
    draft = a_draft(shop, csv_of(STRANGE))
    with pytest.raises(BadColumns):
        choose_columns(actor=shop.owner, statement=draft, header_row=header_row, columns=columns, now=NOW)
    assert StatementLayout.objects.count() == 0
    assert Statement.objects.get().lines_count == 0


def test_columns_with_one_head_are_refused(shop: Shop) -> None:
    draft = a_draft(shop, csv_of([["Lúc", "Tiền", "Tiền", "Vì sao"], ["20/11/2026", "1", "2", "x"]]))
    columns = {Column.DATE: 0, Column.CONTENT: 3, Column.DEBIT: 1, Column.CREDIT: 2}
    with pytest.raises(BadColumns):
        choose_columns(actor=shop.owner, statement=draft, header_row=1, columns=columns, now=NOW)


def test_no_more_layouts_and_sources_than_one_may_have(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "OWN_LAYOUTS_MAX", 1)
    monkeypatch.setattr(statements, "SOURCES_MAX", 1)
    draft = a_draft(shop, csv_of(STRANGE))
    choose_columns(actor=shop.owner, statement=draft, header_row=1, columns=COLUMNS, now=NOW)
    choose_account(actor=shop.owner, statement=draft, account_number=shop.account)
    confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    with pytest.raises(TooManyKept):
        confirm_statement(actor=shop.owner, statement=a_draft(shop), now=NOW)
    other = a_draft(shop, csv_of([["Khi", *STRANGE[0][1:]], LINE]))
    with pytest.raises(TooManyKept):
        choose_columns(actor=shop.owner, statement=other, header_row=1, columns=COLUMNS, now=NOW)
    assert (StatementLayout.objects.count(), StatementSource.objects.count()) == (1, 1)


def test_confirming_makes_the_feed_once_and_says_the_same_again(shop: Shop) -> None:
    draft = a_draft(shop)
    first = confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    again = confirm_statement(actor=shop.owner, statement=draft, now=NOW + timedelta(minutes=1))
    assert (first.state, again.pk, again.confirmed_at) == ("running", first.pk, NOW)
    other = confirm_statement(actor=shop.owner, statement=a_draft(shop, a_file(shop, LINE, LINE)), now=NOW)
    assert other.feed == first.feed
    assert Feed.objects.filter(provider="statement").count() == 1


def test_the_same_file_brought_again_leads_to_the_first(shop: Shop) -> None:
    first = confirm_statement(actor=shop.owner, statement=a_draft(shop), now=NOW)
    again = confirm_statement(actor=shop.owner, statement=a_draft(shop), now=NOW)
    assert (again.pk, kept()) == (first.pk, (1, 1))


def test_a_statements_feed_is_no_feed_of_notices(shop: Shop) -> None:
    statement = confirm_statement(actor=shop.owner, statement=a_draft(shop), now=NOW)
    feed = statement.feed
    assert feed is not None
    assert (feed.provider, feed.is_active, len(feed.secret) > 40) == ("statement", False, True)
    assert feeds_of_vendor(actor=shop.owner, vendor=shop.vendor) == [shop.feed]
    for provider in ("statement", "sepay"):
        with pytest.raises(UnknownFeed):
            receive_notice(provider=provider, feed_id=str(feed.pk), body=b"{}", headers={}, now=NOW)
    assert BankNotice.objects.count() == 0


def test_what_is_confirmed_is_no_draft_any_more(shop: Shop) -> None:
    draft = a_draft(shop)
    confirm_statement(actor=shop.owner, statement=draft, now=NOW)
    with pytest.raises(NoDraft):
        discard_draft(actor=shop.owner, statement=draft)
    with pytest.raises(NoDraft):
        choose_account(actor=shop.owner, statement=draft, account_number=shop.account)
    assert kept() == (1, 1)


def test_a_draft_that_is_thrown_away_is_gone(shop: Shop) -> None:
    draft = a_draft(shop)
    discard_draft(actor=shop.owner, statement=draft)
    assert kept() == (0, 0)
    for call in (
        lambda: discard_draft(actor=shop.owner, statement=draft),
        lambda: confirm_statement(actor=shop.owner, statement=draft, now=NOW),
        lambda: statement_of(actor=shop.owner, vendor=shop.vendor, statement_id=draft.pk),
        lambda: table_of(draft),
    ):
        with pytest.raises(NotFound):
            call()


def test_of_many_drafts_the_oldest_go(shop: Shop) -> None:
    drafts = [
        bring_statement(
            actor=shop.owner, vendor=shop.vendor, content=a_file(shop, *[LINE] * number),
            now=NOW + timedelta(minutes=number),
        )
        for number in range(1, DRAFTS_MAX + 3)
    ]  # fmt: skip
    assert set(Statement.objects.values_list("pk", flat=True)) == {draft.pk for draft in drafts[2:]}


@pytest.mark.django_db(transaction=True)
def test_drafts_and_old_files_are_forgotten_and_books_stay(committed_db: None) -> None:
    shop = a_shop()
    done = import_statement(actor=shop.owner, vendor=shop.vendor, content=a_file(shop), now=NOW)
    a_draft(shop, a_file(shop, LINE, LINE))
    assert forget_old_statements(now=NOW + timedelta(hours=DRAFT_HOURS_MAX)) == 0
    assert forget_old_statements(now=NOW + timedelta(hours=DRAFT_HOURS_MAX, seconds=1)) == 1
    assert kept() == (1, 1)
    assert forget_old_statements(now=NOW + timedelta(days=91)) == 1
    assert kept() == (1, 0)
    done.refresh_from_db()
    assert (done.state, done.review_count, done.review_vnd) == ("done", 1, 20_000)
    assert BankNotice.objects.count() == 1
    assert len(journal("statement.imported")) == 1
