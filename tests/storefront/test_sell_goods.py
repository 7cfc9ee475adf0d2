"""The seller's goods: from the camera to review, price and stock, certificate; nobody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import ListingElsewhere, OcopCertificate, Product, ProductMedia, ProductVariant, Stock
from catalog.photos import PHOTO_BYTES_MAX
from catalog.services import reject_product
from catalog.services.elsewhere import tell_elsewhere
from marketplace.core.actors import SYSTEM
from tests.payments.factories import NOW, Shop, a_shop, goods
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import a_photo, form, owner_at, row_of, seller_at, waiting_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NEW = {"name": "Mật ong bạc hà", "ocop_set": "4", "price_vnd": "125k", "unit": "hũ 500 g", "quantity": "10"}


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_a_photo_a_name_and_a_price_make_a_draft_that_goes_to_review(shop: Shop) -> None:
    browser = owner_at(shop)

    made = browser.post("/sell/products/new/", form(**NEW, photo=a_photo()))

    product = Product.objects.get(name="Mật ong bạc hà")
    assert made["Location"] == f"/sell/products/{product.pk}/"
    assert product.listing == Product.Listing.DRAFT
    assert ProductVariant.objects.get(product=product).price_vnd == 125_000
    assert Stock.objects.get(variant__product=product).quantity == 10
    assert ProductMedia.objects.get(product=product).alt == "Mật ong bạc hà"
    assert "Gửi xã duyệt" in text_of(browser.get(made["Location"]))
    browser.post(f"/sell/products/{product.pk}/review/")
    product.refresh_from_db()
    assert product.listing == Product.Listing.IN_REVIEW
    assert "Xã đang xem" in text_of(browser.get(made["Location"]))


def test_the_camera_comes_first_and_what_can_wait_is_folded(shop: Shop) -> None:
    page = owner_at(shop).get("/sell/products/new/").content.decode()

    order = [page.index(part) for part in ('capture="environment"', 'name="name"', 'name="price_vnd"', "<summary>")]
    assert order == sorted(order)
    assert page.index("<summary>") < page.index('<textarea name="description"')


def test_a_form_sent_twice_makes_one_product_with_one_photo(shop: Shop) -> None:
    browser, sent = owner_at(shop), form(**NEW)

    first = browser.post("/sell/products/new/", sent | {"photo": a_photo()})
    second = browser.post("/sell/products/new/", sent | {"photo": a_photo()})

    assert first["Location"] == second["Location"]
    assert Product.objects.filter(name=NEW["name"]).count() == 1
    assert ProductMedia.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"price_vnd": "1.250k"}, "có thể hiểu hai cách"),
        ({"price_vnd": "rẻ"}, "Số tiền chưa đúng"),
        ({"price_vnd": "0"}, "lớn hơn 0"),
        ({"quantity": "-1"}, "Số lượng là số nguyên từ 0"),
        ({"ocop_set": "27"}, "Bạn chọn lại mục này giúp."),
        ({"name": ""}, "Bạn chưa điền mục này."),
        ({"name": "a\u202eb"}, "ký tự không dùng được"),
        ({"photo": SimpleUploadedFile("x.jpg", b"not a photo")}, "ảnh"),
        ({"photo": SimpleUploadedFile("x.jpg", b"\xff\xd8\xff" + bytes(PHOTO_BYTES_MAX))}, "ảnh"),
    ],
)
def test_what_cannot_be_listed_is_said_and_nothing_is_kept(
    shop: Shop, wrong: dict[str, object], sentence: str
) -> None:
    before = Product.objects.count()

    answer = owner_at(shop).post("/sell/products/new/", form(**NEW | wrong))

    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert (Product.objects.count(), ProductMedia.objects.count()) == (before, 0)


def test_a_form_without_its_id_is_refused(shop: Shop) -> None:
    assert owner_at(shop).post("/sell/products/new/", NEW).status_code == 400
    assert not Product.objects.filter(name=NEW["name"]).exists()


def test_price_and_stock_change_at_once_and_need_no_new_review(shop: Shop) -> None:
    browser, product = seller_at(shop), shop.variant.product
    page = f"/sell/products/{product.pk}/"

    browser.post(f"{page}prices/{shop.variant.pk}/", {"price_vnd": "65.000", "unit": "gói 500 g"})
    browser.post(f"{page}stocks/{shop.stock.pk}/", {"quantity": "3"})

    shop.variant.refresh_from_db()
    shop.stock.refresh_from_db()
    product.refresh_from_db()
    assert (shop.variant.price_vnd, shop.variant.unit, shop.stock.quantity) == (65_000, "gói 500 g", 3)
    assert product.listing == Product.Listing.PUBLISHED
    assert 'value="65.000"' in browser.get(page).content.decode()


def test_a_refused_price_stands_in_its_own_field_with_the_reason(shop: Shop) -> None:
    page = f"/sell/products/{shop.variant.product_id}/"

    answer = owner_at(shop).post(f"{page}prices/{shop.variant.pk}/", {"price_vnd": "999999999999", "unit": "gói"})

    assert answer.status_code == 400
    assert 'value="999999999999"' in answer.content.decode()
    assert f'href="#price{shop.variant.pk}_price_vnd"' in answer.content.decode()
    assert row_of(shop.variant)["price_vnd"] == 60_000


def test_new_words_and_photos_send_a_product_on_sale_back_to_review(shop: Shop) -> None:
    browser, product = owner_at(shop), shop.variant.product
    page = f"/sell/products/{product.pk}/"
    words = {"name": product.name, "ocop_set": "6", "description": "Phơi nắng ba ngày."}

    browser.post(page, words)

    product.refresh_from_db()
    assert (product.description, product.listing) == ("Phơi nắng ba ngày.", Product.Listing.IN_REVIEW)
    browser.post(f"{page}photos/", {"stored_photo": a_photo()})
    media = ProductMedia.objects.get(product=product)
    browser.post(f"{page}photos/{media.pk}/remove/")
    assert not ProductMedia.objects.exists()
    nothing = browser.post(f"{page}photos/", {})
    assert (nothing.status_code, "Bạn chụp hoặc chọn một ảnh giúp." in text_of(nothing)) == (400, True)
    nameless = browser.post(page, words | {"name": ""})
    assert (nameless.status_code, '<details class="card" open>' in nameless.content.decode()) == (400, True)


def test_a_product_is_taken_off_sale_and_sent_back_with_a_reason_is_shown_it(shop: Shop) -> None:
    browser, product = owner_at(shop), shop.variant.product
    browser.post(f"/sell/products/{product.pk}/withdraw/")
    product.refresh_from_db()
    assert product.listing == Product.Listing.WITHDRAWN

    again = browser.post(f"/sell/products/{product.pk}/review/")
    twice = browser.post(f"/sell/products/{product.pk}/review/")
    reject_product(actor=SYSTEM, product=product, reason="Ảnh mờ, chụp lại giúp.", now=NOW)

    assert (again.status_code, twice.status_code) == (302, 409)
    assert "Xã gửi lại: Ảnh mờ, chụp lại giúp." in text_of(browser.get(f"/sell/products/{product.pk}/"))
    assert "Ảnh mờ, chụp lại giúp." in text_of(browser.get("/sell/products/?state=rejected"))


def test_a_certificate_is_declared_once_and_waits_for_the_commune(shop: Shop) -> None:
    browser = owner_at(shop)
    page = f"/sell/products/{shop.variant.product_id}/certificate/"
    sent = form(stars="4", decision_number="125/QĐ-UBND", issued_on="2025-03-01", issuer="UBND tỉnh Cao Bằng")
    assert browser.get(page).status_code == 200

    for _ in range(2):
        assert browser.post(page, sent).status_code == 302

    certificate = OcopCertificate.objects.get()
    assert (certificate.stars, certificate.state) == (4, OcopCertificate.State.DECLARED)
    assert "Chờ xã xem giấy 4 sao, quyết định 125/QĐ-UBND, đến 01/03/2028" in text_of(
        browser.get(f"/sell/products/{shop.variant.product_id}/")
    )
    wrong = browser.post(page, form(**sent | {"client_id": form()["client_id"], "issued_on": "01/03/2017"}))
    assert (wrong.status_code, "từ 07/05/2018" in text_of(wrong)) == (400, True)


def test_another_shop_s_product_is_not_there(shop: Shop) -> None:
    browser, foreign = owner_at(a_shop("Hộ khác")), shop.variant.product
    page = f"/sell/products/{foreign.pk}/"
    before = (row_of(foreign), row_of(shop.variant), row_of(shop.stock))

    asked = [
        browser.get(page),
        browser.post(page, NEW),
        browser.post(f"{page}prices/{shop.variant.pk}/", {"price_vnd": "1k", "unit": "gói"}),
        browser.post(f"{page}stocks/{shop.stock.pk}/", {"quantity": "1"}),
        browser.post(f"{page}photos/", {"photo": a_photo()}),
        browser.post(f"{page}review/"),
        browser.post(f"{page}withdraw/"),
        browser.post(f"{page}certificate/", form()),
        browser.get("/sell/products/99999999999999999999/"),
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert (row_of(foreign), row_of(shop.variant), row_of(shop.stock)) == before


def test_the_rows_of_another_product_are_not_reached_through_one_s_own(shop: Shop) -> None:
    other, stock = goods(a_shop("Hộ khác").vendor)
    page = f"/sell/products/{shop.variant.product_id}/"

    answers = [
        owner_at(shop).post(f"{page}prices/{other.pk}/", {"price_vnd": "1k", "unit": "gói"}),
        owner_at(shop).post(f"{page}stocks/{stock.pk}/", {"quantity": "1"}),
        owner_at(shop).post(f"{page}photos/1/remove/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert row_of(other)["price_vnd"] == 60_000


def test_the_list_is_paged_takes_as_many_statements_and_knows_its_states(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    few = statements(lambda: browser.get("/sell/products/"))
    for _ in range(13):
        goods(shop.vendor)

    assert statements(lambda: browser.get("/sell/products/")) == few
    page = browser.get("/sell/products/")
    assert page.content.decode().count('class="product"') == 12
    assert len(page.content) <= PAGE_BYTES_MAX
    assert browser.get("/sell/products/?page=2").content.decode().count('class="product"') == 2
    assert "Chưa có sản phẩm nào ở đây" in text_of(browser.get("/sell/products/?state=draft"))
    assert browser.get("/sell/products/?state=x").status_code == 400


def test_the_product_page_takes_as_many_statements_with_more_photos(shop: Shop, statements: Count) -> None:
    browser, product = owner_at(shop), waiting_product(shop)
    page = f"/sell/products/{product.pk}/"
    few = statements(lambda: browser.get(page))
    for _ in range(4):
        ProductMedia.objects.create(product=product, image="products/3f/3f00.jpg", width=640, height=480)

    assert statements(lambda: browser.get(page)) == few
    assert len(browser.get(page).content) <= PAGE_BYTES_MAX


def test_a_product_that_another_system_refuses_says_so_to_its_shop_and_to_nobody_else(shop: Shop) -> None:
    product = shop.variant.product
    why = "Saleor không nhận giá này. Bạn xem lại giá bán nhé."
    tell_elsewhere(
        product_ids=[product.pk], place="saleor.tinh.vn", state=ListingElsewhere.State.REFUSED, problem=why, now=NOW
    )

    page = owner_at(shop).get(f"/sell/products/{product.pk}/")

    assert "Bán ở nơi khác" in text_of(page)
    assert "saleor.tinh.vn: Chưa nhận" in text_of(page)
    assert why in text_of(page)
    assert why not in text_of(Client().get(f"/products/{product.slug}/"))


def test_a_product_that_is_sold_here_only_says_nothing_of_elsewhere(shop: Shop) -> None:
    page = owner_at(shop).get(f"/sell/products/{shop.variant.product_id}/")

    assert "Bán ở nơi khác" not in text_of(page)
