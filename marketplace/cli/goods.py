"""`market import-products`: a shop's goods out of a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catalog.imports.plans import Action
from catalog.imports.reading import Defaults
from catalog.services.importing import import_products as import_file
from catalog.services.importing import steps_of
from marketplace.core import clock
from vendors.models import Vendor

WORDS = {Action.ADD: "thêm", Action.CHANGE: "sửa", Action.SKIP: "giữ nguyên", Action.ERROR: "lỗi"}


@click.command("import-products")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vendor", "vendor_slug", required=True, help="The shop's slug.")
@click.option("--ocop-set", type=click.IntRange(1, 26), help="The OCOP set of rows that name none.")
@click.option("--unit", default="", help="What a price is for where the file does not say it, such as 'gói'.")
@click.option("--dry-run", is_flag=True, help="Say what each row would do; change nothing.")
def import_products(file: Path, vendor_slug: str, ocop_set: int | None, unit: str, dry_run: bool) -> None:
    """Take the products of FILE into a shop, new ones as drafts.

    CSV or XLSX: the market's own template, KiotViet's, Haravan's, Sapo's or Shopify's file. All rows or none: a row
    with a mistake is named, and nothing is taken. Rows that name a variant of the shop (by the market's number or
    the shop's code) change its price, unit and count; products whose name the shop has stay as they are.
    """
    vendor = Vendor.objects.filter(slug=vendor_slug).first()
    if vendor is None:
        raise SystemExit(f"market: không có gian hàng {vendor_slug}")
    done = import_file(
        vendor=vendor,
        content=file.read_bytes(),
        now=clock.now(),
        defaults=Defaults(ocop_set, unit),
        dry_run=dry_run,
        progress=_show if sys.stderr.isatty() else lambda _done, _of: None,
    )
    steps = steps_of(done)
    for step in steps:
        words = "; ".join(step.words)
        click.echo(f"Dòng {step.row}: {WORDS[Action(step.action)]} {step.name}{f' ({words})' if words else ''}")
    wrong = sum(step.action == Action.ERROR for step in steps)
    if wrong and not done.next_step:
        click.echo(f"{wrong} sản phẩm có lỗi trên {len(steps)}: chưa thêm gì.")
    elif dry_run:
        click.echo(f"{len(steps)} sản phẩm đều đúng: chưa thêm gì vì chỉ thử.")
    else:
        click.echo(f"Đã thêm {done.added_count}, sửa {done.changed_count} sản phẩm.")
    if wrong:
        raise SystemExit(1)


def _show(done: int, of: int) -> None:
    click.echo(f"\r{done}/{of}", nl=done == of, err=True)
