"""The search that a shopper's wish asks for: made out against what there is, searched, and searched as meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from catalog.search import Facets, Matches, SearchFilters, SearchPage, count_facets, did_you_mean, search_products
from marketplace.core.errors import InvalidInput
from marketplace.core.text import fold
from marketplace.orders.selectors import vendors_sending_to
from marketplace.places.models import Commune, Province
from marketplace.places.selectors import communes_of, list_provinces, search_places
from storefront.shop.wishes import Wish
from vendors.models import Vendor
from vendors.selectors import public_vendors

CARDS_A_PAGE = 12
"""Keeps a list below 20 kB of HTML: a minute's patience ends sooner on a slow line."""


@dataclass(frozen=True)
class Destination:
    """Where goods are to be sent: a commune, or a province of which no commune was named."""

    province_code: str
    commune_code: str | None
    label: str


@dataclass(frozen=True)
class Asked:
    """A wish made out: provinces, communes and shops that are none ask for nothing."""

    wish: Wish
    provinces: list[Province]
    communes: list[Commune]
    """Of the chosen province."""
    shop: Vendor | None
    destination: Destination | None

    @property
    def filters(self) -> SearchFilters:
        """The filters as the search takes them."""
        wish = self.wish
        return SearchFilters(
            province_code=wish.province,
            commune_code=wish.commune,
            ocop_set=wish.set,
            stars=wish.stars,
            vendor_id=self.shop.pk if self.shop else None,
            price_min_vnd=wish.price_min,
            price_max_vnd=wish.price_max,
            in_stock=bool(wish.in_stock),
        )

    @property
    def sold_by(self) -> QuerySet[Vendor] | None:
        """The shops that send to the destination, if there is one."""
        place = self.destination
        if place is None:
            return None
        return vendors_sending_to(province_code=place.province_code, commune_code=place.commune_code)


@dataclass(frozen=True)
class Found:
    """A page of what was found. `meant` is what was searched instead where nothing is called as it was typed."""

    page: SearchPage
    facets: Facets
    meant: str | None


def make_out(wish: Wish) -> Asked:
    """Hold a wish against the places and shops that there are; at most five statements."""
    provinces = list_provinces()
    communes = communes_of(wish.province) if wish.province in {one.code for one in provinces} else []
    shop = public_vendors().filter(slug=wish.shop).first() if wish.shop and "\x00" not in wish.shop else None
    known = replace(
        wish,
        province=wish.province if communes else None,
        commune=wish.commune if wish.commune in {one.code for one in communes} else None,
        shop=shop.slug if shop else None,
    )
    return Asked(known, provinces, communes, shop, _destination(wish.to, provinces=provinces))


def look_for(asked: Asked, *, today: date, age_declared: bool) -> Found:
    """Search; if nothing is called so, search what was probably meant. At most seventeen statements."""
    text, meant, matches = asked.wish.q, None, Matches()
    page = _search(asked, text, matches, today=today, age_declared=age_declared)
    if text and not page.total:
        correction = did_you_mean(text, age_declared=age_declared)
        corrected = (
            _search(asked, correction, matches, today=today, age_declared=age_declared) if correction else page
        )
        if corrected.total:
            page, meant = corrected, correction
    facets = count_facets(
        today=today,
        age_declared=age_declared,
        text=meant or text,
        filters=asked.filters,
        sold_by=asked.sold_by,
        matches=matches,
    )
    return Found(page, facets, meant)


def _search(asked: Asked, text: str, matches: Matches, *, today: date, age_declared: bool) -> SearchPage:
    return search_products(
        today=today,
        age_declared=age_declared,
        text=text,
        filters=asked.filters,
        sold_by=asked.sold_by,
        sort=asked.wish.sort,
        page=asked.wish.page,
        page_size=CARDS_A_PAGE,
        matches=matches,
    )


def _destination(text: str, *, provinces: Sequence[Province]) -> Destination | None:
    """The place that somebody typed: a province by its name, else the commune that `search_places` puts first."""
    for province in provinces:
        if fold(text) in {fold(province.name), fold(province.short_name)}:
            return Destination(province.code, None, province.short_name)
    try:
        found = search_places(text, 1)
    except InvalidInput:
        return None
    return Destination(found[0].commune.province_id, found[0].commune.pk, found[0].commune.label) if found else None
