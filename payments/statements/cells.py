"""Amounts and dates as banks write them into cells. Pure; nothing is ever a float here but what Excel hands over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from marketplace.core.clock import VIETNAM
from payments.providers.reading import AMOUNT_DIGITS_MAX

_DIGITS_READ_MAX: Final = 40
OLDEST_YEAR: Final = 2000
NEWEST_YEAR: Final = 2199

Cell = str | int | Decimal | datetime | date | time | None
"""A cell's value: text from CSV; text, number or date from Excel."""

_CURRENCY = re.compile(r"(?:vnđ|vnd|đồng|dong|₫|đ)\.?", re.IGNORECASE)
_SIGNED = re.compile(r"([+-]?)([0-9.,]+)(-?)")
_FOREIGN = re.compile(
    r"\b(?:USD|EUR|JPY|CNY|AUD|SGD|GBP|HKD|THB|KRW|CAD|CHF|LAK|KHR|MYR|TWD|NZD|INR|IDR|PHP|RUB|SEK|NOK|DKK|SAR|AED)\b"
)
_PLAIN = re.compile(r"[0-9]+")
_DECIMALS = re.compile(r"[0-9]{1,2}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?![0-9])")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?![0-9])")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?\s*([AaPp][Mm])?")
_EXCEL_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's dates have no zone
_EXCEL_DAYS: Final = range(36_526, 109_575)
"""The days of 2000 to 2199, as Excel counts them."""
_CENTURY: Final = 2000
_NOON_HOUR: Final = 12


class NotAnAmount(ValueError):
    """The cell is no amount that can be read in one way only."""


class NotADate(ValueError):
    """The cell is no date of this century or the next."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Đồng, signed, and whether they were whole."""

    vnd: int
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class When:
    """A moment in Vietnam's zone, whether its time was given, and what else stood in the cell."""

    moment: datetime
    has_time: bool
    rest: str = ""


def text_of(cell: Cell) -> str:
    """A cell as text; texts were cleaned when their table was read."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return "" if cell is None else str(cell)


def names_foreign_currency(text: str) -> bool:
    """Whether a text names money that is not đồng."""
    return _FOREIGN.search(text.upper()) is not None


def read_amount(cell: Cell) -> Amount | None:
    """The amount in a cell; None for an empty one, a dash, or no number of đồng at all in it.

    Reads "1.234.567", "1,234,567.00", "+50,000 VND", "(50.000)", "50,000-". One separator before exactly three
    digits groups thousands, since đồng have no fractions. Raises `NotAnAmount`.
    """
    if cell is None or isinstance(cell, int | Decimal):
        return None if cell is None else _amount(Decimal(cell))
    if not isinstance(cell, str):
        raise NotAnAmount
    plain = "".join(_CURRENCY.sub("", cell).split())
    if not plain.strip("-–—"):
        return None
    negative = plain.startswith("(") and plain.endswith(")")
    found = _SIGNED.fullmatch(plain.strip("()") if negative else plain)
    if found is None or (found[1] and found[3]):
        raise NotAnAmount
    number = _number(found[2])
    return _amount(-number if negative or "-" in (found[1], found[3]) else number)


def _amount(number: Decimal) -> Amount:
    if not number.is_finite() or (number and number.adjusted() >= AMOUNT_DIGITS_MAX):
        raise NotAnAmount
    whole = int(number)
    return Amount(whole, is_whole=whole == number)


def _number(text: str) -> Decimal:
    """Digits with separators as a number. Raises `NotAnAmount` where groups are not of three."""
    last = max(text.rfind("."), text.rfind(","))
    decimals = text[last + 1 :]
    both = "." in text and "," in text
    if last >= 0 and _DECIMALS.fullmatch(decimals) and (both or text.count(text[last]) == 1):
        return Decimal(f"{_grouped(text[:last])}.{decimals}")
    if both:
        # "1,234.567": a fraction of three digits, or two kinds of groups; đồng have neither.
        raise NotAnAmount
    return Decimal(_grouped(text))


def _grouped(text: str) -> int:
    if _PLAIN.fullmatch(text):
        return int(text[:_DIGITS_READ_MAX])
    separator = "," if "," in text else "."
    first, *groups = text.split(separator)
    fits = _PLAIN.fullmatch(first) and len(first) <= len("999") and not (first.startswith("0"))
    if not fits or len(groups) > AMOUNT_DIGITS_MAX or not all(re.fullmatch("[0-9]{3}", group) for group in groups):
        raise NotAnAmount
    return int(first + "".join(groups))


def read_when(cell: Cell) -> When | None:
    """The day, and the time where there is one, in a cell; None for an empty cell.

    The day comes before the month, as Vietnam writes it, or the year comes first. Raises `NotADate`.
    """
    if isinstance(cell, datetime):
        has_time = cell.time() != time.min
        return When(_possible(cell.replace(tzinfo=VIETNAM)), has_time)
    if isinstance(cell, date):
        return When(_possible(datetime.combine(cell, time.min, VIETNAM)), has_time=False)
    if isinstance(cell, int | Decimal):
        return _excel_day(Decimal(cell))
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if not isinstance(cell, str):
        raise NotADate
    return _written(" ".join(cell.replace("T", " ").split()))


def _excel_day(number: Decimal) -> When:
    """A date that lost its format on the way is the number of days that Excel counts."""
    if not number.is_finite() or int(number) not in _EXCEL_DAYS:
        raise NotADate
    seconds = round((number - int(number)) * 24 * 3600)
    moment = _EXCEL_EPOCH + timedelta(days=int(number), seconds=seconds)
    return When(_possible(moment.replace(tzinfo=VIETNAM)), has_time=bool(seconds))


def _written(text: str) -> When:
    found = _YEAR_FIRST.search(text) or _DAY_FIRST.search(text)
    before = text[: found.start()].strip() if found else ""
    if found is None or (before and not _TIME.fullmatch(before)):
        raise NotADate
    parts = [int(part) for part in found.groups()]
    year, month, day = parts if len(found[1]) == len("2026") else reversed(parts)
    after = text[found.end() :].strip()
    clock = _TIME.match(before or after)
    rest = after[clock.end() :].strip() if clock and not before else after
    try:
        day_read = date(year + _CENTURY if year < 100 else year, month, day)
        moment = datetime.combine(day_read, _time(clock) if clock else time.min, VIETNAM)
    except ValueError:
        raise NotADate from None
    return When(_possible(moment), has_time=clock is not None, rest=rest)


def _time(found: re.Match[str]) -> time:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % _NOON_HOUR + (_NOON_HOUR if found[4].lower() == "pm" else 0)
    return time(hour, minute, second)


def _possible(moment: datetime) -> datetime:
    if not OLDEST_YEAR <= moment.year <= NEWEST_YEAR:
        raise NotADate
    return moment.replace(microsecond=0)
