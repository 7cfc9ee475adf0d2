"""The catalogue over GraphQL, as a client written for Saleor asks for it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from catalog.models import Product
from catalog.services import add_photo, publish_product, submit_for_review
from marketplace.api.graphql.queries import product_lists
from marketplace.core import clock
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import NENH, NOW, Shop, a_picture, a_product, a_shop, on_sale, with_stars

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

NAMES = "query($first: Int, $after: String, $last: Int, $before: String, $sortBy: ProductOrder,\
 $filter: ProductFilterInput, $search: String, $channel: String) {\
 products(first: $first, after: $after, last: $last, before: $before, sortBy: $sortBy, filter: $filter,\
 search: $search, channel: $channel)\
 { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { name } } } }"


def listed(**variables: Any) -> list[str]:
    products = ask(NAMES, **{"first": 10, **variables})["products"]
    return [edge["node"]["name"] for edge in products["edges"]]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(alcohol_licence_number="GP 12/2026")


def test_a_product_has_saleors_fields(shop: Shop) -> None:
    product = on_sale(shop, description="Làm từ củ dong.\n\nNặng < 1 kg.", price_vnd=60_000, quantity=10)

    found = ask(
        """query($slug: String) { product(slug: $slug, channel: "online") {
            __typename id name slug description channel isAvailable created category { id name level }
            pricing { onSale priceRange { start { currency gross { amount currency } net { amount } tax { amount } }
                                          stop { gross { amount } } } } } }""",
        slug=product.slug,
    )["product"]

    document = json.loads(found.pop("description"))
    assert [block["data"]["text"] for block in document["blocks"]] == ["Làm từ củ dong.", "Nặng &lt; 1 kg."]
    assert found == {
        "__typename": "Product",
        "id": gid("Product", product.pk),
        "name": "Miến dong Cao Bằng",
        "slug": "mien-dong-cao-bang",
        "channel": "online",
        "isAvailable": True,
        "created": "2026-11-22T03:00:00+00:00",
        "category": {"id": gid("Category", 6), "name": "Chế biến từ gạo, ngũ cốc", "level": 1},
        "pricing": {
            "onSale": False,
            "priceRange": {
                "start": {
                    "currency": "VND",
                    "gross": {"amount": 60_000.0, "currency": "VND"},
                    "net": {"amount": 60_000.0},
                    "tax": {"amount": 0.0},
                },
                "stop": {"gross": {"amount": 60_000.0}},
            },
        },
    }


def test_a_product_has_variants_with_what_is_left_of_them(shop: Shop) -> None:
    product = on_sale(shop, price_vnd=60_000, quantity=10)
    variant = product.variants.get()

    found = ask(
        """query($slug: String, $variant: ID) {
            product(slug: $slug) {
                defaultVariant { id name unit quantityAvailable quantityLimitPerCustomer product { name } }
                productVariants(first: 5) { totalCount edges { node { pricing { price { gross { amount } } } } } } }
            productVariant(id: $variant) { id product { slug } } }""",
        slug=product.slug,
        variant=gid("ProductVariant", variant.pk),
    )

    assert found == {
        "product": {
            "defaultVariant": {
                "id": gid("ProductVariant", variant.pk),
                "name": "gói 500 g",
                "unit": "gói 500 g",
                "quantityAvailable": 10,
                "quantityLimitPerCustomer": 1000,
                "product": {"name": "Miến dong Cao Bằng"},
            },
            "productVariants": {
                "totalCount": 1,
                "edges": [{"node": {"pricing": {"price": {"gross": {"amount": 60_000.0}}}}}],
            },
        },
        "productVariant": {"id": gid("ProductVariant", variant.pk), "product": {"slug": "mien-dong-cao-bang"}},
    }


def test_a_product_has_its_shop_and_the_stars_that_may_be_shown(shop: Shop) -> None:
    product = on_sale(shop)
    with_stars(shop, product)

    found = ask(
        """query($slug: String) { product(slug: $slug) {
            vendor { id slug name kind commune { code name province { code name } } }
            ocopCertificate { stars decisionNumber issuedOn expiresOn } } }""",
        slug=product.slug,
    )["product"]

    assert found == {
        "vendor": {
            "id": gid("Vendor", shop.vendor.pk),
            "slug": shop.vendor.slug,
            "name": "Hợp tác xã Bản Giốc",
            "kind": "COOPERATIVE",
            "commune": {
                "code": "01501",
                "name": "Xã Đàm Thủy",
                "province": {"code": "04", "name": "Tỉnh Cao Bằng"},
            },
        },
        "ocopCertificate": {
            "stars": 4,
            "decisionNumber": "125/QĐ-UBND",
            "issuedOn": "2025-03-01",
            "expiresOn": "2028-03-01",
        },
    }


def test_stars_are_gone_the_day_after_the_certificate_ran_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    product = on_sale(shop)
    with_stars(shop, product)
    query = "query($slug: String) { product(slug: $slug) { ocopCertificate { stars } } }"

    monkeypatch.setattr(clock, "now", lambda: datetime(2028, 3, 1, 16, 59, tzinfo=UTC))
    last_day = ask(query, slug=product.slug)["product"]
    monkeypatch.setattr(clock, "now", lambda: datetime(2028, 3, 1, 17, 1, tzinfo=UTC))  # midnight in Vietnam is over
    day_after = ask(query, slug=product.slug)["product"]

    assert (last_day, day_after) == ({"ocopCertificate": {"stars": 4}}, {"ocopCertificate": None})


def test_a_product_is_found_by_its_id_too(shop: Shop) -> None:
    product = on_sale(shop)

    assert ask("query($id: ID) { product(id: $id) { name } }", id=gid("Product", product.pk)) == {
        "product": {"name": "Miến dong Cao Bằng"}
    }


@pytest.mark.parametrize("key", ["0", "999999999", str(2**63 - 1)])
def test_a_product_that_is_not_there_is_null(shop: Shop, key: str) -> None:
    assert ask("query($id: ID) { product(id: $id) { name } }", id=gid("Product", key)) == {"product": None}


def test_what_shoppers_may_not_see_is_as_if_it_were_not_there(shop: Shop) -> None:
    draft = a_product(shop)
    hidden = on_sale(shop, "Rượu ngô men lá", ocop_set=14)

    assert listed() == []
    for product in (draft, hidden):
        assert ask("query($id: ID) { product(id: $id) { name } }", id=gid("Product", product.pk)) == {"product": None}


def test_alcohol_shows_to_those_who_declare_their_age(shop: Shop) -> None:
    on_sale(shop, "Rượu ngô men lá", ocop_set=14)

    found = ask("{ products(first: 1) { totalCount } }", headers={"X-Age-Declared": "18"})

    assert found["products"]["totalCount"] == 1
    assert ask("{ products(first: 1) { totalCount } }")["products"]["totalCount"] == 0


def test_an_unknown_channel_and_the_stall_have_nothing_to_show(shop: Shop) -> None:
    product = on_sale(shop)

    assert (listed(channel="default-channel"), listed(channel="stall")) == ([], [])
    assert listed(channel="online") == ["Miến dong Cao Bằng"]
    assert ask('query($id: ID) { product(id: $id, channel: "none") { id } }', id=gid("Product", product.pk)) == {
        "product": None
    }


def test_products_come_by_slug_and_pages_go_forwards_and_backwards(shop: Shop) -> None:
    for name in ("Cốm", "Bánh khảo", "Đường phên", "Dẻ Trùng Khánh", "Ấu"):
        on_sale(shop, name)

    first = ask(NAMES, first=2)["products"]
    second = ask(NAMES, first=2, after=first["pageInfo"]["endCursor"])["products"]
    last = ask(NAMES, last=2)["products"]
    before = ask(NAMES, last=2, before=last["pageInfo"]["startCursor"])["products"]

    assert [edge["node"]["name"] for edge in first["edges"]] == ["Ấu", "Bánh khảo"]
    assert [edge["node"]["name"] for edge in second["edges"]] == ["Cốm", "Dẻ Trùng Khánh"]
    assert [edge["node"]["name"] for edge in last["edges"]] == ["Dẻ Trùng Khánh", "Đường phên"]
    assert [edge["node"]["name"] for edge in before["edges"]] == ["Bánh khảo", "Cốm"]
    assert json.loads(base64.b64decode(first["edges"][1]["cursor"])) == ["banh-khao"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, last, before)] == [True, True, False, True]
    assert [page["pageInfo"]["hasPreviousPage"] for page in (first, second, last, before)] == [
        False,
        True,
        True,
        True,
    ]
    assert {page["totalCount"] for page in (first, second, last, before)} == {5}


@pytest.mark.parametrize("more", [{}, {"search": "mat ong"}, {"sortBy": {"field": "NAME", "direction": "ASC"}}])
def test_an_empty_cursor_is_none(shop: Shop, more: dict[str, Any]) -> None:
    for number in range(3):
        on_sale(shop, f"Mật ong {number}")

    first, last = ask(NAMES, first=2, **more)["products"], ask(NAMES, last=2, **more)["products"]

    assert ask(NAMES, first=2, after="", before="", **more)["products"] == first
    assert ask(NAMES, last=2, after="", before="", **more)["products"] == last
    assert [page["pageInfo"]["hasPreviousPage"] for page in (first, last)] == [False, True]


@pytest.mark.parametrize(
    ("field", "direction", "names"),
    [
        ("PRICE", "ASC", ["Cốm", "Ấu", "Bánh khảo", "Dẻ"]),
        ("MINIMAL_PRICE", "DESC", ["Dẻ", "Bánh khảo", "Ấu", "Cốm"]),
        ("NAME", "ASC", ["Ấu", "Bánh khảo", "Cốm", "Dẻ"]),
        ("CREATED_AT", "DESC", ["Dẻ", "Cốm", "Bánh khảo", "Ấu"]),
    ],
)
def test_products_are_sorted_and_paged_in_any_order(shop: Shop, field: str, direction: str, names: list[str]) -> None:
    for name, price in (("Ấu", 20_000), ("Bánh khảo", 20_000), ("Cốm", 10_000), ("Dẻ", 90_000)):
        on_sale(shop, name, price_vnd=price)
    sort = {"field": field, "direction": direction}

    pages, after = [], None
    for _page in range(4):
        page = ask(NAMES, first=1, after=after, sortBy=sort)["products"]
        pages += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]

    assert pages == names == listed(sortBy=sort)


def test_search_needs_no_diacritics_and_comes_by_relevance(shop: Shop) -> None:
    on_sale(shop, "Trà hoa vàng", description="Uống kèm mật ong.")
    on_sale(shop, "Mật ong hoa nhãn")
    on_sale(shop, "Miến dong")

    assert listed(search="mat ong") == ["Mật ong hoa nhãn", "Trà hoa vàng"]
    assert listed(filter={"search": "mat ong"}, sortBy={"field": "NAME", "direction": "DESC"}) == [
        "Trà hoa vàng",
        "Mật ong hoa nhãn",
    ]
    first = ask(NAMES, first=1, search="mat ong")["products"]
    second = ask(NAMES, first=1, search="mat ong", after=first["pageInfo"]["endCursor"])["products"]
    assert second["edges"][0]["node"]["name"] == "Trà hoa vàng"
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (2, False)


def test_products_are_filtered(shop: Shop) -> None:
    other = a_shop("Gian hàng Nếnh", commune=NENH)
    honey = on_sale(shop, "Mật ong", price_vnd=120_000)
    tea = on_sale(other, "Trà", price_vnd=50_000, quantity=0, ocop_set=8)
    with_stars(shop, honey, stars=5)

    assert listed(filter={"price": {"gte": 100_000}}) == ["Mật ong"]
    assert listed(filter={"price": {"lte": 100_000.5}}) == ["Trà"]
    assert listed(filter={"stockAvailability": "IN_STOCK"}) == ["Mật ong"]
    assert listed(filter={"categories": [gid("Category", 8)]}) == ["Trà"]
    assert listed(filter={"ids": [gid("Product", tea.pk)]}) == ["Trà"]
    assert listed(filter={"slugs": ["mat-ong"]}) == ["Mật ong"]
    assert listed(filter={"vendor": gid("Vendor", other.vendor.pk)}) == ["Trà"]
    assert listed(filter={"province": "04"}) == ["Mật ong"]
    assert listed(filter={"commune": NENH}) == ["Trà"]
    assert listed(filter={"stars": 5}) == ["Mật ong"]


def test_pictures_have_addresses_that_work_from_anywhere(shop: Shop, settings: Any) -> None:
    settings.MARKET_PUBLIC_URL = "https://cho.example.vn"
    product = a_product(shop)
    add_photo(actor=shop.owner, product=product, content=a_picture(), alt="Một gói miến", now=NOW)
    submit_for_review(actor=shop.owner, product=product, now=NOW)
    publish_product(actor=shop.staff, product=product, now=NOW)

    found = ask(
        "query($slug: String) { product(slug: $slug) { thumbnail(size: 256, format: WEBP) { url alt }"
        " media { alt type url small: url(size: 128) } } }",
        slug=product.slug,
    )["product"]

    assert found["thumbnail"]["alt"] == "Một gói miến"
    assert found["thumbnail"]["url"].startswith("https://cho.example.vn/media/products/")
    assert found["thumbnail"]["url"].endswith("-480.webp")
    assert found["media"][0]["small"] == found["thumbnail"]["url"].replace(".webp", ".jpg")
    assert found["media"][0]["url"] == found["media"][0]["small"].replace("-480", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("", "You must provide a `first` or `last` value to properly paginate the `products` connection."),
        (
            "(first: 101)",
            "Requesting 101 records on the `products` connection exceeds the `first` limit of 100 records.",
        ),
        ("(first: 0)", "Argument `first` must be a positive integer."),
        ("(last: -1)", "Argument `last` must be a positive integer."),
        ("(first: 1, last: 1)", "Argument `last` cannot be combined with `first`."),
        ('(first: 1, before: "WyJhIl0=")', "Argument `first` cannot be combined with `before`."),
        ('(first: 1, after: "not base64")', "Received cursor is invalid."),
        ('(first: 1, after: "WyJhIiwiYiJd")', "Received cursor is invalid."),
        ('(first: 1, filter: {ids: ["bad"]})', "Invalid ID: bad. Expected: Product."),
    ],
)
def test_a_list_that_is_not_asked_for_properly_is_null_with_saleors_sentence(arguments: str, sentence: str) -> None:
    answer = post(f"{{ products{arguments} {{ totalCount }} }}")

    content = answer.json()
    assert (answer.status_code, content["data"]) == (200, {"products": None})
    assert content["errors"][0] == {
        "message": sentence,
        "locations": [{"line": 1, "column": 3}],
        "path": ["products"],
        "extensions": {"exception": {"code": "GraphQLError"}},
    }


def test_a_list_takes_the_same_statements_however_long_it_is(
    shop: Shop, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    query = """{ products(first: 50) { totalCount edges { node { name description thumbnail { url } isAvailable
        pricing { priceRange { start { gross { amount } } } } media { url }
        variants { quantityAvailable media { url } product { vendor { name commune { province { name } } } } }
        productVariants(first: 3) { edges { node { name } } }
        ocopCertificate { stars } communeOfOrigin { province { name } } vendor { marketSite { name } } } } } }"""
    on_sale(shop)
    with django_assert_num_queries(6):  # count, page, variants, photos, stock, certificates
        ask(query)

    for number in range(12):
        with_stars(shop, on_sale(shop, f"Miến số {number}"))
    with django_assert_max_num_queries(6):
        assert ask(query)["products"]["totalCount"] == 13


def test_a_product_that_is_taken_away_between_finding_and_reading_is_not_shown(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, taken = on_sale(shop, "Mật ong rừng"), on_sale(shop, "Mật ong hoa nhãn")
    find = product_lists.ids_by_relevance

    def find_and_take_away(*given: Any, **more: Any) -> list[int]:
        found = find(*given, **more)
        Product.objects.filter(pk=taken.pk).update(listing=Product.Listing.WITHDRAWN)
        return found

    monkeypatch.setattr(product_lists, "ids_by_relevance", find_and_take_away)

    assert listed(search="mat ong") == [kept.name]
