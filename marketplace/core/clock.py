"""The clock, read only at the faces and passed on as `now`.

Time is kept in UTC and shown and reported in Vietnam's zone, which has had no daylight saving since 1975.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return datetime.now(UTC)


def vietnam_date(moment: datetime) -> date:
    """The calendar day in Vietnam on which an aware `moment` falls."""
    return moment.astimezone(VIETNAM).date()


def vietnam_day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of Vietnam's `day` and first moment of the next, both in UTC."""
    start = datetime.combine(day, time.min, VIETNAM)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)
