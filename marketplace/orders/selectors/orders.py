"""What may be asked about orders. A bounded number of statements each, however many orders there are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.phone import InvalidPhone, parse_phone
from marketplace.core.statements import Given, Kept
from marketplace.orders.checks import ROW_ID_MAX, is_row_id, is_whole_number, known_uuid
from marketplace.orders.models import Channel, Checkout, Order, OrderLine, PaymentCode
from marketplace.orders.selectors.stages import AT_STAGE, Stage
from vendors.access import hand_in, require_seller
from vendors.models import Vendor

ORDERS_A_PAGE_MAX = 100
PAGES_MAX = 10_000
NEWEST_FIRST, OLDEST_FIRST = ("-placed_at", "-pk"), ("placed_at", "pk")
PARTS = ("lines", "payment_codes", "fulfillments__lines")
ORDER_NUMBER_DIGITS_MAX = len(str(ROW_ID_MAX))


@dataclass(frozen=True)
class OrderPage:
    """Some orders of a list, newest first. `page` counts from 1."""

    orders: tuple[Order, ...]
    total: int
    page: int
    pages: int


def whole_orders() -> QuerySet[Order]:
    """Orders with everything a page or an answer shows of one: six statements for any number of them."""
    return _placed().prefetch_related(*PARTS)


def load_part(orders: Sequence[Order], part: str) -> None:
    """One of `PARTS` for several orders, where it is not at hand yet: one statement, two for what was handed over."""
    prefetch_related_objects(orders, part)


def _placed() -> QuerySet[Order]:
    return Order.objects.select_related(
        "vendor__commune__province",
        "pick_up_at",
        "shipping_address__commune__province",
        "billing_address__commune__province",
    )


def order_by_token(token: uuid.UUID) -> Order:
    """The order that the buyer's link names. Raises `NotFound`."""
    return _the_only(whole_orders().filter(token=known_uuid(token)))


def bare_order_by_token(token: uuid.UUID) -> Order:
    """The same without its `PARTS`, which `load_part` brings as they are asked for: one statement."""
    order = _BARE.one(token=known_uuid(token))
    if order is None:
        raise _no_such_order()
    return order


_BARE: Kept[Order] = Kept(lambda: _placed().filter(token=Given("token")))


def order_by_number_and_phone(number: str, phone: str) -> Order:
    """The order that a buyer looks up. Raises `NotFound`, the same for a wrong number and for a wrong phone."""
    digits = "".join(number.split())
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= ORDER_NUMBER_DIGITS_MAX
    try:
        e164 = parse_phone(phone)
    except InvalidPhone:
        e164 = ""
    order_id = int(digits) if is_number else 0
    # An unknown phone asks the database too, so that the answer takes as long as for a known one.
    found = whole_orders().filter(pk=order_id if is_row_id(order_id) else 0, phone=e164).exclude(phone="")
    return _the_only(found)


def order_of_checkout(checkout_id: uuid.UUID) -> Order | None:
    """The order that a checkout became, or None."""
    return Order.objects.select_related("vendor__commune").filter(checkout_id=known_uuid(checkout_id)).first()


def vendor_of_sale(kind: str, key: uuid.UUID) -> int | None:
    """The shop's id of an order (`kind` "Order", by its token) or of a checkout; None where there is none."""
    if kind == "Order":
        return Order.objects.filter(token=key).values_list("vendor_id", flat=True).first()
    found = Checkout.objects.filter(pk=key).values_list("vendor_id", flat=True).first()
    return found or Order.objects.filter(checkout_id=key).values_list("vendor_id", flat=True).first()


def order_for_member(*, actor: Actor, order_id: int) -> Order:
    """An order of a shop the actor works in. Raises `NotFound`, also for another shop's."""
    order = whole_orders().filter(pk=order_id).first() if is_row_id(order_id) else None
    if order is None or not actor.may_sell_for(order.vendor_id):
        raise _no_such_order()
    return order


def order_in_hand(actor: Actor, token: uuid.UUID) -> tuple[Actor, Order]:
    """An order of a shop that the actor works in or helps in, with who they are there.

    Raises `NotFound`, also for another shop's: that its buyer's link opens it makes it nobody else's to change.
    """
    order = whole_orders().filter(token=known_uuid(token)).first()
    hand = None if order is None else hand_in(actor, order.vendor_id)
    if order is None or hand is None:
        raise _no_such_order()
    return hand, order


def orders_of_shops(shops: Collection[int]) -> QuerySet[Order]:
    """Everything that several shops sold, in no order: for lists that page by themselves.

    One statement; `load_part` brings what of the rows is wanted besides.
    """
    return _placed().select_related("vendor__market_site").filter(vendor__in=shops)


def stall_sale_for_member(*, actor: Actor, order_id: int) -> Order:
    """A sale over the counter of a shop the actor works in; one statement. Raises `NotFound` for any other order."""
    sales = Order.objects.select_related("vendor__commune").filter(channel=Channel.STALL)
    order = sales.filter(pk=order_id).first() if is_row_id(order_id) else None
    if order is None or not actor.may_sell_for(order.vendor_id):
        raise _no_such_order()
    return order


def orders_of_vendor(
    *,
    actor: Actor,
    vendor: Vendor,
    status: str | None = None,
    stage: Stage | None = None,
    page: int = 1,
    page_size: int = 20,
) -> OrderPage:
    """A page of a shop's orders, newest first. Eight statements.

    With a `stage`, those that the desk has there, the one that waits longest first. Raises `NotFound` for a
    stranger, `InvalidInput` for an unknown status or page.
    """
    require_seller(actor, vendor)
    orders = Order.objects.filter(vendor=vendor)
    if stage is not None:
        orders = orders.filter(AT_STAGE[stage])
    if status is not None:
        if status not in Order.Status.values:
            raise InvalidInput(_("Không có trạng thái đơn hàng này."), field="status")
        orders = orders.filter(status=status)
    in_order = NEWEST_FIRST if stage is None else OLDEST_FIRST
    return _page(orders, page=page, page_size=page_size, in_order=in_order)


def orders_of_buyer(*, actor: Actor, page: int = 1, page_size: int = 20) -> OrderPage:
    """A page of what the signed-in person bought, newest first; empty for nobody. Raises `InvalidInput`."""
    orders = Order.objects.filter(user=actor.user_id) if actor.user_id is not None else Order.objects.none()
    return _page(orders, page=page, page_size=page_size)


def orders_bought_by(user_id: int) -> QuerySet[Order]:
    """Everything that a person bought, in no order: for lists that page by themselves. The caller asked who it is.

    One statement; `load_part` brings what of the rows is wanted besides.
    """
    return _placed().select_related("vendor__market_site").filter(user=user_id)


def must_be_cashless(order: Order) -> bool:
    """Whether the law wants this order paid without cash: alcohol that is sold at a distance.

    Law 44/2019/QH14, article 16: alcohol sold online is paid for without cash.
    """
    alcohol = OrderLine.objects.filter(order=order, variant__product__is_alcohol=True)
    return order.channel == Channel.ONLINE and alcohol.exists()


def is_paid_elsewhere(order: Order) -> bool:
    """Whether the order's money is counted where it was bought and never here: it came from a Saleor without a code.

    That Saleor would not be told of money that somebody wrote down here, and would count it once more.
    """
    return order.origin == Order.Origin.SALEOR and not PaymentCode.objects.filter(order=order).exists()


def _page(
    orders: QuerySet[Order], *, page: int, page_size: int, in_order: tuple[str, str] = NEWEST_FIRST
) -> OrderPage:
    if not (is_whole_number(page) and 1 <= page <= PAGES_MAX):
        raise InvalidInput(_("Không có trang này."), field="page")
    if not (is_whole_number(page_size) and 1 <= page_size <= ORDERS_A_PAGE_MAX):
        raise InvalidInput(_("Mỗi trang có từ 1 đến 100 đơn hàng."), field="page_size")
    total = orders.count()
    first = (page - 1) * page_size
    ids = list(orders.order_by(*in_order).values_list("pk", flat=True)[first : first + page_size])
    rows = whole_orders().filter(pk__in=ids).order_by(*in_order)
    return OrderPage(tuple(rows), total, page, max(1, -(-total // page_size)))


def _the_only(orders: QuerySet[Order]) -> Order:
    order = orders.first()
    if order is None:
        raise _no_such_order()
    return order


def _no_such_order() -> NotFound:
    return NotFound(_("Không tìm thấy đơn hàng này."))
