"""When a shop is open, as its owner says and its shoppers read."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.payments.factories import NOW, Shop, a_shop
from vendors.models import OpeningHours
from vendors.opening_hours import HoursWrong, open_state, set_opening_hours, weekdays_off

TODAY = date(2026, 11, 22)  # a Sunday
SIX, NOON, ONE, FIVE = time(6), time(11, 30), time(13), time(17)


def hours_with(**changes: object) -> OpeningHours:
    return OpeningHours(**{"opens": SIX, "closes": FIVE, "rests_from": NOON, "rests_until": ONE} | changes)


@pytest.mark.parametrize(
    ("at", "is_open", "day", "hour"),
    [
        ("2026-11-23 05:59", False, "2026-11-23", SIX),
        ("2026-11-23 06:00", True, "2026-11-23", NOON),
        ("2026-11-23 11:30", False, "2026-11-23", ONE),
        ("2026-11-23 16:59", True, "2026-11-23", FIVE),
        ("2026-11-23 17:00", False, "2026-11-24", SIX),
        ("2026-11-21 18:00", False, "2026-11-23", SIX),  # Sunday is off
        ("2026-11-22 08:00", False, "2026-11-23", SIX),
    ],
)
def test_a_shop_is_open_between_its_hours_and_not_at_noon(at: str, is_open: bool, day: str, hour: time) -> None:
    state = open_state(hours_with(days_off=64), here=datetime.fromisoformat(at))

    assert (state.is_open, state.day.isoformat(), state.at) == (is_open, day, hour)


def test_six_days_off_and_a_holiday_lead_to_the_one_open_day_after_it() -> None:
    only_sunday = hours_with(days_off=63, closed_until=date(2026, 11, 29))

    state = open_state(only_sunday, here=datetime.fromisoformat("2026-11-23 08:00"))

    assert (state.is_open, state.day, state.at) == (False, date(2026, 12, 6), SIX)


def test_a_holiday_that_is_over_counts_no_more() -> None:
    state = open_state(hours_with(closed_until=date(2026, 11, 20)), here=datetime.fromisoformat("2026-11-22 08:00"))

    assert (state.is_open, state.at) == (True, NOON)


def test_hours_without_a_rest_are_one_span() -> None:
    state = open_state(hours_with(rests_from=None, rests_until=None), here=datetime.fromisoformat("2026-11-22 12:00"))

    assert (state.is_open, state.at) == (True, FIVE)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_the_owner_says_the_hours_and_says_them_anew(shop: Shop) -> None:
    asked = {"actor": shop.owner, "vendor": shop.vendor, "now": NOW, "today": TODAY}

    set_opening_hours(**asked, opens=SIX, closes=FIVE, days_off=[6, 0, 6], note=" Chợ phiên ngày 2 ")
    hours = OpeningHours.objects.get()
    assert (weekdays_off(hours), hours.note, hours.closed_until) == ([0, 6], "Chợ phiên ngày 2", None)
    set_opening_hours(**asked, opens=SIX, closes=NOON, closed_until=TODAY)

    hours = OpeningHours.objects.get()
    assert (weekdays_off(hours), hours.closes, hours.closed_until) == ([], NOON, TODAY)
    assert JournalEvent.objects.filter(kind="vendor.hours_set").count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"opens": FIVE, "closes": SIX}, "closes"),
        ({"opens": SIX, "closes": SIX}, "closes"),
        ({"rests_from": NOON}, "rests_until"),
        ({"rests_from": ONE, "rests_until": NOON}, "rests_from"),
        ({"rests_from": NOON, "rests_until": time(18)}, "rests_from"),
        ({"days_off": range(7)}, "days_off"),
        ({"days_off": [7]}, "days_off"),
        ({"closed_until": TODAY - timedelta(days=1)}, "closed_until"),
        ({"closed_until": TODAY + timedelta(days=367)}, "closed_until"),
    ],
)
def test_hours_that_cannot_be_are_refused(shop: Shop, wrong: dict[str, object], field: str) -> None:
    asked = {"opens": SIX, "closes": FIVE} | wrong

    with pytest.raises(HoursWrong) as refusal:
        set_opening_hours(actor=shop.owner, vendor=shop.vendor, now=NOW, today=TODAY, **asked)  # type: ignore[arg-type]  # what a form may say

    assert refusal.value.field == field
    assert not OpeningHours.objects.exists()


def test_sellers_strangers_and_long_notes_change_no_hours(shop: Shop) -> None:
    asked = {"vendor": shop.vendor, "opens": SIX, "closes": FIVE, "now": NOW, "today": TODAY}

    for actor, note, error in (
        (shop.seller, "", NotAllowed),
        (ANONYMOUS, "", NotFound),
        (shop.owner, "a" * 161, BadText),
    ):
        with pytest.raises(error):
            set_opening_hours(actor=actor, note=note, **asked)

    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize("wrong", [{"closes": SIX}, {"rests_until": None}, {"days_off": 127}])
def test_the_database_refuses_hours_that_cannot_be(shop: Shop, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        hours_with(vendor=shop.vendor, **wrong).save()
