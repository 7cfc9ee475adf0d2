"""Asking providers for the transfers whose notices may have been lost, by cursor, at their own pace.

SePay gives a notice up after 33 minutes; after an outage only its list knows. A transfer is kept the same way from
either, under the same id, so polling changes nothing that a notice has told and misses nothing that it has not.

A feed is claimed by moving its next poll out of the way, under a lock, so that two workers never ask for one feed at
once. The provider is asked outside any transaction. The cursor moves only after a page is kept: whatever ends in
between, the next poll reads the page again.
"""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from marketplace.core.secrets import UnreadableSecret
from marketplace.orders.locks import lock_if_free
from payments.apis import casso, sepay
from payments.apis.calling import CallFailed, Limits, RateLimited, Unreachable
from payments.apis.listing import Listing, Page
from payments.models import BankNotice, Feed, FeedApi
from payments.providers.base import NotItsShape
from payments.services.keeping import NotKept, take_in, where_of
from payments.services.link_rounds import LinkRounds
from payments.services.links import opened_payos

POLL_EVERY_S: Final = 300
POLL_SOON_S: Final = 5
"""When to go on with a list that was too long for one poll."""
BACKOFF_S_MAX: Final = 3600
JITTER: Final = 0.2
"""By which part of itself a pause is longer or shorter at random, so that feeds do not ask in step."""
LEASE_S: Final = 600
PAGES_A_POLL_MAX: Final = 50
ROWS_KEPT_AT_ONCE: Final = 50
"""Rows in one transaction: SQLite's other writers wait for it."""
FEEDS_A_RUN_MAX: Final = 200
RUN_S_MAX: Final = 200
"""After this long no further page is asked for: Celery ends a task by force at 300 s."""
PATIENT: Final = Limits(tries=4)
"""With all eight tries one dead provider would take a whole run; the next poll is a try as well."""

LISTS: Final = (Feed.Provider.SEPAY, Feed.Provider.CASSO, Feed.Provider.PAYOS)
"""The providers that can be asked."""

_OF_THE_WHOLE_PROVIDER: Final = frozenset({Unreachable.problem, RateLimited.problem})

log = logging.getLogger("market.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A feed that is ours to poll until `lease`, which nobody else's claim has to the microsecond."""

    feed_id: uuid.UUID
    provider: str
    lease: datetime
    cursor: str
    polled_at: datetime | None

    def row(self) -> QuerySet[FeedApi]:
        """The feed's row, while the claim holds."""
        return FeedApi.objects.filter(pk=self.feed_id, next_poll_at=self.lease)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a poll ended: the problem in a word, "" where there was none, and when to ask again, if that is known."""

    problem: str = ""
    again_s: int = POLL_EVERY_S


def poll_due(*, now: datetime, limits: Limits = PATIENT, at_most: int = FEEDS_A_RUN_MAX) -> int:
    """Poll the feeds that are due, the longest due first. Returns how many were polled without a problem.

    Never raises: a feed's problem is noted in its row and in the log, and it is asked again later, more rarely the
    longer it lasts. A provider that cannot be reached, or asks us to wait, is left alone for the rest of the run.
    """
    polled = 0
    away: set[str] = set()
    late = monotonic() + RUN_S_MAX
    try:
        for _ in range(at_most):
            claim = _claim(now, away=away) if monotonic() < late else None
            if claim is None:
                break
            outcome = _poll(claim, now=now, limits=limits, late=late)
            _rest(claim, outcome, now=now)
            polled += not outcome.problem
            if outcome.problem in _OF_THE_WHOLE_PROVIDER:
                away.add(claim.provider)
    except DatabaseError as error:
        log.warning("polling waits for the database: %s", type(error).__name__)
    return polled


def _claim(now: datetime, *, away: Collection[str]) -> _Claim | None:
    """A feed that is due and whose provider answers, taken for `LEASE_S`; None where there is none."""
    due = FeedApi.objects.filter(
        is_polled=True, next_poll_at__lte=now, feed__is_active=True, feed__provider__in=set(LISTS) - set(away)
    ).order_by("next_poll_at")
    with transaction.atomic():
        # Without their secrets: one that cannot be read must not hold up those behind it.
        found = lock_if_free(due.select_related("feed").defer("api_key", "feed__secret", "feed__previous_secret"))
        if found is None:
            return None
        mark_us = random.randrange(1_000_000)  # noqa: S311 - tells claims apart, no secret
        found.next_poll_at = now + timedelta(seconds=LEASE_S, microseconds=mark_us)
        found.save(update_fields=["next_poll_at"])
    return _Claim(
        feed_id=found.pk,
        provider=found.feed.provider,
        lease=found.next_poll_at,
        cursor=found.cursor,
        polled_at=found.polled_at,
    )


def _poll(claim: _Claim, *, now: datetime, limits: Limits, late: float) -> _Outcome:
    """Read on in one feed's list. Whatever goes wrong becomes the outcome's problem."""
    try:
        api = FeedApi.objects.select_related("feed").get(pk=claim.feed_id)
        with _opened(api, limits=limits) as listing:
            return _read(listing, api.feed, claim=claim, now=now, late=late)
    except RateLimited as error:
        return _Outcome(error.problem, error.retry_after_s)
    except CallFailed as error:
        problem = error.problem
    except NotKept:
        problem = "not_kept"
    except UnreadableSecret:
        problem = "unreadable_secret"
    except NotItsShape:
        problem = "not_its_shape"
    except Exception as error:
        log.error("polling feed %s failed: %s", claim.feed_id, where_of(error))
        problem = "failed"
    return _Outcome(problem, _backed_off(claim, now=now))


@contextmanager
def _opened(api: FeedApi, *, limits: Limits) -> Iterator[Listing]:
    """The feed's list, under its keys."""
    since = api.feed.made_at
    if api.feed.provider == Feed.Provider.PAYOS:
        with opened_payos(api, limits=limits) as payos:
            yield LinkRounds(payos, feed=api.feed)
    elif api.feed.provider == Feed.Provider.CASSO:
        with casso.caller_of(key=api.api_key, limits=limits) as caller:
            yield casso.CassoList(caller, since=since)
    else:
        with sepay.caller_of(token=api.api_key, limits=limits) as caller:
            yield sepay.SePayList(caller, since=since)


def _read(listing: Listing, feed: Feed, *, claim: _Claim, now: datetime, late: float) -> _Outcome:
    """Read pages until the last, or until it is enough for now; each is kept before the cursor passes it."""
    cursor, unreadable = claim.cursor, 0
    for _ in range(PAGES_A_POLL_MAX):
        page = listing.page(cursor, now=now)
        _keep(feed, page, now=now)
        page.when_kept()
        unreadable += page.unreadable
        cursor = page.cursor
        is_ours = _advance(claim, cursor)
        if page.is_last or not is_ours:
            break
        if monotonic() >= late:
            return _Outcome(again_s=POLL_SOON_S)
    else:
        return _Outcome(again_s=POLL_SOON_S)
    if unreadable:
        log.error("%s rows of feed %s cannot be read", unreadable, feed.pk)
    return _Outcome("unreadable_rows" if unreadable else "")


def _keep(feed: Feed, page: Page, *, now: datetime) -> None:
    """Keep what is new of a page, a bounded number of rows in a transaction.

    Most rows are known by their notices, and a page is read again and again, so only rows with something new are
    kept, as they stood there. Should another tell of them at this moment, the database's unique key decides.
    """
    ids = [one.provider_tx_id for row in page.rows for one in row.reported]
    known = set(BankNotice.objects.filter(feed=feed, provider_tx_id__in=ids).values_list("provider_tx_id", flat=True))
    new = [row for row in page.rows if any(one.provider_tx_id not in known for one in row.reported)]
    for start in range(0, len(new), ROWS_KEPT_AT_ONCE):
        rows = new[start : start + ROWS_KEPT_AT_ONCE]
        raw = b"[" + b",".join(row.raw for row in rows) + b"]"
        take_in(feed, raw=raw, reported=[one for row in rows for one in row.reported], now=now)


def _advance(claim: _Claim, cursor: str) -> bool:
    """Let the next poll go on behind what is kept. Answers whether the feed is still ours."""
    return bool(claim.row().update(cursor=cursor))


def _rest(claim: _Claim, outcome: _Outcome, *, now: datetime) -> None:
    """Note how the poll ended, and when the next is due. A claim that was lost meanwhile notes nothing."""
    pause_s = outcome.again_s * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, no secret
    noted: dict[str, object] = {"problem": outcome.problem, "next_poll_at": now + timedelta(seconds=pause_s)}
    if not outcome.problem:
        noted["polled_at"] = now
    claim.row().update(**noted)


def _backed_off(claim: _Claim, *, now: datetime) -> int:
    """Seconds until a feed with a problem is asked again: as long as the problem lasts already, within bounds."""
    lasted_s = (now - claim.polled_at).total_seconds() if claim.polled_at else 0
    return int(min(max(lasted_s, POLL_EVERY_S), BACKOFF_S_MAX))
