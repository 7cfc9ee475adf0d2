"""The shop's bank statements: the forms, and what their pages show."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from payments.brought import Outcome, outcome_in_words, outcomes_of
from payments.models import BankNotice, Statement
from payments.services.foreseeing import Fate, Forecast, Foreseen, foresee, in_words
from payments.services.statements import (
    OWN_KIND,
    accounts_of,
    confirm_statement,
    discard_draft,
    statement_of,
    table_of,
)
from payments.statements.layouts import NAMES, USUAL, Column
from payments.statements.lines import StatementLine
from payments.statements.tabular import Row
from storefront.fields import CHOOSE
from storefront.sell.desk import Desk
from storefront.sell.fields import file_field, set_choices
from storefront.settling import AskingForm
from vendors.access import require_owner
from vendors.models import Vendor

ROWS_A_PAGE: Final = 20
PREVIEW_ROWS_MAX: Final = 5
COLUMNS_OFFERED_MAX: Final = 30
HEAD_CHARACTERS_MAX: Final = 60
HEADER_ROW_MAX: Final = 1_000
ACCEPTED: Final = ".csv,.txt,.xlsx,.xml,.sta,.mt940,.940"
COLUMN_LABELS: Final[dict[Column, Any]] = {
    Column.DATE: _("Ngày giao dịch"),
    Column.CONTENT: _("Nội dung chuyển khoản"),
    Column.CREDIT: _("Tiền vào (ghi có)"),
    Column.DEBIT: _("Tiền ra (ghi nợ)"),
    Column.AMOUNT: _("Số tiền, nếu vào và ra chung một cột"),
    Column.SIGN: _("Cột nói vào hay ra, nếu có"),
    Column.REFERENCE: _("Số tham chiếu của ngân hàng"),
    Column.BALANCE: _("Số dư sau mỗi dòng"),
}
KINDS: Final[dict[str, str | Promise]] = {
    **NAMES,
    USUAL.kind: _("Nhận theo tên cột"),
    OWN_KIND: _("Cột do bạn chọn"),
}
STATES: Final[dict[str, tuple[str, str, str | Promise]]] = {
    Statement.State.DRAFT: ("amber", "wait", _("Chưa nhập")),
    Statement.State.RUNNING: ("amber", "wait", _("Đang nhập")),
    Statement.State.DONE: ("leaf", "done", _("Đã nhập")),
}
FATES: Final[dict[str, tuple[str, str]]] = {
    Fate.BOOK: ("leaf", "done"),
    Fate.BOOK_IF: ("leaf", "done"),
    Fate.REVIEW: ("amber", "warning"),
    Fate.KNOWN: ("muted", "check"),
    Fate.IGNORE: ("muted", "stop"),
}
OUTCOMES: Final[dict[str | None, tuple[str, str]]] = {
    BankNotice.State.BOOKED: ("leaf", "done"),
    BankNotice.State.REVIEW: ("amber", "warning"),
    BankNotice.State.IGNORED: ("muted", "stop"),
}


class UploadForm(AskingForm):
    """A statement's file, and whose account it is where the file does not say."""

    content = file_field(
        _("Tệp sao kê"),
        help_text=_("Excel (.xlsx), CSV, MT940 hoặc camt.053, tối đa 10 MB."),
        required=_("Bạn chọn tệp sao kê giúp."),
        accept=ACCEPTED,
    )
    account_number = forms.ChoiceField(label=_("Sao kê của tài khoản nào?"), required=False, error_messages=CHOOSE)

    def __init__(self, *args: Any, vendor: Vendor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(number, number) for number in accounts_of(vendor)]
        set_choices(self.fields["account_number"], [("", _("Theo số ghi trong tệp")), *own])


class AccountForm(AskingForm):
    """Whose account a file is about that does not say it."""

    account_number = forms.ChoiceField(label=_("Sao kê của tài khoản nào?"), error_messages=CHOOSE)

    def __init__(self, *args: Any, vendor: Vendor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(number, number) for number in accounts_of(vendor)]
        set_choices(self.fields["account_number"], [("", _("Chọn tài khoản")), *own])


class ColumnsForm(AskingForm):
    """What each column of a file means."""

    header_row = forms.IntegerField(min_value=1, max_value=HEADER_ROW_MAX, widget=forms.HiddenInput)

    def __init__(self, *args: Any, header: Row | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heads = header.texts[:COLUMNS_OFFERED_MAX] if header is not None else ()
        offered = [(str(place), text[:HEAD_CHARACTERS_MAX]) for place, text in enumerate(heads) if text]
        for column, label in COLUMN_LABELS.items():
            self.fields[column] = forms.TypedChoiceField(
                label=label,
                choices=[("", _("Không có")), *offered],
                coerce=int,
                empty_value=None,
                required=column in {Column.DATE, Column.CONTENT},
                error_messages=CHOOSE,
            )

    @property
    def columns(self) -> dict[Column, int]:
        """The place of each column that was chosen."""
        chosen = {column: self.cleaned_data[column] for column in COLUMN_LABELS}
        return {column: place for column, place in chosen.items() if place is not None}


@dataclass(frozen=True)
class RowShown:
    """A line of a statement as its page shows it."""

    line: StatementLine
    words: str
    tone: str
    sign: str
    review_id: int | None = None


@dataclass(frozen=True)
class StatementRow:
    """A statement in the list of all."""

    statement: Statement

    @property
    def badge(self) -> tuple[str, str, str | Promise]:
        """Tone, sign and words of its state."""
        return STATES[self.statement.state]

    @property
    def kind(self) -> str | Promise:
        """What people call its layout."""
        return KINDS.get(self.statement.kind, "")


@dataclass(frozen=True)
class Tile:
    """How many lines go one way, and how much money came in on them."""

    label: str | Promise
    count: int
    vnd: int


def taken(desk: Desk, *, statement_id: uuid.UUID, client_id: uuid.UUID, now: datetime) -> Statement:
    """Let a draft of the shop be imported; the same form again answers the same statement.

    Raises what `statement_of` and `confirm_statement` raise.
    """

    def work(draft: Statement) -> str:
        return str(confirm_statement(actor=desk.actor, statement=draft, now=now).pk)

    answer = _once(
        work, desk=desk, action="sell.import_statement", statement_id=statement_id, client_id=client_id, now=now
    )
    return statement_of(actor=desk.actor, vendor=desk.vendor, statement_id=uuid.UUID(answer))


def discarded(desk: Desk, *, statement_id: uuid.UUID, client_id: uuid.UUID, now: datetime) -> None:
    """Throw a draft of the shop away; the same form again changes nothing more.

    Raises what `statement_of` and `discard_draft` raise.
    """

    def work(draft: Statement) -> str:
        discard_draft(actor=desk.actor, statement=draft)
        return ""

    _once(work, desk=desk, action="sell.discard_statement", statement_id=statement_id, client_id=client_id, now=now)


def _once(
    work: Callable[[Statement], str],
    *,
    desk: Desk,
    action: str,
    statement_id: uuid.UUID,
    client_id: uuid.UUID,
    now: datetime,
) -> str:
    """Do `work` on a statement of the shop once for a form. The statement may be gone when it comes again."""
    require_owner(desk.actor, desk.vendor)
    return once(
        lambda: work(statement_of(actor=desk.actor, vendor=desk.vendor, statement_id=statement_id)),
        action=action, owner=f"vendor:{desk.vendor.pk}", client_id=client_id,
        asked={"statement": str(statement_id)}, now=now,
    )  # fmt: skip


def forecast_of(actor: Actor, statement: Statement, *, now: datetime) -> Forecast:
    """What importing a draft would do."""
    return foresee(actor=actor, statement=statement, now=now)


def forecast_tiles(forecast: Forecast) -> list[Tile]:
    """The forecast in four numbers."""
    parts: list[tuple[str | Promise, tuple[Fate, ...]]] = [
        (_("Ghi vào đơn"), (Fate.BOOK, Fate.BOOK_IF)),
        (_("Cần bạn xem"), (Fate.REVIEW,)),
        (_("Đã có từ trước"), (Fate.KNOWN,)),
        (_("Bỏ qua"), (Fate.IGNORE,)),
    ]
    return [Tile(label, forecast.count(*fates), forecast.in_vnd(*fates)) for label, fates in parts]


def outcome_tiles(statement: Statement) -> list[Tile]:
    """What an import came to, in three numbers."""
    return [
        Tile(_("Đã ghi vào đơn"), statement.booked_count, statement.booked_vnd),
        Tile(_("Cần bạn xem"), statement.review_count, statement.review_vnd),
        Tile(_("Bỏ qua"), statement.ignored_count, statement.ignored_vnd),
    ]


def forecast_rows(forecast: Forecast, *, page: int) -> list[RowShown]:
    """One page of a forecast's lines."""
    start = (page - 1) * ROWS_A_PAGE
    return [_foreseen_row(one) for one in forecast.lines[start : start + ROWS_A_PAGE]]


def outcome_rows(actor: Actor, statement: Statement, *, page: int) -> list[RowShown]:
    """One page of what became of a statement's lines."""
    start = (page - 1) * ROWS_A_PAGE
    found = outcomes_of(actor=actor, statement=statement, first=start, count=ROWS_A_PAGE)
    return [_outcome_row(one) for one in found]


def pages_of(statement: Statement) -> int:
    """How many pages its lines fill."""
    return max(1, -(-statement.lines_count // ROWS_A_PAGE))


def preview_of(statement: Statement, *, header_row: int | None) -> tuple[Row | None, Sequence[Row]]:
    """The header of a draft's file (the one asked for, or the likeliest) and the first rows below it."""
    table, likely = table_of(statement)
    header = next((row for row in table if row.number == header_row), likely)
    below = [row for row in table if header is not None and row.number > header.number]
    return header, below[:PREVIEW_ROWS_MAX]


def _foreseen_row(one: Foreseen) -> RowShown:
    tone, sign = FATES[one.fate]
    return RowShown(one.line, in_words(one), tone, sign)


def _outcome_row(one: Outcome) -> RowShown:
    tone, sign = OUTCOMES.get(one.state, ("amber", "wait"))
    return RowShown(one.line, outcome_in_words(one), tone, sign, one.review_id)
