from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalDelivery
from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from marketplace.reporting.services import check
from tests.payments import factories as bank
from tests.plugins.database import at_once
from tests.reporting.factories import (
    DAM_THUY,
    HONEY,
    NENH,
    NOODLES,
    NOW,
    THUC_PHAN,
    TODAY,
    Sold,
    a_sale,
    a_shop,
    an_order,
    charge,
    deliver,
    in_figures,
    in_transactions,
    kept,
    refund,
)

YESTERDAY = date(2026, 11, 21)
NOVEMBER = date(2026, 11, 1)


def sales() -> list[tuple[object, ...]]:
    rows = SalesDay.objects.order_by("province_id", "day", "channel", "ocop_set")
    return list(
        rows.values_list("province_id", "day", "channel", "ocop_set", "orders", "lines", "quantity", "amount_vnd")
    )


def products() -> list[tuple[object, ...]]:
    rows = ProductMonth.objects.order_by("province_id", "month", "product_number")
    return list(rows.values_list("province_id", "month", "product_number", "orders", "quantity", "amount_vnd"))


def test_money_from_the_bank_moves_the_communes_takings_by_exactly_that_amount(db: None) -> None:
    a_sale(a_shop(), Sold(price_vnd=60_000))
    a_sale(a_shop(), Sold(price_vnd=45_000))

    assert kept() == {"charges_bank_online": 2, "charged_bank_online_vnd": 105_000, "paid_orders_online": 2}


def test_a_banks_notice_moves_them_by_exactly_what_it_says(db: None) -> None:
    shop = bank.a_shop(commune=DAM_THUY)
    order = bank.an_order(shop, quantity=2)
    bank.pay(shop, f"MBVCB.123 {bank.code_of(order)} chuyen tien", 2 * bank.PRICE_VND)

    deliver()

    assert kept() == {"charges_bank_online": 1, "charged_bank_online_vnd": 120_000, "paid_orders_online": 1}
    assert sales() == [("04", TODAY, "online", NOODLES, 1, 1, 2, 120_000)]
    assert products() == [("04", NOVEMBER, shop.variant.product_id, 1, 2, 120_000)]
    assert check(now=NOW) == []


@pytest.mark.parametrize("channel", ["online", "stall"])
@pytest.mark.parametrize("confirmation", ["bank", "card", "vendor", "cash"])
def test_takings_are_kept_apart_by_who_confirmed_them_and_by_channel(
    db: None, confirmation: str, channel: str
) -> None:
    a_sale(a_shop(), channel=channel, confirmation=confirmation)

    assert kept() == {
        f"charges_{confirmation}_{channel}": 1,
        f"charged_{confirmation}_{channel}_vnd": 60_000,
        f"paid_orders_{channel}": 1,
    }


def test_a_sale_moves_the_goods_of_its_province_day_set_and_product(db: None) -> None:
    a_sale(a_shop(), Sold(2, 60_000, 11, NOODLES), Sold(1, 150_000, 12, HONEY), Sold(1, 70_000, 11, NOODLES))
    a_sale(a_shop(), Sold(1, 60_000, 11, NOODLES), channel="stall")

    assert sales() == [
        ("04", TODAY, "online", HONEY, 1, 1, 1, 150_000),
        ("04", TODAY, "online", NOODLES, 1, 2, 3, 190_000),
        ("04", TODAY, "stall", NOODLES, 1, 1, 1, 60_000),
    ]
    assert products() == [("04", NOVEMBER, 11, 2, 4, 250_000), ("04", NOVEMBER, 12, 1, 1, 150_000)]


def test_an_order_paid_in_parts_is_sold_on_the_day_that_completed_it(db: None) -> None:
    order = an_order(a_shop(), Sold(price_vnd=60_000, product=11))
    charge(order, 20_000, day=YESTERDAY)
    deliver()
    assert (sales(), products()) == ([], [])

    charge(order, 40_000, day=TODAY)
    deliver()

    assert kept(day=YESTERDAY) == {"charges_bank_online": 1, "charged_bank_online_vnd": 20_000}
    assert kept(day=TODAY) == {
        "charges_bank_online": 1,
        "charged_bank_online_vnd": 40_000,
        "paid_orders_online": 1,
    }
    assert sales() == [("04", TODAY, "online", NOODLES, 1, 1, 1, 60_000)]
    assert products() == [("04", NOVEMBER, 11, 1, 1, 60_000)]


def test_an_order_is_sold_once_in_its_life_however_often_it_is_paid_and_refunded(db: None) -> None:
    order = a_sale(a_shop(), Sold(price_vnd=60_000, product=11))

    refund(order, 60_000, "cash", day=TODAY)
    charge(order, 60_000, "cash", day=TODAY)
    deliver()

    assert kept() == {
        "charges_bank_online": 1,
        "charged_bank_online_vnd": 60_000,
        "charges_cash_online": 1,
        "charged_cash_online_vnd": 60_000,
        "refunds_cash_online": 1,
        "refunded_cash_online_vnd": 60_000,
        "paid_orders_online": 1,
    }
    assert sales() == [("04", TODAY, "online", NOODLES, 1, 1, 1, 60_000)]
    assert products() == [("04", NOVEMBER, 11, 1, 1, 60_000)]


def test_a_notice_that_comes_late_counts_on_the_banks_date(db: None) -> None:
    order = an_order(a_shop(), Sold(product=11))

    charge(order, 60_000, day=date(2026, 10, 31))
    deliver()

    assert kept(day=TODAY) == {}
    assert kept(day=date(2026, 10, 31))["charged_bank_online_vnd"] == 60_000
    assert products() == [("04", date(2026, 10, 1), 11, 1, 1, 60_000)]


def test_a_shop_that_moves_leaves_its_figures_where_it_was_then(db: None) -> None:
    shop = a_shop(DAM_THUY)
    order = an_order(shop)
    charge(order, 20_000)
    shop.commune_id = NENH
    shop.save(update_fields=["commune"])
    charge(order, 40_000)

    deliver()

    assert kept(DAM_THUY) == {"charges_bank_online": 1, "charged_bank_online_vnd": 20_000}
    assert kept(NENH) == {
        "charges_bank_online": 1,
        "charged_bank_online_vnd": 40_000,
        "paid_orders_online": 1,
    }
    assert [row[0] for row in sales()] == ["24"]


def test_an_amount_typed_at_the_stall_is_sold_without_product_or_set(db: None) -> None:
    a_sale(a_shop(), Sold(1, 30_000, None, None), channel="stall", confirmation="cash")

    assert sales() == [("04", TODAY, "stall", 0, 1, 1, 1, 30_000)]
    assert products() == [("04", NOVEMBER, 0, 1, 1, 30_000)]


def test_the_goods_by_set_and_by_product_add_up_to_the_same_amount(db: None) -> None:
    a_sale(a_shop(), Sold(2, 60_000, 11, NOODLES), Sold(1, 30_000, None, None))
    a_sale(a_shop(NENH), Sold(1, 150_000, 12, HONEY))

    by_set, by_product = (sum(row[-1] for row in rows) for rows in (sales(), products()))  # type: ignore[misc]  # int

    assert by_set == by_product == 300_000


def test_a_placed_order_moves_nothing_until_money_comes(db: None) -> None:
    an_order(a_shop())
    deliver()

    assert not TakingsDay.objects.exists()
    assert (sales(), products()) == ([], [])


def test_figures_move_with_the_delivery_and_never_twice(db: None) -> None:
    order = an_order(a_shop())
    charge(order, 60_000)
    assert kept() == {}

    deliver()
    once = kept()
    deliver()

    assert once["charged_bank_online_vnd"] == 60_000
    assert kept() == once


def test_an_event_that_cannot_be_counted_waits_and_moves_nothing(
    db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction.atomic():
        journal.record(
            kind="order.charged", aggregate_type="order", aggregate_id=1, actor=SYSTEM, now=now,
            data={"commune": DAM_THUY, "province": "04", "channel": "online", "confirmation": "screenshot",
                  "amount_vnd": 60_000, "bank_date": "2026-11-22"},
        )  # fmt: skip

    deliver()

    delivery = JournalDelivery.objects.get(subscriber="figures")
    assert (delivery.state, delivery.attempts, delivery.problem) == ("waiting", 1, "UncountableEvent")
    assert not TakingsDay.objects.exists()


def test_the_database_refuses_a_second_row_for_a_commune_and_day(db: None) -> None:
    a_sale(a_shop())

    with pytest.raises(IntegrityError), transaction.atomic():
        TakingsDay.objects.create(commune_id=DAM_THUY, day=TODAY)


@pytest.mark.parametrize(
    "changes", [{"charged_bank_online_vnd": -1}, {"refunds_cash_stall": -1}, {"paid_orders_online": -1}]
)
def test_the_database_refuses_a_figure_below_nought(db: None, changes: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TakingsDay.objects.create(commune_id=DAM_THUY, day=TODAY, **changes)


def test_the_database_refuses_a_month_that_begins_in_its_middle(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductMonth.objects.create(province_id="04", month=TODAY, product_number=11)


def test_sales_of_one_commune_at_once_lose_nothing(committed_db: None) -> None:
    shops = [a_shop(DAM_THUY) for _ in range(3)] + [a_shop(THUC_PHAN)]
    orders = [an_order(shop, Sold(2, 10_000, 11, NOODLES), Sold(1, 5_000, 12, HONEY)) for shop in shops * 4]

    def sell(order_number: int) -> None:
        charge(orders[order_number], 25_000)
        deliver()

    failures = [answer for answer in at_once([lambda n=n: sell(n) for n in range(len(orders))]) if answer]
    journal.drain(now=NOW + timedelta(days=1))  # what was put off because a row was busy

    assert failures == []
    assert in_figures() == in_transactions()
    assert kept(DAM_THUY)["charged_bank_online_vnd"] == 12 * 25_000
    assert kept(THUC_PHAN)["paid_orders_online"] == 4
    assert sales() == [
        ("04", TODAY, "online", HONEY, 16, 16, 16, 80_000),
        ("04", TODAY, "online", NOODLES, 16, 16, 32, 320_000),
    ]
    assert check(now=NOW) == []
