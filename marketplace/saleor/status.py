"""How it stands between the market and each Saleor: what is installed, what waits, what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.agreeing import TOKEN_REFUSED
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses
from marketplace.saleor.identity import VERSION
from marketplace.saleor.joining import HANDSHAKE_LIMITS
from marketplace.saleor.models import (
    Installation,
    SaleorObject,
    SaleorReport,
    SaleorSale,
    SaleorTransaction,
    ToFetch,
    ToTell,
)
from marketplace.saleor.places import is_switched_on, listed_urls

PROBLEMS_SHOWN_MAX: Final = 20
"""Of a kind; how many there are is counted besides."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a Saleor answers to our token: its version, or what is wrong in a sentence for the operator."""

    version: str
    problem: str


def status() -> dict[str, Any]:
    """Everything about the bridge, as JSON holds it. No secret, nothing about a person; 12 statements a Saleor."""
    rows = Installation.objects.defer("token", "webhook_key").order_by("api_url")
    known = {row.api_url: row for row in rows}
    return {
        "version": VERSION,
        "is_on": is_switched_on(),
        "not_installed": [url for url in listed_urls() if url not in known],
        "installations": [_of(row) for row in known.values()],
    }


def reach(installation: Installation) -> Reached:
    """Ask a Saleor who we are, once and briefly. Nothing is written."""
    try:
        with Saleor(installation.api_url, installation.token, limits=HANDSHAKE_LIMITS) as saleor:
            told = saleor.ask("WhoAmI", {})
    except UnreadableSecret as error:
        return Reached("", str(error))
    except SaleorAway as error:
        return Reached("", f"no answer ({error})")
    except SaleorRefuses:
        return Reached("", TOKEN_REFUSED)
    shop = told.get("shop")
    if not isinstance(told.get("app"), dict) or not isinstance(shop, dict):
        return Reached("", TOKEN_REFUSED)
    return Reached(str(shop.get("version") or ""), "")


def _of(row: Installation) -> dict[str, Any]:
    return {
        "api_url": row.api_url,
        "state": row.state,
        "app": row.app_id,
        "saleor_version": row.saleor_version,
        "channel": row.channel,
        "installed_at": row.installed_at.isoformat(),
        "left_at": _moment(row.left_at),
        "keys": len(row.jwks.get("keys") or ()),
        "keys_fetched_at": _moment(row.jwks_fetched_at),
        "webhooks_agreed": bool(row.webhooks_said),
        "orders_seen_until": _moment(row.orders_seen_until),
        "waiting": waiting(row),
        "problems": problems(row),
    }


def waiting(installation: Installation) -> Mapping[str, int]:
    """How much of each kind waits, and how much was given up or refused; nine statements."""
    reports = SaleorReport.objects.filter(transaction__installation=installation)
    fetch = ToFetch.objects.filter(installation=installation)
    tell = ToTell.objects.filter(installation=installation)
    objects = SaleorObject.objects.filter(installation=installation)
    return {
        "reports_waiting": reports.filter(state=SaleorReport.State.WAITING).count(),
        "reports_not_read_back": reports.filter(state=SaleorReport.State.SENT).count(),
        "reports_refused": reports.filter(state=SaleorReport.State.REFUSED).count(),
        "to_fetch": fetch.filter(is_given_up=False).count(),
        "to_fetch_given_up": fetch.filter(is_given_up=True).count(),
        "to_tell": tell.filter(is_given_up=False).count(),
        "to_tell_given_up": tell.filter(is_given_up=True).count(),
        "goods_to_say": objects.filter(due_at__isnull=False).count(),
        "goods_refused": objects.exclude(problem="").count(),
    }


def problems(installation: Installation) -> list[str]:
    """What a person must look at, in sentences of ours; the sums and sales that disagree, by their number."""
    found = [installation.problem] if installation.problem else []
    sums = SaleorTransaction.objects.filter(~Q(problem=""), installation=installation)
    refused = SaleorReport.objects.filter(transaction__installation=installation, state=SaleorReport.State.REFUSED)
    sales = SaleorSale.objects.filter(~Q(problem=""), installation=installation)
    found += [f"transaction {one.saleor_id}: {one.problem}" for one in sums.order_by("pk")[:PROBLEMS_SHOWN_MAX]]
    found += [f"report {one.pk} ({one}): {one.problem}" for one in refused.order_by("pk")[:PROBLEMS_SHOWN_MAX]]
    found += [f"order {one.number}: {one.problem}" for one in sales.order_by("pk")[:PROBLEMS_SHOWN_MAX]]
    return found


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
