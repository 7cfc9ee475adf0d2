"""Leaving a Saleor: its token and keys are wiped and nothing is sent any more; what money did stays as it was.

Installed again, the same row takes the new token: goods, orders and reports go on where they stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.services.elsewhere import forget_elsewhere
from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.errors import NotFound
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.places import domain_of

LEFT: Final = "Chợ đã rời Saleor này: cài lại thì báo cáo này được gửi tiếp."
SWITCHED_OFF: Final = "Ứng dụng đang bị tắt ở Saleor: bật lại ở đó thì mọi việc chạy tiếp."

log = logging.getLogger("market.saleor")


class NotInstalled(NotFound):
    """There is no such installation now."""


def leave(*, api_url: str, now: datetime) -> Installation:
    """Be an App of the Saleor at `api_url` no more. Raises `NotInstalled`.

    Deleting the App there is for its staff: no App may delete itself.
    """
    with transaction.atomic():
        kept = (
            Installation.objects.select_for_update()
            .defer("token", "webhook_key")
            .filter(api_url=api_url, state=Installation.State.INSTALLED)
            .first()
        )
        if kept is None:
            raise NotInstalled(_("Chợ không được cài vào Saleor này."))
        _wipe(kept, now=now)
    return kept


def hear_deleted(installation: Installation, payload: Mapping[str, Any], now: datetime) -> None:
    """APP_DELETED: Saleor tells it only to the App itself. Saleor takes our token no more."""
    if _is_ours(installation, payload):
        _wipe(installation, now=now)


def hear_status_changed(installation: Installation, payload: Mapping[str, Any], _now: datetime) -> None:
    """APP_STATUS_CHANGED: a deactivated App keeps its token, since activating it again brings no other.

    These may come in any order, so that the name of the problem is only a hint: an answer to our token ends it.
    """
    if not _is_ours(installation, payload):
        return
    problem = "" if payload["app"].get("isActive") else SWITCHED_OFF
    Installation.objects.filter(pk=installation.pk, problem__in=("", SWITCHED_OFF)).update(problem=problem)


def _is_ours(installation: Installation, payload: Mapping[str, Any]) -> bool:
    app = payload.get("app")
    return isinstance(app, dict) and app.get("id") == installation.app_id


def _wipe(installation: Installation, *, now: datetime) -> None:
    """Must run inside a transaction. Only where this very App is still the one installed."""
    gone = Installation.objects.filter(pk=installation.pk, app_id=installation.app_id, state="installed").update(
        state=Installation.State.LEFT,
        left_at=now,
        token="",
        jwks={},
        webhook_key="",
        webhook_key_demanded_from=None,
        webhooks_said="",
        problem="",
    )
    if not gone:
        return
    forget_elsewhere(place=domain_of(installation.api_url))
    waiting = SaleorReport.objects.filter(
        transaction__installation=installation,
        state__in=(SaleorReport.State.WAITING, SaleorReport.State.SENT),
    )
    reports = waiting.update(problem=LEFT)
    journal.record(
        kind="saleor.left",
        aggregate_type="saleor",
        aggregate_id=installation.pk,
        actor=SYSTEM,
        now=now,
        data={"installation": installation.pk, "reports_waiting": reports},
    )
    log.info("installation %s left: %s reports wait", installation.pk, reports)
