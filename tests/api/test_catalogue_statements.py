"""How many SQL statements lists of the catalogue take: the same however long, and none for what is not asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.api.graphql.queries import product_pages
from tests.api.asking import ask
from tests.api.many_goods import many_goods
from tests.catalog.factories import Shop, a_shop, on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

EVERYTHING = """fragment Known on AssignedAttribute {
    attribute { slug name inputType translation(languageCode: EN) { name } }
    ... on AssignedSingleChoiceAttribute { choice: value { name slug translation(languageCode: EN) } }
    ... on AssignedNumericAttribute { number: value } ... on AssignedBooleanAttribute { boolean: value }
    ... on AssignedPlainTextAttribute { text: value translation(languageCode: EN) }
    ... on AssignedSingleCollectionReferenceAttribute { collection: value { slug } } }
query($first: Int) { products(first: $first) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
    id name slug description created isAvailable seoTitle seoDescription productType { slug }
    category { name slug translation(languageCode: EN) { name } }
    translation(languageCode: EN) { id name slug description language { code } }
    assignedAttribute(slug: "stars") { ...Known } assignedAttributes(limit: 20) { ...Known }
    pricing { priceRange { start { gross { amount currency } tax { amount } } stop { gross { amount } } }
              priceRangeUndiscounted { start { gross { amount } } } }
    thumbnail(size: 512, format: WEBP) { url alt } media { alt type url(size: 800, format: WEBP) }
    productVariants(first: 2) { totalCount edges { node { id name sku quantityAvailable media { url }
        attributes(variantSelection: ALL) { attribute { slug name } values { name slug } }
        translation(languageCode: EN) { name } product { name }
        pricing { price { gross { amount } } priceUndiscounted { gross { amount } } } } } } } } } }"""
STATEMENTS_MAX = 6
"""The count, the page with its shops and places, variants, photos, stock, certificates."""


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def statements(query: str, **variables: Any) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(query, **variables)
    return [one["sql"] for one in captured.captured_queries]


@pytest.mark.parametrize("rows", [1, 10, 20, 100])
def test_a_list_with_everything_a_storefront_asks_takes_six_statements(shop: Shop, rows: int) -> None:
    many_goods(shop, 101)

    assert len(statements(EVERYTHING, first=rows)) == STATEMENTS_MAX


def test_control_without_loading_places_with_the_page_every_row_asks_for_its_own(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_goods(shop, 11)
    monkeypatch.setattr(product_pages, "joins_of", lambda _fields: ())

    assert len(statements(EVERYTHING, first=10)) > STATEMENTS_MAX + 10


@pytest.mark.parametrize("found", [1, 4])
def test_a_search_with_facets_takes_six_statements(shop: Shop, found: int) -> None:
    for number in range(found):
        on_sale(shop, f"Mật ong {number}")
    query = """{ products(first: 20, search: "mat") { totalCount edges { cursor node { id name slug
            thumbnail(size: 1024, format: WEBP) { url alt } category { id name }
            pricing { priceRange { start { gross { amount } } stop { gross { amount } } } } } } }
        productFacets(search: "mat") { isExact inStock
            provinces { count } communes { count } categories { count } stars { count } vendors { count } } }"""

    # The matches, their names, the page, photos, variants; the facets' rows, of the same matches.
    assert len(statements(query)) == 6


def test_control_facets_of_other_words_look_for_their_own_matches(shop: Shop) -> None:
    on_sale(shop, "Mật ong")
    query = """{ products(first: 20, search: "mat") { edges { node { name } } }
        productFacets(search: "%s") { inStock } }"""

    assert [len(statements(query % words)) for words in ("mat", "ong")] == [4, 5]


def test_a_product_by_its_slug_takes_a_statement_and_one_for_each_kind_of_thing_that_it_has(shop: Shop) -> None:
    product = on_sale(shop, "Mật ong")
    query = """query($slug: String!) { product(slug: $slug) { name vendor { commune { province { name } } }
        communeOfOrigin { name } media { url } attributes { attribute { slug } values { name } }
        variants { quantityAvailable } pricing { priceRange { start { gross { amount } } } } } }"""

    # The product with its shop and places, photos, certificate, variants, stock.
    assert len(statements(query, slug=product.slug)) == 5


def test_a_list_of_names_loads_nothing_but_the_products(shop: Shop) -> None:
    many_goods(shop, 11)

    (page,) = statements("{ products(first: 10) { edges { node { name slug } } } }")

    for table in ("catalog_productvariant", "catalog_productmedia", "catalog_stock", "catalog_ocopcertificate"):
        assert table not in page
    assert "places_" not in page
    assert "story" not in page  # the shop decides what is seen, and is not loaded
    assert "folded_text" not in page.partition(" FROM ")[0]


@pytest.mark.parametrize(
    ("fields", "table"),
    [
        ("pricing { priceRange { start { gross { amount } } } }", "catalog_productvariant"),
        ("thumbnail { url }", "catalog_productmedia"),
        ("ocopCertificate { stars }", "catalog_ocopcertificate"),
    ],
)
def test_control_what_is_asked_is_loaded_by_one_more_statement(shop: Shop, fields: str, table: str) -> None:
    many_goods(shop, 11)

    _page, more = statements(f"{{ products(first: 10) {{ edges {{ node {{ name {fields} }} }} }} }}")

    assert table in more


def test_fields_inside_fragments_are_loaded_with_the_page_too(shop: Shop) -> None:
    many_goods(shop, 11)
    query = """fragment Shop on Product { vendor { commune { province { name } } } }
        { products(first: 10) { edges { node { ...Shop ... on Product { communeOfOrigin { name } } ...Shop } } } }"""

    assert len(statements(query)) == 1


def test_collections_of_many_products_take_one_statement_more(shop: Shop) -> None:
    many_goods(shop, 11)
    query = "{ products(first: 10) { edges { node { collections { name backgroundImage { alt } } } } } }"

    # The page, certificates, the newest goods; then which photos, and the photos, once a first and once a new one.
    assert len(statements(query)) <= STATEMENTS_MAX


def test_pictures_of_all_categories_and_collections_are_found_together(shop: Shop) -> None:
    many_goods(shop, 5)
    on_sale(shop, "Vải", ocop_set=22)

    categories = statements("{ categories(first: 100) { edges { node { name backgroundImage { url } } } } }")
    collections = statements("{ collections(first: 50) { edges { node { name backgroundImage { url } } } } }")

    assert (len(categories), len(collections)) == (2, 3)


def test_facets_take_a_statement_and_one_for_each_kind_of_thing_that_is_asked(shop: Shop) -> None:
    many_goods(shop, 11)

    assert (
        len(statements("{ productFacets { inStock stars { count } categories { category { name } count } } }")) == 1
    )
    query = """{ productFacets { provinces { province { name } } communes { commune { province { name } } }
        vendors { vendor { commune { name } } } } }"""
    assert len(statements(query)) == 4


def test_of_facets_that_are_only_counted_nothing_more_is_loaded(shop: Shop) -> None:
    many_goods(shop, 11)
    query = "{ productFacets { provinces { count } communes { count } vendors { count } } }"

    assert len(statements(query)) == 1
    assert ask(query)["productFacets"]["vendors"] == [{"count": 11}]
