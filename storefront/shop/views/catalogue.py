"""Looking around: home, search, shops, markets."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.ocop_sets import all_sets
from catalog.search import SearchFilters, Sort, search_products
from marketplace.core import clock
from marketplace.places.selectors import get_market_site, list_provinces
from storefront.cards import shown
from storefront.paging import pager
from storefront.shop import reads
from storefront.shop.wishes import SORTS, STARS, read_wish, taken_filters
from storefront.visit import is_adult
from storefront.web import page, page_number
from vendors.selectors import vendor_by_slug

CARDS_A_PAGE = 12
"""Keeps a list below 20 kB of HTML: a minute's patience ends sooner on a slow line."""


@page("GET")
def home(request: HttpRequest) -> HttpResponseBase:
    """The market's front: where to look, the best certified goods, the markets, what is new."""
    today = clock.vietnam_date(clock.now())
    adult = is_adult(request)
    context = {
        "busiest": reads.busiest_provinces(),
        "provinces": list_provinces(),
        "places": reads.places(),
        "best": reads.newest_cards(today=today, age_declared=adult, at_most=reads.BEST_AT_HOME_MAX, stars=5),
        "newest": reads.newest_cards(today=today, age_declared=adult, at_most=reads.NEWEST_AT_HOME_MAX),
    }
    return render(request, "storefront/shop/home.html", context)


@page("GET")
def search(request: HttpRequest) -> HttpResponseBase:
    """Products by words and filters, a page at a time."""
    provinces = list_provinces()
    wish = read_wish(request, provinces=provinces)
    found = search_products(
        today=clock.vietnam_date(clock.now()),
        age_declared=is_adult(request),
        text=wish.q,
        filters=wish.filters,
        sort=wish.sort,
        page=wish.page,
        page_size=CARDS_A_PAGE,
    )
    if found.page > found.pages:
        return redirect(wish.url(page=found.pages))
    context = {"wish": wish, "found": found, "cards": shown(found.cards), "provinces": provinces}
    context |= {"sets": all_sets(), "grades": STARS, "sorts": SORTS.items(), "search_text": wish.q}
    context |= {"taken": taken_filters(wish, provinces=provinces), "adult": is_adult(request)}
    context |= pager(found.page, pages=found.pages, url=lambda number: wish.url(page=number))
    return render(request, "storefront/shop/search.html", context)


@page("GET")
def shop(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One shop: who it is, where, and its goods."""
    vendor = vendor_by_slug(slug)
    found = search_products(
        today=clock.vietnam_date(clock.now()),
        age_declared=is_adult(request),
        filters=SearchFilters(vendor_id=vendor.pk),
        sort=Sort.NEWEST,
        page=page_number(request),
        page_size=CARDS_A_PAGE,
    )
    address = reverse("shop", args=[vendor.slug])
    if found.page > found.pages:
        return redirect(f"{address}?page={found.pages}")
    context = {"vendor": vendor, "found": found, "cards": shown(found.cards)}
    context |= pager(found.page, pages=found.pages, url=lambda number: f"{address}?page={number}")
    return render(request, "storefront/shop/shop.html", context)


@page("GET")
def market_site(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One market or OCOP point and the shops that have a stall there."""
    site = get_market_site(slug)
    number = page_number(request)
    shops, more = reads.shops_at(site, page=number)
    address = reverse("market_site", args=[site.slug])
    context = {"site": site, "shops": shops}
    context |= pager(number, pages=number + more, url=lambda other: f"{address}?page={other}")
    return render(request, "storefront/shop/market_site.html", context)
