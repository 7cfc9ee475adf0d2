"""Whether the feeds tell of money: for the operator's first page and for `market doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet

from payments.models import BankNotice, Feed, FeedApi, ReviewItem

FEED_SILENT_DAYS: Final = 7
"""A shop that sells at all hears of money within a week; one that does not may have lost its feed."""
HALF_DONE_MINUTES: Final = 5
"""A notice that was received so long ago should have been finished by the sweeper."""
TROUBLED_SHOWN_MAX: Final = 10


@dataclass(frozen=True)
class FeedsHealth:
    """How the active feeds are, and what of them waits for a person."""

    active: int
    silent: int
    never_told: int
    last_notice_at: datetime | None
    polled: int
    troubled: list[FeedApi]
    """Those whose provider could not be asked, the longest so first; at most `TROUBLED_SHOWN_MAX`."""
    troubled_count: int
    waiting: int
    oldest_waiting_at: datetime | None
    half_done: int

    @property
    def is_well(self) -> bool:
        """Whether nothing here needs a person who runs the market."""
        return not (self.troubled_count or self.half_done)


def feeds_health(*, now: datetime) -> FeedsHealth:
    """Six statements, however many feeds and notices there are."""
    silent_since = now - timedelta(days=FEED_SILENT_DAYS)
    feeds = Feed.objects.filter(is_active=True).aggregate(
        active=Count("pk"),
        silent=Count("pk", filter=Q(last_notice_at__lt=silent_since)),
        never_told=Count("pk", filter=Q(last_notice_at=None)),
        last_notice_at=Max("last_notice_at"),
    )
    reviews = ReviewItem.objects.filter(closed_at=None).aggregate(waiting=Count("pk"), oldest=Min("opened_at"))
    return FeedsHealth(
        **feeds,
        polled=polled_feeds().count(),
        troubled=list(
            troubled_polls()
            .select_related("feed__vendor")
            .defer("api_key", "feed__secret", "feed__previous_secret")[:TROUBLED_SHOWN_MAX]
        ),
        troubled_count=troubled_polls().count(),
        waiting=reviews["waiting"],
        oldest_waiting_at=reviews["oldest"],
        half_done=half_done_notices(now=now),
    )


def polled_feeds() -> QuerySet[FeedApi]:
    """The active feeds whose provider is asked for what it did not tell."""
    return FeedApi.objects.filter(is_polled=True, feed__is_active=True)


def troubled_polls() -> QuerySet[FeedApi]:
    """Those of them that could not be asked, the longest so first."""
    return polled_feeds().exclude(problem="").order_by("polled_at", "pk")


def half_done_notices(*, now: datetime) -> int:
    """How many notices were received and not finished in time."""
    late = now - timedelta(minutes=HALF_DONE_MINUTES)
    return BankNotice.objects.filter(state=BankNotice.State.RECEIVED, received_at__lt=late).count()
