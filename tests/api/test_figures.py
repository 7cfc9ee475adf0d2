"""Figures over GraphQL: the administration's own, confirmed money apart from unconfirmed, refused to others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.offices import a_person, office, seller_of, signed_in
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
    deliver,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

FIGURES = """query($commune: String, $province: String, $month: Date, $channel: String) {
  figures(commune: $commune, province: $province, month: $month) {
    summary { ...place } communes { ...place }
    days { day paidOrders takings { charged { amount } } }
    sets(channel: $channel) { category { id } orders lines quantity amount { amount } } } }
fragment place on PlaceFigures { code name month asOf paidOrders shopsActive shopsRegistered shopsVerified
  ocopProducts takings { ...takings } takingsBefore { total { amount } } }
fragment takings on Takings { total { amount } charged { amount } confirmed { amount } byBank { amount }
  byCard { amount } byVendor { amount } byCash { amount } refunded { amount } online { amount } stall { amount }
  charges refunds bankPercent }"""
SHORT = """query($commune: String, $province: String, $month: Date) {
  figures(commune: $commune, province: $province, month: $month) { summary { code } } }"""


def figures(headers: dict[str, str], **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask(FIGURES, headers=headers, **asked)["figures"]
    return found


def dong(amount: int) -> dict[str, float]:
    return {"amount": float(amount)}


def test_a_communes_month_keeps_confirmed_money_apart_from_unconfirmed() -> None:
    shop = a_shop()
    a_product(shop, certificate="verified", expires_on=TODAY)
    a_sale(shop, Sold(price_vnd=100_000), day=date(2026, 10, 31))
    a_sale(shop, Sold(quantity=2, price_vnd=30_000), Sold(price_vnd=40_000, ocop_set=None), day=date(2026, 11, 3))
    a_sale(shop, Sold(price_vnd=50_000), confirmation="cash", channel="stall")
    charge(an_order(shop), 25_000, "vendor")
    a_sale(a_shop(THUC_PHAN), Sold(price_vnd=999_000))
    deliver()

    found = figures(office("commune", DAM_THUY), commune=DAM_THUY)

    assert found == {
        "summary": {
            "code": DAM_THUY,
            "name": "Xã Đàm Thủy",
            "month": "2026-11-01",
            "asOf": NOW.isoformat(),
            "paidOrders": 2,
            "shopsActive": 1,
            "shopsRegistered": 1,
            "shopsVerified": 1,
            "ocopProducts": 1,
            "takings": {
                "total": dong(175_000),
                "charged": dong(175_000),
                "confirmed": dong(100_000),
                "byBank": dong(100_000),
                "byCard": dong(0),
                "byVendor": dong(25_000),
                "byCash": dong(50_000),
                "refunded": dong(0),
                "online": dong(125_000),
                "stall": dong(50_000),
                "charges": 3,
                "refunds": 0,
                "bankPercent": 57,
            },
            "takingsBefore": {"total": dong(100_000)},
        },
        "communes": [],
        "days": [
            {"day": "2026-11-03", "paidOrders": 1, "takings": {"charged": dong(100_000)}},
            {"day": "2026-11-22", "paidOrders": 1, "takings": {"charged": dong(75_000)}},
        ],
        "sets": [
            {"category": {"id": gid("Category", 6)}, "orders": 2, "lines": 2, "quantity": 3, "amount": dong(110_000)},
            {"category": None, "orders": 1, "lines": 1, "quantity": 1, "amount": dong(40_000)},
        ],
    }


def test_a_provinces_month_shows_each_commune_and_what_was_sold_by_set_and_channel() -> None:
    a_sale(a_shop(), Sold(price_vnd=60_000, ocop_set=NOODLES))
    a_sale(a_shop(THUC_PHAN), Sold(price_vnd=40_000, ocop_set=HONEY), channel="stall")
    a_sale(a_shop(NENH), Sold(price_vnd=999_000))
    headers = office("province", CAO_BANG)

    found = figures(headers, province=CAO_BANG, month="2026-11-30")
    at_stalls = figures(headers, province=CAO_BANG, channel="stall")["sets"]

    assert (found["summary"]["name"], found["summary"]["takings"]["total"]) == ("Tỉnh Cao Bằng", dong(100_000))
    assert len(found["communes"]) == 56
    sold = {one["code"]: one["takings"]["total"] for one in found["communes"] if one["takings"]["charges"]}
    assert sold == {DAM_THUY: dong(60_000), THUC_PHAN: dong(40_000)}
    assert [(one["category"]["id"], one["amount"]) for one in found["sets"]] == [
        (gid("Category", HONEY), dong(40_000)),
        (gid("Category", NOODLES), dong(60_000)),
    ]
    assert [(one["category"]["id"], one["amount"]) for one in at_stalls] == [(gid("Category", HONEY), dong(40_000))]
    assert found["days"] == []


ALL, NONE = ["commune", "other commune", "province", "other province"], list[str]()
READERS = [
    ("operator", None, ALL),
    ("province", CAO_BANG, ["commune", "other commune", "province"]),
    ("commune", DAM_THUY, ["commune"]),
    ("agent", DAM_THUY, NONE),
]
PLACES = {
    "commune": {"commune": DAM_THUY},
    "other commune": {"commune": THUC_PHAN},
    "province": {"province": CAO_BANG},
    "other province": {"province": "24"},
}


def places_read(headers: dict[str, str]) -> list[str]:
    """The places whose figures are answered; every other one is refused in Saleor's words, and nothing is told."""
    read = []
    for name, place in PLACES.items():
        answer = post(SHORT, headers=headers, **place).json()
        if answer["data"]["figures"] is not None:
            read.append(name)
            continue
        assert answer["errors"][0]["extensions"] == {"exception": {"code": "PermissionDenied"}}
        assert answer["errors"][0]["message"] == (
            "To access this path, you need one of the following permissions: AUTHENTICATED_STAFF_USER"
        )
    return read


@pytest.mark.parametrize(("kind", "place", "allowed"), READERS)
def test_an_office_reads_its_own_figures_and_no_others(kind: str, place: str | None, allowed: list[str]) -> None:
    assert places_read(office(kind, place)) == allowed


def test_nobody_else_reads_any() -> None:
    askers = ({}, signed_in(a_person()), seller_of(a_shop()))

    assert [places_read(headers) for headers in askers] == [[], [], []]


@pytest.mark.parametrize("place", [{"commune": "99999"}, {"commune": "x"}, {"province": "99"}, {"province": ""}])
def test_of_no_such_place_there_are_none_and_strangers_do_not_learn_that(place: dict[str, str]) -> None:
    assert ask(SHORT, headers=office("operator"), **place) == {"figures": None}
    assert post(SHORT, **place).json()["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


@pytest.mark.parametrize("month", ["2019-12-31", "2100-01-01"])
def test_a_month_that_cannot_be_is_refused(month: str) -> None:
    answer = post(SHORT, headers=office("operator"), commune=DAM_THUY, month=month).json()

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "INVALID"


def test_one_place_must_be_named_and_a_communes_goods_have_no_channel() -> None:
    headers = office("operator")

    for asked in ({}, {"commune": DAM_THUY, "province": CAO_BANG}):
        assert "argument" in post(SHORT, headers=headers, **asked).json()["errors"][0]["message"].lower()
    answer = post(FIGURES, headers=headers, commune=DAM_THUY, channel="stall").json()
    assert answer["errors"][0]["message"] == "The goods of a commune are not counted by channel: leave `channel` out."


def test_figures_take_as_many_statements_with_a_hundred_sales_as_with_ten() -> None:
    shops = [a_shop(code) for code in (DAM_THUY, THUC_PHAN)]
    headers = office("province", CAO_BANG)
    taken = []

    for sales in (10, 90):
        for number in range(sales):
            order = an_order(shops[number % 2], Sold(ocop_set=1 + number % 20))
            charge(order, order.total_vnd, "cash", day=TODAY - timedelta(days=number % 20))
        deliver()
        taken.append(
            [
                count_statements(lambda: figures(headers, province=CAO_BANG)),
                count_statements(lambda: figures(headers, commune=DAM_THUY)),
            ]
        )

    assert taken == [[12, 11], [12, 11]]
