"""Conditions on products that lists are narrowed by, each a `Q` that joins with others by AND and OR."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, IsNull, LessThanOrEqual

from catalog.categories import category_by_no
from catalog.collections import in_one_of
from catalog.models import ProductVariant, Stock
from catalog.selectors.stocks import FREE

EVERYTHING = Q()
NOTHING = Q(pk__in=())


SIGNS_OF_PATHS = frozenset('"\\')
"""They would end a name within a path of SQLite's."""


class MetadataText(Func):
    """The text under a key of a row's metadata, whatever the key: also one of digits is no place in a list."""

    output_field = CharField()

    def __init__(self, key: str) -> None:
        super().__init__(F("metadata"))
        self.key = key

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite reads JSON."""
        sql, params = compiler.compile(self.source_expressions[0])
        # Django writes JSON in ASCII, and SQLite before 3.45 compares a key as it is written.
        return f"JSON_EXTRACT({sql}, %s)", (*params, f"$.{json.dumps(self.key)}")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As PostgreSQL reads JSON."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"({sql} ->> %s::text)", (*params, self.key)


@dataclass(frozen=True)
class Viewer:
    """On what a condition depends beside the rows: the date in Vietnam, and whether the age was declared."""

    today: date
    age_declared: bool


def everything_if(holds: bool) -> Q:
    """All products, or none."""
    return EVERYTHING if holds else NOTHING


def priced_between(least_vnd: int | None, most_vnd: int | None) -> Q:
    """Some variant on sale costs so much, in đồng, both ends included."""
    return Q(Exists(_on_sale().filter(_between("price_vnd", least_vnd, most_vnd))))


def priced_one_of(prices_vnd: Collection[int]) -> Q:
    """Some variant on sale costs one of these."""
    return Q(Exists(_on_sale().filter(price_vnd__in=prices_vnd)))


def cheapest_between(least_vnd: int | None, most_vnd: int | None) -> Q:
    """The cheapest variant on sale costs so much, in đồng, both ends included."""
    return _between("price_from_vnd", least_vnd, most_vnd)


def in_categories(numbers: Collection[int]) -> Q:
    """In one of these categories, or in one under them."""
    found = [one for one in map(category_by_no, numbers) if one is not None]
    return Q(ocop_set__in=[number for one in found for number in one.set_numbers])


def in_collections(numbers: Collection[int], viewer: Viewer) -> Q:
    """In one of these collections."""
    return in_one_of(numbers, today=viewer.today, age_declared=viewer.age_declared)


def stocked(*, warehouse_ids: Collection[int] | None, least: int | None, most: int | None) -> Q:
    """What a new buyer can get of all variants on sale together, at these places or anywhere in use, is so many."""
    lying = Stock.objects.filter(variant__product=OuterRef("pk"), variant__is_active=True, warehouse__is_active=True)
    if warehouse_ids is not None:
        lying = lying.filter(warehouse__in=warehouse_ids)
    if least is None and most is None:
        return Q(Exists(lying))
    sums = lying.order_by().values("variant__product").annotate(left=FREE).values("left")
    total = Coalesce(Subquery(sums), Value(0))
    found = Q(GreaterThanOrEqual(total, Value(least or 0)))
    return found if most is None else found & Q(LessThanOrEqual(total, Value(most)))


def with_metadata(key: str, value: str | None) -> Q:
    """The public metadata have this key, with this value if one is given. No key holds quotation marks."""
    if SIGNS_OF_PATHS.intersection(key):
        return NOTHING
    kept = MetadataText(key)
    return Q(IsNull(kept, False)) if value is None else Q(Exact(kept, Value(value)))


def with_metadata_one_of(key: str, values: Collection[str]) -> Q:
    """The public metadata have one of these values under this key."""
    if SIGNS_OF_PATHS.intersection(key) or not values:
        return NOTHING
    return Q(In(MetadataText(key), list(values)))


def _on_sale() -> QuerySet[ProductVariant]:
    return ProductVariant.objects.filter(product=OuterRef("pk"), is_active=True)


def _between(column: str, least: int | None, most: int | None) -> Q:
    found = Q(**{f"{column}__gte": least or 0})
    return found if most is None else found & Q(**{f"{column}__lte": most})
