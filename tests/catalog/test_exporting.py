"""A shop's goods as a file: every kind once, safe in Excel, and brought back as changes."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from catalog.exporting import export_csv, export_rows, export_xlsx, template_xlsx
from catalog.models import Product, ProductVariant
from marketplace.core.tables import UnreadableTable
from tests.catalog.bringing import brought, kinds, taken, xlsx
from tests.catalog.factories import NOW, Shop, a_product, a_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def test_what_was_exported_and_edited_comes_back_as_changes(shop: Shop) -> None:
    product = a_product(shop, "Miến dong", quantity=10)
    Product.objects.filter(pk=product.pk).update(listing="published", published_at=NOW)
    file = export_csv(actor=shop.owner, vendor=shop.vendor).decode("utf-8-sig")

    edited = file.replace(",60000,", ",65k,").replace(",10,", ",25,")
    done = taken(shop, edited)

    assert (done.changed_count, done.added_count) == (1, 0)
    assert kinds("Miến dong") == [("", "gói 500 g", 65_000, 25, None)]
    assert Product.objects.get().listing == "published"


def test_an_export_says_every_kind_once_and_hides_nothing_from_excel(shop: Shop) -> None:
    product = a_product(shop, "=1+1", quantity=10, description="-Ngon")
    first = ProductVariant.objects.get(product=product)

    rows = export_rows(actor=shop.owner, vendor=shop.vendor)
    sheet = load_workbook(io.BytesIO(export_xlsx(actor=shop.owner, vendor=shop.vendor))).worksheets[0]

    assert rows[0][:5] == ["Mã của chợ", "Tên sản phẩm", "Nhóm hàng OCOP", "Loại", "Giá bán"]
    assert rows[1][:2] == [first.pk, "=1+1"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["I2"].value) == ("'=1+1", "s", "'-Ngon")


def test_the_template_s_own_examples_can_be_brought(shop: Shop) -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    assert book.sheetnames == ["Hàng", "Ví dụ", "26 nhóm hàng"]
    assert [cell.value for cell in book["Hàng"][1]] == [cell.value for cell in book["Ví dụ"][1]]

    done = taken(shop, xlsx([[cell.value for cell in row] for row in book["Ví dụ"].rows]))

    assert (done.added_count, done.errors_count) == (2, 0)
    assert [kind[:4] for kind in kinds("Mật ong bạc hà")] == [("", "can 5 lít", 1_200_000, 6)]
    with pytest.raises(UnreadableTable, match="không có dòng hàng nào"):
        brought(shop, template_xlsx())


def test_the_export_takes_as_many_statements_with_more_goods(shop: Shop, django_assert_num_queries: Any) -> None:
    for count in (1, 5):
        for number in range(count):
            a_product(shop, f"Món {count} {number}")
        with django_assert_num_queries(2):
            export_rows(actor=shop.owner, vendor=shop.vendor)
