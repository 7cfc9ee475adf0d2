"""Money that the shop promises to give back: promised, kept, taken back. The market only writes it down."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.orders.selectors import order_for_member
from payments.selectors import granted_refund_of
from payments.services.granting import cancel_granted_refund, grant_refund, settle_granted_refund
from storefront.sell.desk import Desk, seller_page
from storefront.sell.money import GrantForm, KeepForm
from storefront.sell.views.orders import acted
from storefront.settling import AskingForm


@seller_page("POST")
def promise(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The shop will give money back."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        grant_refund(
            actor=desk.actor,
            order=found,
            amount_vnd=given["amount"],
            reason=given["reason"],
            now=clock.now(),
            client_id=client_id,
        )

    form = GrantForm(request.POST, auto_id="grant_%s")
    return acted(request, desk, found, form=form, which="grant", work=work, said=_("Đã ghi khoản hứa trả lại."))


@seller_page("POST")
def keep(request: HttpRequest, desk: Desk, order_id: int, granted_id: int) -> HttpResponseBase:
    """The shop gave back what it promised."""
    found = order_for_member(actor=desk.actor, order_id=order_id)
    granted = granted_refund_of(found, granted_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        settle_granted_refund(
            actor=desk.actor,
            granted=granted,
            confirmation=given["confirmation"],
            now=clock.now(),
            client_id=client_id,
        )

    form = KeepForm(request.POST)
    return acted(request, desk, found, form=form, which="keep", work=work, said=_("Đã ghi tiền trả lại khách."))


@seller_page("POST")
def withdraw(request: HttpRequest, desk: Desk, order_id: int, granted_id: int) -> HttpResponseBase:
    """The shop takes its promise back."""
    found = order_for_member(actor=desk.actor, order_id=order_id)
    granted = granted_refund_of(found, granted_id)

    def work(_given: dict[str, Any], client_id: uuid.UUID) -> None:
        cancel_granted_refund(actor=desk.actor, granted=granted, now=clock.now(), client_id=client_id)

    form = AskingForm(request.POST)
    return acted(request, desk, found, form=form, which="keep", work=work, said=_("Đã bỏ khoản hứa trả lại."))
