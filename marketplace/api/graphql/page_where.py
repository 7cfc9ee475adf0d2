"""What pages may be asked to be: conditions on shops, in SQL, and the same on the market's own texts, at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import Q

from catalog.conditions import everything_if, with_metadata, with_metadata_one_of
from marketplace.api.graphql.page_attributes import shops_with
from marketplace.api.graphql.page_rows import SHOP_PAGES_BEGIN, PageKind, PageRow, vendor_slug_of
from marketplace.api.graphql.queries.product_where import Conditions
from marketplace.api.graphql.queries.reading_inputs import (
    Given,
    attribute_wish,
    bounded,
    integers,
    one_of,
)

Fits = Callable[[PageRow, Any], bool]


def _shops_by_ids(ids: Collection[str]) -> Q:
    numbers = integers(ids, "Page")
    return Q(pk__in=[number - SHOP_PAGES_BEGIN for number in numbers if number > SHOP_PAGES_BEGIN])


def _shops_by_slugs(slugs: Collection[str] | None) -> Q:
    if slugs is None:
        return Q()
    return Q(slug__in=[slug for slug in map(vendor_slug_of, bounded(slugs)) if slug is not None])


def _is_of_types(page: PageKind, ids: Collection[str] | None) -> bool:
    return ids is None or page.number in integers(ids, "PageType")


def _shops_of_types(ids: Collection[str] | None) -> Q:
    return everything_if(_is_of_types(PageKind.VENDOR, ids))


def _shops_with_metadata(given: Given) -> Q:
    values = one_of(given.get("value") or {})
    if values is None:
        return with_metadata(given["key"], None)
    return with_metadata_one_of(given["key"], values)


def _shops_with_each_metadata(given: list[Given]) -> Q:
    found = Q()
    for one in bounded(given):
        found &= with_metadata(one["key"], one.get("value"))
    return found


def _shops_with_attributes(given: list[Given]) -> Q:
    found = Q()
    for one in bounded(given):
        wish = attribute_wish(one)
        found &= Q() if wish is None else shops_with(wish)
    return found


def _asks_for_no_attribute(given: list[Given]) -> bool:
    return all(attribute_wish(one) is None for one in bounded(given))


SHOPS_WHERE: Conditions = {
    "ids": lambda given, _viewer: _shops_by_ids(given),
    "slug": lambda given, _viewer: _shops_by_slugs(one_of(given)),
    "page_type": lambda given, _viewer: _shops_of_types(one_of(given)),
    "metadata": lambda given, _viewer: _shops_with_metadata(given),
    "attributes": lambda given, _viewer: _shops_with_attributes(given),
}
TEXTS_WHERE: Mapping[str, Fits] = {
    "ids": lambda page, given: page.pk in integers(given, "Page"),
    "slug": lambda page, given: (slugs := one_of(given)) is None or page.slug in slugs,
    "page_type": lambda page, given: _is_of_types(page.kind, one_of(given)),
    # Nobody writes on the market's own texts, and attributes are of shops.
    "metadata": lambda _page, _given: False,
    "attributes": lambda _page, given: _asks_for_no_attribute(given),
}
SHOPS_FILTER: Conditions = {
    "ids": lambda given, _viewer: _shops_by_ids(given),
    "slugs": lambda given, _viewer: _shops_by_slugs(given),
    "page_types": lambda given, _viewer: _shops_of_types(given),
    "metadata": lambda given, _viewer: _shops_with_each_metadata(given),
}
TEXTS_FILTER: Mapping[str, Fits] = {
    "ids": lambda page, given: page.pk in integers(given, "Page"),
    "slugs": lambda page, given: page.slug in bounded(given),
    "page_types": lambda page, given: _is_of_types(page.kind, given),
    "metadata": lambda _page, given: not given,
}
