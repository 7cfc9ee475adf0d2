"""Money that waits for a person: the list, and settling each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.errors import NotFound
from marketplace.orders.selectors import order_for_member
from payments.models import ReviewItem
from payments.selectors import open_review_items
from payments.services.reviewing import book_from_review, close_review_item
from storefront.sell.cards import CardTask, card_tasks
from storefront.sell.desk import ID_MAX, Desk, seller_page
from storefront.sell.money import BookForm, CloseForm, orders_of_this_amount, review_item_of
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, parse_number

QUIET = {"hide_search": True, "hide_basket": True}
ITEMS_SHOWN_MAX = 20


@seller_page("GET")
def review(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What waits for a person of the shop, the newest first."""
    items = open_review_items(actor=desk.actor, vendor=desk.vendor, at_most=ITEMS_SHOWN_MAX + 1)
    context = {"desk": desk, "items": items[:ITEMS_SHOWN_MAX], "more": len(items) > ITEMS_SHOWN_MAX, **QUIET}
    return render(request, "storefront/sell/review.html", context)


@seller_page("GET", "POST")
def item(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """One of them; a POST closes it in the person's own words."""
    found = review_item_of(actor=desk.actor, item_id=item_id)
    if request.method != "POST":
        return _item_page(request, desk, found)
    form, client_id = CloseForm(request.POST, auto_id="close_%s"), client_id_of(request)

    def work(given: dict[str, Any]) -> None:
        close_review_item(actor=desk.actor, item=found, now=clock.now(), client_id=client_id, **given)

    if not settled(form, work):
        return _item_page(request, desk, found, failing=form)
    messages.success(request, _("Đã khép khoản này."))
    return redirect("sell_review")


@seller_page("POST")
def book(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    """Book money that waits on an order of the shop."""
    found = review_item_of(actor=desk.actor, item_id=item_id)
    form, client_id = BookForm(request.POST, auto_id="book_%s"), client_id_of(request)

    def work(given: dict[str, Any]) -> None:
        number = parse_number("".join(given["order"].split()), least=1, most=ID_MAX)
        if number is None:
            raise NotFound(_("Không tìm thấy đơn hàng này."), field="order")
        order = order_for_member(actor=desk.actor, order_id=number)
        book_from_review(actor=desk.actor, item=found, order=order, now=clock.now(), client_id=client_id)

    if not settled(form, work):
        return _item_page(request, desk, found, failing=form)
    messages.success(request, _("Đã ghi khoản tiền này vào đơn."))
    return redirect("sell_review")


def _item_page(
    request: HttpRequest, desk: Desk, found: ReviewItem, *, failing: AskingForm | None = None
) -> HttpResponse:
    guesses = orders_of_this_amount(found) if found.closed_at is None else []
    first = found.order or (guesses[0] if guesses else None)
    context = {
        "desk": desk,
        "item": found,
        "card_tasks": _card_tasks(found),
        "guesses": guesses,
        "form": failing,
        "close": failing if isinstance(failing, CloseForm) else CloseForm(auto_id="close_%s"),
        "book": failing if isinstance(failing, BookForm) else _book_form(first),
        **QUIET,
    }
    return form_page(request, "storefront/sell/review_item.html", context, error=failing.refusal if failing else None)


def _card_tasks(item: ReviewItem) -> list[CardTask]:
    is_about_a_card = item.kind == ReviewItem.Kind.DISPUTE and item.closed_at is None
    return card_tasks(item.vendor_id, order_id=item.order_id) if is_about_a_card else []


def _book_form(order: Any) -> BookForm:
    return BookForm(auto_id="book_%s", initial={"order": order.number if order is not None else ""})
