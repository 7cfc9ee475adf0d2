"""Keeping a Saleor's webhooks for us as this version of ours wants them, and giving them the key that proves them.

The manifest makes them once, when the App is installed; a later version of ours has others, and an App that was made
by hand has none. The key cannot stand in the manifest, which anybody may read: it is told with our token.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.manifest import at, webhooks
from marketplace.saleor.models import Installation
from marketplace.saleor.receiving import WEBHOOK_KEY_HEADER

KEY_BYTES: Final = 32
KEY_DEMANDED_AFTER_S: Final = 60
"""What Saleor had sent, or begun to send, before it had the key, is still on its way for so long."""
NOT_AGREED: Final = "Saleor không nhận đăng ký thông báo của chợ: xem nhật ký, rồi cài lại ứng dụng."
TOKEN_REFUSED: Final = "Saleor không nhận mã của chợ nữa: ứng dụng bị xóa hoặc bị tắt ở đó."  # noqa: S105 - a sentence

log = logging.getLogger("market.saleor")


def agree(installation: Installation, *, now: datetime, even_if_said: bool = False) -> bool:
    """Tell a Saleor which webhooks we want, where it was not told yet. Answers whether all is agreed.

    `even_if_said`: look at what it has all the same, and mend what differs; a person there may have changed it.
    Saying it again, or having died in the middle, does no harm. Must not run inside a transaction.
    """
    try:
        installation = _with_key(installation)
    except UnreadableSecret as error:
        log.error("the token of installation %s cannot be read: %s", installation.pk, error)
        return False
    digest = digest_of_wanted()
    if installation.webhooks_said == digest and not even_if_said:
        return True
    try:
        with Saleor.of(installation) as saleor:
            _bring_about(saleor, key=installation.webhook_key)
    except SaleorAway as error:
        log.warning("installation %s could not be told its webhooks: %s", installation.pk, type(error).__name__)
        return False
    except SaleorRefuses as error:
        problem = TOKEN_REFUSED if isinstance(error, TokenRefused) else NOT_AGREED
        # Not its message: Saleor repeats in it what it does not take, which may be the key.
        log.error("installation %s does not take our webhooks: %s %s", installation.pk, error.code, error.field)
        _note(installation, {"problem": problem, "webhooks_said": ""})
        return False
    return _agreed(installation, digest, now=now)


def take_back(installation: Installation) -> bool:
    """Let a Saleor that is being left send nothing more. Answers whether it knows; it is left all the same."""
    try:
        with Saleor.of(installation) as saleor:
            for one in _there(saleor):
                saleor.change("WebhookDelete", {"id": one["id"]})
    except (SaleorAway, SaleorRefuses, UnreadableSecret) as error:
        log.warning("installation %s keeps its webhooks there: %s", installation.pk, type(error).__name__)
        return False
    except Exception:
        # Who leaves a Saleor over its odd answers must get away from it all the same: only then its token is wiped.
        log.exception("installation %s keeps its webhooks there", installation.pk)
        return False
    return True


def _with_key(installation: Installation) -> Installation:
    """The installation as it is now, with a key: kept before Saleor is told of it."""
    with transaction.atomic():
        kept = Installation.objects.select_for_update().get(pk=installation.pk)
        if not kept.webhook_key:
            kept.webhook_key = secrets.token_urlsafe(KEY_BYTES)
            kept.save(update_fields=["webhook_key"])
    return kept


def digest_of_wanted() -> str:
    """By what the webhooks are known that this version of ours wants at this address."""
    return hashlib.sha256(json.dumps(list(webhooks()), sort_keys=True).encode()).hexdigest()


def _bring_about(saleor: Saleor, *, key: str) -> None:
    there = {str(one.get("identifier") or one["id"]): one for one in _there(saleor)}
    for wanted in webhooks():
        known = there.pop(wanted["identifier"], None)
        told = _told(wanted, key=key)
        if known is None:
            saleor.change("WebhookCreate", {"input": told})
        elif _differs(known, told):
            saleor.change("WebhookUpdate", {"id": known["id"], "input": told})
    for one in there.values():
        # Of a version of ours that wanted more; what a person made for tests of theirs goes elsewhere, and stays.
        if one.get("targetUrl") == at("saleor-webhooks"):
            saleor.change("WebhookDelete", {"id": one["id"]})


def _there(saleor: Saleor) -> list[Mapping[str, Any]]:
    app = saleor.ask("OurWebhooks", {}).get("app")
    if not isinstance(app, dict):
        raise TokenRefused("no App")
    told = app.get("webhooks") or []
    if not isinstance(told, list) or not all(isinstance(one, dict) and one.get("id") for one in told):
        raise SaleorAway("webhooks of another shape")
    return told


def _told(webhook: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    return {**webhook, "customHeaders": json.dumps({WEBHOOK_KEY_HEADER: key})}


def _differs(known: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    same = ("name", "targetUrl", "isActive")
    return (
        any(known.get(name) != told[name] for name in same)
        or known.get("subscriptionQuery") != told["query"]
        or _headers(known.get("customHeaders")) != _headers(told["customHeaders"])
        or any(
            {one.get("eventType") for one in known.get(kind) or ()} != set(told[kind])
            for kind in ("asyncEvents", "syncEvents")
        )
    )


def _headers(text: object) -> dict[str, str]:
    """Custom headers by name in lower case, as Saleor keeps them."""
    try:
        told = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    return {str(name).lower(): str(value) for name, value in told.items()} if isinstance(told, dict) else {}


def _agreed(installation: Installation, digest: str, *, now: datetime) -> bool:
    from_then = installation.webhook_key_demanded_from or now + timedelta(seconds=KEY_DEMANDED_AFTER_S)
    if not _note(installation, {"webhooks_said": digest, "webhook_key_demanded_from": from_then}):
        return False
    Installation.objects.filter(pk=installation.pk, problem__in=(NOT_AGREED, TOKEN_REFUSED)).update(problem="")
    return True


def _note(installation: Installation, facts: Mapping[str, Any]) -> bool:
    """Write what came of telling a Saleor; not where it was joined anew or left meanwhile. Answers whether.

    Each joining empties the key and each first telling makes another, so that the key says which joining was told.
    """
    with transaction.atomic():
        try:
            still = Installation.objects.select_for_update().defer("token").get(pk=installation.pk)
        except UnreadableSecret as error:
            log.error("the key of installation %s cannot be read: %s", installation.pk, error)
            return False
        if not still.is_installed or still.webhook_key != installation.webhook_key:
            log.info("installation %s was joined anew or left while its Saleor was told", installation.pk)
            return False
        Installation.objects.filter(pk=still.pk).update(**facts)
        return True
