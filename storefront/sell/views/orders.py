"""The shop's orders: the list, each one, and what is done with it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Order
from marketplace.orders.selectors import Stage, order_for_member, orders_of_vendor, stage_counts
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.fulfilling import fulfil_order
from payments.services.by_hand import mark_paid_by_hand, record_refund
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.money import (
    GIVEN_BACK,
    CancelForm,
    CardRefundForm,
    FulfilForm,
    GrantForm,
    MoneyForm,
    PartForm,
    TellForm,
    order_desk,
    ways_to_pay,
)
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, page_number

QUIET = {"hide_search": True, "hide_basket": True}
ORDERS_A_PAGE, ORDERS_AT_A_STAGE = 20, 12
"""Rows with a button each weigh more, and a page is to stay light."""
STAGES = {Stage.TO_PACK: _("Chờ gói"), Stage.PACKED: _("Đã gói")}
STATUSES = [
    (status.value, status.label)
    for status in (
        Order.Status.UNCONFIRMED,
        Order.Status.FULFILLED,
        Order.Status.CANCELED,
    )
]
"""What sellers look for beside the two stages of the desk; the others are among all."""
Work = Callable[[dict[str, Any], uuid.UUID], object]


@seller_page("GET")
def orders(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's orders, newest first; `?status=` shows those in one state, `?stage=` those on the desk."""
    status, stage = request.GET.get("status"), read_stage(request)
    found = orders_of_vendor(
        actor=desk.actor,
        vendor=desk.vendor,
        status=status,
        stage=stage,
        page=page_number(request),
        page_size=ORDERS_AT_A_STAGE if stage else ORDERS_A_PAGE,
    )
    kept: dict[str, str | int] = {name: value for name, value in (("status", status), ("stage", stage)) if value}

    def url(page: int) -> str:
        return f"{reverse('sell_orders')}?{urlencode(kept | {'page': page})}"

    counts = stage_counts(actor=desk.actor, vendor=desk.vendor)
    context: dict[str, Any] = {"desk": desk, "found": found, "status": status, "stage": stage, **QUIET}
    context["statuses"] = STATUSES
    context["stages"] = [(one, words, counts[one]) for one, words in STAGES.items()]
    context |= pager(found.page, pages=found.pages, url=url)
    return render(request, "storefront/sell/orders.html", context)


def read_stage(request: HttpRequest) -> Stage | None:
    """The stage that `?stage=` asks for, None without one. Raises `InvalidInput`."""
    text = request.GET.get("stage")
    if text is not None and text not in set(Stage):
        raise InvalidInput(_("Không có trạng thái đơn hàng này."), field="stage")
    return Stage(text) if text is not None else None


@seller_page("GET")
def order(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """One order: what, for whom, what was paid and who says so, and what can be done."""
    return order_page(request, desk, order_for_member(actor=desk.actor, order_id=order_id))


def order_page(
    request: HttpRequest, desk: Desk, found: Order, *, failing: AskingForm | None = None, which: str = ""
) -> HttpResponse:
    """The page of an order; `failing` is the form that was refused, under its name in the template."""
    sight = order_desk(found)
    context: dict[str, Any] = {"desk": desk, "sight": sight, "order": found, "form": failing, **QUIET}
    due = {"amount": found.outstanding_vnd, "confirmation": sight.ways[0][0]}
    too_much = max(0, found.charged_vnd - (0 if found.status == Order.Status.CANCELED else found.total_vnd))
    context |= {
        "fulfil": FulfilForm(auto_id="fulfil_%s"),
        "part": PartForm(auto_id="part_%s", order=found),
        "cancel": CancelForm(auto_id="cancel_%s"),
        "paid": MoneyForm(auto_id="paid_%s", ways=sight.ways, initial=due),
        "refund": MoneyForm(auto_id="refund_%s", ways=GIVEN_BACK, initial={"amount": too_much or None}),
        "grant": GrantForm(auto_id="grant_%s", initial={"amount": min(too_much, sight.free_vnd) or None}),
        "refund_card": CardRefundForm(auto_id="refund_card_%s", initial={"amount": sight.card_left_vnd or None}),
        "tell": TellForm(auto_id="tell_%s"),
        "opened": which,
    }
    if failing is not None:
        context[which] = failing
    return form_page(request, "storefront/sell/order.html", context, error=failing.refusal if failing else None)


def acted(
    request: HttpRequest, desk: Desk, found: Order, *, form: AskingForm, which: str, work: Work, said: str | Promise
) -> HttpResponseBase:
    """Back to the order's page, with what was done or with the form that was refused."""
    client_id = client_id_of(request)
    if not settled(form, lambda given: work(given, client_id)):
        return order_page(request, desk, found, failing=form, which=which)
    messages.success(request, str(said))
    return redirect("sell_order", found.pk)


@seller_page("POST")
def fulfil(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """Everything that is left of the order is handed over."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        fulfil_order(actor=desk.actor, order=found, now=clock.now(), client_id=client_id, **given)

    form = FulfilForm(request.POST, auto_id="fulfil_%s")
    return acted(request, desk, found, form=form, which="fulfil", work=work, said=_("Đã ghi: giao hàng xong."))


@seller_page("POST")
def fulfil_part(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """Some of the order is handed over, the rest stays."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        fulfil_order(actor=desk.actor, order=found, now=clock.now(), client_id=client_id, **given)

    form = PartForm(request.POST, auto_id="part_%s", order=found)
    said = _("Đã ghi: giao một phần. Phần còn lại vẫn chờ gói.")
    return acted(request, desk, found, form=form, which="part", work=work, said=said)


@seller_page("POST")
def cancel(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The shop calls the order off."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], _client_id: uuid.UUID) -> None:
        cancel_order(actor=desk.actor, order=found, now=clock.now(), **given)

    form = CancelForm(request.POST, auto_id="cancel_%s")
    return acted(request, desk, found, form=form, which="cancel", work=work, said=_("Đã hủy đơn."))


@seller_page("POST")
def paid(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """Money came that no bank tells of."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        mark_paid_by_hand(
            actor=desk.actor,
            order=found,
            amount_vnd=given["amount"],
            confirmation=given["confirmation"],
            now=clock.now(),
            client_id=client_id,
        )

    form = MoneyForm(request.POST, auto_id="paid_%s", ways=ways_to_pay(found))
    return acted(request, desk, found, form=form, which="paid", work=work, said=_("Đã ghi tiền nhận."))


@seller_page("POST")
def refund(request: HttpRequest, desk: Desk, order_id: int) -> HttpResponseBase:
    """The shop gave money back; the market only writes it down."""
    found = order_for_member(actor=desk.actor, order_id=order_id)

    def work(given: dict[str, Any], client_id: uuid.UUID) -> None:
        record_refund(
            actor=desk.actor,
            order=found,
            amount_vnd=given["amount"],
            confirmation=given["confirmation"],
            now=clock.now(),
            client_id=client_id,
        )

    form = MoneyForm(request.POST, auto_id="refund_%s", ways=GIVEN_BACK)
    return acted(request, desk, found, form=form, which="refund", work=work, said=_("Đã ghi tiền trả lại khách."))
