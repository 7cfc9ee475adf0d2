"""Money that waits for a person: the queue, what was set aside, and each thing with its ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import NotFound
from marketplace.core.money import format_vnd
from marketplace.orders.selectors import order_for_member
from payments.models import ReviewItem
from payments.services.reviewing import (
    book_from_review,
    link_to_first,
    may_be_taken_up,
    refund_held,
    set_aside,
    take_up_again,
)
from payments.waiting import ReviewPage, items_without_order, waiting_items
from storefront.paging import pager
from storefront.sell.cards import CardTask, card_tasks
from storefront.sell.desk import ID_MAX, Desk, seller_page
from storefront.sell.review import (
    READY_REASONS,
    AsideForm,
    BookForm,
    PickForm,
    RefundForm,
    cards_of,
    first_of,
    review_item_of,
)
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, page_number, parse_number

QUIET = {"hide_search": True, "hide_basket": True}


@seller_page("GET", "POST")
def review(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What waits for a person of the shop, the newest first; a POST books one of them on the order tapped."""
    if request.method != "POST":
        return _queue(request, desk)
    form, client_id = PickForm(request.POST), client_id_of(request)

    def work(given: dict[str, Any]) -> None:
        item_id, order_id = given["book"]
        found = review_item_of(actor=desk.actor, item_id=item_id)
        order = order_for_member(actor=desk.actor, order_id=order_id)
        book_from_review(actor=desk.actor, item=found, order=order, now=clock.now(), client_id=client_id)
        said = {"amount": format_vnd(found.amount_vnd), "number": order.number}
        messages.success(request, _("Đã ghi %(amount)s vào đơn %(number)s.") % said)

    return redirect("sell_review") if settled(form, work) else _queue(request, desk, failing=form)


@seller_page("GET")
def aside(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What ended without an order, with its reasons: no money is dropped, and all of it can be taken up again."""
    found = items_without_order(actor=desk.actor, vendor=desk.vendor, page=page_number(request))
    return render(request, "storefront/sell/review_aside.html", _list(desk, found, address="sell_review_aside"))


@seller_page("GET", "POST")
def item(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """One of them; a POST sets it aside with a reason."""
    if request.method != "POST":
        return _item_page(request, desk, review_item_of(actor=desk.actor, item_id=item_id))
    form = AsideForm(request.POST, auto_id="aside_%s")
    return _act(request, desk, item_id, form, set_aside, said=_("Đã để riêng khoản này."))


@seller_page("POST")
def book(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Book money that waits on an order of the shop."""
    form = BookForm(request.POST, auto_id="book_%s")

    def booked(*, order: str, **asked: Any) -> None:
        number = parse_number("".join(order.split()), least=1, most=ID_MAX)
        if number is None:
            raise NotFound(_("Không tìm thấy đơn hàng này."), field="order")
        book_from_review(order=order_for_member(actor=desk.actor, order_id=number), **asked)

    return _act(request, desk, item_id, form, booked, said=_("Đã ghi khoản tiền này vào đơn."))


@seller_page("POST")
def refund(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Write down that held money went back to who sent it."""
    form = RefundForm(request.POST, auto_id="refund_%s")
    return _act(request, desk, item_id, form, refund_held, said=_("Đã ghi: bạn đã trả lại khoản này."))


@seller_page("POST")
def repeat(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Say that another feed told of this very transfer before."""
    form = AskingForm(request.POST)
    return _act(request, desk, item_id, form, link_to_first, said=_("Đã ghi: chỉ tính một lần."))


@seller_page("POST")
def again(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Take money up again that was set aside, given back or called told before."""
    form = AskingForm(request.POST)
    return _act(request, desk, item_id, form, take_up_again, said=_("Khoản này đang chờ bạn xem lại."))


def _act(
    request: HttpRequest, desk: Desk, item_id: int, form: AskingForm, service: Callable[..., object], *, said: str
) -> HttpResponseBase:
    """Ask a service for what the form says about an item: back to the queue, or the item's page with the refusal."""
    found, client_id = review_item_of(actor=desk.actor, item_id=item_id), client_id_of(request)

    def work(given: dict[str, Any]) -> None:
        service(actor=desk.actor, item=found, now=clock.now(), client_id=client_id, **given)

    if not settled(form, work):
        return _item_page(request, desk, found, failing=form)
    messages.success(request, said)
    return redirect("sell_review")


def _queue(request: HttpRequest, desk: Desk, *, failing: AskingForm | None = None) -> HttpResponse:
    found = waiting_items(actor=desk.actor, vendor=desk.vendor, page=page_number(request))
    context = _list(desk, found, address="sell_review") | {"form": failing}
    return form_page(
        request, "storefront/sell/review.html", context, error=failing.refusal if failing is not None else None
    )


def _list(desk: Desk, found: ReviewPage, *, address: str) -> dict[str, Any]:
    context = {"desk": desk, "cards": cards_of(found.items, vendor=desk.vendor), **QUIET}
    return context | pager(
        found.page, pages=found.page + found.more, url=lambda number: f"{reverse(address)}?page={number}"
    )


def _item_page(
    request: HttpRequest, desk: Desk, found: ReviewItem, *, failing: AskingForm | None = None
) -> HttpResponse:
    context = {
        "desk": desk,
        "card": cards_of([found], vendor=found.vendor)[0],
        "item": found,
        "card_tasks": _card_tasks(found),
        "first": first_of(found),
        "may_be_taken_up": may_be_taken_up(found),
        "ready": READY_REASONS,
        "form": failing,
        "aside": failing if isinstance(failing, AsideForm) else AsideForm(auto_id="aside_%s"),
        "book": failing if isinstance(failing, BookForm) else BookForm(auto_id="book_%s"),
        "refund": failing if isinstance(failing, RefundForm) else RefundForm(auto_id="refund_%s"),
        **QUIET,
    }
    error = failing.refusal if failing is not None else None
    return form_page(request, "storefront/sell/review_item.html", context, error=error)


def _card_tasks(item: ReviewItem) -> list[CardTask]:
    is_about_a_card = item.kind == ReviewItem.Kind.DISPUTE and item.closed_at is None
    return card_tasks(item.vendor_id, order_id=item.order_id) if is_about_a_card else []
