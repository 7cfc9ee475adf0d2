"""A shop lists a product and changes what its page says."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from catalog import services
from catalog.models import Product, ProductVariant, Stock
from catalog.ocop_sets import UnknownOcopSet
from catalog.services.listing import PRODUCTS_A_VENDOR_MAX, NoWarehouse, TooManyProducts
from catalog.values import BadPrice, BadQuantity
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.core.text import BadText
from marketplace.places.models import Commune
from tests.catalog.factories import DAM_THUY, NENH, NOW, Shop, a_product, a_shop, on_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def events(product: Product) -> list[str]:
    found = JournalEvent.objects.filter(aggregate_type="product", aggregate_id=str(product.pk)).order_by("pk")
    return list(found.values_list("kind", flat=True))


def test_a_new_product_is_a_draft_with_one_variant_and_its_stock_at_the_first_place(shop: Shop) -> None:
    product = a_product(shop, "  Miến  dong   Cao Bằng ", price_vnd=60_000, quantity=12, unit="gói 500 g")

    assert (product.name, product.slug) == ("Miến dong Cao Bằng", "mien-dong-cao-bang")
    assert product.listing == "draft"
    assert product.commune_of_origin_id == DAM_THUY
    assert (product.made_at, product.updated_at, product.published_at) == (NOW, NOW, None)
    assert product.folded_name == "mien dong cao bang"
    variant = ProductVariant.objects.get(product=product)
    assert (variant.price_vnd, variant.unit, variant.name, variant.is_active) == (60_000, "gói 500 g", "", True)
    assert product.price_from_vnd == 60_000
    stock = Stock.objects.get(variant=variant)
    assert (stock.quantity, stock.warehouse.vendor_id) == (12, shop.vendor.pk)
    assert events(product) == ["product.created"]


def test_a_product_may_come_from_another_commune_than_its_shop(shop: Shop) -> None:
    product = a_product(shop, commune_of_origin=Commune.objects.get(pk=NENH))

    assert product.commune_of_origin_id == NENH


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"name": ""}, BadText, "name"),
        ({"name": " \t "}, BadText, "name"),
        ({"name": "★★★"}, BadText, "name"),
        ({"name": "a" * 161}, BadText, "name"),
        ({"name": "Miến\x00dong"}, BadText, "name"),
        ({"description": "x\x07"}, BadText, "description"),
        ({"description": "a" * 5001}, BadText, "description"),
        ({"storage_note": "a" * 301}, BadText, "storage_note"),
        ({"shelf_life_note": "a" * 121}, BadText, "shelf_life_note"),
        ({"unit": ""}, BadText, "unit"),
        ({"unit": "a" * 41}, BadText, "unit"),
        ({"variant_name": "a" * 81}, BadText, "name"),
        ({"price_vnd": 0}, BadPrice, "price_vnd"),
        ({"price_vnd": -1}, BadPrice, "price_vnd"),
        ({"price_vnd": 500_000_000}, BadPrice, "price_vnd"),
        ({"price_vnd": 10**30}, BadPrice, "price_vnd"),
        ({"price_vnd": True}, BadPrice, "price_vnd"),
        ({"price_vnd": 60_000.5}, BadPrice, "price_vnd"),
        ({"quantity": -1}, BadQuantity, "quantity"),
        ({"quantity": 1_000_001}, BadQuantity, "quantity"),
        ({"quantity": 10**30}, BadQuantity, "quantity"),
        ({"ocop_set": 27}, UnknownOcopSet, "ocop_set"),
        ({"slug": "Miến dong"}, services.BadSlug, "slug"),
        ({"slug": "a" * 121}, services.BadSlug, "slug"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_kept(
    shop: Shop, wrong: dict[str, Any], error: type[MarketError], field: str
) -> None:
    with pytest.raises(error) as refusal:
        a_product(shop, **{"name": "Miến dong"} | wrong)

    assert refusal.value.field == field
    assert not Product.objects.exists()
    assert not JournalEvent.objects.filter(kind__startswith="product").exists()


@pytest.mark.parametrize("stranger", [ANONYMOUS, Actor(user_id=1), Actor(user_id=1, vendor_roles={0: "owner"})])
def test_a_stranger_cannot_list_for_a_shop(shop: Shop, stranger: Actor) -> None:
    with pytest.raises(NotFound):
        a_product(Shop(shop.vendor, stranger, shop.staff))

    assert not Product.objects.exists()


def test_commune_staff_do_not_list_for_a_shop(shop: Shop) -> None:
    with pytest.raises(NotFound):
        a_product(Shop(shop.vendor, shop.staff, shop.staff))


def test_products_of_the_same_name_get_numbered_addresses_then_random_ones(shop: Shop) -> None:
    slugs = [a_product(shop, "Mật ong").slug for _ in range(11)]

    assert slugs[:3] == ["mat-ong", "mat-ong-2", "mat-ong-3"]
    assert slugs[8] == "mat-ong-9"
    assert all(len(slug) == len("mat-ong-123456") for slug in slugs[9:])
    assert len(set(slugs)) == 11


def test_a_name_without_latin_letters_has_an_address_too(shop: Shop) -> None:
    assert a_product(shop, "蜂蜜").slug == "san-pham"


def test_a_wanted_address_is_taken_or_refused(shop: Shop) -> None:
    assert a_product(shop, slug="mien-ngon").slug == "mien-ngon"

    with pytest.raises(services.BadSlug) as refusal:
        a_product(shop, slug="mien-ngon")

    assert refusal.value.code == "UNIQUE"
    assert Product.objects.count() == 1


def test_the_same_request_again_answers_the_same_product(shop: Shop) -> None:
    client_id = uuid.uuid4()

    first = a_product(shop, client_id=client_id)
    again = a_product(shop, client_id=client_id, now=NOW + timedelta(seconds=90))

    assert again.pk == first.pk
    assert Product.objects.count() == 1
    assert events(first) == ["product.created"]


def test_the_same_request_id_with_another_price_is_refused(shop: Shop) -> None:
    client_id = uuid.uuid4()
    a_product(shop, client_id=client_id, price_vnd=60_000)

    with pytest.raises(SameIdOtherContent):
        a_product(shop, client_id=client_id, price_vnd=6_000)

    assert list(ProductVariant.objects.values_list("price_vnd", flat=True)) == [60_000]


def test_a_shop_without_a_place_in_use_cannot_list(shop: Shop) -> None:
    shop.vendor.warehouses.update(is_active=False)

    with pytest.raises(NoWarehouse):
        a_product(shop)

    assert not Product.objects.exists()


def test_a_shop_lists_at_most_2000_products(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PRODUCTS_A_VENDOR_MAX == 2000
    monkeypatch.setattr("catalog.services.listing.PRODUCTS_A_VENDOR_MAX", 1)
    a_product(shop)

    with pytest.raises(TooManyProducts):
        a_product(shop)

    assert Product.objects.count() == 1


@pytest.mark.parametrize("set_no", [14, 15])
def test_alcohol_follows_from_the_set_and_cannot_be_denied(shop: Shop, set_no: int) -> None:
    product = a_product(shop, "Rượu ngô", ocop_set=set_no, is_alcohol=False)
    assert product.is_alcohol

    product = services.update_product(actor=shop.owner, product=product, now=NOW, is_alcohol=False)

    assert product.is_alcohol
    assert Product.objects.get().is_alcohol


def test_the_database_itself_refuses_alcohol_that_is_not_marked(shop: Shop) -> None:
    product = a_product(shop, "Rượu ngô", ocop_set=14)

    with pytest.raises(IntegrityError, match="alcohol_sets_are_alcohol"):
        Product.objects.filter(pk=product.pk).update(is_alcohol=False)


def test_a_shop_may_say_that_goods_of_another_set_hold_alcohol(shop: Shop) -> None:
    product = a_product(shop, "Thuốc xoa bóp ngâm rượu", ocop_set=20, is_alcohol=True)

    assert product.is_alcohol


def test_a_set_chosen_by_mistake_leaves_no_alcohol_mark_behind(shop: Shop) -> None:
    product = a_product(shop, "Mật ong", ocop_set=14)

    product = services.update_product(actor=shop.owner, product=product, now=NOW, ocop_set=4)

    assert not product.is_alcohol


def test_set_18_is_health_food_whatever_is_said(shop: Shop) -> None:
    assert a_product(shop, "Viên đương quy", ocop_set=18, is_health_food=False).is_health_food


def test_a_change_of_a_draft_is_kept_and_raises_its_generation(shop: Shop, now: datetime) -> None:
    product = a_product(shop)
    later = now + timedelta(hours=1)

    services.update_product(actor=shop.owner, product=product, now=later, name="Miến dong Phia Đén")

    kept = Product.objects.get()
    assert (kept.name, kept.folded_name) == ("Miến dong Phia Đén", "mien dong phia den")
    assert kept.slug == "mien-dong-cao-bang"
    assert kept.generation > product.generation
    assert kept.updated_at == later
    assert kept.listing == "draft"
    assert events(product) == ["product.created", "product.updated"]


def test_a_change_that_changes_nothing_writes_nothing(shop: Shop) -> None:
    product = on_sale(shop)

    services.update_product(actor=shop.owner, product=product, now=NOW, name=product.name, description="")

    kept = Product.objects.get()
    assert (kept.listing, kept.generation) == ("published", product.generation)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Miến khác"},
        {"description": "Làm từ củ dong riềng."},
        {"storage_note": "Nơi khô ráo"},
        {"shelf_life_note": "12 tháng"},
        {"ocop_set": 7},
        {"is_health_food": True},
    ],
)
def test_a_published_product_whose_page_changes_goes_back_to_review(shop: Shop, change: dict[str, Any]) -> None:
    product = on_sale(shop)

    services.update_product(actor=shop.owner, product=product, now=NOW, **change)

    assert Product.objects.get().listing == "in_review"
    assert events(product)[-2:] == ["product.updated", "product.submitted"]


def test_another_shop_cannot_change_a_product(shop: Shop) -> None:
    product = a_product(shop)
    other = a_shop("Tạp hóa Hoa", commune=NENH)

    with pytest.raises(NotFound):
        services.update_product(actor=other.owner, product=product, now=NOW, name="Hàng giả")

    assert Product.objects.get().name == "Miến dong Cao Bằng"
