"""Bank notices: checked, kept, and settled in one transaction; the half-done finished by a sweep.

A notice that was answered with 2xx is in the database, whatever happens afterwards. Everything that follows from
it (the booking, the order's state, the journal, the review list) is in the same transaction. Only if settling
itself fails is the notice kept alone as `received`, and `sweep_received` finishes it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.secrets import UnreadableSecret
from marketplace.core.statements import Given, Kept
from marketplace.orders.locks import lock_if_free
from payments.models import BankNotice, Feed, NoticeDelivery
from payments.providers import PROVIDERS
from payments.providers.base import Credentials, NotItsShape, Provider
from payments.services.booking import give_to_person, settle
from payments.services.keeping import NoticeRefused, NotKept, take_in, where_of
from payments.services.security import NOT_AUTHENTIC, count_security_event

NOTICE_BODY_BYTES_MAX: Final = 64 * 1024
SWEEP_AT_MOST: Final = 100
SWEEP_PATIENCE_S: Final = 900
"""A notice that still cannot be settled this long after it came goes to a person."""
BODY_RETENTION_DAYS: Final = 90
"""How long the bytes as they came are kept: long enough to settle a quarrel about a transfer."""
RETRY_AFTER_S: Final = 30

_FEED: Kept[Feed] = Kept(lambda: Feed.objects.filter(pk=Given("pk"), provider=Given("provider"), is_active=True))
"""Read anew for each notice: a secret that was replaced and a feed that was closed count at once."""

log = logging.getLogger("market.payments")


class NoticeTooLarge(NoticeRefused):
    """More than `NOTICE_BODY_BYTES_MAX` bytes."""

    status, reason = 413, "too_large"


class UnknownFeed(NoticeRefused):
    """No such provider or feed, or the feed was closed."""

    code, status, reason = "NOT_FOUND", 404, "unknown_feed"


class NotAuthentic(NoticeRefused):
    """The signature or key is missing or wrong, or the signature is too old or too new."""

    code, status, reason = "PERMISSION_DENIED", 401, "not_authentic"


class UnreadableNotice(NoticeRefused):
    """Authentic, but not JSON or not the provider's shape."""

    status, reason = 400, "not_its_shape"


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """What the provider is told: an HTTP status and a JSON object."""

    status: int
    content: Mapping[str, object]


def receive_notice(
    *, provider: str, feed_id: str, body: bytes, headers: Mapping[str, str], now: datetime
) -> NoticeAnswer:
    """Take one HTTP body of a provider. Must not run inside a transaction: the answer comes after the commit.

    Checked in this order (design, "Bank notices"): size, feed, signature, shape. What is new is stored and
    settled; repeats, other people's accounts, outgoing transfers and test events are answered just the same.
    Raises `NoticeTooLarge`, `UnknownFeed`, `NotAuthentic`, `UnreadableNotice`, `NotKept`.
    """
    if len(body) > NOTICE_BODY_BYTES_MAX:
        raise NoticeTooLarge(_("Thông báo quá lớn."))
    adapter, feed = feed_at(provider, feed_id)
    lower = {name.lower(): value for name, value in headers.items()}
    if not adapter.is_authentic(body, lower, credentials=credentials_of(feed, now=now), now=now):
        count_security_event(NOT_AUTHENTIC, subject=f"feed:{feed.pk}", now=now)
        raise NotAuthentic(_("Chữ ký của thông báo không đúng."))
    try:
        reported = adapter.read(body, now=now)
    except NotItsShape as error:
        if error.readable:  # refused, so that it comes again; and no transfer waits for a row that cannot be read
            take_in(feed, raw=body, reported=error.readable, now=now)
            log.error("a body of feed %s has %s", feed.pk, error)
        raise UnreadableNotice(_("Thông báo không đúng mẫu.")) from error
    take_in(feed, raw=body, reported=reported, now=now)
    return NoticeAnswer(200, adapter.answer(reported))


def sweep_received(*, now: datetime, at_most: int = SWEEP_AT_MOST) -> int:
    """Settle notices that were kept while settling failed, the oldest first. Returns how many were finished.

    Safe to run anywhere, any number of times, beside itself: each notice is settled under its own row lock, in
    a transaction of its own.
    """
    waiting = BankNotice.objects.filter(state=BankNotice.State.RECEIVED).order_by("received_at", "pk")
    return sum(_finish(pk, now=now) for pk in list(waiting.values_list("pk", flat=True)[:at_most]))


def erase_old_bodies(*, now: datetime, at_most: int = SWEEP_AT_MOST) -> int:
    """Erase the raw bytes of deliveries older than `BODY_RETENTION_DAYS` whose notices are all settled."""
    old = NoticeDelivery.objects.filter(
        raw_body__isnull=False, received_at__lt=now - timedelta(days=BODY_RETENTION_DAYS)
    ).exclude(notices__state=BankNotice.State.RECEIVED)
    due = list(old.order_by("received_at").values_list("pk", flat=True)[:at_most])
    with transaction.atomic():
        return NoticeDelivery.objects.filter(pk__in=due).update(raw_body=None)


def feed_at(provider: str, feed_id: str) -> tuple[Provider, Feed]:
    """The open feed at this address, and who reads it. Raises `UnknownFeed`, `NotKept`."""
    adapter = PROVIDERS.get(provider)
    if adapter is None:
        raise UnknownFeed(_("Không có địa chỉ nhận thông báo này."))
    try:
        feed = _FEED.one(pk=uuid.UUID(feed_id), provider=provider)
    except ValueError:
        feed = None
    except UnreadableSecret as error:
        log.error("the secret of a feed cannot be read: %s", error)
        raise NotKept(_("Máy chủ đang bận, xin gửi lại sau.")) from error
    if feed is None:
        raise UnknownFeed(_("Không có địa chỉ nhận thông báo này."))
    return adapter, feed


def credentials_of(feed: Feed, *, now: datetime) -> Credentials:
    """What a notice of this feed proves itself by at `now`."""
    until = feed.previous_secret_until
    secrets = [feed.secret, feed.previous_secret if until is not None and now <= until else ""]
    # An empty secret would let anybody sign.
    return Credentials(
        auth=feed.auth, secrets=tuple(filter(None, secrets)), username=feed.username, feed_id=str(feed.pk)
    )


def _finish(notice_id: int, *, now: datetime) -> bool:
    """Settle one kept notice. Answers whether it is finished."""
    try:
        with transaction.atomic(durable=True):
            notice = _claim(notice_id)
            if notice is None:
                return False
            settle(notice, now=now)
    except (OperationalError, InterfaceError) as error:
        # Busy or away, or two that waited for each other: the next sweep finds the notice as it is.
        log.warning("notice %s waits for the next sweep: %s", notice_id, type(error).__name__)
        return False
    except Exception as error:
        log.error("notice %s cannot be settled: %s", notice_id, where_of(error))
    else:
        return True
    try:
        return _give_up(notice_id, now=now)
    except Exception as error:
        # One notice that cannot be moved at all must not stop the sweep of those behind it.
        log.error("notice %s cannot be given to a person: %s", notice_id, where_of(error))
        return False


def _give_up(notice_id: int, *, now: datetime) -> bool:
    with transaction.atomic(durable=True):
        notice = _claim(notice_id)
        if notice is None or now - notice.received_at < timedelta(seconds=SWEEP_PATIENCE_S):
            return False
        give_to_person(notice, now=now)
        return notice.state != BankNotice.State.RECEIVED


def _claim(notice_id: int) -> BankNotice | None:
    """The notice, locked, if it still waits and nobody else is at it."""
    waiting = BankNotice.objects.filter(pk=notice_id, state=BankNotice.State.RECEIVED)
    # Settling needs no secret, so a feed whose secret cannot be read holds nothing up.
    return lock_if_free(waiting.select_related("feed").defer("feed__secret", "feed__previous_secret"))
