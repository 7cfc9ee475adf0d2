"""A month to read, print and take away; shops that sell nothing; what the province sets and compares."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from marketplace.core.actors import SYSTEM
from marketplace.core.journal import drain
from marketplace.people.models import Role
from marketplace.people.services import give_role
from marketplace.places.models import Commune
from marketplace.reporting.models import CommuneTarget
from storefront.commune import todo
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX, At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_person,
    a_province_officer,
    an_agent,
    an_officer,
    browser_of,
    form,
    owner_at,
    paid_by_bank,
    paid_in_cash,
    waiting_certificate,
    waiting_product,
)
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TARGETS = f"/province/targets/{DAM_THUY}/?year=2026"


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=100)


@pytest.fixture
def province(db: None) -> Client:
    return browser_of(a_province_officer().pk)


def sold_here_and_elsewhere(shop: Shop) -> None:
    """Three packets here (one for cash), one in each of three other communes of the province."""
    paid_by_bank(shop, quantity=2)
    paid_in_cash(shop)
    for code in Commune.objects.filter(province_id="04").exclude(pk=DAM_THUY).values_list("pk", flat=True)[:3]:
        paid_by_bank(a_shop(commune=code))
    drain(now=NOW)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# The month


def test_the_month_is_one_page_held_against_earlier_ones_and_the_province(shop: Shop, officer: Client) -> None:
    sold_here_and_elsewhere(shop)

    page = officer.get("/commune/report/?month=2026-11")

    words = text_of(page)
    assert "Kinh tế số xã Đàm Thủy, tháng 11/2026" in words
    assert "Tiền bán 180.000 ₫ 0 ₫ 0 ₫ Gian có bán 1 0 0" in words
    assert "Ngân hàng xác nhận 67% — — Sản phẩm" in words
    assert "1 trong 4 xã, phường có bán (56 xã, phường cả tỉnh)" in words
    assert "Phần của cả tỉnh 50%" in words
    assert "Trung bình một xã khác có bán 60.000 ₫" in words
    assert "Tiền mặt 60.000 33%" in words
    assert "Hợp tác xã 180.000 100% 67% 1" in words
    assert "Không ở chợ nào 180.000 100% 67% 1" in words
    assert "Chế biến từ gạo, ngũ cốc 180.000 2 3" in words
    assert "Tỉnh chưa giao chỉ tiêu năm nay." in words
    assert len(page.content) <= PAGE_BYTES_MAX


def test_a_month_without_sales_says_so_and_compares_nothing_that_would_show_one_commune(officer: Client) -> None:
    words = text_of(officer.get("/commune/report/?month=2026-03"))

    assert "Mới có 0 trong 56 xã, phường có bán." in words
    assert "Ai xác nhận tiền đã về" not in words
    assert "tháng 4/2026" in words


def test_the_days_go_to_a_table_program_and_the_whole_month_to_excel(shop: Shop, officer: Client) -> None:
    sold_here_and_elsewhere(shop)

    days = officer.get("/commune/figures.csv?month=2026-11")
    month = officer.get("/commune/figures.xlsx?month=2026-11")

    assert days["Content-Disposition"] == f'attachment; filename="so-lieu-{DAM_THUY}-2026-11.csv"'
    assert rows_of(days.content)[1:] == [["22/11/2026", "180000", "120000", "0", "0", "60000", "0", "2"]]
    book = load_workbook(io.BytesIO(month.content))
    assert book.sheetnames == [
        "Tổng quan", "Từng ngày", "Ai xác nhận", "Loại gian hàng", "Chợ", "Thôn, xóm", "Nhóm hàng OCOP"
    ]  # fmt: skip
    assert [cell.value for cell in book["Tổng quan"][2]] == ["Tiền bán (₫)", 180_000, 0, 0, None, None]
    assert [cell.value for cell in book["Nhóm hàng OCOP"][2]] == ["Chế biến từ gạo, ngũ cốc", 180_000, 2, 3]
    everything = str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])
    assert shop.vendor.name not in everything, "sums of the commune only"
    assert "0987" not in everything


# Shops that sell nothing


def test_whom_to_call_stands_with_the_reason_that_is_plain_to_see(shop: Shop, officer: Client) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(made_at=NOW - timedelta(days=90))
    shop.vendor.bank_accounts.all().delete()

    words = text_of(officer.get("/commune/dormant/"))

    assert "1 gian đã xác minh mà 60 ngày nay chưa có tiền về." in words
    assert "Chưa bán lần nào, được bán từ 24/08/2026" in words
    assert "Chưa có tài khoản nhận tiền" in words
    assert "0912 345 678" in words
    paid = a_shop("Bán đều")
    Vendor.objects.filter(pk=paid.vendor.pk).update(made_at=NOW - timedelta(days=90))
    paid_by_bank(paid)
    assert "Bán đều" not in text_of(officer.get("/commune/dormant/"))
    assert "Không có gian nào" in text_of(browser_of(an_officer(NENH).pk).get("/commune/dormant/"))


def test_the_list_of_shops_that_sell_nothing_is_paged_and_bounded(
    shop: Shop, officer: Client, statements: Count
) -> None:
    Vendor.objects.update(made_at=NOW - timedelta(days=90))
    few = statements(lambda: officer.get("/commune/dormant/"))
    for number in range(21):
        a_shop(f"An {number:02d}")
    Vendor.objects.update(made_at=NOW - timedelta(days=90))

    assert statements(lambda: officer.get("/commune/dormant/")) == few
    page = officer.get("/commune/dormant/")
    assert (len(page.context["shops"]), page.context["count"]) == (20, 22)
    assert len(page.content) <= PAGE_BYTES_MAX
    assert len(officer.get("/commune/dormant/?page=2").context["shops"]) == 2


# Targets


def test_the_province_sets_targets_that_the_commune_reads_beside_its_figures(
    shop: Shop, officer: Client, province: Client
) -> None:
    paid_by_bank(shop)
    drain(now=NOW)

    saved = province.post(TARGETS, form(takings_vnd="1tr2", bank_percent="90", document="Kế hoạch 12/KH-UBND"))

    assert saved["Location"] == "/province/targets/?province=04&year=2026"
    words = text_of(officer.get("/commune/report/"))
    assert "Tiền bán 60.000 ₫ 0 ₫ 0 ₫ 1.200.000 ₫ 5%" in words
    assert "Chỉ tiêu theo Kế hoạch 12/KH-UBND. Tiền bán tính từ đầu năm." in words
    tiles = text_of(officer.get("/commune/"))
    assert "từ đầu năm đạt 5% của chỉ tiêu 2026: 1.200.000 ₫" in tiles
    assert "đạt 111% của chỉ tiêu 2026: 90%" in tiles
    listed = text_of(province.get("/province/targets/?year=2026"))
    assert "1 trong 56 xã, phường đã có chỉ tiêu." in listed
    page = province.get(TARGETS).content.decode()
    assert 'value="1.200.000"' in page
    assert 'value="Kế hoạch 12/KH-UBND"' in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"takings_vnd": "nhiều"}, 400), ({"bank_percent": "101"}, 400), ({"shops_active": "0"}, 400)],
)
def test_a_target_that_makes_no_sense_is_refused_and_nothing_is_kept(
    province: Client, fields: dict[str, str], status: int
) -> None:
    page = province.post(TARGETS, form(**fields))

    assert (page.status_code, 'role="alert"' in page.content.decode()) == (status, True)
    assert not CommuneTarget.objects.exists()


def test_the_communes_are_paged_by_the_year(province: Client, statements: Count) -> None:
    few = statements(lambda: province.get("/province/targets/?year=2027"))
    for code in Commune.objects.filter(province_id="04").values_list("pk", flat=True):
        province.post(f"/province/targets/{code}/?year=2027", form(shops_active="3"))

    assert statements(lambda: province.get("/province/targets/?year=2027")) == few
    page = province.get("/province/targets/?year=2027&page=3")
    assert len(page.context["rows"]) == 6
    assert "56 trong 56 xã, phường đã có chỉ tiêu." in text_of(page)
    assert "2100" not in text_of(province.get("/province/targets/?year=2099"))


# The province


def test_the_communes_are_put_in_order_by_any_column(shop: Shop, province: Client) -> None:
    sold_here_and_elsewhere(shop)
    by_default = [row.code for row in province.get("/province/").context["rows"]]
    assert by_default[0] == DAM_THUY

    page = province.get("/province/?sort=bank")

    assert page.context["rows"][0].takings.confirmed_by_bank.percent == 100
    assert 'aria-sort="descending"><a href="?province=04&amp;month=2026-11&amp;sort=bank">' in page.content.decode()
    assert "sort=bank" in (page.context["next_url"] or "")
    assert [row.code for row in province.get("/province/?sort=nonsense").context["rows"]] == by_default


def test_the_province_takes_its_communes_to_a_table_program(shop: Shop, province: Client) -> None:
    sold_here_and_elsewhere(shop)

    rows = rows_of(province.get("/province/figures.csv?month=2026-11").content)
    book = load_workbook(io.BytesIO(province.get("/province/figures.xlsx").content))

    assert len(rows) == 57
    assert [DAM_THUY, "Xã Đàm Thủy", "180000", "0", "67", "1", "1", "0"] in rows
    assert book.sheetnames == ["Các xã, phường"]


# Whose it is


def test_each_sees_only_what_is_theirs(shop: Shop, officer: Client, province: Client, shopper: Client) -> None:
    of_commune = ["/commune/report/", "/commune/figures.csv", "/commune/figures.xlsx", "/commune/dormant/"]
    of_province = ["/province/targets/", TARGETS, "/province/figures.csv", "/province/figures.xlsx"]
    stranger = browser_of(an_officer(NENH).pk)
    user = a_person("Vận hành")
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.OPERATOR, now=NOW)
    operator = browser_of(user.pk)

    def statuses(browser: Client, pages: list[str], asked: str = "") -> list[int]:
        return [browser.get(page + asked).status_code for page in pages]

    mine = f"?commune={DAM_THUY}"
    assert statuses(officer, of_commune) == [200] * 4
    assert statuses(officer, of_province) == [404] * 4
    assert statuses(stranger, of_commune, mine) == [404] * 4
    assert statuses(province, of_commune, mine) == [200, 200, 200, 404]
    assert statuses(province, of_province) == [200] * 4
    assert statuses(operator, of_commune, mine) == [200] * 4
    assert statuses(operator, ["/province/targets/", "/province/figures.csv"]) == [404, 404]
    assert statuses(operator, ["/province/targets/", "/province/figures.csv"], "?province=04") == [200, 200]
    for browser, status in ((owner_at(shop), 403), (browser_of(an_agent().pk), 403), (shopper, 302)):
        assert statuses(browser, [*of_commune, *of_province]) == [status] * 8
    assert officer.post(TARGETS, form(shops_active="1")).status_code == 404
    assert province.post(f"/province/targets/{NENH}/", form(shops_active="1")).status_code == 404
    assert not CommuneTarget.objects.exists()
    assert officer.get("/commune/report/?month=2020-01").status_code == 400


# What waits


def test_what_is_past_its_promise_says_by_how_much_and_what_the_law_says(shop: Shop, officer: Client, at: At) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    Vendor.objects.filter(pk=shop.vendor.pk).update(made_at=NOW - timedelta(hours=30))
    waiting_product(shop)
    waiting_certificate(shop)
    at(NOW + timedelta(minutes=90))

    page = officer.get("/commune/")

    words = text_of(page)
    assert "1 việc đã quá hẹn." in words
    assert "Quá hẹn 7 giờ" in words
    assert words.count("Còn 22 giờ") == 2
    assert "Luật 122/2025/QH15, điều 17" in words
    assert "Quyết định 148/QĐ-TTg" in words
    assert words.index("Việc đang chờ bạn") < words.index("Tiền bán trong tháng")


def test_a_further_kind_of_work_is_one_more_source(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = todo.Kind("Khiếu nại", "warning", 4, "Trả lời lần đầu trong 4 giờ.")

    def complaints(_actor: object, at_most: int) -> list[todo.Todo]:
        return [todo.Todo(complaint, f"Đơn {number}", "", NOW, "/") for number in range(at_most)]

    monkeypatch.setattr(todo, "SOURCES", (*todo.SOURCES, complaints))
    page = officer.get("/commune/")

    assert text_of(page).count("Khiếu nại · chờ") == 10
    assert "Còn nữa." in text_of(page)
    assert "Trả lời lần đầu trong 4 giờ." in text_of(page)
