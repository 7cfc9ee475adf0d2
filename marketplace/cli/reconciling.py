"""`market reconcile`: what banks told against what was booked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from marketplace.core import clock
from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from payments.services.reconciling import (
    BadPeriod,
    Line,
    ShopBook,
    Tally,
    check_period,
    reconcile,
    shops_with_money,
)
from vendors.models import Vendor

DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.command("reconcile")
@click.option("--from", "first", type=DAY, help="First day (2026-11-01); the first of the last day's month.")
@click.option("--to", "last", type=DAY, help="Last day; today when left out.")
@click.option("--vendor", "slug", help="Only this shop.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a shop, a line each.")
def reconcile_command(first: datetime | None, last: datetime | None, slug: str | None, as_json: bool) -> None:
    """Compare every booked đồng of a period with notices and statements.

    Prints each day's lines and every difference. Exit status 0: all agrees; 1: it does not; 2: wrong arguments.
    """
    last_day = last.date() if last else vietnam_date(clock.now())
    first_day = first.date() if first else last_day.replace(day=1)
    show = _print_json if as_json else _print
    count, vnd, differences = 0, 0, 0
    for book in _books(first_day, last_day, slug):
        show(book)
        booked = book.total(Line.BOOKED)
        count, vnd, differences = count + booked.count, vnd + booked.vnd, differences + len(book.differences)
    if not as_json:
        period = f"{first_day:%d/%m/%Y} - {last_day:%d/%m/%Y}"
        click.echo(f"{period}: {count} khoản ngân hàng báo đã ghi vào đơn, {format_vnd(vnd)}.")
        click.echo(f"Có {differences} chỗ lệch." if differences else "Khớp: không có chỗ lệch nào.")
    if differences:
        raise SystemExit(1)


def _books(first_day: date, last_day: date, slug: str | None) -> Iterator[ShopBook]:
    try:
        check_period(first_day, last_day)
    except BadPeriod as error:
        raise click.UsageError(str(error)) from error
    shops = shops_with_money(first_day, last_day)
    if slug is not None:
        shops = Vendor.objects.filter(slug=slug)
        if not shops.exists():
            raise click.BadParameter(f"không có gian hàng {slug}", param_hint="--vendor")
    total = shops.count()
    for number, vendor in enumerate(shops.iterator(chunk_size=100), start=1):
        yield reconcile(vendor, first_day=first_day, last_day=last_day)
        if sys.stderr.isatty():
            click.echo(f"\r{number}/{total}", nl=number == total, err=True)


def _print(book: ShopBook) -> None:
    if not book.tallies:
        return
    click.echo(f"{book.vendor.slug}")
    heading: tuple[date, str] | None = None
    for entry, tally in book.tallies.items():
        if heading != (entry.day, entry.account):
            heading = (entry.day, entry.account)
            click.echo(f"  {entry.day:%d/%m/%Y} {entry.account or '-'}")
        click.echo(f"    {entry.words}: {_words(tally)}")
    for one in book.differences:
        click.echo(f"  LỆCH {one.day:%d/%m/%Y}: {one.sentence}")


def _words(tally: Tally) -> str:
    return f"{tally.count} khoản, {format_vnd(tally.vnd)}"


def _print_json(book: ShopBook) -> None:
    lines: list[dict[str, Any]] = [
        {
            "day": entry.day.isoformat(),
            "account": entry.account,
            "line": entry.line.value,
            "why": entry.why,
            "count": tally.count,
            "amount_vnd": tally.vnd,
        }
        for entry, tally in book.tallies.items()
    ]
    differences = [
        {
            "kind": one.kind.value,
            "day": one.day.isoformat(),
            "amount_vnd": one.amount_vnd,
            "notice": one.notice,
            "event": one.event,
            "sentence": one.sentence,
        }
        for one in book.differences
    ]
    answer = {"vendor": book.vendor.slug, "clean": not differences, "lines": lines, "differences": differences}
    click.echo(json.dumps(answer, ensure_ascii=False))
