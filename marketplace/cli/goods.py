"""`market import-products`: a shop's goods out of a CSV file."""

from __future__ import annotations

from pathlib import Path

import click

from catalog.importing import import_products as import_rows
from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from vendors.models import Vendor


@click.command("import-products")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vendor", "vendor_slug", required=True, help="The shop's slug.")
@click.option("--dry-run", is_flag=True, help="Say what each row would do; change nothing.")
def import_products(file: Path, vendor_slug: str, dry_run: bool) -> None:
    """Add the products of a CSV FILE (name, set, price, unit, quantity, description) to a shop, as drafts.

    All rows or none: a row with a mistake is named, and nothing is added.
    """
    vendor = Vendor.objects.filter(slug=vendor_slug).first()
    if vendor is None:
        raise SystemExit(f"market: không có gian hàng {vendor_slug}")
    outcome = import_rows(actor=SYSTEM, vendor=vendor, content=file.read_bytes(), now=clock.now(), dry_run=dry_run)
    for line in outcome.lines:
        click.echo(line)
    if not outcome.ok:
        raise SystemExit(1)
