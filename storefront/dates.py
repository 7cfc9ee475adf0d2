"""Days and months in addresses: `2026-11-22` and `2026-11`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, NotFound

YEAR_MIN, YEAR_MAX = 2021, 2099
"""Months that can be asked for: figures have the month before beside them and begin with 2020."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_YEAR = re.compile("[0-9]{4}")


def read_day(text: str) -> date:
    """The day that an address names. Raises `NotFound`: an address with another text leads nowhere."""
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise NotFound(_("Không có ngày này.")) from None


def read_month(text: str | None, *, today: date) -> date:
    """The first day of the month that is asked for, of this month when none is. Raises `InvalidInput`."""
    if text is None:
        return today.replace(day=1)
    try:
        month = date.fromisoformat(f"{text if _MONTH.fullmatch(text) else ''}-01")
    except ValueError:
        month = date.min
    if not YEAR_MIN <= month.year <= YEAR_MAX:
        raise InvalidInput(_("Tháng ghi như 2026-11. Bạn chọn lại tháng giúp."), field="month")
    return month


def read_year(text: str | None, *, today: date) -> int:
    """The year that is asked for, this one when none is. Raises `InvalidInput`."""
    if text is None:
        return today.year
    year = int(text) if _YEAR.fullmatch(text) else 0
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise InvalidInput(_("Năm ghi như 2026. Bạn chọn lại năm giúp."), field="year")
    return year


def month_text(month: date) -> str:
    """A month as addresses name it: `2026-11`."""
    return f"{month.year:04d}-{month.month:02d}"


def month_before(month: date) -> date:
    """The first day of the month before the one that begins on `month`."""
    return month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)


def month_after(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return month.replace(year=month.year + 1, month=1) if month.month == 12 else month.replace(month=month.month + 1)


def last_day(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month_after(month) - timedelta(days=1)
