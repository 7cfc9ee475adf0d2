"""Joining a Saleor: its token is proven before it is kept, and one that proves nothing changes nothing.

Saleor's worker waits for our answer while its API answers our questions, at most 20 seconds for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.errors import Conflict, InvalidInput, MarketError, NotAllowed
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses
from marketplace.saleor.identity import APP_IDENTIFIER, missing
from marketplace.saleor.keys import KeysAway, fetch_keys
from marketplace.saleor.models import Installation
from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX
from marketplace.saleor.places import allowed_url
from payments.apis.calling import Limits
from payments.services.security import count_security_event

TOKEN: Final = re.compile(r"[A-Za-z0-9]{20,128}")
"""Saleor's tokens are 30 letters and digits (`saleor/app/models.py`)."""
HANDSHAKE_LIMITS: Final = Limits(answer_s=5.0, tries=1)
"""With the keys' own limit, less than Saleor waits for us."""
VERSION_CHARACTERS_MAX: Final = 40
NOT_LISTED: Final = "saleor_not_listed"
TOKEN_NOT_PROVEN: Final = "saleor_token_not_proven"  # noqa: S105 - the name of a count


class NotListed(NotAllowed):
    """The Saleor is none of `SALEOR_API_URLS`."""


class TokenNotProven(NotAllowed):
    """The Saleor does not know the token, or knows it as another App's."""


class PermissionsMissing(InvalidInput):
    """The App was installed with less than it needs."""


class SaleorSilent(MarketError):
    """The Saleor, or its keys, could not be reached to prove the token."""

    code, status = "GRAPHQL_ERROR", 503


class Superseded(Conflict):
    """While this was being proven, a later installation was kept, or the market left."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a Saleor says of the App that a token is of, and its keys."""

    app_id: str
    saleor_version: str
    jwks: Mapping[str, Any]


def join(*, api_url: str, token: str, now: datetime) -> Installation:
    """Become an App of the Saleor at `api_url` with this token, which is proven first. `now`: when it was told.

    Installed before, even by another App of it, what belongs to it stays: its goods, orders and reports. Must not
    run inside a transaction. Raises `NotListed`, `TokenNotProven`, `PermissionsMissing`, `SaleorSilent` and
    `Superseded`.
    """
    listed = allowed_url(api_url)
    if listed is None:
        count_security_event(NOT_LISTED, subject="saleor", now=now)
        raise NotListed(_("Chợ này không được phép cài vào Saleor ở địa chỉ ấy. Xem SALEOR_API_URLS."))
    try:
        proven = prove(api_url=listed, token=token)
    except TokenNotProven:
        count_security_event(TOKEN_NOT_PROVEN, subject="saleor", now=now)
        raise
    return _keep(listed, token, proven, now=now)


def prove(*, api_url: str, token: str) -> Proven:
    """Ask the Saleor whose token this is, and for its keys. Nothing is written.

    Raises `TokenNotProven`, `PermissionsMissing`, `SaleorSilent`.
    """
    not_proven = TokenNotProven(_("Saleor không nhận mã của ứng dụng này."))
    if not TOKEN.fullmatch(token):
        raise not_proven
    try:
        with Saleor(api_url, token, limits=HANDSHAKE_LIMITS) as saleor:
            told = saleor.ask("WhoAmI", {})
        jwks = fetch_keys(api_url)
    except SaleorRefuses as error:
        raise not_proven from error
    except (SaleorAway, KeysAway) as error:
        raise SaleorSilent(_("Chưa hỏi được Saleor để kiểm tra mã. Bạn thử lại sau ít phút.")) from error
    app, shop = told.get("app"), told.get("shop")
    if not isinstance(app, dict) or not isinstance(shop, dict) or app.get("identifier") != APP_IDENTIFIER:
        raise not_proven
    _require_permissions(app)
    app_id = str(app.get("id") or "")
    if not 0 < len(app_id) <= SALEOR_ID_CHARACTERS_MAX:
        raise not_proven
    return Proven(app_id, str(shop.get("version") or "")[:VERSION_CHARACTERS_MAX], jwks)


def _require_permissions(app: Mapping[str, Any]) -> None:
    told = app.get("permissions")
    granted = {str(one.get("code")) for one in told if isinstance(one, dict)} if isinstance(told, list) else set()
    lacking = missing(granted)
    if lacking:
        sentence = _("Ứng dụng thiếu quyền ở Saleor: {names}. Bạn cài lại và cấp đủ quyền.")
        raise PermissionsMissing(format_lazy(sentence, names=", ".join(lacking)))


def _keep(api_url: str, token: str, proven: Proven, *, now: datetime) -> Installation:
    facts = {
        "app_id": proven.app_id,
        "token": token,
        "jwks": dict(proven.jwks),
        "jwks_fetched_at": now,
        "jwks_asked_at": now,
        "saleor_version": proven.saleor_version,
        "state": Installation.State.INSTALLED,
        "installed_at": now,
        "left_at": None,
        "problem": "",
        # Its webhooks are new and carry no key yet.
        "webhook_key": "",
        "webhook_key_demanded_from": None,
        "webhooks_said": "",
    }
    with transaction.atomic():
        # What was secret before is replaced, and need not be readable: its key may be what was lost.
        rows = Installation.objects.select_for_update().defer("token", "webhook_key")
        kept, is_new = rows.get_or_create(api_url=api_url, defaults=facts)
        if not is_new:
            _refuse_what_is_older(kept, now=now)
            facts["first_installed_at"] = kept.orders_begin_at
            for name, value in facts.items():
                setattr(kept, name, value)
            kept.save(update_fields=list(facts))
        journal.record(
            kind="saleor.joined",
            aggregate_type="saleor",
            aggregate_id=kept.pk,
            actor=SYSTEM,
            now=now,
            data={"installation": kept.pk, "app": proven.app_id, "version": proven.saleor_version},
        )
    return kept


def _refuse_what_is_older(kept: Installation, *, now: datetime) -> None:
    """Saleor gave up on an installation whose proof took too long, and the next one was quicker: that one holds."""
    latest = max(kept.installed_at, kept.left_at or kept.installed_at)
    if latest > now:
        raise Superseded(_("Một lần cài mới hơn đã được ghi nhận."))
