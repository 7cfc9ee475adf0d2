from datetime import date, datetime, timedelta

import pytest

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.places.models import Commune
from marketplace.reporting.selectors import (
    CommuneSummary,
    ProductSales,
    ProvinceSummary,
    SetSales,
    Share,
    Takings,
    best_products,
    commune_summary,
    province_sales,
    province_summary,
)
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

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))
PROVINCE_OFFICER = Actor(user_id=2, province_codes=frozenset({CAO_BANG}))


def of_commune(month: date = TODAY, *, now: datetime = NOW) -> CommuneSummary:
    return commune_summary(actor=OFFICER, commune=commune(), month=month, now=now)


def of_province(month: date = TODAY, *, now: datetime = NOW) -> ProvinceSummary:
    return province_summary(actor=PROVINCE_OFFICER, province=province(), month=month, now=now)


# --- A commune ------------------------------------------------------------------------------------


def test_a_commune_where_nothing_happened_yet(db: None) -> None:
    summary = of_commune()

    assert summary == CommuneSummary(
        code=DAM_THUY,
        name="Xã Đàm Thủy",
        month=NOVEMBER,
        as_of=NOW,
        takings=Takings(),
        takings_before=Takings(),
        paid_orders=0,
        shops_active=0,
        shops_registered=0,
        shops_verified=0,
        ocop_products=0,
    )
    assert summary.change_vnd == 0
    assert summary.change.percent is None
    assert summary.takings.confirmed_by_bank.percent is None


def test_a_communes_month_against_the_month_before(db: None) -> None:
    shop = a_shop()
    a_sale(shop, Sold(price_vnd=60_000), day=date(2026, 9, 30))
    a_sale(shop, Sold(price_vnd=80_000), day=OCTOBER)
    a_sale(shop, Sold(price_vnd=20_000), day=date(2026, 10, 31))
    a_sale(shop, Sold(price_vnd=90_000), day=NOVEMBER)
    a_sale(shop, Sold(price_vnd=30_000), confirmation="cash", channel="stall", day=date(2026, 11, 30))
    a_sale(shop, Sold(price_vnd=70_000), day=date(2026, 12, 1))

    summary = of_commune()

    assert summary.takings == Takings(bank_vnd=90_000, cash_vnd=30_000, online_vnd=90_000, stall_vnd=30_000, count=2)
    assert summary.takings_before == Takings(bank_vnd=100_000, online_vnd=100_000, count=2)
    assert summary.paid_orders == 2
    assert (summary.change_vnd, summary.change.percent) == (20_000, 20)
    assert summary.takings.confirmed_by_bank == Share(90_000, 120_000)
    assert summary.takings.confirmed_by_bank.percent == 75


def test_january_is_held_against_december(db: None) -> None:
    a_sale(a_shop(), Sold(price_vnd=50_000), day=date(2026, 12, 31))
    a_sale(a_shop(), Sold(price_vnd=10_000), day=date(2027, 1, 1))

    summary = of_commune(date(2027, 1, 15))

    assert (summary.takings.total_vnd, summary.takings_before.total_vnd) == (10_000, 50_000)
    assert (summary.change_vnd, summary.change.percent) == (-40_000, -80)


def test_a_partly_paid_order_is_money_but_no_paid_order(db: None) -> None:
    charge(an_order(a_shop(), Sold(price_vnd=60_000)), 20_000)
    deliver()

    summary = of_commune()

    assert (summary.takings.total_vnd, summary.paid_orders, summary.shops_active) == (20_000, 0, 1)


def test_a_shop_is_active_once_however_many_days_it_sold(db: None) -> None:
    shop, other = a_shop(), a_shop()
    for day in (NOVEMBER, date(2026, 11, 2), TODAY):
        a_sale(shop, day=day)
    a_sale(other, day=date(2026, 10, 31))

    assert of_commune().shops_active == 1
    assert of_commune(OCTOBER).shops_active == 1


def test_a_shop_that_only_gave_money_back_is_not_active(db: None) -> None:
    order = a_sale(a_shop(), day=OCTOBER)
    refund(order, 60_000, day=TODAY)
    deliver()

    summary = of_commune()

    assert (summary.shops_active, summary.takings.total_vnd) == (0, -60_000)


def test_shops_are_registered_before_they_are_verified(db: None) -> None:
    for verification in ("none", "declared", "vneid", "vneid"):
        a_shop(verification=verification)
    a_shop(THUC_PHAN)

    summary = of_commune()

    assert (summary.shops_registered, summary.shops_verified) == (4, 2)


def test_ocop_products_are_on_sale_here_under_a_verified_valid_certificate(db: None) -> None:
    shop = a_shop()
    a_product(shop, certificate="verified", expires_on=TODAY)
    a_product(shop, certificate="verified", expires_on=TODAY - timedelta(days=1))
    a_product(shop, certificate="declared", expires_on=TODAY + timedelta(days=100))
    a_product(shop, certificate="verified", expires_on=TODAY + timedelta(days=100), listing="draft")
    a_product(shop)
    a_product(a_shop(verification="declared"), certificate="verified", expires_on=TODAY)
    a_product(a_shop(THUC_PHAN), certificate="verified", expires_on=TODAY)

    assert of_commune().ocop_products == 1


def test_a_certificate_ends_with_its_last_day_in_vietnam(db: None) -> None:
    a_product(a_shop(), certificate="verified", expires_on=TODAY)

    assert of_commune(now=datetime.fromisoformat("2026-11-22T23:59:59+07:00")).ocop_products == 1
    assert of_commune(now=datetime.fromisoformat("2026-11-23T00:00:00+07:00")).ocop_products == 0


@pytest.mark.parametrize("month", [date.min, date(2019, 12, 31), date(2100, 1, 1), date.max])
def test_a_month_out_of_reach_is_refused(db: None, month: date) -> None:
    with pytest.raises(InvalidInput):
        of_commune(month)
    with pytest.raises(InvalidInput):
        of_province(month)
    with pytest.raises(InvalidInput):
        province_sales(actor=PROVINCE_OFFICER, province=province(), month=month)
    with pytest.raises(InvalidInput):
        best_products(actor=PROVINCE_OFFICER, province=province(), month=month)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 3, 33), (2, 3, 67), (1, 200, 1), (1, 201, 0), (0, 5, 0), (5, 5, 100), (-1, 4, -25), (1, 0, None)],
)
def test_a_share_is_a_whole_percentage_of_its_two_numbers(part: int, whole: int, percent: int | None) -> None:
    assert Share(part, whole).percent == percent


# --- A province -----------------------------------------------------------------------------------


def test_a_province_is_the_sum_of_its_communes_and_names_each_of_them(db: None) -> None:
    a_sale(a_shop(DAM_THUY), Sold(price_vnd=60_000))
    a_sale(a_shop(THUC_PHAN), Sold(price_vnd=45_000), confirmation="vendor")
    a_sale(a_shop(THUC_PHAN), Sold(price_vnd=30_000), day=OCTOBER)
    a_sale(a_shop(NENH), Sold(price_vnd=999_000))
    a_product(a_shop(DAM_THUY, verification="vneid"), certificate="verified")

    summary = of_province()

    assert (summary.code, summary.name, summary.month) == (CAO_BANG, "Tỉnh Cao Bằng", NOVEMBER)
    assert summary.takings == Takings(bank_vnd=60_000, vendor_vnd=45_000, online_vnd=105_000, count=2)
    assert summary.takings_before == Takings(bank_vnd=30_000, online_vnd=30_000, count=1)
    assert (summary.paid_orders, summary.shops_active, summary.shops_registered) == (2, 2, 4)
    assert (summary.shops_verified, summary.ocop_products) == (4, 1)
    codes = Commune.objects.filter(province_id=CAO_BANG).order_by("sort_key").values_list("code", flat=True)
    assert [row.code for row in summary.communes] == list(codes)
    by_code = {row.code: row for row in summary.communes}
    assert by_code[DAM_THUY] == of_commune()
    assert by_code[THUC_PHAN].takings == Takings(vendor_vnd=45_000, online_vnd=45_000, count=1)
    assert sum(row.takings.total_vnd for row in summary.communes) == summary.takings.total_vnd


def test_a_shop_that_moved_is_active_in_both_communes_and_once_in_the_province(db: None) -> None:
    shop = a_shop(DAM_THUY)
    a_sale(shop, day=NOVEMBER)
    shop.commune_id = THUC_PHAN
    shop.save(update_fields=["commune"])
    a_sale(shop)

    summary = of_province()

    assert {row.code: row.shops_active for row in summary.communes if row.shops_active} == {DAM_THUY: 1, THUC_PHAN: 1}
    assert summary.shops_active == 1


def test_summaries_take_as_many_statements_for_many_sales_as_for_few(db: None) -> None:
    here, there = commune(), province()
    questions = [
        lambda: commune_summary(actor=OFFICER, commune=here, month=TODAY, now=NOW),
        lambda: province_summary(actor=PROVINCE_OFFICER, province=there, month=TODAY, now=NOW),
        lambda: province_sales(actor=PROVINCE_OFFICER, province=there, month=TODAY),
        lambda: best_products(actor=PROVINCE_OFFICER, province=there, month=TODAY),
    ]
    a_sale(a_shop())
    few = [count_statements(question) for question in questions]
    for code in Commune.objects.filter(province_id=CAO_BANG).values_list("code", flat=True)[:6]:
        shop = a_shop(code)
        product = a_product(shop, certificate="verified")
        a_sale(shop, Sold(product=product.pk, ocop_set=HONEY), Sold(product=product.pk + 500))
    many = [count_statements(question) for question in questions]

    assert few == many == [5, 7, 1, 2]


# --- Goods ----------------------------------------------------------------------------------------


def goods(ocop_set: int, orders: int, lines: int, quantity: int, amount_vnd: int) -> SetSales:
    return SetSales(ocop_set=ocop_set, orders=orders, lines=lines, quantity=quantity, amount_vnd=amount_vnd)


def test_a_provinces_goods_by_ocop_set(db: None) -> None:
    a_sale(a_shop(), Sold(2, 60_000, 11, NOODLES), Sold(1, 150_000, 12, HONEY), day=NOVEMBER)
    a_sale(a_shop(THUC_PHAN), Sold(1, 60_000, 11, NOODLES), channel="stall")
    a_sale(a_shop(), Sold(1, 60_000, 11, NOODLES), day=OCTOBER)
    a_sale(a_shop(NENH), Sold(1, 60_000, 11, NOODLES))

    everything = province_sales(actor=PROVINCE_OFFICER, province=province(), month=TODAY)
    at_the_stall = province_sales(actor=PROVINCE_OFFICER, province=province(), month=TODAY, channel="stall")

    assert everything == [goods(HONEY, 1, 1, 1, 150_000), goods(NOODLES, 2, 2, 3, 180_000)]
    assert at_the_stall == [goods(NOODLES, 1, 1, 1, 60_000)]


def test_the_products_that_brought_most_come_first(db: None) -> None:
    shop = a_shop(name="HTX Bản Giốc")
    noodles = a_product(shop)
    gone = noodles.pk + 1000
    a_sale(shop, Sold(3, 60_000, noodles.pk), Sold(1, 10_000, None, None))
    a_sale(shop, Sold(1, 500_000, gone))
    a_sale(shop, Sold(1, 999_000, noodles.pk), day=OCTOBER)

    best = best_products(actor=PROVINCE_OFFICER, province=province(), month=TODAY)

    assert best == [
        ProductSales(
            product_number=gone, product_name=None, vendor_name=None, orders=1, quantity=1, amount_vnd=500_000
        ),
        ProductSales(
            product_number=noodles.pk,
            product_name="Miến dong Cao Bằng",
            vendor_name="HTX Bản Giốc",
            orders=1,
            quantity=3,
            amount_vnd=180_000,
        ),
        ProductSales(product_number=0, product_name=None, vendor_name=None, orders=1, quantity=1, amount_vnd=10_000),
    ]
    assert best_products(actor=PROVINCE_OFFICER, province=province(), month=TODAY, at_most=1) == best[:1]
