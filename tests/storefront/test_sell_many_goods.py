"""The seller's further pages of goods: kinds, stock book, many at once, files, listings begun; nobody else's."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from catalog.models import GoodsImport, ListingDraft, Product, ProductMedia, ProductVariant, Stock, StockMovement
from catalog.services.importing import continue_imports
from catalog.services.listing_drafts import DRAFTS_A_VENDOR_MAX, forget_listing_drafts
from tests.payments.factories import NOW, Shop, a_shop, goods
from tests.storefront.conftest import At
from tests.storefront.shopping import text_of
from tests.storefront.working import a_photo, form, owner_at, row_of, seller_at

pytestmark = pytest.mark.django_db
Count = Callable[[Callable[[], object]], int]
PAGE_BYTES_MAX = 20_000
NEW = {"name": "Mật ong bạc hà", "ocop_set": "4", "price_vnd": "125k", "unit": "hũ 500 g", "quantity": "10"}
FILE = "tên,bộ,giá,đơn vị,số lượng\nMật ong bạc hà,4,125k,hũ,10\nMiến dong,6,1tr2,gói,3\n"


@pytest.fixture(autouse=True)
def _today(at: At) -> None:
    at(NOW)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def owner(shop: Shop) -> Client:
    return owner_at(shop)


def page_of(shop: Shop) -> str:
    return f"/sell/products/{shop.variant.product_id}/"


# --- Kinds ----------------------------------------------------------------------------------------


def test_a_further_kind_is_added_once_with_its_stock_and_its_words_are_reviewed(shop: Shop, owner: Client) -> None:
    page = f"{page_of(shop)}kinds/new/"
    sent = form(name="Gói 1 kg", price_vnd="1tr2", unit="gói", quantity="7", sku="MD-1")
    assert "Thêm loại hàng" in text_of(owner.get(page))

    for _ in range(2):
        assert owner.post(page, sent)["Location"] == page_of(shop)

    made = ProductVariant.objects.get(name="Gói 1 kg")
    assert (made.price_vnd, made.sku, Stock.objects.get(variant=made).quantity) == (1_200_000, "MD-1", 7)
    assert Product.objects.get(pk=shop.variant.product_id).listing == Product.Listing.IN_REVIEW
    shown = text_of(owner.get(page_of(shop)))
    assert "Gói 1 kg" in shown


def test_a_kind_is_renamed_and_taken_off_sale_but_not_the_last(shop: Shop, owner: Client) -> None:
    page = f"{page_of(shop)}kinds/{shop.variant.pk}/"
    same = {"name": "", "price_vnd": "60.000", "unit": "gói 500 g", "sku": ""}
    assert "Đang bán loại này" in text_of(owner.get(page))

    last = owner.post(page, form(**same))
    renamed = owner.post(page, form(**same | {"name": "Gói nhỏ", "is_active": "on"}))

    assert (last.status_code, "Sản phẩm cần ít nhất một loại đang bán" in text_of(last)) == (409, True)
    assert renamed.status_code == 302
    assert ProductVariant.objects.get(pk=shop.variant.pk).name == "Gói nhỏ"


def test_many_kinds_are_listed_in_short_and_the_page_stays_light(
    shop: Shop, owner: Client, statements: Count
) -> None:
    few = statements(lambda: owner.get(page_of(shop)))
    for number in range(19):
        variant = ProductVariant.objects.create(
            product=shop.variant.product, name=f"Gói {number}", unit="gói", price_vnd=1000 + number
        )
        Stock.objects.create(variant=variant, warehouse=shop.stock.warehouse, quantity=number)

    assert statements(lambda: owner.get(page_of(shop))) == few
    page = owner.get(page_of(shop))
    assert len(page.content) <= PAGE_BYTES_MAX
    assert f"{page_of(shop)}kinds/{shop.variant.pk}/" in page.content.decode()


# --- Photos and copies ----------------------------------------------------------------------------


def test_several_photos_come_at_once_and_are_put_in_order(shop: Shop, owner: Client) -> None:
    owner.post(f"{page_of(shop)}photos/", {"stored_photo": [a_photo("1.jpg"), a_photo("2.jpg"), a_photo("3.jpg")]})
    first, second, third = ProductMedia.objects.order_by("position")
    assert text_of(owner.get(page_of(shop))).count("Ảnh chính") == 1

    owner.post(f"{page_of(shop)}photos/{third.pk}/move/", {"to": "earlier"})
    assert list(ProductMedia.objects.order_by("position")) == [first, third, second]
    owner.post(f"{page_of(shop)}photos/{third.pk}/move/", {"to": "front"})
    assert list(ProductMedia.objects.order_by("position")) == [third, first, second]


def test_of_several_photos_those_before_a_broken_one_are_kept(shop: Shop, owner: Client) -> None:
    broken = SimpleUploadedFile("x.jpg", b"not a photo")

    answer = owner.post(f"{page_of(shop)}photos/", {"stored_photo": [a_photo(), broken]})

    assert (answer.status_code, "Chỉ nhận ảnh JPEG" in text_of(answer)) == (400, True)
    assert ProductMedia.objects.count() == 1


def test_a_product_is_copied_once_for_each_form(shop: Shop, owner: Client) -> None:
    sent = form()

    first, second = (owner.post(f"{page_of(shop)}copy/", sent) for _ in range(2))

    made = Product.objects.get(name="Miến dong Cao Bằng (bản sao)")
    assert first["Location"] == second["Location"] == f"/sell/products/{made.pk}/"
    assert owner.post(f"{page_of(shop)}copy/").status_code == 400


# --- The stock book -------------------------------------------------------------------------------


def test_goods_come_in_and_the_book_says_when_how_many_and_why(shop: Shop, owner: Client) -> None:
    page = f"{page_of(shop)}stocks/{shop.stock.pk}/book/"
    sent = form(kind="received", quantity="20", note="mẻ ngày 20/11")
    assert "Chưa có lần nhập, xuất nào." in text_of(owner.get(page))

    for _ in range(2):
        assert owner.post(page, sent)["Location"] == page
    owner.post(page, form(kind="spoiled", quantity="2"))

    assert Stock.objects.get(pk=shop.stock.pk).quantity == 28
    for shown in (text_of(owner.get(page)), text_of(owner.get("/sell/products/stocks/"))):
        assert "Nhập thêm" in shown
        assert "+20 còn 30" in shown
        assert "-2 còn 28" in shown
        assert "mẻ ngày 20/11" in shown
    too_many = owner.post(page, form(kind="elsewhere", quantity="29"))
    assert (too_many.status_code, "Ở đây không có nhiều như vậy." in text_of(too_many)) == (400, True)
    assert owner.post(page, form(kind="sold", quantity="1")).status_code == 400
    assert owner.post(page, {"kind": "received", "quantity": "1"}).status_code == 400


def test_the_book_is_paged_and_takes_as_many_statements(shop: Shop, owner: Client, statements: Count) -> None:
    assert "Sổ kho còn trống" in text_of(owner.get("/sell/products/stocks/"))

    def lines(count: int) -> None:
        StockMovement.objects.bulk_create(
            StockMovement(
                stock=shop.stock, vendor=shop.vendor, kind="received", change=1, quantity_after=1, happened_at=NOW
            )
            for _ in range(count)
        )

    lines(1)
    pages = ("/sell/products/stocks/", f"{page_of(shop)}stocks/{shop.stock.pk}/book/")
    few = [statements(lambda page=page: owner.get(page)) for page in pages]  # type: ignore[misc]
    lines(40)

    assert [statements(lambda page=page: owner.get(page)) for page in pages] == few  # type: ignore[misc]
    for page in pages:
        answer = owner.get(page)
        assert answer.content.decode().count("+1") == 20
        assert len(answer.content) <= PAGE_BYTES_MAX
        assert owner.get(f"{page}?page=3").content.decode().count("+1") == 1


# --- Many at once ---------------------------------------------------------------------------------


def fields(shop: Shop, price: str, quantity: str, was: str = "10") -> dict[str, str]:
    key = shop.stock.pk
    return {f"price_{shop.variant.pk}": price, f"quantity_{key}": quantity, f"was_{key}": was, "do": "save"}


def test_prices_and_counts_are_saved_in_one_form(shop: Shop, owner: Client) -> None:
    goods(shop.vendor)
    shown = owner.get("/sell/products/many/").content.decode()
    assert 'value="60.000"' in shown

    answer = owner.post("/sell/products/many/", form(**fields(shop, "1tr2", "8")))

    assert answer["Location"] == "/sell/products/many/?page=1"
    assert (row_of(shop.variant)["price_vnd"], row_of(shop.stock)["quantity"]) == (1_200_000, 8)
    assert "Đã lưu 1 thay đổi." in text_of(owner.get(answer["Location"]))
    same = owner.post("/sell/products/many/", form(**fields(shop, "1200k", "8", "8")), follow=True)
    assert "Không có gì thay đổi." in text_of(same)


@pytest.mark.parametrize(
    ("price", "quantity", "was", "status", "sentence"),
    [
        ("rẻ", "8", "10", 400, "Số tiền chưa đúng"),
        ("0", "8", "10", 400, "Giá phải là số tiền"),
        ("60k", "-1", "10", 400, "Số lượng là số nguyên"),
        ("60k", "8", "12", 400, "vừa đổi thành 10"),
    ],
)
def test_what_cannot_be_is_said_at_its_row_and_nothing_is_saved(
    shop: Shop, owner: Client, price: str, quantity: str, was: str, status: int, sentence: str
) -> None:
    answer = owner.post("/sell/products/many/", form(**fields(shop, price, quantity, was)))

    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    assert f'value="{price}"' in answer.content.decode()
    assert f'href="#price_{shop.variant.pk}"' in answer.content.decode()
    assert (row_of(shop.variant)["price_vnd"], row_of(shop.stock)["quantity"]) == (60_000, 10)


def test_ticked_products_are_taken_off_sale_and_handed_in_again(shop: Shop, owner: Client) -> None:
    chosen = str(shop.variant.product_id)
    nothing = owner.post("/sell/products/many/", form(do="withdraw"))
    assert (nothing.status_code, "đánh dấu ít nhất một món" in text_of(nothing)) == (400, True)

    gone = owner.post("/sell/products/many/", form(do="withdraw", chosen=[chosen, chosen]), follow=True)
    assert "Đã ngừng bán 1 sản phẩm." in text_of(gone)
    sent = owner.post("/sell/products/many/", form(do="submit", chosen=chosen), follow=True)
    assert "Đã gửi xã duyệt 1 sản phẩm." in text_of(sent)
    assert Product.objects.get().listing == Product.Listing.IN_REVIEW


def test_the_form_of_many_is_paged_and_takes_as_many_statements(shop: Shop, owner: Client, statements: Count) -> None:
    few = statements(lambda: owner.get("/sell/products/many/"))
    for _ in range(14):
        goods(shop.vendor)

    assert statements(lambda: owner.get("/sell/products/many/")) == few
    page = owner.get("/sell/products/many/")
    assert page.content.decode().count('name="chosen"') == 12
    assert len(page.content) <= PAGE_BYTES_MAX
    assert owner.get("/sell/products/many/?page=2").content.decode().count('name="chosen"') == 3
    assert "Chưa có sản phẩm nào ở đây" in text_of(owner.get("/sell/products/many/?page=9"))


def test_goods_at_several_places_are_counted_on_their_own_page(shop: Shop, owner: Client) -> None:
    other = a_shop("Hộ khác").stock.warehouse
    Stock.objects.create(variant=shop.variant, warehouse=other, quantity=1)

    assert "Hàng để ở nhiều nơi" in text_of(owner.get("/sell/products/many/"))


# --- Files ----------------------------------------------------------------------------------------


def upload(content: bytes | str, **more: str) -> dict[str, object]:
    raw = content.encode() if isinstance(content, str) else content
    return form(content=SimpleUploadedFile("hang.csv", raw), **more)


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


# --- Listings begun -------------------------------------------------------------------------------


def test_a_listing_is_kept_as_far_as_it_came_and_gone_on_with(shop: Shop, owner: Client) -> None:
    kept = owner.post("/sell/products/new/", form(later="1", name="Mật ong bạc hà", photo=a_photo()))
    assert kept["Location"] == "/sell/products/"
    draft = ListingDraft.objects.get()
    listed = owner.get("/sell/products/")
    assert "Đang khai dở" in text_of(listed)
    assert f"/sell/products/new/?draft={draft.pk}" in listed.content.decode()
    again = owner.get(f"/sell/products/new/?draft={draft.pk}").content.decode()
    assert 'value="Mật ong bạc hà"' in again
    picture = owner.get(f"/sell/products/drafts/{draft.pk}/photo.jpg")
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")

    made = owner.post("/sell/products/new/", form(**NEW, draft=str(draft.pk)))

    product = Product.objects.get(name="Mật ong bạc hà")
    assert made["Location"] == f"/sell/products/{product.pk}/"
    assert ProductMedia.objects.get(product=product).alt == "Mật ong bạc hà"
    assert not ListingDraft.objects.exists()


def test_a_photo_is_not_lost_because_the_price_was_wrong(shop: Shop, owner: Client) -> None:
    refused = owner.post("/sell/products/new/", form(**NEW | {"price_vnd": "rẻ"}, photo=a_photo()))

    draft = ListingDraft.objects.get()
    assert refused.status_code == 400
    assert f'name="draft" value="{draft.pk}"' in refused.content.decode()
    assert "Đã giữ ảnh này." in text_of(refused)
    owner.post("/sell/products/new/", form(**NEW, draft=str(draft.pk)))
    assert ProductMedia.objects.count() == 1


def test_an_empty_form_is_not_kept_for_later_and_a_file_that_is_no_photo_neither(shop: Shop, owner: Client) -> None:
    empty = owner.post("/sell/products/new/", form(later="1", name="  "))
    broken = owner.post(
        "/sell/products/new/", form(later="1", name="Chè", photo=SimpleUploadedFile("x.jpg", b"not a photo"))
    )

    assert (empty.status_code, broken.status_code) == (400, 400)
    assert not ListingDraft.objects.exists()


def test_a_form_kept_twice_is_one_listing_and_can_be_thrown_away(shop: Shop, owner: Client) -> None:
    sent = form(later="1", name="Chè")
    for _ in range(2):
        owner.post("/sell/products/new/", sent)
    draft = ListingDraft.objects.get()
    assert owner.get(f"/sell/products/drafts/{draft.pk}/photo.jpg").status_code == 404

    for _ in range(2):
        assert owner.post(f"/sell/products/drafts/{draft.pk}/discard/", form()).status_code == 302

    assert not ListingDraft.objects.exists()


def test_a_shop_keeps_so_many_listings_begun_and_forgets_old_ones(shop: Shop, owner: Client) -> None:
    for number in range(DRAFTS_A_VENDOR_MAX):
        ListingDraft.objects.create(vendor=shop.vendor, said={"name": f"{number}"}, made_at=NOW, updated_at=NOW)

    assert owner.post("/sell/products/new/", form(later="1", name="Chè")).status_code == 409
    assert forget_listing_drafts(now=NOW) == 0
    assert forget_listing_drafts(now=NOW.replace(year=2027)) == DRAFTS_A_VENDOR_MAX


# --- Nobody else's --------------------------------------------------------------------------------


def test_nothing_of_another_shop_is_there(shop: Shop, owner: Client) -> None:
    address = owner.post("/sell/products/import/", upload(FILE))["Location"]
    owner.post("/sell/products/new/", form(later="1", name="Chè", photo=a_photo()))
    draft = ListingDraft.objects.get()
    stranger = owner_at(a_shop("Hộ khác"))
    before = (row_of(shop.variant), row_of(shop.stock), row_of(draft))

    asked = [
        stranger.get(f"{page_of(shop)}kinds/new/"),
        stranger.post(f"{page_of(shop)}kinds/new/", form(name="x", price_vnd="1k", unit="x", quantity="1")),
        stranger.get(f"{page_of(shop)}kinds/{shop.variant.pk}/"),
        stranger.post(f"{page_of(shop)}kinds/{shop.variant.pk}/", form(price_vnd="1k", unit="x")),
        stranger.get(f"{page_of(shop)}stocks/{shop.stock.pk}/book/"),
        stranger.post(f"{page_of(shop)}stocks/{shop.stock.pk}/book/", form(kind="received", quantity="1")),
        stranger.post(f"{page_of(shop)}copy/", form()),
        stranger.post("/sell/products/many/", form(do="withdraw", chosen=str(shop.variant.product_id))),
        stranger.get(address),
        stranger.post(f"{address}take/", form()),
        stranger.post(f"{address}discard/", form()),
        stranger.get(f"/sell/products/drafts/{draft.pk}/photo.jpg"),
    ]
    stranger.post("/sell/products/many/", form(**fields(shop, "1k", "1")))
    stranger.post(f"/sell/products/drafts/{draft.pk}/discard/", form())
    stranger.post("/sell/products/new/", form(later="1", name="Của tôi", draft=str(draft.pk)))

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert (row_of(shop.variant), row_of(shop.stock), row_of(draft)) == before
    assert 'value="Chè"' not in stranger.get(f"/sell/products/new/?draft={draft.pk}").content.decode()
    assert Product.objects.filter(vendor=shop.vendor).count() == 1


def test_rows_of_another_product_are_not_reached_through_one_s_own(shop: Shop, owner: Client) -> None:
    other, stock = goods(shop.vendor)

    assert owner.get(f"{page_of(shop)}kinds/{other.pk}/").status_code == 404
    assert owner.get(f"{page_of(shop)}stocks/{stock.pk}/book/").status_code == 404


def test_a_seller_may_do_all_of_it_too(shop: Shop) -> None:
    seller = seller_at(shop)

    for address in ("many/", "import/", "export/csv/", f"{shop.variant.product_id}/kinds/new/"):
        assert seller.get(f"/sell/products/{address}").status_code == 200
    assert seller.get("/sell/products/stocks/").status_code == 200
