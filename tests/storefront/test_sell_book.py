"""The day book: a month by day, a year by month, a day by sale."""

from datetime import timedelta

import pytest

from tests.payments.factories import NOW, Shop, a_shop, an_order, code_of, pay
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import owner_at, paid_by_bank, paid_in_cash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
BAD = (
    "/sell/book/?month=2026-13",
    "/sell/book/?month=x",
    "/sell/book/?month=0000-01",
    "/sell/book/?month=0001-01",
    "/sell/book/?month=2020-12",
    "/sell/book/?month=9999-12",
    "/sell/book/months/?year=20",
    "/sell/book/months/?year=0000",
    "/sell/book/months/?year=9999",
    "/sell/book/2026-11-22/?before=x",
    "/sell/book/1999-01-01/",
)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_a_month_opens_to_its_days_and_a_day_to_its_sales(shop: Shop) -> None:
    browser = owner_at(shop)
    first, second = paid_by_bank(shop, quantity=2), paid_in_cash(shop)

    month = browser.get("/sell/book/")
    day = browser.get("/sell/book/2026-11-22/")

    assert "Sổ tháng 11/2026" in text_of(month)
    assert "22/11 180.000 120.000 60.000 0" in text_of(month)
    assert 'href="/sell/book/2026-11-22/"' in month.content.decode()
    assert f"Đã nhận 60.000 ₫ · đơn {second.number} Tiền mặt" in text_of(day)
    assert f"Đã nhận 120.000 ₫ · đơn {first.number}" in text_of(day)
    assert "11/2026 180.000 0 120.000 2" in text_of(browser.get("/sell/book/months/"))


def test_a_month_and_a_year_without_money_say_so(shop: Shop) -> None:
    browser = owner_at(shop)

    assert "Tháng này chưa có tiền bán" in text_of(browser.get("/sell/book/?month=2026-01"))
    assert "Năm này chưa có tiền bán" in text_of(browser.get("/sell/book/months/?year=2025"))
    assert "Ngày này không có khoản nào." in text_of(browser.get("/sell/book/2026-02-28/"))


def test_a_day_with_many_sales_is_read_page_by_page_without_a_gap(shop: Shop) -> None:
    shop.stock.quantity = 100
    shop.stock.save()
    numbers = [paid_by_bank(shop).number for _ in range(32)]
    browser = owner_at(shop)

    first = browser.get("/sell/book/2026-11-22/")
    address = first.context["next_url"]
    second = browser.get(address)

    seen = [receipt.order_number for page in (first, second) for receipt in page.context["sales"]]
    assert seen == numbers[::-1]
    assert second.context["next_url"] is None
    assert len(first.content) <= PAGE_BYTES_MAX


@pytest.mark.parametrize("address", BAD)
def test_a_period_that_makes_no_sense_is_a_clear_refusal(shop: Shop, address: str) -> None:
    assert owner_at(shop).get(address).status_code == 400


@pytest.mark.parametrize("day", ["2026-02-31", "x", "20261122", "2026-W47-7", "9" * 400])
def test_a_day_that_is_none_is_not_there(shop: Shop, day: str) -> None:
    assert owner_at(shop).get(f"/sell/book/{day}/").status_code == 404


def test_another_shop_s_money_is_in_nobody_else_s_book(shop: Shop) -> None:
    paid_by_bank(shop)

    words = text_of(owner_at(a_shop("Hộ khác")).get("/sell/book/"))

    assert "Tháng này chưa có tiền bán" in words


def test_a_full_month_takes_as_many_statements_and_few_bytes(shop: Shop, statements: Count) -> None:
    shop.stock.quantity = 100
    shop.stock.save()
    browser = owner_at(shop)
    paid_by_bank(shop)
    few = statements(lambda: browser.get("/sell/book/"))
    for days in range(1, 22):
        earlier = NOW - timedelta(days=days)
        order = an_order(shop, now=earlier)
        pay(shop, code_of(order), now=earlier)

    assert statements(lambda: browser.get("/sell/book/")) == few
    assert len(browser.get("/sell/book/").content) <= PAGE_BYTES_MAX
    assert "22/11" in text_of(browser.get("/sell/book/"))
    assert "01/11" in text_of(browser.get("/sell/book/"))
