"""A shop writes where its goods come from; shoppers read it."""

import pytest
from django.test import Client

from catalog.models import Product
from tests.payments.factories import Shop, a_shop
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at

pytestmark = pytest.mark.django_db
FACTS = {
    "brand": "Bản Giốc",
    "producer_name": "Hộ Nông Thị Lan",
    "producer_address": "Xóm Bản Giốc",
    "materials_note": "Củ dong riềng ở Phia Đén",
    "made_note": "Vụ tháng 10/2026",
    "lot_number": "L-1026",
    "trace_code": "8930001 0001",
}


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def address(shop: Shop) -> str:
    return f"/sell/products/{shop.variant.product_id}/trace/"


def test_what_the_shop_writes_is_kept_shown_again_and_read_by_shoppers(shop: Shop, client: Client) -> None:
    seller = owner_at(shop)
    assert f'href="{address(shop)}"' in seller.get(f"/sell/products/{shop.variant.product_id}/").content.decode()

    answer = seller.post(address(shop), form(**FACTS))

    assert answer["Location"] == f"/sell/products/{shop.variant.product_id}/"
    again = seller.get(address(shop)).content.decode()
    assert all(f'value="{fact}"' in again for fact in FACTS.values())
    Product.objects.update(listing=Product.Listing.PUBLISHED)
    words = text_of(client.get(f"/products/{shop.variant.product.slug}/"))
    for said in (
        "Cơ sở sản xuất Hộ Nông Thị Lan, Xóm Bản Giốc",
        "Nhãn hiệu Bản Giốc",
        "Nguyên liệu Củ dong riềng ở Phia Đén",
        "Làm ra lúc Vụ tháng 10/2026",
        "Số lô L-1026",
        "Mã truy xuất 8930001 0001",
    ):
        assert said in words


def test_who_sells_what_is_on_sale_is_told_that_the_commune_looks_again(shop: Shop) -> None:
    Product.objects.update(listing=Product.Listing.PUBLISHED)

    assert "Sửa xong thì xã xem lại" in text_of(owner_at(shop).get(address(shop)))


def test_a_form_that_was_cut_off_or_is_too_long_takes_nothing_away(shop: Shop) -> None:
    seller = owner_at(shop)
    seller.post(address(shop), form(**FACTS))

    assert seller.post(address(shop), {"brand": ""}).status_code == 400
    refused = seller.post(address(shop), form(lot_number="x" * 61))

    assert refused.status_code == 400
    assert Product.objects.values(*FACTS).get(pk=shop.variant.product_id) == FACTS


def test_another_shops_product_is_not_found(shop: Shop) -> None:
    other = a_shop()

    assert owner_at(other).get(address(shop)).status_code == 404
