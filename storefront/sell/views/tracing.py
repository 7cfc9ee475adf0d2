"""Where a product comes from, as its shop says it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from catalog.selectors import product_for_member
from catalog.services import describe_trace
from catalog.values import TRACE_CHARACTERS_MAX
from marketplace.core import clock
from storefront.sell.desk import Desk, seller_page
from storefront.sell.tracing import TraceForm
from storefront.sell.views.products import QUIET
from storefront.settling import settled
from storefront.web import client_id_of, form_page


@seller_page("GET", "POST")
def trace(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Brand, producer, materials, making, lot and trace code of a product. Sent twice, the form changes nothing."""
    product = product_for_member(actor=desk.actor, product_id=product_id)
    if request.method == "POST":
        client_id_of(request)  # a form that was cut off on the way would take facts away
        form = TraceForm(request.POST)
    else:
        form = TraceForm(initial={name: getattr(product, name) for name in TRACE_CHARACTERS_MAX})

    def work(given: dict[str, Any]) -> None:
        describe_trace(actor=desk.actor, product=product, facts=given, now=clock.now())

    if request.method != "POST" or not settled(form, work):
        context = {"desk": desk, "product": product, "form": form, **QUIET}
        return form_page(request, "storefront/sell/trace.html", context, error=form.refusal)
    messages.success(request, _("Đã lưu nguồn gốc."))
    return redirect("sell_product", product.pk)
