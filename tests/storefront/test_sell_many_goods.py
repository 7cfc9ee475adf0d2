"""Many goods in one form; and nothing of another shop's goods, files or listings is there for anybody."""

import pytest
from django.test import Client

from catalog.models import ListingDraft, Product, Stock
from tests.payments.factories import Shop, a_shop, goods
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import FILE, a_photo, form, owner_at, page_of, row_of, seller_at, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


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


def test_a_seller_may_do_all_of_it_too(shop: Shop) -> None:
    seller = seller_at(shop)

    for address in ("many/", "import/", "export/csv/", f"{shop.variant.product_id}/kinds/new/"):
        assert seller.get(f"/sell/products/{address}").status_code == 200
    assert seller.get("/sell/products/stocks/").status_code == 200
