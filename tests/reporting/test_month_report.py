"""A commune's month: its parts make the whole, it stands among others and shows none, targets are held to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.places.models import Commune, MarketSite
from marketplace.reporting.models import CommuneTarget
from marketplace.reporting.selectors import (
    DORMANT_DAYS,
    MonthReport,
    Share,
    commune_standing,
    dormant_count,
    dormant_shops,
    goods_by_set,
    month_report,
    takings_by_kind,
    takings_by_site,
    targets_of_commune,
    targets_of_province,
)
from marketplace.reporting.targets import BadTarget, set_targets
from tests.payments.factories import a_shop as a_shop_that_sells
from tests.plugins.database import count_statements
from tests.reporting.factories import (
    CAO_BANG,
    DAM_THUY,
    HONEY,
    NENH,
    NOODLES,
    NOW,
    THUC_PHAN,
    TODAY,
    Sold,
    a_product,
    a_sale,
    a_shop,
    an_order,
    charge,
    commune,
    deliver,
    province,
    refund,
)
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))
STRANGER = Actor(user_id=3, commune_codes=frozenset({NENH}))
PROVINCE_OFFICER = Actor(province_codes=frozenset({CAO_BANG}))
YEAR_TARGETS = {"takings_vnd": 1_000_000, "shops_active": 4, "bank_percent": 90, "ocop_products": None}


def report(month: date = TODAY) -> MonthReport:
    return month_report(actor=OFFICER, commune=commune(), month=month, now=NOW)


def other_communes(count: int) -> list[str]:
    rows = Commune.objects.filter(province_id=CAO_BANG).exclude(pk=DAM_THUY).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:count])


# Parts


def test_the_parts_by_kind_of_shop_make_the_whole(db: None) -> None:
    cooperative, household = a_shop(), a_shop(name="Hộ Mây")
    Vendor.objects.filter(pk=household.pk).update(kind=Vendor.Kind.HOUSEHOLD)
    order = a_sale(cooperative, Sold(quantity=3))
    a_sale(household, confirmation="cash")
    a_sale(a_shop(), day=OCTOBER)
    refund(order, 20_000)
    deliver()

    parts = takings_by_kind(actor=OFFICER, commune=commune(), month=TODAY)

    assert [(part.key, part.total_vnd, part.confirmed, part.shops, part.count) for part in parts] == [
        ("cooperative", 160_000, Share(180_000, 180_000), 1, 1),
        ("household", 60_000, Share(0, 60_000), 1, 1),
    ]
    assert sum(part.total_vnd for part in parts) == report().summary.takings.total_vnd == 220_000


def test_the_parts_by_market_site_name_it_and_keep_the_shops_in_none(db: None) -> None:
    site = MarketSite.objects.create(
        slug="cho-ban-gioc",
        kind="market",
        name="Chợ Bản Giốc",
        commune=commune(),
        folded="cho ban gioc",
        sort_key="c",
    )
    standing = a_shop()
    Vendor.objects.filter(pk=standing.pk).update(market_site=site)
    a_sale(standing)
    a_sale(a_shop(), Sold(quantity=2))

    parts = takings_by_site(actor=OFFICER, commune=commune(), month=TODAY)

    assert [(part.key, part.name, part.total_vnd) for part in parts] == [
        ("", "", 120_000),
        ("cho-ban-gioc", "Chợ Bản Giốc", 60_000),
    ]


def test_goods_count_once_in_the_month_of_an_order_s_first_money_when_it_is_paid_in_full(db: None) -> None:
    shop = a_shop()
    a_sale(shop, Sold(quantity=2), Sold(ocop_set=HONEY, price_vnd=100_000), Sold(ocop_set=None, price_vnd=5_000))
    half_paid, paid_late = an_order(shop), an_order(shop, Sold(quantity=5))
    charge(half_paid, 30_000)
    charge(paid_late, 100_000, day=OCTOBER)
    charge(paid_late, 200_000)
    deliver()

    november = goods_by_set(actor=OFFICER, commune=commune(), month=NOVEMBER)
    october = goods_by_set(actor=OFFICER, commune=commune(), month=OCTOBER)

    assert [(row.ocop_set, row.orders, row.quantity, row.amount_vnd) for row in november] == [
        (NOODLES, 1, 2, 120_000),
        (HONEY, 1, 1, 100_000),
        (0, 1, 1, 5_000),
    ]
    assert [(row.ocop_set, row.quantity, row.amount_vnd) for row in october] == [(NOODLES, 5, 300_000)]


def test_the_parts_of_another_commune_are_not_there(db: None) -> None:
    for ask in (takings_by_kind, takings_by_site, goods_by_set, commune_standing):
        with pytest.raises(NotFound):
            ask(actor=STRANGER, commune=commune(), month=TODAY)  # type: ignore[operator]  # all take the same
    with pytest.raises(NotFound):
        month_report(actor=STRANGER, commune=commune(), month=TODAY, now=NOW)


# Standing


def test_a_commune_sees_its_rank_and_sums_of_the_others(db: None) -> None:
    for code, packets in zip(other_communes(3), (1, 2, 9), strict=True):
        a_sale(a_shop(code), Sold(quantity=packets))
    a_sale(a_shop(), Sold(quantity=4))
    a_sale(a_shop(NENH), Sold(quantity=50))

    standing = report().standing

    assert (standing.rank, standing.selling, standing.communes) == (2, 4, 56)
    assert standing.others_average_vnd == 240_000
    assert standing.share_of_province == Share(240_000, 960_000)
    assert standing.others_confirmed_by_bank == Share(720_000, 720_000)


def test_of_fewer_than_three_others_nothing_is_told(db: None) -> None:
    for code in other_communes(2):
        a_sale(a_shop(code))
    a_sale(a_shop())

    standing = report().standing

    assert (standing.is_told, standing.selling) == (False, 3)
    assert (standing.rank, standing.others_average_vnd, standing.province_vnd) == (None,) * 3


def test_a_commune_that_sold_nothing_has_no_rank(db: None) -> None:
    for code in other_communes(3):
        a_sale(a_shop(code))

    standing = report().standing

    assert (standing.is_told, standing.rank, standing.share_of_province.percent) == (True, None, 0)


# Dormant shops


def test_shops_without_a_sale_for_sixty_days_are_named_those_that_never_sold_first(db: None) -> None:
    long_ago = NOW - timedelta(days=200)
    shops = [a_shop(name=name) for name in ("Bán lâu rồi", "Chưa bán", "Đang bán", "Mới mở")]
    Vendor.objects.filter(pk__in=[shop.pk for shop in shops[:3]]).update(made_at=long_ago)
    waiting = a_shop(verification="declared", name="Chờ xác minh")
    Vendor.objects.filter(pk=waiting.pk).update(made_at=long_ago)
    elsewhere = a_shop(THUC_PHAN)
    Vendor.objects.filter(pk=elsewhere.pk).update(made_at=long_ago)
    a_sale(shops[0], day=TODAY - timedelta(days=DORMANT_DAYS + 1))
    a_sale(shops[2], day=TODAY - timedelta(days=DORMANT_DAYS - 1))
    a_product(shops[0])

    found = dormant_shops(actor=OFFICER, commune=commune(), now=NOW, start=0, at_most=20)

    assert [(shop.name, shop.sold_last, shop.has_products, shop.has_account) for shop in found] == [
        ("Chưa bán", None, False, False),
        ("Bán lâu rồi", TODAY - timedelta(days=DORMANT_DAYS + 1), True, False),
    ]
    assert dormant_count(actor=OFFICER, commune=commune(), now=NOW) == 2
    assert [shop.name for shop in dormant_shops(actor=OFFICER, commune=commune(), now=NOW, start=1, at_most=1)] == [
        "Bán lâu rồi"
    ]


def test_control_a_shop_with_an_account_and_goods_lacks_nothing(db: None) -> None:
    shop = a_shop_that_sells()
    Vendor.objects.filter(pk=shop.vendor.pk).update(made_at=NOW - timedelta(days=200))

    (found,) = dormant_shops(actor=OFFICER, commune=commune(), now=NOW, start=0, at_most=20)

    assert (found.has_products, found.has_account) == (True, True)


@pytest.mark.parametrize("actor", [STRANGER, PROVINCE_OFFICER])
def test_whom_to_visit_is_for_the_commune_s_own_staff(db: None, actor: Actor) -> None:
    with pytest.raises(NotFound):
        dormant_shops(actor=actor, commune=commune(), now=NOW, start=0, at_most=20)
    with pytest.raises(NotFound):
        dormant_count(actor=actor, commune=commune(), now=NOW)


# Targets


def set_all(values: dict[str, Any] = YEAR_TARGETS, *, actor: Actor = PROVINCE_OFFICER, year: int = 2026) -> None:
    set_targets(actor=actor, commune=commune(), year=year, wanted=values, document="12/KH-UBND", now=NOW)


def test_the_province_sets_targets_and_the_month_is_held_against_them(db: None) -> None:
    set_all()
    shop = a_shop()
    a_sale(shop, Sold(quantity=5), day=date(2026, 2, 3))
    a_sale(shop, Sold(quantity=1), day=date(2025, 12, 31))
    a_sale(shop)
    a_sale(shop, confirmation="cash")

    reached = {target.indicator: (target.target, target.reached, target.share.percent) for target in report().targets}

    assert reached == {
        "takings_vnd": (1_000_000, 420_000, 42),
        "shops_active": (4, 1, 25),
        "bank_percent": (90, 50, 56),
    }
    assert {target.document for target in report().targets} == {"12/KH-UBND"}
    assert report(date(2025, 12, 1)).targets == []


def test_setting_again_what_is_set_changes_nothing_and_an_empty_one_is_taken_away(db: None) -> None:
    set_all()
    set_all()
    assert JournalEvent.objects.filter(kind="target.set").count() == 3

    set_all(YEAR_TARGETS | {"shops_active": None, "bank_percent": 95})

    rows = targets_of_commune(actor=OFFICER, commune=commune(), year=2026)
    assert {row.indicator: row.value for row in rows} == {"bank_percent": 95, "takings_vnd": 1_000_000}
    changes = JournalEvent.objects.filter(kind="target.set").order_by("-pk")[:2]
    assert {(row.data["indicator"], row.data["value"], row.data["was"]) for row in changes} == {
        ("shops_active", None, 4),
        ("bank_percent", 95, 90),
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"bank_percent": 101}, "bank_percent"),
        ({"shops_active": 0}, "shops_active"),
        ({"takings_vnd": 10**12}, "takings_vnd"),
        ({"moon": 1}, "moon"),
    ],
)
def test_a_target_that_cannot_be_is_refused(db: None, values: dict[str, int], field: str) -> None:
    with pytest.raises(BadTarget) as refused:
        set_all(values)
    assert refused.value.field == field
    assert not CommuneTarget.objects.exists()


def test_a_commune_does_not_set_its_own_targets_nor_does_another_province(db: None) -> None:
    for actor in (OFFICER, Actor(user_id=9, province_codes=frozenset({"24"}))):
        with pytest.raises(NotFound):
            set_all(actor=actor)
    with pytest.raises(InvalidInput):
        set_all(year=2019)
    with pytest.raises(BadText):
        set_targets(actor=SYSTEM, commune=commune(), year=2026, wanted={}, document="a" * 161, now=NOW)
    assert not CommuneTarget.objects.exists()


def test_the_province_reads_all_communes_with_their_targets(db: None) -> None:
    set_all()

    rows = targets_of_province(actor=PROVINCE_OFFICER, province=province(), year=2026)

    assert len(rows) == 56
    assert next(row.values for row in rows if row.code == DAM_THUY) == (1_000_000, 4, 90, None)
    with pytest.raises(NotFound):
        targets_of_province(actor=OFFICER, province=province(), year=2026)
    with pytest.raises(NotFound):
        targets_of_commune(actor=STRANGER, commune=commune(), year=2026)


def test_the_report_takes_as_many_statements_with_many_shops_communes_and_sales(db: None) -> None:
    set_all()
    shop = a_shop()
    a_sale(shop)
    few = count_statements(report)
    for code in [DAM_THUY, *other_communes(9)]:
        other = a_shop(code)
        for _ in range(2):
            a_sale(other, Sold(ocop_set=HONEY))

    assert count_statements(report) == few <= 30
