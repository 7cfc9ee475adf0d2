"""How long a certificate counts and what is said about it. Pure: dates in, words out.

A certificate is valid for 36 months from its issue (Decision 148/QĐ-TTg of 2023); lapsed ones may no longer be
shown. Only a holder of a valid one may use the programme's mark.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from catalog.models import OcopCertificate

VALIDITY_MONTHS = 36
EXTENSION_DAYS_MAX = 180
"""The longest extension that is spoken of (Decision 26/2026/QĐ-TTg; its terms could not be read)."""
EXPIRING_DAYS = 90


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    WAITING = "waiting"
    REFUSED = "refused"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def shows_stars(self) -> bool:
        """Whether the stars may be shown: verified, and not past its last day."""
        return self in {Standing.VALID, Standing.EXPIRING}


_STANDING_OF_STATE = {
    OcopCertificate.State.DECLARED.value: Standing.WAITING,
    OcopCertificate.State.REFUSED.value: Standing.REFUSED,
    OcopCertificate.State.WITHDRAWN.value: Standing.WITHDRAWN,
}


def standing(*, state: str, expires_on: date, today: date) -> Standing:
    """The standing on `today` (a date in Vietnam); the last day itself still counts."""
    if state != OcopCertificate.State.VERIFIED:
        return _STANDING_OF_STATE[state]
    if today > expires_on:
        return Standing.EXPIRED
    if expires_on - today <= timedelta(days=EXPIRING_DAYS):
        return Standing.EXPIRING
    return Standing.VALID


def standing_of(certificate: OcopCertificate, *, today: date) -> Standing:
    """`standing` of a certificate's row."""
    return standing(state=certificate.state, expires_on=certificate.expires_on, today=today)


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later, or the last of that month where it is shorter.

    Raises `ValueError` or `OverflowError` beyond the calendar's years.
    """
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def usual_expiry(issued_on: date) -> date:
    """The last day of a certificate that says nothing else."""
    return add_months(issued_on, VALIDITY_MONTHS)
