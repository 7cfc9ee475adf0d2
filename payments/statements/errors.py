"""Why a statement is not taken: one small class a reason, each with a sentence that says what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput


class StatementRefused(InvalidInput):
    """A statement that is not taken. `row` is the row at fault, as a spreadsheet numbers it, or None."""

    def __init__(self, message: str | Promise, *, row: int | None = None, field: str = "content") -> None:
        said = message if row is None else format_lazy(_("Dòng {row}: {problem}"), row=row, problem=message)
        super().__init__(said, field=field)
        self.row = row


class StatementTooLarge(StatementRefused):
    """Too many bytes, rows or columns."""


class UnsupportedFile(StatementRefused):
    """A kind of file that the market does not read: an old Excel file, a PDF, a web page."""


class UnreadableStatement(StatementRefused):
    """The file is damaged, or it is not what it seems to be."""


class UnknownLayout(StatementRefused):
    """No row names the columns that a statement needs: a person has to say which is which."""


class BadRow(StatementRefused):
    """A row that moved money and cannot be understood. The whole file is refused, so that no line is lost."""


class ForeignCurrency(StatementRefused):
    """The account, or a line, is not in đồng."""


class SeveralAccounts(StatementRefused):
    """The file holds statements of more than one account."""


class EmptyStatement(StatementRefused):
    """The file is understood and holds no line."""
