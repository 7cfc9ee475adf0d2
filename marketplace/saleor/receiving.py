"""A webhook of a Saleor: proven on its raw bytes, bound to its installation and its event, then done once.

Checked in this order: size, installation, signature, shape, binding. What is refused leaves nothing but a count.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NoReturn

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import MarketError
from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.events import ASYNC_EVENTS, SYNC_EVENTS
from marketplace.saleor.keys import KeyNotKnownYet, key_of
from marketplace.saleor.later import Later
from marketplace.saleor.models import Installation
from marketplace.saleor.places import allowed_url
from marketplace.saleor.receipts import is_timely, keep_answer, once
from marketplace.saleor.signatures import NotASignature, is_signed, read_detached
from payments.services.keeping import where_of
from payments.services.security import count_security_event

WEBHOOK_BODY_BYTES_MAX: Final = 1024 * 1024
EVENT: Final = re.compile(r"[a-z]{1,40}(_[a-z]{1,40}){0,9}")
API_URL_HEADER, EVENT_HEADER, SIGNATURE_HEADER = "Saleor-Api-Url", "Saleor-Event", "Saleor-Signature"
WEBHOOK_KEY_HEADER: Final = "X-Market-Key"
NOT_AUTHENTIC: Final = "saleor_webhook_not_authentic"
RETRY_AFTER_S: Final = 10

log = logging.getLogger("market.saleor")


class WebhookRefused(MarketError):
    """A webhook that is not taken."""


class WebhookTooLarge(WebhookRefused):
    """More than `WEBHOOK_BODY_BYTES_MAX` bytes."""

    status = 413


class WebhookNotAuthentic(WebhookRefused):
    """Not signed by an installation's Saleor, or not meant for us, or not of the event that it is called."""

    code, status = "PERMISSION_DENIED", 401


class WebhookUnreadable(WebhookRefused):
    """Signed, and no JSON object."""


class WebhookNotKept(WebhookRefused):
    """It could not be done now: Saleor must send it again."""

    code, status = "TRY_AGAIN", 503


def receive_webhook(*, body: bytes, headers: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    """Take one webhook and give its answer. Must not run inside a transaction: the answer comes after the commit.

    An event that we have no subscription for is answered and let go: an App that was installed by an older or newer
    version of ours may still be told of it, and to Saleor a refusal would be a failing App. Raises `WebhookTooLarge`,
    `WebhookNotAuthentic`, `WebhookUnreadable`, `WebhookNotKept`, and what the event's own function refuses.
    """
    if len(body) > WEBHOOK_BODY_BYTES_MAX:
        raise WebhookTooLarge(_("Thông báo quá lớn."))
    try:
        installation = _installation_of(headers, now=now)
        _require_signature(installation, body, headers, now=now)
        payload, event = _read(body), headers.get(EVENT_HEADER, "")
        _require_binding(installation, event, payload, headers, now=now)
        return _done(installation, event, body, payload, now=now)
    except MarketError:
        raise
    except KeyNotKnownYet as error:
        raise _again() from error
    except Exception as error:
        # A fault of ours or trouble of the database: Saleor sends it again, and nothing of it was kept.
        log.error("a webhook could not be done: %s", where_of(error))
        raise _again() from error


def type_of(event: str) -> str:
    """Saleor's type of an event: `order_updated` -> `OrderUpdated`."""
    return "".join(word.capitalize() for word in event.split("_"))


def _installation_of(headers: Mapping[str, str], *, now: datetime) -> Installation:
    listed = allowed_url(headers.get(API_URL_HEADER, ""))
    if listed is None:
        _refuse(None, now=now)
    try:
        # What proves a webhook needs no token of ours.
        found = Installation.objects.defer("token").filter(api_url=listed, state=Installation.State.INSTALLED).first()
    except UnreadableSecret as error:
        log.error("the secret of an installation cannot be read: %s", error)
        raise _again() from error
    return found or _refuse(None, now=now)


def _require_signature(installation: Installation, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
    try:
        detached = read_detached(headers.get(SIGNATURE_HEADER, ""))
    except NotASignature:
        _refuse(installation, now=now)
    key = key_of(installation, detached.key_id, now=now)
    if key is None or not is_signed(body, detached, key=key):
        _refuse(installation, now=now)


def _read(body: bytes) -> dict[str, Any]:
    """The subscription's result; numbers exactly as they were written."""
    try:
        payload = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise WebhookUnreadable(_("Thông báo không đúng mẫu.")) from error
    if not isinstance(payload, dict):
        raise WebhookUnreadable(_("Thông báo không đúng mẫu."))
    return payload


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _require_binding(
    installation: Installation, event: str, payload: Mapping[str, Any], headers: Mapping[str, str], *, now: datetime
) -> None:
    """The signature covers the body only: the body itself must say of what event it is, for whom and when."""
    recipient = payload.get("recipient")
    told = recipient.get("id") if isinstance(recipient, dict) else None
    is_bound = (
        EVENT.fullmatch(event) is not None
        and payload.get("__typename") == type_of(event)
        and told == installation.app_id
        and is_timely(payload.get("issuedAt"), now=now)
    )
    if not is_bound:
        _refuse(installation, now=now)
    if not _has_our_key(installation, headers, now=now):
        _doubt_webhooks(installation)
        _refuse(installation, now=now)


def _has_our_key(installation: Installation, headers: Mapping[str, str], *, now: datetime) -> bool:
    """Another App of the same Saleor could sign any body by a subscription of its own; it does not know this key."""
    demanded_from = installation.webhook_key_demanded_from
    if demanded_from is None or now < demanded_from:
        return True
    if not installation.webhook_key:
        # Demanded, and we have none ourselves: then nobody can show it.
        return False
    shown = headers.get(WEBHOOK_KEY_HEADER, "")
    return secrets.compare_digest(shown.encode(), installation.webhook_key.encode())


def _doubt_webhooks(installation: Installation) -> None:
    """The Saleor may have been put back to before it had our key: have its webhooks looked at, once a minute at most.

    Another App there can bring this about as often as it likes; it costs one question a minute, and opens nothing.
    """
    with transaction.atomic():
        Installation.objects.filter(pk=installation.pk).exclude(webhooks_said="").update(webhooks_said="")


def _done(
    installation: Installation, event: str, body: bytes, payload: Mapping[str, Any], *, now: datetime
) -> Mapping[str, Any]:
    work: Callable[[], Mapping[str, Any] | Later | None]
    if event in SYNC_EVENTS:
        answer = SYNC_EVENTS[event]
        work = lambda: answer(installation, payload, now)  # noqa: E731 - one word for both
    elif event in ASYNC_EVENTS:
        hear = ASYNC_EVENTS[event]
        work = lambda: hear(installation, payload, now)  # noqa: E731 - one word for both
    else:
        log.info("installation %s told of %s, which we have no use for", installation.pk, event)
        return {}
    told = once(installation, event=event, body=body, now=now, work=work)
    if told is None and event in SYNC_EVENTS:
        # It came before, and who took it is still at its answer, or died over it.
        told = SYNC_EVENTS[event](installation, payload, now)
    if isinstance(told, Later):
        told = keep_answer(installation, event=event, body=body, answer=told.finish())
    return told or {}


def _refuse(installation: Installation | None, *, now: datetime) -> NoReturn:
    """Count it and say no; never why: that would help who tries."""
    count_security_event(NOT_AUTHENTIC, subject=f"saleor:{installation.pk}" if installation else "saleor", now=now)
    raise WebhookNotAuthentic(_("Chữ ký của thông báo không đúng."))


def _again() -> WebhookNotKept:
    return WebhookNotKept(_("Máy chủ đang bận, xin gửi lại sau."))
