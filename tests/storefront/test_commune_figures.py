"""Is the digital economy growing: the answer first, then figures that open to the sales behind them."""

from datetime import date, timedelta
from datetime import datetime as moment

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.core.journal import drain
from marketplace.people.models import Role
from marketplace.people.services import give_role
from storefront.commune.growth import Growth
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, pay
from tests.storefront.conftest import PAGE_BYTES_MAX, At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_person,
    a_province_officer,
    an_officer,
    browser_of,
    paid_by_bank,
    paid_in_cash,
    waiting_certificate,
    waiting_product,
)
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=100)


def sold(shop: Shop, *, at: moment, quantity: int = 1) -> None:
    order = an_order(shop, quantity=quantity, now=at)
    pay(shop, code_of(order), order.total_vnd, now=at)


def growth(*, taken: int, before: int, is_running: bool = True) -> Growth:
    return Growth("xã Đàm Thủy", date(2026, 11, 1), is_running, taken, before, 7)


def test_a_commune_that_has_not_sold_yet_is_told_so_in_words_and_not_in_noughts() -> None:
    nothing = Growth("phường Nếnh", date(2026, 11, 1), True, 0, 0, 0)
    fallen = Growth("phường Nếnh", date(2026, 11, 1), True, 0, 60_000, 0)

    assert nothing.sentence == "Từ đầu tháng 11, phường Nếnh chưa bán được đơn nào; cùng kỳ tháng trước cũng vậy."
    assert fallen.sentence == ("Từ đầu tháng 11, phường Nếnh chưa bán được đơn nào; ít hơn cùng kỳ tháng trước 100%.")


@pytest.mark.parametrize(
    ("figures", "answer", "sentence"),
    [
        (
            growth(taken=1_120_000, before=1_000_000),
            "Kinh tế số đang đi lên",
            "Từ đầu tháng 11, xã Đàm Thủy bán được 1.120.000 ₫ từ 7 đơn; nhiều hơn cùng kỳ tháng trước 12%.",
        ),
        (
            growth(taken=875_000, before=1_000_000),
            "Kinh tế số đang đi xuống",
            "Từ đầu tháng 11, xã Đàm Thủy bán được 875.000 ₫ từ 7 đơn; ít hơn cùng kỳ tháng trước 13%.",
        ),
        (
            growth(taken=1_000_000, before=1_000_000, is_running=False),
            "Kinh tế số giữ nguyên",
            "Trong tháng 11, xã Đàm Thủy bán được 1.000.000 ₫ từ 7 đơn; bằng tháng trước.",
        ),
        (
            growth(taken=60_000, before=0),
            "Mới bắt đầu",
            "Từ đầu tháng 11, xã Đàm Thủy bán được 60.000 ₫ từ 7 đơn; cùng kỳ tháng trước chưa bán được gì.",
        ),
        (growth(taken=0, before=0), "Chưa có tiền bán", None),
    ],
)
def test_the_answer_is_a_few_words_and_a_sentence_with_two_numbers(
    figures: Growth, answer: str, sentence: str | None
) -> None:
    assert figures.answer == answer
    assert sentence is None or figures.sentence.replace("\u00a0", " ") == sentence


def test_this_month_so_far_is_held_against_as_many_days_of_the_month_before(shop: Shop, officer: Client) -> None:
    sold(shop, at=NOW - timedelta(days=31), quantity=2)
    sold(shop, at=NOW - timedelta(days=25), quantity=5)
    paid_by_bank(shop, quantity=3)
    drain(now=NOW)

    page = officer.get("/commune/")

    words = text_of(page)
    assert "Kinh tế số đang đi lên" in words
    assert "xã Đàm Thủy bán được 180.000 ₫ từ 1 đơn; nhiều hơn cùng kỳ tháng trước 50%." in words
    assert "cả tháng trước 420.000 ₫" in words
    assert page.content.decode().count("<h1>") == 1
    assert words.index("Kinh tế số đang đi lên") < words.index("Tiền bán trong tháng")


def test_the_tiles_count_shops_money_confirmation_and_certified_goods(shop: Shop, officer: Client) -> None:
    certificate = waiting_certificate(shop)
    officer.post(f"/commune/certificates/{certificate.pk}/verify/")
    a_shop("Hộ chưa bán")
    paid_by_bank(shop, quantity=3)
    paid_in_cash(shop)
    drain(now=NOW)

    words = text_of(officer.get("/commune/"))

    assert "Gian có bán / đăng ký 1 / 2 tháng trước 0 gian có bán" in words
    assert "Tiền bán trong tháng 240.000 ₫" in words
    assert "Ngân hàng xác nhận 75% tháng trước chưa có" in words
    assert "Sản phẩm OCOP đang bán 1" in words


def test_what_waits_stands_with_its_age_the_longest_waiting_first(shop: Shop, officer: Client, at: At) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    waiting_product(shop)
    waiting_certificate(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(made_at=NOW - timedelta(days=3))

    at(NOW + timedelta(hours=5))
    words = text_of(officer.get("/commune/"))

    tasks = ["Gian hàng mới · chờ 3 ngày", "Sản phẩm · chờ 5 giờ", "Giấy chứng nhận · chờ 5 giờ"]
    places = [words.index(task) for task in tasks]
    assert places == sorted(places)


def test_a_month_opens_to_days_and_a_day_to_the_sales_without_a_buyer(shop: Shop, officer: Client) -> None:
    order = paid_by_bank(shop, quantity=2)
    paid_in_cash(shop)
    drain(now=NOW)

    month = officer.get("/commune/figures/?month=2026-11")
    day = officer.get("/commune/sales/2026-11-22/?commune=01501")

    assert "22/11 180.000 120.000 0 60.000 0 2" in text_of(month)
    assert 'href="/commune/sales/2026-11-22/?commune=01501"' in month.content.decode()
    assert "<rect " in month.content.decode()
    words = text_of(day)
    assert "180.000 ₫" in words
    assert f"10:00 Hợp tác xã Bản Giốc 120.000 Ngân hàng báo {order.number}" in words
    assert "0987" not in words
    assert "Ngày này không có khoản nào." in text_of(officer.get("/commune/sales/2026-11-21/"))
    assert "Tháng này chưa có ngày nào bán được." in text_of(officer.get("/commune/figures/?month=2026-01"))


def test_the_province_reads_each_commune_and_opens_its_figures(shop: Shop) -> None:
    paid_by_bank(shop)
    drain(now=NOW)
    browser = browser_of(a_province_officer().pk)

    assert browser.get("/commune/")["Location"] == "/province/"
    page = browser.get("/province/")
    words = text_of(page)
    assert "Tỉnh Cao Bằng, tháng 11/2026" in words
    assert "Cả tỉnh bán được 60.000 ₫ từ 1 đơn; cả tháng trước 0 ₫." in words
    assert next(row.code for row in page.context["rows"]) == DAM_THUY
    assert "Xã Đàm Thủy 60.000 0 100% 1 / 1 0" in words
    assert len(page.content) <= PAGE_BYTES_MAX
    assert browser.get("/province/?page=3").status_code == 200
    opened = browser.get(f"/commune/figures/?commune={DAM_THUY}&month=2026-11")
    assert "60.000" in text_of(opened)
    assert "/commune/vendors/" not in opened.content.decode(), "shops are the commune's to settle"
    assert "Việc đang chờ bạn" not in text_of(browser.get(f"/commune/?commune={DAM_THUY}"))
    assert browser.get(f"/commune/sales/2026-11-22/?commune={DAM_THUY}").status_code == 200


def test_an_operator_chooses_the_province(db: None) -> None:
    user = a_person("Vận hành")
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.OPERATOR, now=NOW)
    browser = browser_of(user.pk)

    assert browser.get("/commune/")["Location"] == "/province/"
    assert 'href="/province/?province=04"' in browser.get("/province/").content.decode()
    assert "Tỉnh Cao Bằng" in text_of(browser.get("/province/?province=04"))


def test_an_officer_of_two_communes_reaches_both(shop: Shop) -> None:
    user = an_officer(NENH)
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.COMMUNE, commune=shop.vendor.commune, now=NOW)
    browser = browser_of(user.pk)

    assert "Xã Đàm Thủy, Cao Bằng" in text_of(browser.get("/commune/"))
    assert f'href="/commune/?commune={NENH}"' in browser.get("/commune/").content.decode()
    assert "Phường Nếnh, Bắc Ninh" in text_of(browser.get(f"/commune/?commune={NENH}"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/commune/figures/?month=2026-13", 400),
        ("/commune/figures/?month=0001-01", 400),
        ("/commune/figures/?month=9999-12", 400),
        ("/commune/figures/?month=2020-12", 400),
        (f"/commune/figures/?commune={NENH}", 404),
        ("/commune/figures/?commune=x", 404),
        (f"/commune/?commune={NENH}", 404),
        ("/commune/sales/2026-02-31/", 404),
        (f"/commune/sales/2026-11-22/?commune={NENH}", 404),
        ("/commune/sales/2026-11-22/?before=x", 400),
        ("/commune/sales/1999-01-01/", 400),
        ("/province/", 404),
        ("/province/?province=24", 404),
    ],
)
def test_what_makes_no_sense_or_is_not_theirs_is_a_clear_refusal(officer: Client, address: str, status: int) -> None:
    assert officer.get(address).status_code == status


def test_the_pages_take_as_many_statements_and_few_bytes_with_a_month_of_sales(
    shop: Shop, officer: Client, statements: Count
) -> None:
    pages = ["/commune/", "/commune/figures/", "/commune/sales/2026-11-22/"]
    paid_by_bank(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.VNEID)
    waiting = a_shop("Hộ chờ")
    Vendor.objects.filter(pk=waiting.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    drain(now=NOW)
    few = [statements(lambda page=page: officer.get(page)) for page in pages]  # type: ignore[misc]  # bound early
    for days in range(1, 22):
        sold(shop, at=NOW - timedelta(days=days))
    for number in range(12):
        shop_waiting = a_shop(f"Hộ chờ {number}")
        Vendor.objects.filter(pk=shop_waiting.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    for _ in range(31):
        paid_by_bank(shop)
    drain(now=NOW)

    assert [statements(lambda page=page: officer.get(page)) for page in pages] == few  # type: ignore[misc]  # as above
    assert max(len(officer.get(page).content) for page in pages) <= PAGE_BYTES_MAX
    assert "Còn nữa." in text_of(officer.get("/commune/"))
    first = officer.get("/commune/sales/2026-11-22/")
    assert len(first.context["sales"]) == 30
    assert len(officer.get(first.context["next_url"]).context["sales"]) == 2
