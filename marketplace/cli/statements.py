"""`market import-statement`: a shop's bank statement out of a file, or what it would do."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.core.money import format_vnd
from payments.models import Statement
from payments.services import importing
from payments.services.foreseeing import foresee, in_words
from payments.services.statements import bring_statement, discard_draft, require_ready
from payments.statements.lines import StatementLine
from payments.statements.reading import KINDS
from payments.statements.tabular import STATEMENT_BYTES_MAX
from vendors.models import Vendor


@click.command("import-statement")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vendor", "vendor_slug", required=True, help="The shop's slug.")
@click.option("--account", "account_number", default="", help="Whose it is, where the file does not say.")
@click.option("--layout", "kind", type=click.Choice(KINDS), help="Read it by this layout only.")
@click.option("--dry-run", is_flag=True, help="Say what each row would do; change nothing.")
def import_statement(file: Path, vendor_slug: str, account_number: str, kind: str | None, dry_run: bool) -> None:
    """Import a bank statement FILE (CSV, XLSX, MT940 or camt.053) for a shop.

    Safe to repeat: lines that were taken before are skipped, and an import that was interrupted goes on.
    """
    vendor = Vendor.objects.filter(slug=vendor_slug).first()
    if vendor is None:
        raise SystemExit(f"market: không có gian hàng {vendor_slug}")
    with file.open("rb") as opened:
        content = opened.read(STATEMENT_BYTES_MAX + 1)
    asked: dict[str, Any] = {
        "vendor": vendor, "content": content, "account_number": account_number, "kind": kind or "",
    }  # fmt: skip
    if dry_run:
        _foresee(asked)
        return
    with _Bar() as bar:
        statement = importing.import_statement(actor=SYSTEM, now=clock.now(), progress=bar.show, **asked)
    _say_outcome(statement)
    if statement.state != Statement.State.DONE:
        raise SystemExit("market: còn dòng chưa xử lý xong; máy sẽ tự làm tiếp, hoặc bạn chạy lại lệnh này")


def _foresee(asked: dict[str, Any]) -> None:
    draft = bring_statement(actor=SYSTEM, now=clock.now(), **asked)
    try:
        require_ready(draft)
        forecast = foresee(actor=SYSTEM, statement=draft, now=clock.now())
    finally:
        discard_draft(actor=SYSTEM, statement=draft)
    for one in forecast.lines:
        click.echo(f"{_row(one.line)}: {in_words(one)}")
    _say_gap(draft)
    click.echo(_("{count} dòng: chưa ghi gì vì chỉ thử.").format(count=len(forecast.lines)))


def _row(line: StatementLine) -> str:
    amount = format_vnd(line.amount_vnd)
    return _("Dòng {row}, {day}, {amount}").format(
        row=line.row, day=line.happened_at.strftime("%d/%m/%Y"), amount=amount
    )


def _say_outcome(statement: Statement) -> None:
    said = _(
        "{lines} dòng, {new} dòng mới. Ghi vào đơn: {booked} ({booked_vnd}). Cần xem: {review} ({review_vnd}). "
        "Bỏ qua: {ignored} ({ignored_vnd} tiền vào, {out_vnd} tiền đi)."
    )
    click.echo(
        said.format(
            lines=statement.lines_count,
            new=statement.new_count,
            booked=statement.booked_count,
            booked_vnd=format_vnd(statement.booked_vnd),
            review=statement.review_count,
            review_vnd=format_vnd(statement.review_vnd),
            ignored=statement.ignored_count,
            ignored_vnd=format_vnd(statement.ignored_vnd),
            out_vnd=format_vnd(statement.out_vnd),
        )
    )
    _say_gap(statement)


def _say_gap(statement: Statement) -> None:
    if statement.gap_vnd:
        said = _("Chú ý: số dư cuối lệch {amount} so với các dòng. Tệp có thể thiếu dòng.")
        click.echo(said.format(amount=format_vnd(statement.gap_vnd)), err=True)


class _Bar(AbstractContextManager["_Bar"]):
    """A progress bar on the terminal, and nothing where there is none."""

    def __init__(self) -> None:
        self._bar: Any = None

    def show(self, done: int, of: int) -> None:
        """Draw how far the import is."""
        if self._bar is None:
            self._bar = click.progressbar(
                length=of, label=_("Đang nhập"), file=sys.stderr, hidden=not sys.stderr.isatty()
            )
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def __exit__(self, *_raised: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
