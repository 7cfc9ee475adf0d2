"""By what a search can be narrowed, each value with its number, and what narrows it already."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from catalog.ocop_sets import all_sets
from catalog.search import Facets
from marketplace.core.money import format_vnd
from storefront.shop.searching import Asked
from storefront.shop.wishes import STARS, Wish
from vendors.selectors import public_vendors

COMMUNES_OFFERED_MAX = 30
SHOPS_OFFERED_MAX = 10
PROVINCES_AT_HAND_MAX = 4

Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True)
class Option:
    """A value of a filter; `count` is how many products it has, None where there were too many to count."""

    value: object
    label: str
    count: int | None
    taken: bool


@dataclass(frozen=True)
class Field:
    """A filter with its values, under its name in the address."""

    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Link:
    """A filter that one tap drops, or sets: then `count` says how many products remain."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True)
class Narrowing:
    """What the search page offers beside the goods."""

    fields: list[Field]
    taken: list[Link]
    at_hand: list[Link]


def narrowing(asked: Asked, facets: Facets, *, age_declared: bool) -> Narrowing:
    """The filters of a search with their values; one statement, for the names of shops."""
    fields = _fields(asked, facets, age_declared=age_declared)
    return Narrowing(fields, taken=_taken(asked, fields), at_hand=_at_hand(asked.wish, fields, facets))


def _fields(asked: Asked, facets: Facets, *, age_declared: bool) -> list[Field]:
    wish, exact = asked.wish, facets.is_exact
    provinces = {one.code: one.short_name for one in asked.provinces}
    offered = {*list(facets.communes)[:COMMUNES_OFFERED_MAX], wish.commune}
    communes = {one.code: one.name for one in asked.communes if one.code in offered}
    sets = {one.no: one.shown_name for one in all_sets() if age_declared or not one.alcohol}
    grades = {stars: _("OCOP %(stars)s sao") % {"stars": stars} for stars in STARS}
    shops, goods_of_shops = _shops(asked, facets)
    fields = [
        Field("province", _("Tỉnh, thành phố"), _options(provinces, facets.provinces, wish.province, exact=exact)),
        Field("commune", _("Xã, phường"), _options(communes, facets.communes, wish.commune, exact=exact)),
        Field("set", _("Loại hàng"), _options(sets, facets.sets, wish.set, exact=exact)),
        Field("stars", _("Hạng OCOP"), _options(grades, facets.stars, wish.stars, exact=exact)),
        Field("shop", _("Gian hàng"), _options(shops, goods_of_shops, wish.shop, exact=exact)),
    ]
    return [field for field in fields if field.options]


def _shops(asked: Asked, facets: Facets) -> tuple[dict[str, str], dict[str, int]]:
    """Names and numbers of the shops that have most of the goods, and of the one that was chosen."""
    most = list(facets.vendors)[:SHOPS_OFFERED_MAX]
    shops = list(public_vendors().filter(pk__in=most))
    if asked.shop is not None and asked.shop not in shops:
        shops.append(asked.shop)
    return {one.slug: one.name for one in shops}, {one.slug: facets.vendors.get(one.pk, 0) for one in shops}


def _options(
    named: Mapping[Value, str], counts: Mapping[Value, int], taken: Value | None, *, exact: bool
) -> list[Option]:
    """Values that lead to something, and the one that is taken; all of them where they could not be counted."""
    return [
        Option(value, label, counts.get(value, 0) if exact else None, taken=value == taken)
        for value, label in named.items()
        if not exact or value in counts or value == taken
    ]


def _taken(asked: Asked, fields: Iterable[Field]) -> list[Link]:
    wish = asked.wish
    dropped = {"province": {"province": None, "commune": None}}
    taken = [
        Link(option.label, wish.url(**dropped.get(field.name, {field.name: None})))
        for field in fields
        for option in field.options
        if option.taken
    ]
    if wish.price_min is not None:
        taken.append(Link(_("Từ %(price)s") % {"price": format_vnd(wish.price_min)}, wish.url(price_min=None)))
    if wish.price_max is not None:
        taken.append(Link(_("Đến %(price)s") % {"price": format_vnd(wish.price_max)}, wish.url(price_max=None)))
    if wish.in_stock:
        taken.append(Link(_("Còn hàng"), wish.url(in_stock=None)))
    if asked.destination is not None:
        taken.append(Link(_("Giao đến %(place)s") % {"place": asked.destination.label}, wish.url(to="")))
    return taken


def _at_hand(wish: Wish, fields: Iterable[Field], facets: Facets) -> list[Link]:
    """The grades and the first provinces, where they narrow: one tap instead of a form."""
    if not facets.is_exact:
        return []
    by_name = {field.name: field.options for field in fields}
    links = []
    if wish.stars is None:
        links += [Link(one.label, wish.url(stars=one.value), one.count or 0) for one in by_name.get("stars", [])]
    if wish.province is None and len(facets.provinces) > 1:
        near = list(facets.provinces)[:PROVINCES_AT_HAND_MAX]
        options = sorted(
            (one for one in by_name["province"] if one.value in near), key=lambda one: near.index(str(one.value))
        )
        links += [Link(one.label, wish.url(province=one.value), one.count or 0) for one in options]
    return links
