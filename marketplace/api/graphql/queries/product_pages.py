"""The rows of a page of products: what is read of them, and the statements whose SQL is made once.

A page of everything on sale is what a storefront asks first and most, and the rows of a search are found by their
ids. A list that is narrowed is made anew each time: its conditions differ from one request to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db.models import QuerySet

from catalog.conditions import Viewer
from catalog.models import Product
from catalog.selectors import visible_products
from marketplace.api.graphql.columns import ATTRIBUTES, OF_PRODUCT, not_needed
from marketplace.api.graphql.connections import (
    Connection,
    Slice,
    SortKey,
    page_of_found,
    rows_of_page,
    values_of_cursor,
)
from marketplace.api.graphql.queries.product_filters import COLLECTION, RANK, sorted_by, with_sort_values
from marketplace.api.graphql.queries.reading_inputs import Given
from marketplace.core import statements
from marketplace.core.statements import Among, Kept

STATEMENTS_KEPT_MAX = 100
"""Of each kind: an order, a number of rows and the columns asked for make one, of some 20 KiB."""
OF_VENDOR = ("vendor__commune__province", "vendor__market_site")
OF_ORIGIN = ("commune_of_origin__province",)
NEEDING_VENDOR = ATTRIBUTES | {"channelListings", "listingReason", "vendor"}
NEEDING_ORIGIN = ATTRIBUTES | {"communeOfOrigin", "collections"}


def joins_of(fields: frozenset[str]) -> Sequence[str]:
    """What is loaded with products of which these fields are asked: their shops and places, or nothing."""
    found: list[str] = []
    if fields & NEEDING_VENDOR:
        found += OF_VENDOR
        found += ["vendor__market_site__commune__province"] if "marketSite" in fields else []
    if fields & NEEDING_ORIGIN:
        found += OF_ORIGIN
    return found


def loading(
    products: QuerySet[Product], fields: frozenset[str], *, sorted_by: Sequence[SortKey] = ()
) -> QuerySet[Product]:
    """The products with what these fields need of their shops and places, and without columns that none needs."""
    return _with(products, joins_of(fields), _left_out(fields, sorted_by))


def is_plain(sort: Given) -> bool:
    """Whether the order is one of everything: by nobody's search, collection or attribute."""
    field = sort.get("field")
    return sort.get("attribute_id") is None and (field is None or field.value not in {RANK, COLLECTION})


def page_of_everything(
    sort: Given, *, page: Slice, viewer: Viewer, fields: frozenset[str], name: str
) -> Connection[Product]:
    """A page of all products that shoppers may see, in a plain order, with what these fields need.

    Raises as `page_of_rows`.
    """
    page.check(name)
    everything = visible_products(age_declared=viewer.age_declared)
    _products, keys = sorted_by(everything, sort, viewer)
    beyond = values_of_cursor(page, keys)
    kept = _page_of_everything(
        viewer.age_declared,
        tuple(keys),
        (page.first, page.last, beyond is not None),
        tuple(joins_of(fields)),
        tuple(_left_out(fields, keys)),
    )
    found = kept.all(**dict(zip(_places(keys), beyond or (), strict=beyond is not None)))
    return page_of_found(found, keys=keys, asked=page, count=everything.count)


def products_of_ids(ids: list[int], *, viewer: Viewer, fields: frozenset[str]) -> dict[int, Product]:
    """Those of these products that shoppers may see, by id, with what these fields need."""
    if not ids:
        return {}
    kept = _products_of_ids(viewer.age_declared, tuple(joins_of(fields)), tuple(_left_out(fields, ())))
    return {product.pk: product for product in kept.all(ids=ids)}


@lru_cache(maxsize=STATEMENTS_KEPT_MAX)
def _page_of_everything(
    age_declared: bool,
    keys: Sequence[SortKey],
    size: tuple[int | None, int | None, bool],
    joins: Sequence[str],
    left_out: Sequence[str],
) -> Kept[Product]:
    first, last, is_beyond = size
    beyond = [statements.Given(place) for place in _places(keys)] if is_beyond else None

    def make() -> QuerySet[Product]:
        products = with_sort_values(visible_products(age_declared=age_declared), keys)
        return rows_of_page(_with(products, joins, left_out), keys=keys, asked=Slice(first, last), beyond=beyond)

    return Kept(make)


@lru_cache(maxsize=STATEMENTS_KEPT_MAX)
def _products_of_ids(age_declared: bool, joins: Sequence[str], left_out: Sequence[str]) -> Kept[Product]:
    return Kept(
        lambda: _with(
            visible_products(age_declared=age_declared).filter(Among("pk", statements.Given("ids"))), joins, left_out
        )
    )


def _places(keys: Sequence[SortKey]) -> list[str]:
    return [key.column for key in keys]


def _left_out(fields: frozenset[str], sorted_by: Sequence[SortKey]) -> list[str]:
    return not_needed(OF_PRODUCT, fields, but=[key.column for key in sorted_by])


def _with(products: QuerySet[Product], joins: Sequence[str], left_out: Sequence[str]) -> QuerySet[Product]:
    joined = products.select_related(*joins) if joins else products
    return joined.defer(*left_out)
