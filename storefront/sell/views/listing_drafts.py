"""What can be done with a listing that was begun, beside going on with it: see its photo, throw it away."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from catalog.services.listing_drafts import discard_listing_draft, listing_draft_of
from marketplace.core.errors import NotFound
from storefront.sell.desk import Desk, seller_page


@seller_page("GET")
def photo(request: HttpRequest, desk: Desk, draft_id: uuid.UUID) -> HttpResponseBase:
    """The photo of an unfinished listing, for its shop alone."""
    found = listing_draft_of(actor=desk.actor, vendor=desk.vendor, draft_id=draft_id)
    if found.photo is None:
        raise NotFound(_("Không tìm thấy."))
    return HttpResponse(bytes(found.photo), content_type="image/jpeg")


@seller_page("POST")
def discard(request: HttpRequest, desk: Desk, draft_id: uuid.UUID) -> HttpResponseBase:
    """Throw an unfinished listing away; sent twice it is gone once."""
    discard_listing_draft(actor=desk.actor, vendor=desk.vendor, draft_id=draft_id)
    messages.success(request, _("Đã bỏ sản phẩm khai dở."))
    return redirect("sell_products")
