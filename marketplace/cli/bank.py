"""`market pay` plays the bank against the running server; `market vietqr` reads and writes codes."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from marketplace.core import clock
from marketplace.running.playing_bank import play_bank
from payments.manglings import MANGLINGS
from payments.services.scanning import check_scan
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR
from payments.vietqr.writer import TO_ACCOUNT, TO_CARD, write_vietqr
from vendors.models import Vendor


@click.command()
@click.argument("code")
@click.option("--amount", type=int, help="Đồng to transfer; the order's outstanding amount when left out.")
@click.option(
    "--provider",
    type=click.Choice(["sepay", "casso", "payos", "vietqrvn"]),
    help="Whose notice to send; the order's first feed when left out.",
)
@click.option(
    "--mangle", type=click.Choice(sorted(MANGLINGS)), default="as_is", help="What the bank does to the memo."
)
@click.option("--repeat", type=click.IntRange(1, 1000), default=1, help="Send the same notice this many times.")
def pay(code: str, amount: int | None, provider: str | None, mangle: str, repeat: int) -> None:
    """Transfer money for CODE as a bank would: sends a signed notice to the running server."""
    answers = play_bank(
        code=code, amount_vnd=amount, provider=provider, mangling=mangle, repeat=repeat, now=clock.now()
    )
    json.dump([asdict(answer) for answer in answers], sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    if not all(200 <= answer.status < 300 for answer in answers):
        raise SystemExit(1)


@click.group()
def vietqr() -> None:
    """Read and write VietQR payloads."""


@vietqr.command("read")
@click.argument("payloads", nargs=-1)
def read(payloads: tuple[str, ...]) -> None:
    """Read PAYLOADS, or one a line on standard input; one JSON object a line."""
    refused = False
    lines = payloads or (line.rstrip("\r\n") for line in sys.stdin)
    for payload in lines:
        answer = _read(payload)
        refused = refused or not answer["ok"]
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if refused:
        raise SystemExit(1)


def _read(payload: str) -> dict[str, object]:
    try:
        return {"ok": True, "fields": read_vietqr(payload).as_fields()}
    except UnreadableVietQR as error:
        return {"ok": False, "reason": error.reason, "detail": error.detail}


@vietqr.command("write")
@click.option("--bin", "bank_bin", required=True, help="The bank's six digits.")
@click.option("--account", required=True)
@click.option("--amount", type=int, help="Đồng.")
@click.option("--memo", help="Capitals and digits, at most 19.")
@click.option("--card", is_flag=True, help="The account is the number of a card.")
def write(bank_bin: str, account: str, amount: int | None, memo: str | None, card: bool) -> None:
    """Write a payload for an account, with or without an amount."""
    service = TO_CARD if card else TO_ACCOUNT
    click.echo(write_vietqr(bin=bank_bin, account=account, amount=amount, memo=memo, service=service))


@vietqr.command("scan")
@click.option("--vendor", "vendor_slug", required=True, help="The shop's slug.")
@click.argument("payload")
def scan(vendor_slug: str, payload: str) -> None:
    """Say as JSON whom the code with this PAYLOAD pays; status 1 unless it is the shop's account of today."""
    vendor = Vendor.objects.filter(slug=vendor_slug).first()
    if vendor is None:
        raise SystemExit(f"market: không có gian hàng {vendor_slug}")
    found = check_scan(vendor=vendor, payload=payload)
    click.echo(json.dumps(found.as_fields(), ensure_ascii=False))
    if not found.pays_this_shop:
        raise SystemExit(1)
