"""How long a certificate counts, and what is said about it on a day."""

from datetime import date

import pytest

from catalog.certificate_rules import Standing, add_months, standing, usual_expiry


@pytest.mark.parametrize(
    ("issued_on", "last_day"),
    [
        (date(2023, 11, 22), date(2026, 11, 22)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2021, 2, 28), date(2024, 2, 28)),
        (date(2023, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_certificate_is_valid_36_calendar_months(issued_on: date, last_day: date) -> None:
    assert usual_expiry(issued_on) == last_day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_months_are_added_by_the_calendar_and_never_leave_the_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 8, 23), Standing.VALID),  # 91 days before the last
        (date(2026, 8, 24), Standing.EXPIRING),  # 90
        (date(2026, 11, 22), Standing.EXPIRING),  # the last day itself
        (date(2026, 11, 23), Standing.EXPIRED),
    ],
)
def test_a_verified_certificate_is_valid_then_expiring_then_expired(today: date, said: Standing) -> None:
    assert standing(state="verified", expires_on=date(2026, 11, 22), today=today) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [("declared", Standing.WAITING), ("refused", Standing.REFUSED), ("withdrawn", Standing.WITHDRAWN)],
)
def test_a_certificate_that_is_not_verified_is_never_valid(state: str, said: Standing) -> None:
    assert standing(state=state, expires_on=date(2030, 1, 1), today=date(2026, 11, 22)) == said


def test_stars_show_only_while_valid_or_expiring() -> None:
    assert [one for one in Standing if one.shows_stars] == [Standing.VALID, Standing.EXPIRING]
