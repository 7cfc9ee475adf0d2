"""One product's further pages: its kinds, its photos, its copy, and the book of its stock."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Product, ProductMedia, ProductVariant, Stock, StockMovement
from tests.payments.factories import NOW, Shop, a_shop, goods
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import a_photo, form, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


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
            product=shop.variant.product,
            vendor=shop.vendor,
            name=f"Gói {number}",
            unit="gói",
            price_vnd=1000 + number,
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
        assert "−2 còn 28" in shown
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


# --- Nobody else's --------------------------------------------------------------------------------


def test_rows_of_another_product_are_not_reached_through_one_s_own(shop: Shop, owner: Client) -> None:
    other, stock = goods(shop.vendor)

    assert owner.get(f"{page_of(shop)}kinds/{other.pk}/").status_code == 404
    assert owner.get(f"{page_of(shop)}stocks/{stock.pk}/book/").status_code == 404
