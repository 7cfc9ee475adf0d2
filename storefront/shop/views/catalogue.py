"""Looking around: home, search, shops, markets."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.search import CRITERIA, SearchFilters, Sort, search_products, suggest_names
from marketplace.core import clock
from marketplace.places.selectors import get_market_site, list_provinces
from storefront.cards import shown
from storefront.paging import pager
from storefront.shop import reads
from storefront.shop.described import market_data, shop_data
from storefront.shop.narrowing import narrowing
from storefront.shop.searching import CARDS_A_PAGE, look_for, make_out
from storefront.shop.wishes import SORTS, TEXT_CHARACTERS_MAX, read_wish
from storefront.visit import is_adult
from storefront.web import page, page_number
from vendors.selectors import vendor_by_slug

SUGGESTIONS_KEPT_S = 60


@page("GET")
def home(request: HttpRequest) -> HttpResponseBase:
    """The market's front: where to look, the best certified goods, the markets, what is new."""
    today = clock.vietnam_date(clock.now())
    adult = is_adult(request)
    context = {
        "described": market_data(),
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
    adult = is_adult(request)
    asked = make_out(read_wish(request))
    found = look_for(asked, today=clock.vietnam_date(clock.now()), age_declared=adult)
    wish, results = asked.wish, found.page
    if results.page > results.pages:
        return redirect(wish.url(page=results.pages))
    context = {"wish": wish, "found": results, "meant": found.meant, "cards": shown(results.cards), "adult": adult}
    context |= {"sorts": SORTS.items(), "search_text": wish.q, "to_is_unknown": wish.to and not asked.destination}
    context |= {"narrowing": narrowing(asked, found.facets, age_declared=adult)}
    context |= pager(results.page, pages=results.pages, url=lambda number: wish.url(page=number))
    return render(request, "storefront/shop/search.html", context)


@page("GET")
def suggestions(request: HttpRequest) -> HttpResponseBase:
    """Names for what somebody is typing, as the options of the search field's list."""
    text = " ".join(request.GET.get("q", "")[:TEXT_CHARACTERS_MAX].split())
    names = suggest_names(text, age_declared=is_adult(request))
    response = render(request, "storefront/shop/suggestions.html", {"names": names})
    response["Cache-Control"] = f"private, max-age={SUGGESTIONS_KEPT_S}"
    return response


@page("GET")
def ranking(request: HttpRequest) -> HttpResponseBase:
    """In which order goods stand in lists, and by what: published, as the law asks."""
    orders = [(SORTS[sort], sentences) for sort, sentences in CRITERIA.items()]
    return render(request, "storefront/shop/ranking.html", {"orders": orders})


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
    context = {"vendor": vendor, "found": found, "cards": shown(found.cards), "described": shop_data(vendor)}
    context |= {"spot": reads.where(vendor.commune)}
    context |= pager(found.page, pages=found.pages, url=lambda number: f"{address}?page={number}")
    return render(request, "storefront/shop/shop.html", context)


@page("GET")
def market_site(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One market or OCOP point and the shops that have a stall there."""
    site = get_market_site(slug)
    number = page_number(request)
    shops, more = reads.shops_at(site, page=number)
    address = reverse("market_site", args=[site.slug])
    today = clock.vietnam_date(clock.now())
    cards = reads.goods_at(site, today=today, age_declared=is_adult(request)) if shops else []
    context = {"site": site, "shops": shops, "spot": reads.where(site), "cards": cards}
    context |= pager(number, pages=number + more, url=lambda other: f"{address}?page={other}")
    return render(request, "storefront/shop/market_site.html", context)
