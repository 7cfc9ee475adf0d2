"""Keeping what a feed tells: stored and settled in one transaction, or stored alone; never half, never twice."""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.clock import vietnam_date
from marketplace.core.errors import MarketError
from marketplace.core.statements import insert, insert_unless_known
from payments.matching import Direction
from payments.models import BankNotice, Feed, NoticeDelivery
from payments.providers.base import Reported
from payments.services.booking import settle
from payments.services.links import code_of_link
from payments.services.security import CONTRADICTS, count_security_event

ALIVE_PAUSE_S: Final = 60
"""A feed's sign of life is written at most this often, so that its notices do not wait for one row."""

log = logging.getLogger("market.payments")


class NoticeRefused(MarketError):
    """A body that is not taken; `status` is the HTTP status and `reason` a fixed word for the provider's log."""

    reason: ClassVar[str]


class NotKept(NoticeRefused):
    """The database could not keep it: the provider must send it again."""

    status, reason = 503, "try_again"


class NothingNew(Exception):
    """Every transfer of a body was told of before by this feed; `notices` are those of the body."""

    def __init__(self, notices: Sequence[BankNotice]) -> None:
        super().__init__()
        self.notices = notices


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What of a body was new: its notices, settled, or `received` where settling failed. The rest was known."""

    new: tuple[BankNotice, ...]


def take_in(feed: Feed, *, raw: bytes, reported: Sequence[Reported], now: datetime) -> TakenIn:
    """Keep and settle what a feed tells in `raw`, in one transaction; if settling fails, keep it alone.

    The same for a notice that was sent to us, a provider's list that we asked for and a statement that a person
    brought: the same transfers again, in any order, any number of times, change nothing. Must not run inside a
    transaction: what it answers holds after its commit. Raises `NotKept`.
    """
    try:
        with transaction.atomic(durable=True):
            new = _store(feed, raw, reported=reported, now=now)
            for notice in new:
                settle(notice, now=now)
            _note_alive(feed, now=now)
        return TakenIn(tuple(new))
    except NothingNew as known:
        return _known_all_along(feed, known.notices, now=now)
    except Exception as error:
        log.error("a notice of feed %s is kept for the sweep: %s", feed.pk, where_of(error))
    try:
        with transaction.atomic(durable=True):
            return TakenIn(tuple(_store(feed, raw, reported=reported, now=now)))
    except NothingNew as known:
        return _known_all_along(feed, known.notices, now=now)
    except Exception as error:
        raise _not_kept(feed, error) from error


def _known_all_along(feed: Feed, repeated: Sequence[BankNotice], *, now: datetime) -> TakenIn:
    """A body that told nothing new left nothing; but the feed is alive, and a repeat may contradict itself."""
    try:
        for notice in repeated:
            _compare_with_first(notice, now=now)
        _note_alive(feed, now=now)
    except Exception as error:
        raise _not_kept(feed, error) from error
    return TakenIn(())


def _not_kept(feed: Feed, error: Exception) -> NotKept:
    log.error("a notice of feed %s could not be kept: %s", feed.pk, where_of(error))
    return NotKept(_("Máy chủ đang bận, xin gửi lại sau."))


def _store(feed: Feed, body: bytes, *, reported: Sequence[Reported], now: datetime) -> list[BankNotice]:
    """Keep what is new of a body. Raises `NothingNew`, which must end the transaction: the body is not kept then."""
    delivery = NoticeDelivery(feed=feed, received_at=now, raw_body=body, body_sha256=hashlib.sha256(body).hexdigest())
    insert(delivery)
    notices = [_notice(delivery, one, now=now) for one in reported]
    # The unique key decides, never a look-up before: the same notice may be coming in on fifty threads.
    new = [notice for notice in notices if insert_unless_known(notice, by=("feed", "provider_tx_id"))]
    if not new:
        raise NothingNew(notices)
    for repeated in notices:
        if repeated not in new:
            _compare_with_first(repeated, now=now)
    return new


def _notice(delivery: NoticeDelivery, one: Reported, *, now: datetime) -> BankNotice:
    transfer = one.transfer
    return BankNotice(
        delivery=delivery,
        feed=delivery.feed,
        provider_tx_id=one.provider_tx_id,
        is_test=transfer.is_test,
        is_incoming=transfer.direction is Direction.IN,
        amount_vnd=transfer.amount,
        account_number=transfer.accounts[0],
        virtual_account="".join(transfer.accounts[1:2]),
        content=transfer.content,
        code_hint=_code_hint(delivery.feed, one),
        bank_reference=one.bank_reference,
        happened_at=one.happened_at,
        bank_date=vietnam_date(one.happened_at),
        received_at=now,
        why=one.doubt,
    )


def _code_hint(feed: Feed, one: Reported) -> str:
    """The code that the provider itself names: by the number of a link that it made for us, or in words."""
    linked = code_of_link(feed, one.link_number) if one.link_number is not None else ""
    return linked or "".join(one.transfer.provider_codes[:1])


def _compare_with_first(repeated: BankNotice, *, now: datetime) -> None:
    same_story = BankNotice.objects.filter(
        feed=repeated.feed,
        provider_tx_id=repeated.provider_tx_id,
        amount_vnd=repeated.amount_vnd,
        is_incoming=repeated.is_incoming,
        account_number=repeated.account_number,
    )
    if not same_story.exists():
        count_security_event(CONTRADICTS, subject=f"feed:{repeated.feed_id}", now=now)


def _note_alive(feed: Feed, *, now: datetime) -> None:
    """Written at most every `ALIVE_PAUSE_S`: as the feed was read, and once more by the row itself."""
    long_ago = now - timedelta(seconds=ALIVE_PAUSE_S)
    if feed.last_notice_at is not None and feed.last_notice_at >= long_ago:
        return
    with transaction.atomic():
        silent = Q(last_notice_at__isnull=True) | Q(last_notice_at__lt=long_ago)
        Feed.objects.filter(silent, pk=feed.pk).update(last_notice_at=now)


def where_of(error: Exception) -> str:
    """The kind of an error and where it arose; its message may hold what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
