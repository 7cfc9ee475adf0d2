"""An order's receipt: to print, or to keep as a file."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from marketplace.orders.selectors import order_by_token
from storefront.shop.receipt_pdf import receipt_pdf
from storefront.shop.receipts import receipt_of
from storefront.web import page


@page("GET", private=True)
def receipt(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The receipt as a page that prints well."""
    found = order_by_token(token)
    context = {"order": found, "sheet": receipt_of(found), "hide_search": True}
    return render(request, "storefront/shop/receipt.html", context)


@page("GET", private=True)
def receipt_as_pdf(_request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """The receipt as a file that any phone keeps and any shop prints."""
    found = order_by_token(token)
    response = HttpResponse(receipt_pdf(receipt_of(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="cho40-don-{found.number}.pdf"'
    return response
