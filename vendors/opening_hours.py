"""When a shop is open: said by its owner, read by shoppers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.text import clean_line
from vendors.access import require_owner
from vendors.models import OpeningHours, Vendor
from vendors.recording import record_vendor

NOTE_CHARACTERS_MAX = 160
WEEK_DAYS = 7
HOLIDAY_DAYS_MAX = 366


class HoursWrong(InvalidInput):
    """Hours that contradict each other."""


@dataclass(frozen=True)
class OpenState:
    """Whether a shop is open at a moment, and when that changes."""

    is_open: bool
    day: date
    at: time
    """When it closes or, closed, opens next."""


def set_opening_hours(
    *,
    actor: Actor,
    vendor: Vendor,
    opens: time,
    closes: time,
    now: datetime,
    rests_from: time | None = None,
    rests_until: time | None = None,
    days_off: Collection[int] = (),
    note: str = "",
    closed_until: date | None = None,
    today: date,
) -> OpeningHours:
    """Say when the shop is open, hours of Vietnam; `days_off` holds weekdays, Monday is 0.

    Owner only. Raises `NotFound`, `NotAllowed`, `HoursWrong`, `BadText`.
    """
    require_owner(actor, vendor)
    _require_sense(opens, closes, rests_from, rests_until)
    if not all(0 <= day < WEEK_DAYS for day in days_off) or len(set(days_off)) >= WEEK_DAYS:
        raise HoursWrong(_("Mỗi tuần mở cửa ít nhất một ngày."), field="days_off")
    if closed_until is not None and not today <= closed_until <= today + timedelta(days=HOLIDAY_DAYS_MAX):
        raise HoursWrong(_("Ngày nghỉ cuối tính từ hôm nay, trong vòng một năm."), field="closed_until")
    with transaction.atomic():
        hours, _made = OpeningHours.objects.update_or_create(
            vendor=vendor,
            defaults={
                "opens": opens,
                "closes": closes,
                "rests_from": rests_from,
                "rests_until": rests_until,
                "days_off": sum(1 << day for day in set(days_off)),
                "note": clean_line(note, characters_max=NOTE_CHARACTERS_MAX, field="note"),
                "closed_until": closed_until,
            },
        )
        record_vendor("vendor.hours_set", vendor, actor=actor, now=now)
    return hours


def _require_sense(opens: time, closes: time, rests_from: time | None, rests_until: time | None) -> None:
    if opens >= closes:
        raise HoursWrong(_("Giờ đóng cửa phải sau giờ mở cửa."), field="closes")
    if (rests_from is None) != (rests_until is None):
        raise HoursWrong(_("Nghỉ trưa thì điền cả giờ nghỉ và giờ mở lại."), field="rests_until")
    if rests_from is not None and rests_until is not None and not opens < rests_from < rests_until < closes:
        raise HoursWrong(_("Giờ nghỉ trưa phải nằm trong giờ mở cửa."), field="rests_from")


def weekdays_off(hours: OpeningHours) -> list[int]:
    """The weekdays that are off, Monday is 0."""
    return [day for day in range(WEEK_DAYS) if hours.days_off >> day & 1]


def spans_of(hours: OpeningHours) -> list[tuple[time, time]]:
    """The hours of an open day, one span or two around the rest."""
    if hours.rests_from is None or hours.rests_until is None:
        return [(hours.opens, hours.closes)]
    return [(hours.opens, hours.rests_from), (hours.rests_until, hours.closes)]


def open_state(hours: OpeningHours, *, here: datetime) -> OpenState:
    """Whether the shop is open at a moment that is written in Vietnam's hours, and until or from when."""
    for day, begin, end in _coming(hours, here.date()):
        if day == here.date() and begin <= here.time() < end:
            return OpenState(True, day, end)
        if (day, begin) > (here.date(), here.time()):
            return OpenState(False, day, begin)
    raise AssertionError("one day of the week is open")


def _coming(hours: OpeningHours, today: date) -> Iterator[tuple[date, time, time]]:
    """Every span from today on, through a holiday and a week with six days off."""
    first = today if hours.closed_until is None else max(today, hours.closed_until + timedelta(days=1))
    for number in range(WEEK_DAYS + 1):
        day = first + timedelta(days=number)
        if day.weekday() not in weekdays_off(hours):
            for begin, end in spans_of(hours):
                yield day, begin, end
