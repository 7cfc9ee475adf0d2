"""What programs fetch: the share card, the map of the site, and what robots may read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render

from catalog.selectors import product_by_slug
from marketplace.core import clock
from storefront.shop.share_cards import draw_share_card
from storefront.shop.sharing import card_etag, share_card
from storefront.shop.sitemaps import SitemapPart, index_of_parts, part_of
from storefront.visit import is_adult
from storefront.web import page

CARD_KEPT_S = 3600
SITEMAP_KEPT_S = 3600
XML = "application/xml"


@page("GET")
def share(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture that chat apps show of a product; alcohol has none for who did not say to be 18."""
    product = product_by_slug(slug, age_declared=is_adult(request))
    today = clock.vietnam_date(clock.now())
    etag = card_etag(product, today=today)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(draw_share_card(share_card(product, today=today)), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = f"{'private' if product.is_alcohol else 'public'}, max-age={CARD_KEPT_S}"
    return response


@page("GET")
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The parts of the map of the site."""
    return _kept(render(request, "storefront/shop/sitemap_index.xml", {"parts": index_of_parts()}, content_type=XML))


@page("GET")
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """One part: pages, markets, shops or products that anybody may see."""
    part: SitemapPart = part_of(kind, number)
    return _kept(render(request, "storefront/shop/sitemap.xml", {"part": part}, content_type=XML))


@page("GET")
def robots(request: HttpRequest) -> HttpResponseBase:
    """What robots may read: all that anybody comes for, nothing that is one person's."""
    context = {"sitemap": f"{settings.MARKET_PUBLIC_URL}/sitemap.xml"}
    return _kept(render(request, "storefront/shop/robots.txt", context, content_type="text/plain; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={SITEMAP_KEPT_S}"
    return response
