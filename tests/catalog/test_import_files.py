"""Files of goods: ours, KiotViet's, Haravan's, Shopify's, Excel's; every mistake named by its row."""

from datetime import date
from typing import Any

import pytest

from catalog.imports.reading import Defaults
from catalog.models import GoodsImport, Product
from catalog.services.importing import steps_of
from marketplace.core.tables import TABLE_BYTES_MAX, UnreadableTable
from tests.catalog.bringing import brought, kinds, taken, words, xlsx
from tests.catalog.factories import Shop, a_shop

pytestmark = pytest.mark.django_db
KIOTVIET = [
    "Loại hàng",
    "Nhóm hàng(3 Cấp)",
    "Mã hàng",
    "Mã vạch",
    "Tên hàng",
    "Giá bán",
    "Giá vốn",
    "Tồn kho",
    "ĐVT",
    "Mã ĐVT Cơ bản",
    "Quy đổi",
    "Thuộc tính",
    "Mã HH Liên quan",
    "Đang kinh doanh",
    "Mô tả",
]
HARAVAN = "Url,Tên,Mô tả,Thuộc tính 1,Giá trị thuộc tính 1,Mã phiên bản sản phẩm,Số lượng tồn kho,Giá,Ảnh đại diện\n"
SHOPIFY = (
    "Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src\n"
)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def test_rows_of_one_name_with_kinds_are_one_product(shop: Shop) -> None:
    content = (
        "Tên sản phẩm *,Nhóm hàng OCOP,Loại,Giá bán,Bán theo,Số lượng,Mã hàng\n"
        "Miến dong,6 – Miến,Gói 500 g,60k,gói,40,MD-500\n"
        ",,Gói 1 kg,1tr2,gói,,MD-1000\n"
        "Mật ong,4,,250000,hũ,1.000,\n"
    )

    assert taken(shop, content).added_count == 2

    assert kinds("Miến dong") == [
        ("Gói 500 g", "gói", 60_000, 40, "MD-500"),
        ("Gói 1 kg", "gói", 1_200_000, 0, "MD-1000"),
    ]
    assert kinds("Mật ong") == [("", "hũ", 250_000, 1000, None)]


def test_what_the_file_does_not_say_is_said_once_for_all(shop: Shop) -> None:
    content = "Tên sản phẩm,Giá bán\nMiến dong,60k\n"

    assert [text for _a, _n, lines in words(brought(shop, content)) for text in lines] == [
        "Dòng 2: chưa có nhóm hàng OCOP. Bạn ghi số 1–26 ở cột “Nhóm hàng OCOP”, hoặc chọn nhóm chung khi gửi.",
        "Dòng 2: chưa ghi bán theo gì (gói, hũ, kg…). Bạn ghi cột “Bán theo”, hoặc điền chung khi gửi.",
    ]
    taken(shop, content, defaults=Defaults(6, "gói"))
    assert kinds("Miến dong") == [("", "gói", 60_000, 0, None)]


def test_kiotviet_s_file_brings_kinds_units_and_leaves_out_services(shop: Shop) -> None:
    def row(code: str, name: str, price: Any, **more: Any) -> list[Any]:
        said = {"Loại hàng": "Hàng hóa", "Mã hàng": code, "Tên hàng": name, "Giá bán": price, "Đang kinh doanh": 1}
        return [(said | more).get(heading) for heading in KIOTVIET]

    content = xlsx(
        [
            KIOTVIET,
            row("SP01", "Miến dong", 60000.0, **{"Tồn kho": 12, "Thuộc tính": "CỠ:500 g", "ĐVT": "gói"}),
            row(
                "SP02",
                "Miến dong",
                110000.0,
                **{"Tồn kho": -3, "Thuộc tính": "CỠ:1 kg|LOẠI:Đặc biệt", "Mã HH Liên quan": "SP01", "ĐVT": "gói"},
            ),
            row("SP03", "Nước lọc", 5000, **{"Tồn kho": 24, "ĐVT": "chai", "Mô tả": "<p>Trong &amp; mát<br>Ngon"}),
            row("SP04", "Nước lọc", 100000, **{"Tồn kho": 1, "ĐVT": "thùng", "Mã ĐVT Cơ bản": "SP03"}),
            row("DV01", "Gói quà", 10000, **{"Loại hàng": "Dịch vụ"}),
            row("SP05", "Hàng cũ", 10000, **{"Đang kinh doanh": 0, "ĐVT": "cái"}),
        ]
    )  # fmt: skip

    done = taken(shop, content, defaults=Defaults(6))

    assert (done.layout, done.added_count, done.errors_count) == ("kiotviet", 2, 0)
    assert kinds("Miến dong") == [
        ("500 g", "gói", 60_000, 12, "SP01"),
        ("1 kg, Đặc biệt", "gói", 110_000, 0, "SP02"),
    ]
    assert kinds("Nước lọc") == [("chai", "chai", 5_000, 24, "SP03"), ("thùng", "thùng", 100_000, 0, "SP04")]
    assert Product.objects.get(name="Nước lọc").description == "Trong & mát\nNgon"
    assert words(done)[0][2] == ["dòng 3 có tồn kho âm: ghi là 0"]
    assert words(done)[1][2] == ["dòng 5 là đơn vị quy đổi: số lượng để 0, bạn khai sau"]
    assert words(done)[2:] == [
        ("skip", "Gói quà", ["dịch vụ hoặc combo, chợ không nhận"]),
        ("skip", "Hàng cũ", ["đã ngừng kinh doanh"]),
    ]


@pytest.mark.parametrize("headings", [HARAVAN, SHOPIFY])
def test_haravan_s_and_shopify_s_files_bring_variants_and_pass_over_rows_of_pictures(
    shop: Shop, headings: str
) -> None:
    content = headings + (
        "mien-dong,Miến dong,<p>Tráng tay</p>,Cỡ,500 g,MD1,5,60000.00,https://example.vn/1.jpg\n"
        "mien-dong,,,,1 kg,MD2,7,110000.00,\n"
        "mien-dong,,,,,,,,https://example.vn/2.jpg\n"
        "mat-ong,Mật ong,,Title,Default Title,,3,250000,\n"
    )
    if headings == SHOPIFY:
        content = content.replace("Handle,", "URL handle,").replace("Variant Price", "Price")

    done = taken(shop, content, defaults=Defaults(6, "gói"))

    assert (done.layout, done.added_count) == ("shopify", 2)
    assert kinds("Miến dong") == [("500 g", "gói", 60_000, 5, "MD1"), ("1 kg", "gói", 110_000, 7, "MD2")]
    assert kinds("Mật ong") == [("", "gói", 250_000, 3, None)]
    assert Product.objects.get(name="Miến dong").description == "Tráng tay"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",4,125k,hũ,1,,", "Dòng 2: Bạn chưa điền mục này."),
        ("Mật ong,4,,hũ,1,,", "Dòng 2: chưa có giá bán."),
        ("Mật ong,4,0,hũ,1,,", "Dòng 2: Giá phải là số tiền chẵn đồng, lớn hơn 0 và không quá 499.999.999\u00a0₫."),
        ("Mật ong,4,1.250k,hũ,1,,", "Dòng 2: “1.250” có thể hiểu hai cách. Bạn gõ đủ số đồng, ví dụ 125.000."),
        ("Mật ong,4,125k,hũ,2.5,,", "Dòng 2: “2.5” không phải số nguyên."),
        ("Mật ong,4,125k,hũ,9999999,,", "Dòng 2: Số lượng phải là số nguyên từ 0 đến 1.000.000."),
        ("Mật ong,4,125k," + "a" * 41 + ",1,,", "Dòng 2: Nội dung dài quá, chỉ được tối đa 40 ký tự."),
        ("Mật ong,4,125k,hũ,1,,999999", "Dòng 2: gian hàng không có món nào mang “Mã của chợ” này."),
        ("Mật ong,4,125k,hũ,1,,x", "Dòng 2: “Mã của chợ” chỉ có chữ số; bạn giữ nguyên như tệp chợ xuất ra."),
        ("A,4,1k,hũ,1,X,\nB,4,1k,hũ,1,X,", "Dòng 3: mã X đã có ở dòng 2."),
        ("A,4,1k,hũ,1,,\n,4,1k,hũ,1,,", "Dòng 3: Bạn chưa điền mục này."),
    ],
)
def test_a_mistake_is_named_by_its_row(shop: Shop, row: str, sentence: str) -> None:
    found = brought(shop, f"tên,bộ,giá,đơn vị,số lượng,mã hàng,mã của chợ\n{row}\n")

    assert [text for _action, _name, lines in words(found) for text in lines] == [sentence]
    assert found.errors_count == 1


def test_two_kinds_of_one_name_and_more_than_twenty_are_refused(shop: Shop) -> None:
    head = "tên,bộ,loại,giá,đơn vị\n"

    twice = brought(shop, head + "Miến,6,Gói,1k,gói\nMiến,6,Gói,2k,gói\n")
    many = brought(shop, head + "".join(f"Miến,6,Gói {number},1k,gói\n" for number in range(21)))

    assert "hai loại trùng tên" in words(twice)[0][2][0]
    assert words(many)[0][2] == ["Dòng 2: mỗi sản phẩm có nhiều nhất 20 loại."]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Không thấy dòng tiêu đề"),
        (b"\x00\x01\x02", "không phải bảng CSV"),
        (b"PK\x03\x04broken", "Không mở được tệp Excel"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "Excel đời cũ"),
        (b'name,price\n"broken,1\n', "dấu ngoặc kép không khớp"),
        (b"x" * (TABLE_BYTES_MAX + 1), "lớn quá 10 MB"),
        (b"name,price\n", "không có dòng hàng nào"),
        (b"name,price\n" + b"a,1000\n" * 2001, "Nhiều nhất 2001 dòng"),
        (b"a," * 200 + b"b\n", "nhiều cột quá"),
    ],
)
def test_what_is_no_table_of_goods_is_refused(shop: Shop, content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableTable, match=sentence):
        brought(shop, content)

    assert not GoodsImport.objects.exists()


def test_cells_of_excel_are_read_as_they_look(shop: Shop) -> None:
    head = ["Cửa hàng của tôi"], [], ["Tên sản phẩm", "Nhóm hàng", "Giá bán", "Bán theo", "Số lượng", "Mã hàng"]
    rows = [
        ["Miến", 6, 60000.0, "gói", 5.0, 12345],
        ["Lẻ", 6, 0.5, "gói", 1],
        ["Ngày", 6, date(2026, 1, 2), "gói", 1],
    ]

    found = brought(shop, xlsx([*head, *rows]))

    assert [action for action, _name, _words in words(found)] == ["add", "error", "error"]
    assert steps_of(found)[0].kinds[0].sku == "12345"
    assert words(found)[1][2] == ["Dòng 5: giá bán không chẵn đồng."]
