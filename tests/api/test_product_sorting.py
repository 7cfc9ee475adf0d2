"""The orders that lists of products come in."""

from __future__ import annotations

import pytest

from catalog.models import Product
from catalog.search import index_products
from tests.api.asking import ask
from tests.api.ids import gid
from tests.api.listed import ALL, LIST, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


ORDERS = {
    "NAME": ALL,
    "PRICE": ["Chè", "Miến", "Mật ong"],
    "MINIMAL_PRICE": ["Chè", "Miến", "Mật ong"],
    "LAST_MODIFIED": ALL,
    "LAST_MODIFIED_AT": ALL,
    "DATE": ALL,
    "PUBLISHED_AT": ALL,
    "PUBLICATION_DATE": ALL,
    "CREATED_AT": ALL,
    "TYPE": ALL,
    "PUBLISHED": ALL,
    "RATING": ALL,
}


def test_products_are_sorted_both_ways(goods: dict[str, Product]) -> None:
    up = {field: listed(sortBy={"field": field, "direction": "ASC"}) for field in ORDERS}
    down = {field: listed(sortBy={"field": field, "direction": "DESC"}) for field in ORDERS}

    assert up == ORDERS
    assert down == {field: names[::-1] for field, names in ORDERS.items()}


BY_ATTRIBUTE = {
    1: ["Mật ong", "Miến", "Chè"],
    2: ["Chè", "Miến", "Mật ong"],
    3: ["Chè", "Mật ong", "Miến"],
    5: ["Chè", "Mật ong", "Miến"],
    8: ["Chè", "Miến", "Mật ong"],
}


def test_products_are_sorted_and_paged_by_an_attribute(goods: dict[str, Product]) -> None:
    query = LIST.replace("first: 20", "first: 1, after: $after").replace("query(", "query($after: String, ")
    query = query.replace("totalCount", "pageInfo { endCursor }")

    for attribute, names in BY_ATTRIBUTE.items():
        sort = {"attributeId": gid("Attribute", attribute), "direction": "ASC"}
        pages, after = [], None
        for _page in range(3):
            page = ask(query, sortBy=sort, after=after)["products"]
            pages += [edge["node"]["name"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]

        assert pages == names == listed(sortBy=sort)
        assert listed(sortBy={**sort, "direction": "DESC"}) == names[::-1]


def test_an_attribute_that_nothing_is_sorted_by_leaves_the_order_by_slug(goods: dict[str, Product]) -> None:
    assert listed(sortBy={"attributeId": gid("Attribute", 14), "direction": "ASC"}) == ["Chè", "Mật ong", "Miến"]
    assert listed(sortBy={"direction": "ASC"}) == ["Chè", "Mật ong", "Miến"]


def test_a_collections_own_order_is_the_newest_first(goods: dict[str, Product]) -> None:
    query = """query($direction: OrderDirection!) { collection(slug: "hang-moi-len-cho") {
        products(first: 5, sortBy: {field: COLLECTION, direction: $direction}) { edges { node { name } } } } }"""

    def names(direction: str) -> list[str]:
        found = ask(query, direction=direction)["collection"]["products"]
        return [edge["node"]["name"] for edge in found["edges"]]

    assert (names("ASC"), names("DESC")) == (["Miến", "Mật ong", "Chè"], ["Chè", "Mật ong", "Miến"])


def test_who_searches_for_the_best_rated_gets_what_fits_best(goods: dict[str, Product]) -> None:
    """Saleor's storefront asks so for what it calls relevance; nobody rates goods here."""
    Product.objects.filter(pk=goods["Miến"].pk).update(description="Ăn kèm mật ong")
    index_products(Product.objects.select_related("vendor", "commune_of_origin__province"))
    best, worst = ({"field": "RATING", "direction": direction} for direction in ("DESC", "ASC"))

    assert listed(search="mật ong") == ["Mật ong", "Miến"]
    assert listed(search="mật ong", sortBy=best) == ["Mật ong", "Miến"]
    assert listed(search="mật ong", sortBy=worst) == ["Miến", "Mật ong"]
    assert listed(sortBy=best) == ["Miến", "Mật ong", "Chè"]
