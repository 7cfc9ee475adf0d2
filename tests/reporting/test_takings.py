from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.reporting import selectors
from marketplace.reporting.selectors import (
    BookRow,
    SaleBehind,
    Takings,
    TakingsRow,
    commune_takings,
    sales_behind,
    vendor_book,
    vendor_sales_behind,
)
from tests.reporting.factories import (
    BAC_NINH,
    CAO_BANG,
    DAM_THUY,
    NENH,
    NOW,
    THUC_PHAN,
    TODAY,
    Sold,
    a_sale,
    a_shop,
    an_order,
    charge,
    commune,
    deliver,
    kept,
    province,
    refund,
)

YESTERDAY, BEFORE = date(2026, 11, 21), date(2026, 11, 20)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))
PROVINCE_OFFICER = Actor(user_id=2, province_codes=frozenset({CAO_BANG}))
OPERATOR = Actor(user_id=3, is_operator=True)
READERS = [OFFICER, PROVINCE_OFFICER, OPERATOR, SYSTEM]
STRANGERS = [
    ANONYMOUS,
    Actor(user_id=4),
    Actor(user_id=5, commune_codes=frozenset({THUC_PHAN})),
    Actor(user_id=6, province_codes=frozenset({BAC_NINH})),
    Actor(user_id=7, agent_commune_codes=frozenset({DAM_THUY})),
    Actor(user_id=8, vendor_roles={0: "owner"}),
]


def member(vendor_id: int, role: str = "owner") -> Actor:
    return Actor(user_id=9, vendor_roles={vendor_id: role})


def statements(ask: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask()
    return len(asked)


# --- A commune's takings --------------------------------------------------------------------------


def test_a_communes_takings_show_each_day_with_money(db: None) -> None:
    a_sale(a_shop(), Sold(price_vnd=60_000), day=BEFORE)
    order = a_sale(a_shop(), Sold(price_vnd=45_000), confirmation="cash", channel="stall")
    refund(order, 5_000)
    deliver()
    a_sale(a_shop(THUC_PHAN))

    rows = commune_takings(actor=OFFICER, commune=commune(), first_day=FIRST, last_day=LAST)

    assert rows == [
        TakingsRow(day=BEFORE, takings=Takings(bank_vnd=60_000, online_vnd=60_000, count=1), paid_orders=1),
        TakingsRow(
            day=TODAY,
            takings=Takings(cash_vnd=45_000, refunds_vnd=5_000, stall_vnd=40_000, count=1, refunds=1),
            paid_orders=1,
        ),
    ]
    assert [row.takings.total_vnd for row in rows] == [60_000, 40_000]
    assert [row.takings.confirmed_vnd for row in rows] == [60_000, 0]


def test_the_days_asked_for_include_the_first_and_the_last(db: None) -> None:
    for day in (BEFORE, YESTERDAY, TODAY):
        a_sale(a_shop(), day=day)

    rows = commune_takings(actor=OFFICER, commune=commune(), first_day=BEFORE, last_day=YESTERDAY)

    assert [row.day for row in rows] == [BEFORE, YESTERDAY]


@pytest.mark.parametrize("actor", READERS)
def test_staff_of_the_commune_and_its_province_and_the_operator_read_it(db: None, actor: Actor) -> None:
    a_sale(a_shop())

    assert len(commune_takings(actor=actor, commune=commune(), first_day=FIRST, last_day=LAST)) == 1
    assert len(sales_behind(actor=actor, commune=commune(), day=TODAY)) == 1


@pytest.mark.parametrize("actor", STRANGERS)
def test_to_anybody_else_there_is_nothing_there(db: None, actor: Actor) -> None:
    a_sale(a_shop())

    with pytest.raises(NotFound):
        commune_takings(actor=actor, commune=commune(), first_day=FIRST, last_day=LAST)
    with pytest.raises(NotFound):
        sales_behind(actor=actor, commune=commune(), day=TODAY)
    with pytest.raises(NotFound):
        selectors.commune_summary(actor=actor, commune=commune(), month=TODAY, now=NOW)
    with pytest.raises(NotFound):
        selectors.province_summary(actor=actor, province=province(), month=TODAY, now=NOW)
    with pytest.raises(NotFound):
        selectors.province_sales(actor=actor, province=province(), month=TODAY)
    with pytest.raises(NotFound):
        selectors.best_products(actor=actor, province=province(), month=TODAY)


def test_staff_of_a_commune_do_not_read_the_province_or_a_shops_book(db: None) -> None:
    shop = a_shop()

    with pytest.raises(NotFound):
        selectors.province_summary(actor=OFFICER, province=province(), month=TODAY, now=NOW)
    for actor in (OFFICER, PROVINCE_OFFICER):
        with pytest.raises(NotFound):
            vendor_book(actor=actor, vendor=shop, first_day=FIRST, last_day=LAST)
        with pytest.raises(NotFound):
            vendor_sales_behind(actor=actor, vendor=shop, day=TODAY)


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [
        (LAST, FIRST),
        (date(2019, 12, 31), date(2020, 1, 1)),
        (date.min, date.min),
        (date.max, date.max),
        (date(2099, 12, 31), date(2100, 1, 1)),
        (FIRST, FIRST + timedelta(days=100)),
    ],
)
def test_an_impossible_or_too_long_period_is_refused(db: None, first_day: date, last_day: date) -> None:
    shop = a_shop()
    with pytest.raises(InvalidInput):
        commune_takings(actor=OFFICER, commune=commune(), first_day=first_day, last_day=last_day)
    with pytest.raises(InvalidInput):
        vendor_book(actor=member(shop.pk), vendor=shop, first_day=first_day, last_day=last_day)


def test_a_hundred_days_are_not_too_many(db: None) -> None:
    last_day = FIRST + timedelta(days=99)
    assert commune_takings(actor=OFFICER, commune=commune(), first_day=FIRST, last_day=last_day) == []


# --- The sales behind -----------------------------------------------------------------------------


def test_a_days_figure_opens_to_the_movements_it_is_made_of_without_the_buyer(db: None) -> None:
    shop = a_shop(name="HTX Bản Giốc")
    order = a_sale(shop, Sold(price_vnd=60_000))
    charged = order.transaction_events.get()
    refunded = refund(order, 10_000, "cash")
    a_sale(a_shop(), day=YESTERDAY)
    a_sale(a_shop(NENH))

    behind = sales_behind(actor=OFFICER, commune=commune(), day=TODAY)

    assert behind == [
        SaleBehind(
            event_id=refunded.pk,
            order_number=order.number,
            vendor_name="HTX Bản Giốc",
            vendor_slug=shop.slug,
            amount_vnd=10_000,
            is_refund=True,
            confirmation="cash",
            channel="online",
            happened_at=refunded.happened_at,
        ),
        SaleBehind(
            event_id=charged.pk,
            order_number=order.number,
            vendor_name="HTX Bản Giốc",
            vendor_slug=shop.slug,
            amount_vnd=60_000,
            is_refund=False,
            confirmation="bank",
            channel="online",
            happened_at=charged.happened_at,
        ),
    ]
    assert [sale.is_confirmed for sale in behind] == [False, True]
    told = {field.name for field in fields(SaleBehind)}
    assert not any(
        word in name for name in told for word in ("phone", "email", "user", "address", "buyer", "message")
    )


def test_what_is_behind_a_figure_adds_up_to_it_page_by_page(db: None) -> None:
    for price_vnd in range(1_000, 8_000, 1_000):
        order = a_sale(a_shop(), Sold(price_vnd=price_vnd))
    refund(order, 500)
    deliver()

    pages, before = [], None
    while page := sales_behind(actor=OFFICER, commune=commune(), day=TODAY, before=before, at_most=3):
        pages.append(page)
        before = page[-1].event_id

    assert [len(page) for page in pages] == [3, 3, 2]
    moved = sum(-sale.amount_vnd if sale.is_refund else sale.amount_vnd for page in pages for sale in page)
    (row,) = commune_takings(actor=OFFICER, commune=commune(), first_day=TODAY, last_day=TODAY)
    assert moved == row.takings.total_vnd == 27_500


def test_a_page_holds_a_hundred_at_most(db: None) -> None:
    order = an_order(a_shop(), Sold(price_vnd=1_000_000))
    for _ in range(101):
        charge(order, 1)

    assert len(sales_behind(actor=OFFICER, commune=commune(), day=TODAY, at_most=10**9)) == 100


@pytest.mark.parametrize(("before", "rows"), [(10**30, 1), (2**63, 1), (0, 0), (-(10**30), 0)])
def test_a_page_may_be_asked_for_before_any_number(db: None, before: int, rows: int) -> None:
    a_sale(a_shop())

    assert len(sales_behind(actor=OFFICER, commune=commune(), day=TODAY, before=before)) == rows


@pytest.mark.parametrize("at_most", [0, -1])
def test_a_page_of_none_is_empty(db: None, at_most: int) -> None:
    a_sale(a_shop())

    assert sales_behind(actor=OFFICER, commune=commune(), day=TODAY, at_most=at_most) == []


def test_a_request_for_money_that_has_not_come_is_not_behind_a_figure(db: None) -> None:
    order = a_sale(a_shop())
    asked = order.transaction_events.get()
    asked.pk, asked.type, asked.confirmation, asked.notice = None, "charge_action_required", "", None
    asked.save()

    assert len(sales_behind(actor=OFFICER, commune=commune(), day=TODAY)) == 1
    assert kept()["charges_bank_online"] == 1


# --- A shop's own book ----------------------------------------------------------------------------


def test_a_shops_book_by_day(db: None) -> None:
    shop = a_shop()
    a_sale(shop, Sold(price_vnd=60_000), day=BEFORE)
    order = a_sale(shop, Sold(price_vnd=45_000), confirmation="cash", channel="stall")
    refund(order, 5_000)
    a_sale(a_shop(), Sold(price_vnd=999_000))

    book = vendor_book(actor=member(shop.pk, "seller"), vendor=shop, first_day=FIRST, last_day=LAST)

    assert book == [
        BookRow(period=BEFORE, takings=Takings(bank_vnd=60_000, online_vnd=60_000, count=1)),
        BookRow(
            period=TODAY,
            takings=Takings(cash_vnd=45_000, refunds_vnd=5_000, stall_vnd=40_000, count=1, refunds=1),
        ),
    ]


def test_a_shops_book_does_not_wait_for_the_figures(db: None) -> None:
    shop = a_shop()
    charge(an_order(shop), 60_000)

    (row,) = vendor_book(actor=member(shop.pk), vendor=shop, first_day=TODAY, last_day=TODAY)

    assert row.takings.total_vnd == 60_000
    assert kept() == {}


def test_a_shops_book_follows_the_shop_to_another_commune(db: None) -> None:
    shop = a_shop(DAM_THUY)
    a_sale(shop, day=YESTERDAY)
    shop.commune_id = NENH
    shop.save(update_fields=["commune"])
    a_sale(shop)

    book = vendor_book(actor=member(shop.pk), vendor=shop, first_day=FIRST, last_day=LAST)

    assert [row.takings.total_vnd for row in book] == [60_000, 60_000]


def test_a_shops_book_by_month_ends_where_asked(db: None) -> None:
    shop = a_shop()
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)):
        a_sale(shop, day=day)

    book = vendor_book(
        actor=member(shop.pk), vendor=shop, first_day=date(2026, 10, 1), last_day=date(2026, 11, 1), by="month"
    )

    assert [(row.period, row.takings.total_vnd) for row in book] == [
        (date(2026, 10, 1), 120_000),
        (date(2026, 11, 1), 60_000),
    ]


def test_a_book_by_another_period_is_refused(db: None) -> None:
    shop = a_shop()
    with pytest.raises(InvalidInput):
        vendor_book(
            actor=member(shop.pk),
            vendor=shop,
            first_day=FIRST,
            last_day=LAST,
            by="year",  # type: ignore[arg-type]  # what a link may say
        )


def test_a_shops_day_opens_to_its_own_movements_only(db: None) -> None:
    shop = a_shop()
    order = a_sale(shop)
    a_sale(a_shop())
    a_sale(shop, day=YESTERDAY)

    behind = vendor_sales_behind(actor=member(shop.pk), vendor=shop, day=TODAY)

    assert [(sale.order_number, sale.amount_vnd) for sale in behind] == [(order.number, 60_000)]


@pytest.mark.parametrize("actor", STRANGERS[:-1])
def test_a_shops_book_is_closed_to_strangers(db: None, actor: Actor) -> None:
    shop = a_shop()
    others = Actor(user_id=8, vendor_roles={shop.pk + 1: "owner"})

    for stranger in (actor, others):
        with pytest.raises(NotFound):
            vendor_book(actor=stranger, vendor=shop, first_day=FIRST, last_day=LAST)
        with pytest.raises(NotFound):
            vendor_sales_behind(actor=stranger, vendor=shop, day=TODAY)


def test_the_operator_reads_a_shops_book(db: None) -> None:
    shop = a_shop()
    a_sale(shop)

    assert len(vendor_book(actor=OPERATOR, vendor=shop, first_day=FIRST, last_day=LAST)) == 1


# --- Statements -----------------------------------------------------------------------------------


def test_each_question_is_one_statement_whatever_there_is(db: None) -> None:
    shop = a_shop()
    here, actor = commune(), member(shop.pk)
    questions = [
        lambda: commune_takings(actor=OFFICER, commune=here, first_day=FIRST, last_day=LAST),
        lambda: sales_behind(actor=OFFICER, commune=here, day=TODAY),
        lambda: vendor_book(actor=actor, vendor=shop, first_day=FIRST, last_day=LAST),
        lambda: vendor_book(actor=actor, vendor=shop, first_day=FIRST, last_day=LAST, by="month"),
        lambda: vendor_sales_behind(actor=actor, vendor=shop, day=TODAY),
    ]
    a_sale(shop)
    few = [statements(question) for question in questions]
    for day in (BEFORE, YESTERDAY, TODAY):
        for _ in range(4):
            a_sale(shop, day=day)
            a_sale(a_shop(), day=day)
    many = [statements(question) for question in questions]

    assert few == many == [1] * len(questions)
