"""`market saleor`: the market as an App of a running Saleor."""

from __future__ import annotations

import json
import sys

import click

from marketplace.cli.saleor_reconcile import reconcile
from marketplace.cli.saleor_sync import sync_command
from marketplace.core import clock
from marketplace.saleor.installing import (
    install_as_app,
    install_as_staff,
    manifest_url,
    require_listed,
    uninstall,
)
from marketplace.saleor.status import status as status_of_all


@click.group("saleor")
def saleor() -> None:
    """The market as an App of a running Saleor, which keeps catalogue, checkout and orders."""


saleor.add_command(reconcile)
saleor.add_command(sync_command)


@saleor.command("install")
@click.argument("api_url")
@click.option(
    "--as-staff", is_flag=True, help="Read the token of a member of its staff and ask for the installation."
)
@click.option("--app-token", is_flag=True, help="Read the token of an App that was made there by hand (appCreate).")
@click.option("--wait-s", type=click.IntRange(0, 600), default=60, show_default=True, help="How long to wait for it.")
def install(api_url: str, as_staff: bool, app_token: bool, wait_s: int) -> None:
    """Install the market into the Saleor whose GraphQL address is API_URL; SALEOR_API_URLS must list it.

    Without an option it prints the address that staff pastes into Saleor's Dashboard (Extensions, "Install from
    manifest"). The market must be running, and Saleor must be able to reach it there. A token is asked for, or read
    as one line from standard input.
    """
    require_listed(api_url)
    if app_token:
        joined = install_as_app(api_url=api_url, token=_read_token(), now=clock.now())
        _print({"api_url": joined.api_url, "app": joined.app_id, "state": joined.state})
    elif as_staff:
        state = install_as_staff(api_url=api_url, staff_token=_read_token(), wait_s=wait_s)
        _print({"api_url": api_url, "manifest_url": manifest_url(), "state": state})
    else:
        click.echo("Dán địa chỉ này vào Dashboard của Saleor (Extensions → Install from manifest):", err=True)
        click.echo(manifest_url())


@saleor.command("status")
def status() -> None:
    """Show as JSON what is installed where, what waits, and what a person must look at."""
    _print(status_of_all())


@saleor.command("leave")
@click.argument("api_url")
def leave(api_url: str) -> None:
    """Leave the Saleor at API_URL: its token is wiped and nothing is sent any more; orders and money stay.

    What is sold there stays on sale, and is no longer kept in step: hiding or deleting it is for the Saleor's staff.
    """
    knows = uninstall(api_url=api_url, now=clock.now())
    click.echo("Đã rời. Người quản trị Saleor xóa ứng dụng ở Dashboard.", err=True)
    click.echo("Hàng của chợ vẫn bán ở đó mà không còn khớp kho: quản trị Saleor ẩn hoặc xóa.", err=True)
    if not knows:
        click.echo("Saleor chưa trả lời, nên nó còn gửi thông báo đến: chợ từ chối chúng.", err=True)


def _read_token() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return str(click.prompt("Token", hide_input=True))


def _print(fields: object) -> None:
    click.echo(json.dumps(fields, indent=2, ensure_ascii=False))
