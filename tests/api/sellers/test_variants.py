"""The kinds of a shop's goods over GraphQL: words, price, stock, photos."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Product, ProductMedia, ProductVariant, Stock
from catalog.pictures import Form, picture_url
from catalog.selectors import variants_of
from catalog.services import remove_photo
from tests.api.asking import URL, ask
from tests.api.ids import gid
from tests.api.offices import a_person, signed_in
from tests.api.sellers.test_products import CREATE, HONEY, NOT_FOUND, ONLINE
from tests.api.sellers.working import PERMISSION, a_seller, done, of, refusal
from tests.catalog.factories import NENH, NOW, Shop, a_picture, a_product, a_shop, on_sale
from vendors.models import Vendor, Warehouse
from vendors.services import add_warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

CREATE_VARIANT = """mutation($input: ProductVariantCreateInput!) { productVariantCreate(input: $input) {
  productVariant { id name sku unit pricing { price { gross { amount } } } quantityAvailable product { listing }
                   stocks { quantity quantityAllocated quantityReserved warehouse { id name slug } } }
  errors { field message code } } }"""
UPDATE_VARIANT = """mutation($id: ID, $sku: String, $input: ProductVariantInput!) { productVariantUpdate(id: $id,
  sku: $sku, input: $input) { productVariant { name sku unit product { listing } } errors { field code } } }"""
PRICE = """mutation($id: ID, $sku: String, $input: [ProductVariantChannelListingAddInput!]!) {
  productVariantChannelListingUpdate(id: $id, sku: $sku, input: $input) {
  variant { pricing { price { gross { amount } } } } errors { field message code } } }"""
STOCKS = """mutation($id: ID, $sku: String, $stocks: [StockInput!]!) { productVariantStocksUpdate(variantId: $id,
  sku: $sku, stocks: $stocks) { productVariant { stocks { quantity } } errors { field message code index } } }"""
PHOTO = """mutation($image: Upload, $product: ID!, $alt: String) { productMediaCreate(input: {image: $image,
  product: $product, alt: $alt}) { media { alt url(size: 256) } product { listing media { id } }
  errors { field message code } } }"""
UNIT = {"id": gid("Attribute", 15), "values": ["hũ"]}


def place_of(vendor: Vendor) -> Warehouse:
    return Warehouse.objects.filter(vendor=vendor).order_by("pk")[0]


def kind_of(product: Product) -> ProductVariant:
    return variants_of(product)[0]


def price(amount: float) -> list[dict[str, Any]]:
    return [{"channelId": ONLINE, "price": amount}]


def test_a_product_gets_its_kinds_one_by_one_with_price_and_stock() -> None:
    shop = a_shop()
    seller = a_seller(shop.vendor)
    product = done(CREATE, seller, input=HONEY)["product"]["id"]
    place = place_of(shop.vendor)
    lying = [{"warehouse": gid("Warehouse", place.pk), "quantity": 7}]

    made = done(
        CREATE_VARIANT,
        seller,
        input={"product": product, "attributes": [UNIT], "sku": "M1", "price": 150_000, "stocks": lying},
    )
    second = done(
        CREATE_VARIANT,
        seller,
        input={"product": product, "attributes": [UNIT], "name": "Hũ to", "price": "250000"},
    )

    assert made == {
        "productVariant": {
            "id": gid("ProductVariant", ProductVariant.objects.order_by("pk")[0].pk),
            "name": "hũ",
            "sku": "M1",
            "unit": "hũ",
            "pricing": {"price": {"gross": {"amount": 150_000.0}}},
            "quantityAvailable": 7,
            "product": {"listing": "DRAFT"},
            "stocks": [
                {
                    "quantity": 7,
                    "quantityAllocated": 0,
                    "quantityReserved": 0,
                    "warehouse": {
                        "id": gid("Warehouse", place.pk),
                        "name": shop.vendor.name,
                        "slug": f"place-{place.pk}",
                    },
                }
            ],
        },
        "errors": [],
    }
    assert (second["errors"], second["productVariant"]["name"], second["productVariant"]["stocks"]) == (
        [],
        "Hũ to",
        [],
    )
    assert Product.objects.get().price_from_vnd == 150_000


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"price": 150_000.5}, "price", "INVALID"),
        ({"price": 0}, "price", "INVALID"),
        ({"price": 500_000_000}, "price", "INVALID"),
        ({"price": "1e20"}, "price", "INVALID"),
        ({"price": None}, "price", "REQUIRED"),
        ({"attributes": []}, "attributes", "REQUIRED"),
        ({"attributes": [UNIT | {"values": [" "]}]}, "unit", "REQUIRED"),
        ({"name": ""}, "name", "REQUIRED"),
        ({"sku": "x" * 61}, "sku", "INVALID"),
        ({"stocks": [{"warehouse": gid("Warehouse", 999_999), "quantity": 1}]}, "warehouse", "NOT_FOUND"),
    ],
)
def test_what_a_kind_cannot_be_is_refused_and_nothing_is_kept(wrong: dict[str, Any], field: str, code: str) -> None:
    shop = a_shop()
    given = {"product": gid("Product", a_product(shop).pk), "attributes": [UNIT], "name": "To", "price": 1000}

    answer = done(CREATE_VARIANT, of(shop.owner), input=given | wrong)

    assert [(one["field"], one["code"]) for one in answer["errors"]] == [(field, code)]
    assert (answer["productVariant"], ProductVariant.objects.count()) == (None, 1)


def test_the_same_kind_again_is_added_once() -> None:
    shop = a_shop()
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}
    product = done(CREATE, of(shop.owner), input=HONEY)["product"]["id"]
    lying = [{"warehouse": gid("Warehouse", place_of(shop.vendor).pk), "quantity": 7}]
    wanted = {"product": product, "attributes": [UNIT], "price": 9000, "stocks": lying}

    first = done(CREATE_VARIANT, again, input=wanted)

    assert done(CREATE_VARIANT, again, input=wanted) == first
    assert (first["errors"], first["productVariant"]["quantityAvailable"]) == ([], 7)
    assert ProductVariant.objects.count() == 1
    assert done(CREATE_VARIANT, again, input=wanted | {"price": 9500})["errors"][0]["code"] == "UNIQUE"


def test_a_part_of_a_dong_is_refused_in_saleors_words() -> None:
    shop = a_shop()
    kind = kind_of(a_product(shop))

    answer = done(PRICE, of(shop.owner), id=gid("ProductVariant", kind.pk), input=price(60_000.5))

    assert answer == {
        "variant": None,
        "errors": [{"field": "price", "message": "Value cannot have more than 0 decimal places.", "code": "INVALID"}],
    }


def test_a_price_is_changed_by_id_and_by_the_shops_code_and_stays_on_sale() -> None:
    shop = a_shop()
    product = on_sale(shop)
    kind = kind_of(product)
    ProductVariant.objects.filter(pk=kind.pk).update(sku="MD")
    a_kind_of_another = kind_of(on_sale(a_shop("Khác")))
    ProductVariant.objects.filter(pk=a_kind_of_another.pk).update(sku="MD")

    by_id = done(PRICE, of(shop.owner), id=gid("ProductVariant", kind.pk), input=price(70_000))
    by_code = done(PRICE, of(shop.owner), sku="MD", input=price(80_000))

    assert by_id["variant"] == {"pricing": {"price": {"gross": {"amount": 70_000.0}}}}
    assert by_code["variant"] == {"pricing": {"price": {"gross": {"amount": 80_000.0}}}}
    product.refresh_from_db()
    assert (product.listing, product.price_from_vnd) == ("published", 80_000)
    a_kind_of_another.refresh_from_db()
    assert a_kind_of_another.price_vnd == 60_000


def test_one_price_holds_in_every_channel() -> None:
    shop = a_shop()
    id = gid("ProductVariant", kind_of(a_product(shop)).pk)
    at_stall = {"channelId": gid("Channel", 2), "price": 9000}

    assert done(PRICE, of(shop.owner), id=id, input=[*price(9000), at_stall])["errors"] == []
    assert done(PRICE, of(shop.owner), id=id, input=[*price(8000), at_stall])["errors"][0]["code"] == "INVALID"
    assert done(PRICE, of(shop.owner), id=id, input=[])["errors"][0]["code"] == "REQUIRED"
    no_channel = [{"channelId": gid("Channel", 3), "price": 1}]
    assert done(PRICE, of(shop.owner), id=id, input=no_channel)["errors"][0]["code"] == "NOT_FOUND"
    assert done(PRICE, of(shop.owner), id=id, sku="x", input=price(1))["errors"][0]["code"] == "GRAPHQL_ERROR"


def test_new_words_of_a_kind_take_the_product_back_to_review() -> None:
    shop = a_shop()
    id = gid("ProductVariant", kind_of(on_sale(shop)).pk)

    coded = done(UPDATE_VARIANT, of(shop.owner), id=id, input={"sku": "MD"})
    renamed = done(UPDATE_VARIANT, of(shop.owner), sku="MD", input={"name": "Gói to", "attributes": [UNIT]})

    kept = {"name": "gói 500 g", "sku": "MD", "unit": "gói 500 g", "product": {"listing": "PUBLISHED"}}
    assert coded == {"productVariant": kept, "errors": []}
    new = {"name": "Gói to", "sku": "MD", "unit": "hũ", "product": {"listing": "IN_REVIEW"}}
    assert renamed == {"productVariant": new, "errors": []}


def test_stocks_are_set_at_several_places_all_or_none() -> None:
    shop = a_shop()
    stall = add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="stall", name="Sạp chợ", now=NOW)
    foreign = place_of(a_shop("Khác").vendor)
    kind = kind_of(a_product(shop))
    at = {
        name: gid("Warehouse", place.pk)
        for name, place in {"shop": place_of(shop.vendor), "stall": stall, "foreign": foreign}.items()
    }

    def set_to(**quantities: int) -> dict[str, Any]:
        stocks = [{"warehouse": at[name], "quantity": quantity} for name, quantity in quantities.items()]
        return done(STOCKS, of(shop.owner), id=gid("ProductVariant", kind.pk), stocks=stocks)

    assert set_to(shop=3, stall=4)["productVariant"] == {"stocks": [{"quantity": 3}, {"quantity": 4}]}
    refused = set_to(shop=9, foreign=1)
    sentence = "Không tìm thấy nơi để hàng này."
    error = {"field": "warehouse", "message": sentence, "code": "NOT_FOUND", "index": 1}
    assert refused == {"productVariant": None, "errors": [error]}
    assert set_to(shop=-1)["errors"][0] | {"message": ""} == {
        "field": "quantity", "message": "", "code": "INVALID", "index": 0,
    }  # fmt: skip
    assert sorted(Stock.objects.filter(variant=kind).values_list("quantity", flat=True)) == [3, 4]


def upload(image: Any, shop: Shop, product: Product, *, headers: dict[str, str], alt: str = "") -> dict[str, Any]:
    variables = {"image": None, "product": gid("Product", product.pk), "alt": alt}
    operations = json.dumps({"query": PHOTO, "variables": variables})
    data = {"operations": operations, "map": json.dumps({"0": ["variables.image"]}), "0": image}
    content = Client().post(URL, data=data, headers=headers).json()
    assert content.get("errors") is None, content
    answer: dict[str, Any] = content["data"]["productMediaCreate"]
    return answer


def test_a_photo_comes_as_a_file_and_takes_the_product_back_to_review() -> None:
    shop = a_shop()
    product = on_sale(shop)

    added = upload(SimpleUploadedFile("a.jpg", a_picture()), shop, product, headers=of(shop.owner), alt="Gói miến")

    media = ProductMedia.objects.get()
    assert added == {
        "media": {"alt": "Gói miến", "url": settings.MARKET_PUBLIC_URL + picture_url(media, 256, form=Form.JPEG)},
        "product": {"listing": "IN_REVIEW", "media": [{"id": gid("ProductMedia", media.pk)}]},
        "errors": [],
    }


def test_the_same_photo_again_is_kept_once_and_so_are_its_files(settings: Any) -> None:
    shop = a_shop()
    product = on_sale(shop)
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}
    picture = a_picture()

    def sent(content: bytes = picture) -> dict[str, Any]:
        return upload(SimpleUploadedFile("a.jpg", content), shop, product, headers=again, alt="Gói miến")

    first = sent()
    files = sorted(Path(settings.MEDIA_ROOT).rglob("*.*"))

    assert (sent(), sorted(Path(settings.MEDIA_ROOT).rglob("*.*"))) == (first, files)
    assert sent(a_picture(color="red"))["errors"][0]["code"] == "UNIQUE"
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*.*")) == files
    remove_photo(actor=shop.owner, media=ProductMedia.objects.get(), now=NOW)
    assert sent()["errors"][0]["code"] == "NOT_FOUND"
    assert not ProductMedia.objects.exists()


def test_one_file_may_be_the_photo_of_two_products() -> None:
    shop = a_shop()
    first, second = on_sale(shop), on_sale(shop, "Chè dây")
    added = "productMediaCreate(input: {image: $%s, product: $%s}) { errors { field message } }"
    query = (
        "mutation($a: Upload, $b: Upload, $first: ID!, $second: ID!)"
        f" {{ a: {added % ('a', 'first')} b: {added % ('b', 'second')} }}"
    )
    variables = {"a": None, "b": None, "first": gid("Product", first.pk), "second": gid("Product", second.pk)}
    data = {
        "operations": json.dumps({"query": query, "variables": variables}),
        "map": json.dumps({"0": ["variables.a", "variables.b"]}),
        "0": SimpleUploadedFile("a.jpg", a_picture()),
    }

    content = Client().post(URL, data=data, headers=of(shop.owner)).json()

    assert content["data"] == {"a": {"errors": []}, "b": {"errors": []}}
    assert set(ProductMedia.objects.values_list("product", flat=True)) == {first.pk, second.pk}


def test_what_is_no_photo_is_refused_and_so_is_another_shops_product() -> None:
    shop = a_shop()
    product = a_product(shop)
    stranger = of(a_shop("Khác", commune=NENH).owner)

    no_photo = upload(SimpleUploadedFile("a.jpg", b"no photo"), shop, product, headers=of(shop.owner))
    foreign = upload(SimpleUploadedFile("a.jpg", a_picture()), shop, product, headers=stranger)
    without = done(PHOTO, of(shop.owner), product=gid("Product", product.pk))

    assert (no_photo["media"], no_photo["errors"][0]["code"]) == (None, "INVALID")
    assert no_photo["errors"][0]["field"] == "image"
    assert foreign["errors"] == [NOT_FOUND | {"field": "product"}]
    assert [(one["field"], one["code"]) for one in without["errors"]] == [("image", "REQUIRED")]
    assert not ProductMedia.objects.exists()


def test_another_shops_kind_is_answered_as_one_that_is_not_there() -> None:
    kind = kind_of(on_sale(a_shop()))
    ProductVariant.objects.filter(pk=kind.pk).update(sku="MD")
    stranger = of(a_shop("Khác", commune=NENH).owner)
    sentence = "Không tìm thấy sản phẩm này."

    for which in ({"id": gid("ProductVariant", kind.pk)}, {"id": gid("ProductVariant", 999_999)}, {"sku": "MD"}):
        answer = done(PRICE, stranger, input=price(1), **which)
        assert answer["errors"] == [
            {"field": "sku" if "sku" in which else "id", "message": sentence, "code": "NOT_FOUND"}
        ]
        assert done(STOCKS, stranger, stocks=[], **which)["errors"][0]["code"] == "NOT_FOUND"
        assert done(UPDATE_VARIANT, stranger, input={"name": "x"}, **which)["errors"][0]["code"] == "NOT_FOUND"
    sentence = PERMISSION + "MANAGE_PRODUCTS"
    assert refusal(PRICE, signed_in(a_person()), sku="MD", input=price(1)) == sentence


def test_places_and_stocks_are_read_by_the_people_of_the_shop_only() -> None:
    shop = a_shop()
    kind = kind_of(on_sale(shop))
    query = "{ warehouses(first: 5) { edges { node { id name companyName isPrivate } } } }"
    stocks = "query($id: ID) { productVariant(id: $id) { stocks { quantity } } }"
    place = {
        "id": gid("Warehouse", place_of(shop.vendor).pk),
        "name": shop.vendor.name,
        "companyName": shop.vendor.name,
        "isPrivate": False,
    }

    assert ask(query, headers=of(shop.owner)) == {"warehouses": {"edges": [{"node": place}]}}
    assert ask(query, headers=of(a_shop("Khác").owner))["warehouses"]["edges"][0]["node"]["name"] == "Khác"
    needed = "MANAGE_PRODUCTS, MANAGE_ORDERS, MANAGE_SHIPPING"
    assert refusal(query, signed_in(a_person())) == PERMISSION + needed
    own = ask(stocks, headers=of(shop.owner), id=gid("ProductVariant", kind.pk))
    assert own == {"productVariant": {"stocks": [{"quantity": 10}]}}
    for headers in (None, of(a_shop("Ba").owner)):
        refused = refusal(stocks, headers, id=gid("ProductVariant", kind.pk))
        assert refused == PERMISSION + "MANAGE_PRODUCTS, MANAGE_ORDERS"
