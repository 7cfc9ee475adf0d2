"""A shop's book beside the year before, and its year against the law's mark."""

from datetime import date

import pytest

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.reporting.revenue import YearlyRevenue
from marketplace.reporting.selectors import compared_with_a_year_before, taken_vnd, vendor_book, yearly_revenue
from marketplace.reporting.selectors.books import a_year_before
from tests.reporting.factories import Sold, a_sale, a_shop, refund
from vendors.models import Vendor

TODAY = date(2026, 11, 22)
NOVEMBER = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)}


def member(vendor: Vendor, role: str = "seller") -> Actor:
    return Actor(user_id=9, vendor_roles={vendor.pk: role})


def test_a_month_that_runs_is_compared_with_the_same_days_a_year_before(db: None) -> None:
    shop = a_shop()
    for day, price in (
        (date(2026, 11, 3), 90_000),
        (date(2025, 11, 22), 50_000),
        (date(2025, 11, 23), 900_000),
        (date(2025, 10, 31), 900_000),
    ):
        a_sale(shop, Sold(price_vnd=price), day=day)

    compared = compared_with_a_year_before(actor=member(shop), vendor=shop, today=TODAY, **NOVEMBER)

    assert (compared.taken_vnd, compared.before_vnd, compared.percent) == (90_000, 50_000, 80)
    assert (compared.first_before, compared.last_before) == (date(2025, 11, 1), date(2025, 11, 22))


def test_a_month_that_is_over_is_compared_as_a_whole_also_in_february(db: None) -> None:
    shop = a_shop()
    a_sale(shop, Sold(price_vnd=100_000), day=date(2024, 2, 29))
    a_sale(shop, Sold(price_vnd=75_000), day=date(2025, 2, 28))

    compared = compared_with_a_year_before(
        actor=member(shop), vendor=shop, first_day=date(2025, 2, 1), last_day=date(2025, 2, 28), today=TODAY
    )

    assert (compared.taken_vnd, compared.before_vnd, compared.percent) == (75_000, 100_000, -25)
    assert compared.last_before == date(2024, 2, 29)
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)


def test_money_that_went_back_is_no_revenue(db: None) -> None:
    shop = a_shop()
    refund(a_sale(shop, Sold(price_vnd=60_000), day=TODAY), 25_000)

    assert taken_vnd(actor=member(shop), vendor=shop, **NOVEMBER) == 35_000


def test_nothing_before_is_compared_with_nothing(db: None) -> None:
    shop = a_shop()
    a_sale(shop, Sold(price_vnd=60_000), day=TODAY)

    assert compared_with_a_year_before(actor=member(shop), vendor=shop, today=TODAY, **NOVEMBER).percent is None


def test_weeks_begin_on_monday(db: None) -> None:
    shop = a_shop()
    for day, price in ((date(2026, 11, 16), 10_000), (date(2026, 11, 22), 20_000), (date(2026, 11, 23), 40_000)):
        a_sale(shop, Sold(price_vnd=price), day=day)

    book = vendor_book(actor=member(shop), vendor=shop, by="week", **NOVEMBER)  # type: ignore[arg-type]  # days, unpacked

    assert [(row.period, row.takings.total_vnd) for row in book] == [
        (date(2026, 11, 16), 30_000),
        (date(2026, 11, 23), 40_000),
    ]


def test_strangers_and_impossible_days_are_refused(db: None) -> None:
    shop = a_shop()
    for stranger in (ANONYMOUS, Actor(user_id=8, vendor_roles={0: "owner"})):
        for ask in (
            lambda actor: taken_vnd(actor=actor, vendor=shop, **NOVEMBER),
            lambda actor: compared_with_a_year_before(actor=actor, vendor=shop, today=TODAY, **NOVEMBER),
            lambda actor: yearly_revenue(actor=actor, vendor=shop, year=2026),
            lambda actor: yearly_revenue(actor=actor, vendor=shop, year=2025),
        ):
            with pytest.raises(NotFound):
                ask(stranger)
    with pytest.raises(InvalidInput):
        taken_vnd(actor=member(shop), vendor=shop, first_day=date(2025, 1, 1), last_day=date(2026, 1, 2))


@pytest.mark.parametrize(
    ("taken", "percent", "level", "left"),
    [
        (0, 0, None, 1_000_000_000),
        (-5_000, 0, None, 1_000_005_000),
        (799_999_999, 79, None, 200_000_001),
        (800_000_000, 80, 80, 200_000_000),
        (999_999_999, 99, 80, 1),
        (1_000_000_000, 100, 100, 0),
        (2_500_000_000, 250, 100, 0),
    ],
)
def test_the_marks_are_eighty_and_a_hundred_percent_of_one_billion(
    taken: int, percent: int, level: int | None, left: int
) -> None:
    revenue = YearlyRevenue(2026, taken)

    assert (revenue.percent, revenue.level, revenue.left_vnd) == (percent, level, left)


def test_only_households_and_only_since_the_mark_holds(db: None) -> None:
    shop = a_shop()
    Vendor.objects.filter(pk=shop.pk).update(kind=Vendor.Kind.HOUSEHOLD)
    shop.refresh_from_db()
    a_sale(shop, Sold(price_vnd=60_000), day=date(2026, 1, 1))
    a_sale(shop, Sold(price_vnd=90_000), day=date(2025, 12, 31))

    assert yearly_revenue(actor=member(shop), vendor=shop, year=2026) == YearlyRevenue(2026, 60_000)
    assert yearly_revenue(actor=member(shop), vendor=shop, year=2025) is None
    shop.kind = Vendor.Kind.COOPERATIVE
    assert yearly_revenue(actor=member(shop), vendor=shop, year=2026) is None
