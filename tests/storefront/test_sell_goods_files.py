"""A shop brings its goods in a file: tried, shown, then taken; and takes them away as one."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from catalog.models import GoodsImport, Product
from catalog.services.importing import continue_imports
from tests.payments.factories import NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import FILE, form, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_a_file_is_tried_shown_and_then_taken(shop: Shop, owner: Client) -> None:
    assert "Lấy tệp ở đâu?" in text_of(owner.get("/sell/products/import/"))

    address = owner.post("/sell/products/import/", upload(FILE))["Location"]
    trial = text_of(owner.get(address))
    assert "Nếu nhập tệp này" in trial
    assert "1.200.000 ₫ / gói · còn 3" in trial
    assert Product.objects.count() == 1
    for _ in range(2):
        assert owner.post(f"{address}take/", form())["Location"] == address

    assert set(Product.objects.values_list("name", "listing")) == {
        ("Miến dong Cao Bằng", "published"),
        ("Mật ong bạc hà", "draft"),
        ("Miến dong", "draft"),
    }
    assert "Đã thêm 2, sửa 0 sản phẩm." in text_of(owner.get(address))
    assert "Đã nhập" in text_of(owner.get("/sell/products/import/"))


def test_rows_with_mistakes_are_named_and_the_others_may_be_taken(shop: Shop, owner: Client) -> None:
    address = owner.post("/sell/products/import/", upload(FILE + "Chè,99,10k,gói,1\n"))["Location"]

    shown = text_of(owner.get(address))
    refused = owner.post(f"{address}take/", form())
    taken = owner.post(f"{address}take/", form(without_errors="1"))

    assert "Dòng 4: Hãy chọn một trong 26 nhóm sản phẩm OCOP." in shown
    assert "Nhập 2 sản phẩm đúng" in shown
    assert (refused.status_code, taken.status_code, Product.objects.count()) == (409, 302, 3)


def test_a_long_file_shows_how_far_it_is_and_is_paged(
    shop: Shop, owner: Client, monkeypatch: pytest.MonkeyPatch, statements: Count
) -> None:
    monkeypatch.setattr("catalog.services.importing.STEPS_A_BATCH_MAX", 10)
    rows = "".join(f"Món {number},6,10k,gói,1\n" for number in range(30))
    address = owner.post("/sell/products/import/", upload("tên,bộ,giá,đơn vị,số lượng\n" + rows))["Location"]
    few = statements(lambda: owner.get(address))
    assert few <= 10
    assert len(owner.get(address).content) <= PAGE_BYTES_MAX
    assert "Món 29" in text_of(owner.get(f"{address}?page=2"))

    owner.post(f"{address}take/", form())
    assert "Đã nhập 10 trên 30 sản phẩm." in text_of(owner.get(address))
    while continue_imports(now=NOW):
        pass
    assert "Đã nhập tệp" in text_of(owner.get(address))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Bạn chọn tệp hàng giúp."),
        ({"content": SimpleUploadedFile("a.csv", b"")}, "Tệp này trống."),
        ({"content": SimpleUploadedFile("a.csv", b"x;y\n1;2\n")}, "Không thấy dòng tiêu đề"),
        ({"content": SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")}, "Không mở được tệp Excel này"),
        ({"content": SimpleUploadedFile("a.csv", FILE.encode()), "ocop_set": "99"}, "Bạn chọn lại mục này giúp."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    shop: Shop, owner: Client, sent: dict[str, object], sentence: str
) -> None:
    answer = owner.post("/sell/products/import/", form(**sent))

    assert (answer.status_code, sentence in text_of(answer)) == (400, True)
    assert not GoodsImport.objects.exists()


def test_a_file_that_is_not_wanted_is_thrown_away(shop: Shop, owner: Client) -> None:
    address = owner.post("/sell/products/import/", upload(FILE))["Location"]

    assert owner.post(f"{address}discard/", form())["Location"] == "/sell/products/import/"

    assert owner.get(address).status_code == 404
    assert not GoodsImport.objects.exists()


def test_goods_go_out_as_excel_and_csv_and_the_template_is_there(shop: Shop, owner: Client) -> None:
    csv, xlsx, template = (owner.get(f"/sell/products/export/{kind}/") for kind in ("csv", "xlsx", "template"))

    assert csv["Content-Disposition"] == f'attachment; filename="hang-{shop.vendor.slug}-20261122.csv"'
    assert "Miến dong Cao Bằng" in csv.content.decode("utf-8-sig")
    assert load_workbook(io.BytesIO(xlsx.content)).worksheets[0]["B2"].value == "Miến dong Cao Bằng"
    assert load_workbook(io.BytesIO(template.content)).sheetnames == ["Hàng", "Ví dụ", "26 nhóm hàng"]
    assert owner.get("/sell/products/export/x/").status_code == 404
