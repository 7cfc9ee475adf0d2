"""The QR stands of a commune's shops, printed for them by its staff."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.places.selectors import get_market_site
from payments.services.printing import stands_file, stands_of_commune
from payments.stands.papers import Paper
from storefront.commune.staff import commune_asked, staff_page
from storefront.prints import printed
from storefront.web import page_number


@staff_page("GET")
def stands(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Of all shops, or of those at `?site=`: four stands a page, so many in a file; `?page=` counts the files."""
    commune, number, slug = commune_asked(request, actor), page_number(request), request.GET.get("site")
    site = get_market_site(slug) if slug else None
    found = stands_of_commune(actor=actor, commune=commune, site=site, page=number)
    name = f"ma-qr-{site.slug if site else commune.pk}-{number}.pdf"
    return printed(stands_file(found, Paper.FOUR_A6, now=clock.now()), name=name)
