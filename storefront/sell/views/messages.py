"""What the shop tells the buyer about an order."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.orders.selectors import order_for_member
from marketplace.orders.services.messages import tell_buyer
from storefront.sell.desk import Desk, seller_page
from storefront.sell.money import TellForm
from storefront.sell.views.orders import acted


@seller_page("POST")
def tell(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """A sentence for the buyer, who reads it on the order's page."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        tell_buyer(actor=desk.actor, order=found, text=given["text"], now=clock.now(), client_id=client_id)

    form = TellForm(request.POST, auto_id="tell_%s")
    said = _("Đã nhắn. Khách mở trang đơn là đọc được.")
    return acted(request, desk, found, form=form, which="tell", work=work, said=said)
