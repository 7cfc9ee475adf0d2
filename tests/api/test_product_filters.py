"""What lists of products are narrowed by, each way truly working; and how many lie under each value."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Product, ProductVariant
from catalog.services import add_variant, publish_product
from marketplace.api.graphql.queries.product_where import WHERE_CONDITIONS_MAX, WHERE_LEVELS_MAX
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.listed import ALL, LIST, listed
from tests.catalog.factories import NOW, a_shop, on_sale
from tests.plugins.database import count_statements
from vendors.models import Warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

VALUES = "attributes { attribute { slug } values { slug name } }"
Given = dict[str, Any]
Cases = list[tuple[Given, list[str]]]
"""What is asked, and the names that are found."""


# --- What `filter` and `where` have alike ----------------------------------------------------------

ALIKE: Cases = [
    ({"isPublished": True}, ALL),
    ({"isPublished": False}, []),
    ({"isVisibleInListing": True, "isAvailable": True, "hasCategory": True}, ALL),
    ({"isVisibleInListing": False}, []),
    ({"isAvailable": False}, []),
    ({"hasCategory": False}, []),
    ({"giftCard": True}, []),
    ({"giftCard": False, "hasPreorderedVariants": False}, ALL),
    ({"hasPreorderedVariants": True}, []),
    ({"publishedFrom": "2026-11-21T12:00:00Z"}, ["Chè", "Mật ong"]),
    ({"availableFrom": "2026-11-20T12:00:00Z"}, ["Chè"]),
    ({"stockAvailability": "IN_STOCK"}, ["Mật ong", "Miến"]),
    ({"stockAvailability": "OUT_OF_STOCK"}, ["Chè"]),
    ({"stocks": {"quantity": {"gte": 5}}}, ["Miến"]),
    ({"stocks": {"quantity": {"gte": 30, "lte": 30}}}, ["Miến"]),
    ({"stocks": {"quantity": {"lte": 4}}}, ["Chè", "Mật ong"]),
    ({"stocks": {}}, ALL),
    ({"metadata": [{"key": "mùa"}]}, ["Mật ong"]),
    ({"metadata": [{"key": "mùa", "value": "xuân"}, {"key": "a__b", "value": "1"}]}, ["Mật ong"]),
    ({"metadata": [{"key": "mùa", "value": "hạ"}]}, []),
    ({"metadata": [{"key": "gt"}]}, []),
    ({"metadata": [{"key": "5000000000"}]}, []),
    ({"metadata": [{"key": "0"}]}, []),
    ({"metadata": [{"key": '"'}]}, []),
    ({"metadata": [{"key": "a\\"}]}, []),
    ({"publishedFrom": "0001-01-01T00:00:00+14:00"}, []),
    ({"publishedFrom": "9999-12-31T23:00:00-12:00"}, ALL),
    ({"availableFrom": "2026-11-20T12:00:00"}, ["Chè"]),
]


def names_of(cases: Cases) -> list[list[str]]:
    return [names for _given, names in cases]


@pytest.mark.parametrize("argument", ["filter", "where"])
def test_products_are_narrowed_alike_by_filter_and_where(goods: dict[str, Product], argument: str) -> None:
    assert [listed(**{argument: given}) for given, _names in ALIKE] == names_of(ALIKE)


ATTRIBUTES: Cases = [
    ({"slug": "province", "values": ["04"]}, ["Mật ong", "Miến"]),
    ({"slug": "province", "value": {"name": {"eq": "Tỉnh Bắc Ninh"}}}, ["Chè"]),
    ({"slug": "commune", "value": {"slug": {"oneOf": ["07795", "00000"]}}}, ["Chè"]),
    ({"slug": "ocop-set", "values": ["4-mat-ong-mat-khac-va-nong-san-thuc-pham-khac"]}, ["Mật ong"]),
    ({"slug": "ocop-set", "values": ["thuc-pham"]}, []),
    ({"slug": "ocop-set", "value": {"name": {"eq": "Chè tươi, chè chế biến"}}}, ["Chè"]),
    ({"slug": "stars"}, ["Mật ong"]),
    ({"slug": "stars", "values": ["4"]}, ["Mật ong"]),
    ({"slug": "stars", "valuesRange": {"gte": 5}}, []),
    ({"slug": "stars", "valuesRange": {"gte": 3, "lte": 4}}, ["Mật ong"]),
    ({"slug": "stars", "value": {"numeric": {"eq": 4}}}, ["Mật ong"]),
    ({"slug": "stars", "value": {"numeric": {"range": {"lte": "3.5"}}}}, []),
    ({"slug": "vendor", "value": {"reference": {"pageSlugs": {"containsAny": ["gian-hang-nenh"]}}}}, ["Chè"]),
    ({"slug": "vendor", "value": {"reference": {"pageSlugs": {"containsAll": ["a", "gian-hang-nenh"]}}}}, []),
    ({"slug": "vendor", "value": {"reference": {"productSlugs": {"containsAny": ["mien"]}}}}, []),
    ({"slug": "specialities", "values": ["dac-san-bac-ninh"]}, ["Chè"]),
    (
        {"slug": "specialities", "value": {"reference": {"collectionSlugs": {"containsAll": ["dac-san-cao-bang"]}}}},
        ["Mật ong", "Miến"],
    ),
    ({"slug": "specialities", "value": {"name": {"eq": "Đặc sản Bắc Ninh"}}}, ["Chè"]),
    ({"slug": "storage"}, ["Mật ong"]),
    ({"slug": "storage", "values": ["Nơi mát"]}, ["Mật ong"]),
    ({"slug": "is-alcohol", "boolean": False}, ALL),
    ({"slug": "is-alcohol", "value": {"boolean": True}}, []),
    ({"slug": "is-health-food", "values": ["false"]}, ALL),
    ({"slug": "is-alcohol", "value": {"name": {"eq": "x"}}}, []),
    ({"slug": "province", "boolean": True}, []),
    ({"slug": "province", "valuesRange": {"gte": 1}}, []),
    ({"slug": "kind", "values": ["tui-to"]}, ["Miến"]),
    ({"slug": "kind", "values": ["Túi to"]}, []),
    ({"slug": "kind", "value": {"name": {"eq": "Túi to"}}}, ["Miến"]),
    ({"slug": "unit", "values": ["tui"]}, ["Miến"]),
    ({"slug": "unit", "value": {"slug": {"eq": "túi"}}}, []),
    ({"slug": "unit", "value": {"name": {"eq": "túi"}}}, ["Miến"]),
    ({"slug": "stars", "value": {"name": {"eq": "4"}}}, ["Mật ong"]),
    ({"slug": "province", "date": {"gte": "2026-01-01"}}, []),
    ({"slug": "no-such-thing"}, []),
    ({"values": ["04"]}, ALL),
]


@pytest.mark.parametrize("argument", ["filter", "where"])
def test_products_are_narrowed_by_their_attributes(goods: dict[str, Product], argument: str) -> None:
    found = [listed(**{argument: {"attributes": [given]}}) for given, _names in ATTRIBUTES]

    assert found == names_of(ATTRIBUTES)


@pytest.mark.parametrize("argument", ["filter", "where"])
def test_what_a_product_is_sold_by_finds_it_by_the_slug_and_the_name_that_it_is_given_with(argument: str) -> None:
    shop = a_shop("Hợp tác xã Lũng Cú")
    on_sale(shop, "Chè", unit="hộp 200 g")
    several = on_sale(shop, "Miến", unit="hộp 200 g")
    add_variant(actor=shop.owner, product=several, name="Túi to", unit="túi", price_vnd=90_000, quantity=3, now=NOW)
    publish_product(actor=shop.staff, product=several, now=NOW)
    query = f"{{ products(first: 10) {{ edges {{ node {{ name variants {{ {VALUES} }} }} }} }} }}"

    def found(attribute: str, wanted: Given) -> list[str]:
        return listed(**{argument: {"attributes": [{"slug": attribute, **wanted}]}})

    given: dict[tuple[str, str, str], set[str]] = {}
    for edge in ask(query)["products"]["edges"]:
        for known in (known for variant in edge["node"]["variants"] for known in variant["attributes"]):
            value = (known["attribute"]["slug"], known["values"][0]["slug"], known["values"][0]["name"])
            given.setdefault(value, set()).add(edge["node"]["name"])

    assert given == {
        ("unit", "hop-200-g", "hộp 200 g"): {"Chè", "Miến"},
        ("unit", "tui", "túi"): {"Miến"},
        ("kind", "hop-200-g", "hộp 200 g"): {"Miến"},
        ("kind", "tui-to", "Túi to"): {"Miến"},
    }
    for (attribute, slug, name), products in given.items():
        assert set(found(attribute, {"values": [slug]})) == products
        assert set(found(attribute, {"value": {"slug": {"eq": slug}}})) == products
        assert set(found(attribute, {"value": {"name": {"eq": name}}})) == products


def test_several_attributes_must_all_hold(goods: dict[str, Product]) -> None:
    wanted = [{"slug": "province", "values": ["04"]}, {"slug": "stars", "values": ["4"]}]

    assert listed(filter={"attributes": wanted}) == ["Mật ong"]


# --- `filter` alone -------------------------------------------------------------------------------

FILTERS: Cases = [
    ({"price": {"gte": 100_000, "lte": 120_000}}, ["Miến"]),
    ({"minimalPrice": {"gte": 100_000}}, ["Mật ong"]),
    ({"minimalPrice": {"lte": 60_000.9}}, ["Chè", "Miến"]),
    ({"price": {"gte": 1e300}}, []),
    ({"price": {"lte": -1}}, []),
    ({"updatedAt": {"gte": "2026-11-22T00:00:00Z"}}, ["Miến"]),
    ({"updatedAt": {"lte": "2026-11-20T23:00:00Z"}}, ["Chè"]),
    ({"updatedAt": {"gte": "0001-01-01T00:00:00+14:00", "lte": "2026-11-20T23:00:00"}}, ["Chè"]),
    ({"categories": [gid("Category", 101)]}, ALL),
    ({"categories": [gid("Category", 4), gid("Category", 11)]}, ["Chè", "Mật ong"]),
    ({"categories": [gid("Category", 999)]}, []),
    ({"collections": [gid("Collection", 14)]}, ["Mật ong"]),
    ({"collections": [gid("Collection", 124), gid("Collection", 14)]}, ["Chè", "Mật ong"]),
    ({"collections": [gid("Collection", 1)]}, ALL),
    ({"collections": [gid("Collection", 7)]}, []),
    ({"productTypes": [gid("ProductType", 1)]}, ALL),
    ({"productTypes": [gid("ProductType", 2), gid("ProductType", 9)]}, []),
    ({"slugs": ["mien", "che"]}, ["Chè", "Miến"]),
    ({"channel": "stall"}, []),
    ({"channel": "online", "stars": 4}, ["Mật ong"]),
    ({"search": "mien"}, ["Miến"]),
]


def test_products_are_filtered(goods: dict[str, Product]) -> None:
    assert [listed(filter=given) for given, _names in FILTERS] == names_of(FILTERS)


def test_lists_of_a_filter_that_name_none_narrow_nothing(goods: dict[str, Product]) -> None:
    for name in ("categories", "collections", "ids", "productTypes"):
        assert listed(filter={name: []}) == ALL


def test_products_are_filtered_by_the_places_where_they_lie(goods: dict[str, Product]) -> None:
    place = Warehouse.objects.get(vendor=goods["Chè"].vendor_id)

    def at_least(many: int) -> list[str]:
        return listed(filter={"stocks": {"warehouseIds": [gid("Warehouse", place.pk)], "quantity": {"gte": many}}})

    assert (at_least(0), at_least(1)) == (ALL, [])
    assert listed(filter={"stocks": {"warehouseIds": [gid("Warehouse", place.pk)]}}) == ["Chè"]


def test_products_are_filtered_by_type(goods: dict[str, Product]) -> None:
    shop = a_shop("Gian hàng khác", alcohol_licence_number="GP 12/2026")
    for name, number in (("Rượu", 14), ("Cao", 18), ("Tham quan", 26)):
        on_sale(shop, name, ocop_set=number)
    query = LIST.replace("first: 20", 'first: 20, channel: "online"')

    def of(*numbers: int) -> list[str]:
        types = [gid("ProductType", number) for number in numbers]
        found = ask(query, headers={"X-Age-Declared": "18"}, filter={"productTypes": types})["products"]
        return [edge["node"]["name"] for edge in found["edges"]]

    assert (of(2), of(3), of(4), of(1)) == (["Rượu"], ["Cao"], ["Tham quan"], ALL)
    assert of(2, 3) == ["Cao", "Rượu"]


# --- `where` alone --------------------------------------------------------------------------------

WHERES: Cases = [
    ({"name": {"eq": "Chè"}}, ["Chè"]),
    ({"slug": {"oneOf": ["mien", "che"]}}, ["Chè", "Miến"]),
    ({"slug": {"oneOf": []}}, []),
    # Null and nothing at all find nothing here, where a `filter` would not look at them.
    *(
        (asked, [])
        for asked in (
            {"slug": {}},
            {"slug": None},
            {"slug": {"eq": None}},
            {"name": {}},
            {"price": {}},
            {"price": {"range": {}}},
            {"minimalPrice": {}},
            {"updatedAt": {}},
            {"category": {}},
            {"hasCategory": None},
            {"ids": []},
        )
    ),
    ({"price": {"eq": 110_000}}, ["Miến"]),
    ({"price": {"oneOf": [50_000, "150000"]}}, ["Chè", "Mật ong"]),
    ({"price": {"eq": "50000.5"}}, []),
    ({"price": {"range": {"gte": "49999.5", "lte": 60_000}}}, ["Chè", "Miến"]),
    ({"minimalPrice": {"range": {"gte": 60_001}}}, ["Mật ong"]),
    ({"minimalPrice": {"eq": 60_000}}, ["Miến"]),
    ({"updatedAt": {"range": {"gte": "2026-11-22T00:00:00Z"}}}, ["Miến"]),
    ({"updatedAt": {"eq": "2026-11-22T03:00:00Z"}}, ["Miến"]),
    ({"updatedAt": {"oneOf": ["2026-11-22T03:00:00", "0001-01-01T00:00:00+14:00"]}}, ["Miến"]),
    ({"price": {"range": {"gte": "1e39"}}}, []),
    ({"productType": {"eq": gid("ProductType", 1)}}, ALL),
    ({"category": {"oneOf": [gid("Category", 4), gid("Category", 102)]}}, ["Mật ong"]),
    ({"collection": {"eq": gid("Collection", 104)}}, ["Mật ong", "Miến"]),
    ({"OR": [{"slug": {"eq": "mien"}}, {"category": {"eq": gid("Category", 4)}}]}, ["Mật ong", "Miến"]),
    ({"AND": [{"isPublished": True}, {"price": {"range": {"lte": 60_000}}}]}, ["Chè", "Miến"]),
    (
        {"AND": [{"slug": {"eq": "che"}}, {"OR": [{"slug": {"eq": "mien"}}, {"stockAvailability": "OUT_OF_STOCK"}]}]},
        ["Chè"],
    ),
    ({"OR": [{"AND": [{"slug": {"eq": "mien"}}, {"price": {"eq": 1}}]}, {"slug": {"eq": "che"}}]}, ["Chè"]),
    ({"OR": [{}, {"slug": {"eq": "che"}}]}, ALL),
    ({"OR": []}, ALL),
]


def test_products_are_found_where_conditions_hold(goods: dict[str, Product]) -> None:
    assert [listed(where=given) for given, _names in WHERES] == names_of(WHERES)


def nested(levels: int) -> dict[str, Any]:
    return {} if levels == 1 else {"AND": [nested(levels - 1)]}


def test_where_is_bounded_in_depth_and_in_number(goods: dict[str, Product]) -> None:
    many = [{"isPublished": True}] * (WHERE_CONDITIONS_MAX - 1)

    assert listed(where=nested(WHERE_LEVELS_MAX)) == ALL
    assert listed(where={"OR": many}) == ALL
    for given, sentence in (
        (nested(WHERE_LEVELS_MAX + 1), "`where` may be nested 4 levels deep at most."),
        ({"OR": [*many, {"isPublished": True}]}, "A list may be narrowed by 50 conditions at most."),
    ):
        assert post(LIST, where=given).json()["errors"][0]["message"] == sentence


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"filter": {"categories": ["bad"]}}, "Invalid ID: bad. Expected: Category."),
    (
        {"filter": {"collections": [gid("Category", 1)]}},
        f"Invalid ID: {gid('Category', 1)}. Expected: Collection.",
    ),
    ({"where": {"productType": {"eq": "bad"}}}, "Invalid ID: bad. Expected: ProductType."),
    ({"where": {"slug": {"eq": "mien", "oneOf": ["che"]}}}, "Only one option can be specified."),
    ({"where": {"price": {"eq": 1, "range": {"gte": 1}}}}, "Only one option can be specified."),
    ({"where": {"slug": {"eq": "che"}, "OR": []}}, "Cannot mix operators with other filter inputs."),
    ({"where": {"AND": [{"isPublished": True}], "OR": []}}, "Cannot mix operators with other filter inputs."),
    ({"filter": {"stocks": {"warehouseIds": ["bad"]}}}, "Invalid ID: bad. Expected: Warehouse."),
    ({"filter": {"slugs": ["a"] * 101}}, "At most 100 values may be named in a filter."),
    (
        {"sortBy": {"field": "RANK", "direction": "ASC"}},
        "Sorting by RANK is available only when using a search filter or search argument.",
    ),
    (
        {"sortBy": {"field": "COLLECTION", "direction": "ASC"}},
        "Sorting by COLLECTION is available only for the products of a collection.",
    ),
    (
        {"sortBy": {"field": "NAME", "attributeId": gid("Attribute", 2), "direction": "ASC"}},
        "You must provide either `field` or `attributeId` to sort the products.",
    ),
]


def test_what_cannot_be_asked_is_refused_with_a_sentence(goods: dict[str, Product]) -> None:
    answers = [post(LIST, **given).json() for given, _sentence in REFUSED]

    assert [answer["errors"][0]["message"] for answer in answers] == [sentence for _given, sentence in REFUSED]
    assert [answer["data"] for answer in answers] == [{"products": None}] * len(REFUSED)


def test_a_category_and_a_collection_take_every_argument_of_products(goods: dict[str, Product]) -> None:
    found = ask(
        """{ category(slug: "thuc-pham") {
                filtered: products(first: 5, filter: {stockAvailability: IN_STOCK}) { totalCount }
                where: products(first: 5, where: {slug: {eq: "che"}}) { edges { node { name } } }
                searched: products(first: 5, search: "mat ong") { edges { node { name } } }
                sorted: products(last: 1, sortBy: {field: PRICE, direction: ASC}) { edges { node { name } } } }
             collection(slug: "dac-san-cao-bang") {
                where: products(first: 5, where: {price: {range: {gte: 150000}}}) { edges { node { name } } } } }"""
    )

    def names(connection: dict[str, Any]) -> list[str]:
        return [edge["node"]["name"] for edge in connection["edges"]]

    assert found["category"]["filtered"]["totalCount"] == 2
    assert names(found["category"]["where"]) == ["Chè"]
    assert names(found["category"]["searched"]) == names(found["category"]["sorted"]) == ["Mật ong"]
    assert names(found["collection"]["where"]) == ["Mật ong"]


# --- The kinds of one product ----------------------------------------------------------------------


def test_a_products_variants_are_filtered_and_sorted(goods: dict[str, Product]) -> None:
    small, large = goods["Miến"].variants.order_by("pk")
    ProductVariant.objects.filter(pk=small.pk).update(sku="MD-1", metadata={"box": "12"})
    query = """query($filter: ProductVariantFilterInput, $where: ProductVariantWhereInput,
        $sortBy: ProductVariantSortingInput) { product(slug: "mien") {
        productVariants(first: 5, filter: $filter, where: $where, sortBy: $sortBy) { edges { node { name } } } } }"""

    def found(**given: Any) -> list[str]:
        variants = ask(query, **given)["product"]["productVariants"]
        return [edge["node"]["name"] for edge in variants["edges"]]

    both = ["gói 500 g", "Túi to"]
    assert found() == found(filter={"isPreorder": False, "updatedAt": {"gte": "2026-11-22T03:00:00Z"}}) == both
    assert found(filter={"search": "tui"}) == found(where={"ids": [gid("ProductVariant", large.pk)]}) == ["Túi to"]
    assert found(filter={"sku": ["MD-1"]}) == found(where={"sku": {"eq": "MD-1"}}) == ["gói 500 g"]
    assert found(filter={"metadata": [{"key": "box"}]}) == ["gói 500 g"]
    assert found(where={"metadata": [{"key": "box", "value": "6"}]}) == []
    assert found(filter={"isPreorder": True}) == found(where={"stockAvailability": "OUT_OF_STOCK"}) == []
    assert found(where={"updatedAt": {"lte": "2026-11-22T02:00:00Z"}}) == []
    assert found(where={"OR": [{"sku": {"eq": "x"}}, {"AND": [{"stockAvailability": "IN_STOCK"}]}]}) == both
    assert found(sortBy={"field": "LAST_MODIFIED_AT", "direction": "DESC"}) == both[::-1]
    assert found(where={"sku": {}}) == both


def test_the_kinds_of_a_list_of_products_are_narrowed_without_a_statement_for_each(goods: dict[str, Product]) -> None:
    query = """query($filter: ProductVariantFilterInput, $sortBy: ProductVariantSortingInput, $first: Int) {
        products(first: $first) { edges { node {
            productVariants(first: 5, filter: $filter, sortBy: $sortBy) { edges { node { name } } } } } } }"""
    narrowed = {
        "filter": {"metadata": [{"key": "box"}], "updatedAt": {"gte": "2026-11-22T03:00:00Z"}},
        "sortBy": {"field": "LAST_MODIFIED_AT", "direction": "ASC"},
    }

    one, three = (count_statements(lambda rows=rows: ask(query, first=rows, **narrowed)) for rows in (1, 3))

    assert one == three == count_statements(lambda: ask(query, first=3))
