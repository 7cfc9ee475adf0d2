"""A shop's goods out of a file: ours, KiotViet's, Haravan's, Shopify's; every mistake named by its row."""

import io
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from catalog.exporting import export_csv, export_rows, export_xlsx, template_xlsx
from catalog.imports.reading import Defaults
from catalog.models import GoodsImport, Product, ProductVariant, Stock
from catalog.selectors import variants_of
from catalog.services import importing
from catalog.services.importing import bring_goods, confirm_import, import_products, steps_of
from marketplace.cli.goods import import_products as command
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import NotFound
from marketplace.core.tables import TABLE_BYTES_MAX, UnreadableTable
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop

pytestmark = pytest.mark.django_db
GOOD = "tên;bộ;giá;đơn vị;số lượng;mô tả\nMật ong bạc hà;4;125k;hũ 500 g;10;Ong nuôi\nMiến dong;6;85.000;gói;20;\n"
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


def xlsx(rows: Sequence[Sequence[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def brought(shop: Shop, content: bytes | str, **more: Any) -> GoodsImport:
    raw = content.encode() if isinstance(content, str) else content
    return bring_goods(actor=shop.owner, vendor=shop.vendor, content=raw, now=NOW, **more)


def taken(shop: Shop, content: bytes | str, **more: Any) -> GoodsImport:
    found = confirm_import(actor=shop.owner, goods_import=brought(shop, content, **more), now=NOW)
    while importing.continue_imports(now=NOW):
        found.refresh_from_db()
    return found


def words(found: GoodsImport) -> list[tuple[str, str, list[str]]]:
    return [(step.action, step.name, step.words) for step in steps_of(found)]


def kinds(name: str) -> list[tuple[str, str, int, int, str | None]]:
    """Name, unit, price, stock and code of each kind of a product."""
    product = Product.objects.get(name=name)
    return [
        (one.name, one.unit, one.price_vnd, Stock.objects.get(variant=one).quantity, one.sku)
        for one in variants_of(product)
    ]


def test_every_row_becomes_a_draft_with_its_price_and_stock(shop: Shop) -> None:
    done = taken(shop, "\ufeff" + GOOD)

    assert (done.state, done.added_count, done.errors_count) == ("done", 2, 0)
    assert kinds("Mật ong bạc hà") == [("", "hũ 500 g", 125_000, 10, None)]
    assert kinds("Miến dong") == [("", "gói", 85_000, 20, None)]
    assert set(Product.objects.values_list("listing", "description")) == {("draft", "Ong nuôi"), ("draft", "")}


def test_a_trial_says_what_would_be_and_changes_nothing(shop: Shop) -> None:
    found = brought(shop, GOOD + "Chè;99;10k;gói;1;\nRượu;14;nhiều;chai;1;\n")

    assert [action for action, _name, _words in words(found)] == ["add", "add", "error", "error"]
    assert words(found)[2][2] == ["Dòng 4: Hãy chọn một trong 26 nhóm sản phẩm OCOP."]
    assert words(found)[3][2][0].startswith("Dòng 5: Số tiền chưa đúng.")
    assert not Product.objects.exists()
    with pytest.raises(importing.HasErrors):
        confirm_import(actor=shop.owner, goods_import=found, now=NOW)
    assert not Product.objects.exists()


def test_what_is_right_may_be_taken_without_the_rows_with_mistakes(shop: Shop) -> None:
    found = brought(shop, GOOD + "Chè;99;10k;gói;1;\n")

    done = confirm_import(actor=shop.owner, goods_import=found, now=NOW, without_errors=True)

    assert (done.state, done.added_count, done.errors_count) == ("done", 2, 1)
    assert Product.objects.count() == 2


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


def test_the_same_file_again_adds_nothing(shop: Shop) -> None:
    content = GOOD.replace("mô tả", "mã hàng").replace("Ong nuôi", "MO-1")
    taken(shop, content)

    again = taken(shop, content)

    assert (again.added_count, Product.objects.count()) == (0, 2)
    assert [(action, lines) for action, _name, lines in words(again)] == [
        ("change", []),
        ("skip", ["gian hàng đã có sản phẩm tên này, giữ nguyên"]),
    ]


def test_what_was_exported_and_edited_comes_back_as_changes(shop: Shop) -> None:
    product = a_product(shop, "Miến dong", quantity=10)
    Product.objects.filter(pk=product.pk).update(listing="published", published_at=NOW)
    file = export_csv(actor=shop.owner, vendor=shop.vendor).decode("utf-8-sig")

    edited = file.replace(",60000,", ",65k,").replace(",10,", ",25,")
    done = taken(shop, edited)

    assert (done.changed_count, done.added_count) == (1, 0)
    assert kinds("Miến dong") == [("", "gói 500 g", 65_000, 25, None)]
    assert Product.objects.get().listing == "published"


def test_a_code_that_another_shop_has_is_left_out_and_said(shop: Shop) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    ProductVariant.objects.filter(product=a_product(other)).update(sku="SP01")
    content = "tên,bộ,giá,đơn vị,mã hàng\nMật ong,4,125k,hũ,SP01\n"

    done = taken(shop, content)

    assert words(done)[0][2] == ["mã SP01 đã có nơi khác trên chợ dùng nên không lưu mã"]
    assert kinds("Mật ong")[0][4] is None


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


def test_a_form_sent_twice_is_one_import_and_confirmed_twice_is_taken_once(shop: Shop) -> None:
    form = uuid.uuid4()
    first, second = (brought(shop, GOOD, client_id=form) for _ in range(2))
    assert first.pk == second.pk

    for _ in range(2):
        confirm_import(actor=shop.owner, goods_import=first, now=NOW)

    assert Product.objects.count() == 2


def test_a_long_file_goes_on_by_itself_in_batches(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert importing.STEPS_A_BATCH_MAX == 20
    monkeypatch.setattr(importing, "STEPS_A_BATCH_MAX", 2)
    content = "tên,bộ,giá,đơn vị\n" + "".join(f"Món {number},6,10k,gói\n" for number in range(5))

    begun = confirm_import(actor=shop.owner, goods_import=brought(shop, content), now=NOW)
    assert (begun.state, begun.next_step, Product.objects.count()) == ("running", 2, 2)
    assert importing.continue_imports(now=NOW) == 1
    assert importing.continue_imports(now=NOW) == 1

    begun.refresh_from_db()
    assert (begun.state, begun.added_count, Product.objects.count()) == ("done", 5, 5)
    assert importing.continue_imports(now=NOW) == 0


def test_a_refusal_on_the_way_stops_no_other_product(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    found = brought(shop, GOOD)
    monkeypatch.setattr("catalog.services.listing.PRODUCTS_A_VENDOR_MAX", 1)

    done = confirm_import(actor=shop.owner, goods_import=found, now=NOW)

    assert (done.state, done.added_count, done.errors_count) == ("done", 1, 1)
    assert words(done)[1][2] == ["Dòng 3: Gian hàng đã có 2.000 sản phẩm, không thêm được nữa."]
    assert Product.objects.count() == 1


def test_a_stranger_brings_reads_confirms_and_discards_nothing(shop: Shop) -> None:
    found = brought(shop, GOOD)
    other = a_shop("Tạp hóa Hoa", commune=NENH)

    for actor in (ANONYMOUS, shop.staff, other.owner):
        with pytest.raises(NotFound):
            bring_goods(actor=actor, vendor=shop.vendor, content=GOOD.encode(), now=NOW)
        with pytest.raises(NotFound):
            confirm_import(actor=actor, goods_import=found, now=NOW)
        with pytest.raises(NotFound):
            importing.discard_import(actor=actor, goods_import=found)
        with pytest.raises(NotFound):
            export_rows(actor=actor, vendor=shop.vendor)
    with pytest.raises(NotFound):
        importing.import_of(actor=other.owner, vendor=other.vendor, import_id=found.pk)

    assert (GoodsImport.objects.count(), Product.objects.count()) == (1, 0)
    importing.discard_import(actor=shop.owner, goods_import=found)
    with pytest.raises(NotFound):
        confirm_import(actor=shop.owner, goods_import=found, now=NOW)


def test_old_imports_are_forgotten_and_a_shop_keeps_few_drafts(shop: Shop) -> None:
    for number in range(7):
        brought(shop, GOOD.replace("125k", f"{number + 1}k"))
    assert GoodsImport.objects.count() == importing.DRAFTS_A_VENDOR_MAX == 5
    taken(shop, GOOD)

    assert importing.forget_imports(now=NOW + timedelta(hours=23)) == 0
    assert importing.forget_imports(now=NOW + timedelta(hours=25)) == 5 - 1
    assert importing.forget_imports(now=NOW + timedelta(days=31)) == 1


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


def test_the_terminal_takes_all_rows_or_none(shop: Shop, tmp_path: Any) -> None:
    file = tmp_path / "goods.csv"

    def run(content: str, *more: str) -> tuple[int, str]:
        file.write_text(content, encoding="utf-8")
        result = CliRunner().invoke(command, [str(file), "--vendor", shop.vendor.slug, *more])
        return result.exit_code, result.output

    code, said = run(GOOD + "Chè;99;10k;gói;1;\n")
    assert (code, said.splitlines()[-1]) == (1, "1 sản phẩm có lỗi trên 3: chưa thêm gì.")
    code, said = run(GOOD, "--dry-run")
    assert (code, said.splitlines()[-1]) == (0, "2 sản phẩm đều đúng: chưa thêm gì vì chỉ thử.")
    assert (Product.objects.count(), GoodsImport.objects.count()) == (0, 0)
    code, said = run("tên,giá\nMiến,1tr2\n", "--ocop-set", "6", "--unit", "gói")
    assert (code, said) == (0, "Dòng 2: thêm Miến\nĐã thêm 1, sửa 0 sản phẩm.\n")
    assert kinds("Miến") == [("", "gói", 1_200_000, 0, None)]
    assert CliRunner().invoke(command, [str(file), "--vendor", "x"]).exit_code == 1


def test_the_terminal_is_told_how_far_it_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "STEPS_A_BATCH_MAX", 1)
    shown: list[tuple[int, int]] = []

    done = import_products(
        vendor=shop.vendor, content=GOOD.encode(), now=NOW, progress=lambda *where: shown.append(where)
    )

    assert (shown, done.added_count) == ([(1, 2), (2, 2)], 2)
    assert done.actor_id == SYSTEM.user_id
    assert Decimal(done.steps_count) == 2
