"""The QR stands of a market's shops, printed for them by staff of its commune."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.places.selectors import get_market_site
from payments.services.printing import stands_file, stands_of_site
from payments.stands.papers import Paper
from storefront.commune.staff import staff_page
from storefront.prints import printed
from storefront.web import page_number


@staff_page("GET")
def stands(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Four stands a page, so many pages a file; `?page=` counts the files."""
    site, number = get_market_site(request.GET.get("site", "")), page_number(request)
    found = stands_of_site(actor=actor, site=site, page=number)
    return printed(stands_file(found, Paper.FOUR_A6, now=clock.now()), name=f"ma-qr-{site.slug}-{number}.pdf")
