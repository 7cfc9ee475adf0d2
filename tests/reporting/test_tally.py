from datetime import date
from typing import Any

import pytest

from marketplace.reporting.models import SALES_COLUMNS, TAKINGS_COLUMNS, ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.tally import (
    COLUMNS,
    Figure,
    Increment,
    UncountableEvent,
    add_up,
    increments,
    month_of,
)

PLACE = {"order": 7, "vendor": 3, "commune": "01501", "province": "04", "channel": "online"}
MONEY = {
    **PLACE,
    "confirmation": "bank",
    "amount_vnd": 60_000,
    "bank_date": "2026-11-21",
    "transaction_event": 9,
}
NOODLES = {"product": 11, "variant": 21, "ocop_set": 6, "quantity": 2, "amount_vnd": 120_000}
MORE_NOODLES = {"product": 11, "variant": 22, "ocop_set": 6, "quantity": 1, "amount_vnd": 70_000}
HONEY = {"product": 12, "variant": 23, "ocop_set": 5, "quantity": 1, "amount_vnd": 150_000}
AN_AMOUNT = {"product": None, "variant": None, "ocop_set": None, "quantity": 1, "amount_vnd": 30_000}
DAY, MONTH = date(2026, 11, 21), date(2026, 11, 1)


def sale(*lines: dict[str, Any]) -> dict[str, Any]:
    return {**PLACE, "day": "2026-11-21", "buyer_known": False, "lines": list(lines)}


def test_a_charge_counts_in_the_commune_on_the_banks_date_by_who_confirmed_it() -> None:
    assert increments("order.charged", MONEY) == [
        Increment(Figure.TAKINGS, ("01501", DAY), {"charges_bank_online": 1, "charged_bank_online_vnd": 60_000})
    ]


def test_a_refund_stands_apart_from_charges() -> None:
    data = {**MONEY, "channel": "stall", "confirmation": "cash"}

    assert increments("order.refunded", data) == [
        Increment(Figure.TAKINGS, ("01501", DAY), {"refunds_cash_stall": 1, "refunded_cash_stall_vnd": 60_000})
    ]


def test_a_sale_counts_as_one_order_in_its_commune_its_set_and_its_product() -> None:
    assert increments("order.fully_charged", sale(NOODLES)) == [
        Increment(Figure.TAKINGS, ("01501", DAY), {"paid_orders_online": 1}),
        Increment(
            Figure.SALES,
            ("04", DAY, "online", 6),
            {"orders": 1, "lines": 1, "quantity": 2, "amount_vnd": 120_000},
        ),
        Increment(Figure.PRODUCTS, ("04", MONTH, 11), {"orders": 1, "quantity": 2, "amount_vnd": 120_000}),
    ]


def test_two_kinds_of_one_product_are_one_order_of_it_and_two_lines_of_its_set() -> None:
    parts = increments("order.fully_charged", sale(NOODLES, MORE_NOODLES, HONEY))

    assert add_up(parts, figure=Figure.SALES) == {
        ("04", DAY, "online", 6): {"orders": 1, "lines": 2, "quantity": 3, "amount_vnd": 190_000},
        ("04", DAY, "online", 5): {"orders": 1, "lines": 1, "quantity": 1, "amount_vnd": 150_000},
    }
    assert add_up(parts, figure=Figure.PRODUCTS) == {
        ("04", MONTH, 11): {"orders": 1, "quantity": 3, "amount_vnd": 190_000},
        ("04", MONTH, 12): {"orders": 1, "quantity": 1, "amount_vnd": 150_000},
    }
    assert add_up(parts, figure=Figure.TAKINGS) == {("01501", DAY): {"paid_orders_online": 1}}


def test_an_amount_typed_at_the_stall_counts_under_no_set_and_no_product() -> None:
    parts = increments("order.fully_charged", sale(AN_AMOUNT))

    assert list(add_up(parts, figure=Figure.SALES)) == [("04", DAY, "online", 0)]
    assert list(add_up(parts, figure=Figure.PRODUCTS)) == [("04", MONTH, 0)]


def test_the_last_day_of_a_year_is_in_december() -> None:
    assert month_of(date(2026, 12, 31)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("order.charged", {"confirmation": "screenshot"}),
        ("order.charged", {"channel": "market"}),
        ("order.charged", {"amount_vnd": -1}),
        ("order.refunded", {"confirmation": ""}),
        ("order.placed", {}),
    ],
)
def test_what_no_column_is_for_is_refused(kind: str, changes: dict[str, object]) -> None:
    with pytest.raises(UncountableEvent):
        increments(kind, {**MONEY, **changes})


def test_every_column_of_a_figure_is_a_field_of_its_table() -> None:
    for model, columns, key in (
        (TakingsDay, TAKINGS_COLUMNS, {"id", "commune", "day"}),
        (SalesDay, SALES_COLUMNS, {"id", "province", "day", "channel", "ocop_set"}),
        (ProductMonth, COLUMNS[Figure.PRODUCTS], {"id", "province", "month", "product_number"}),
    ):
        assert {field.name for field in model._meta.concrete_fields} - key == set(columns)
