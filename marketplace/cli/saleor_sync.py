"""`market saleor sync`: the market's shops and goods into a Saleor."""

from __future__ import annotations

import sys
from time import monotonic, sleep

import click

from marketplace.core import clock
from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.catalogue.asking import TRIES_MAX
from marketplace.saleor.catalogue.errors import SyncRuns
from marketplace.saleor.catalogue.syncing import LEASE_S, Synced, sync
from marketplace.saleor.client import SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject

STEPS = {"shops": "Gian hàng", "goods": "Sản phẩm", "stocks": "Số lượng", "photos": "Ảnh"}
PROBLEMS_SHOWN_MAX = 20
LOOK_AGAIN_EVERY_S = 2


@click.command("sync")
@click.argument("api_url", required=False)
@click.option("--channel", default="", help="The slug of the channel in VND to sell in, where there are several.")
def sync_command(api_url: str | None, channel: str) -> None:
    """Bring all shops and goods to the Saleor at API_URL, or to every Saleor the market is installed into.

    May be stopped and run again at any time: it goes on where it was, and makes nothing twice. What Saleor refuses
    is listed, and shown to each shop on its product's page.
    """
    installed = Installation.objects.defer("token", "webhook_key").filter(state=Installation.State.INSTALLED)
    chosen = list(installed.filter(api_url=api_url) if api_url else installed.order_by("pk"))
    if not chosen:
        raise SystemExit(
            f"market: chợ chưa được cài vào Saleor {api_url or 'nào'}: chạy `market saleor install` trước"
        )
    for installation in chosen:
        click.echo(installation.api_url)
        try:
            done = _sync_in_turn(installation, channel=channel)
        except UnreadableSecret as error:
            raise SystemExit(f"market: không đọc được mã truy cập đã lưu: {error}") from error
        except TokenRefused as error:
            raise SystemExit(
                f"market: Saleor không nhận mã của chợ nữa ({error}): cài lại App rồi chạy lại"
            ) from error
        except SaleorRefuses as error:
            raise SystemExit(f"market: Saleor từ chối: {error}") from error
        except SaleorAway as error:
            raise SystemExit(
                f"market: Saleor không trả lời sau {TRIES_MAX} lần ({error}): chạy lại, lệnh làm tiếp phần còn lại"
            ) from error
        _say(installation, done)


def _sync_in_turn(installation: Installation, *, channel: str) -> Synced:
    """Sync after whoever is at it: the market's own rounds are short, and a killed run's lease ends by itself.

    Raises `SyncRuns` where another run goes on for longer than a lease lasts, and what `sync` raises.
    """
    ends_s = monotonic() + LEASE_S + LOOK_AGAIN_EVERY_S
    is_told = False
    while True:
        try:
            return sync(installation, clock=clock.now, channel_slug=channel, progress=_show)
        except SyncRuns:
            if monotonic() > ends_s:
                raise
            if not is_told:
                click.echo(
                    f"Đang có lần đồng bộ khác, hoặc một lần vừa bị ngắt: đợi lâu nhất {LEASE_S} giây …", err=True
                )
                is_told = True
            sleep(LOOK_AGAIN_EVERY_S)


def _show(step: str, done: int, of: int) -> None:
    if sys.stderr.isatty() or done == of:
        click.echo(f"\r{STEPS[step]}: {done}/{of}", nl=done == of, err=True)


def _say(installation: Installation, done: Synced) -> None:
    click.echo(
        f"Gian hàng: {done.shops}. Sản phẩm mới: {done.made}, sửa: {done.changed}. Số lượng: {done.stocks}. "
        f"Thiếu ảnh: {done.without_photo}. Saleor chưa nhận: {done.refused}. Số lần hỏi: {done.calls}."
    )
    refused = SaleorObject.objects.filter(installation=installation).exclude(problem="").order_by("kind", "pk")
    for row in refused[:PROBLEMS_SHOWN_MAX]:
        click.echo(f"  {row.kind} {row.our_id}: {row.problem}")
