"""What vendors do with their parts on our pages, told to the Saleor: handed over, called off.

The journal says what happened and only writes a row; the task asks what the Saleor knows already and tells it the
rest. So what came from there is not told back to it, and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict
from marketplace.core.journal import Subscription, subscribe
from marketplace.core.models import JournalEvent
from marketplace.orders.models import Order, OrderLine
from marketplace.saleor.catalogue.shape import WAREHOUSE_ROW
from marketplace.saleor.client import Saleor, SaleorRefuses
from marketplace.saleor.mapping import theirs
from marketplace.saleor.models import SaleorObject, SaleorPart, SaleorSale, ToTell
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.rounds import ROWS_A_ROUND_MAX, Finish, NotYet, raise_wanted, work_off
from marketplace.saleor.sales.ends import OVER
from marketplace.saleor.sales.reading import ENDED

SUBSCRIBER: Final = "saleor.sales"
KINDS: Final[Mapping[str, ToTell.Kind]] = {
    "order.fulfilled": ToTell.Kind.FULFILLED,
    "order.cancelled": ToTell.Kind.CANCELLED,
}
NOT_PAID_THERE: Final = "CANNOT_FULFILL_UNPAID_ORDER"
NOT_TO_BE_CANCELLED: Final = "CANNOT_CANCEL_ORDER"


class NoWarehouseThere(Conflict):
    """The Saleor has the goods of the order in no warehouse that we know."""


def hear_orders() -> None:
    """Subscribe to the journal, where any Saleor is listed; called once a process, at its start."""
    if is_switched_on():
        subscribe(Subscription(SUBSCRIBER, frozenset(KINDS), hear))


def hear(event: JournalEvent) -> None:
    """An order of ours was handed over or called off: its Saleor is to know, if it is a part of a sale there."""
    part = SaleorPart.objects.filter(order_id=int(event.aggregate_id), is_replaced=False).first()
    if part is not None and part.saleor_order_id:
        tell(part, KINDS[event.kind], now=event.happened_at)


def tell(part: SaleorPart, kind: ToTell.Kind, *, now: datetime) -> None:
    """Write down that the part's Saleor is to know; one row a part and kind, however often."""
    key: dict[str, int | str] = {"installation_id": part.installation_id, "part_id": part.pk, "kind": str(kind)}
    raise_wanted(ToTell, key, now=now)


def tell_due(*, now: datetime, at_most: int = ROWS_A_ROUND_MAX) -> int:
    """Tell the Saleors what waits, at most so many things; answers how many are done. Nothing while switched off."""
    if not is_switched_on():
        return 0
    return work_off(ToTell, _tell, now=now, at_most=at_most)


def _tell(row: ToTell) -> Finish:
    part = SaleorPart.objects.select_related("order__vendor").get(pk=row.part_id)
    with Saleor.of(row.installation) as saleor:
        there = saleor.ask("OrderToTell", {"id": part.saleor_order_id}).get("order")
        if there is not None:  # a draft that was deleted, for example
            say = _fulfil if row.kind == ToTell.Kind.FULFILLED else _cancel
            say(saleor, part, there)
    return _nothing


def _nothing() -> None:
    """What was told changes nothing here."""


def _fulfil(saleor: Saleor, part: SaleorPart, there: Mapping[str, Any]) -> None:
    """Hand over there what was handed over here and is not there yet, out of where the Saleor holds it."""
    lines = {str(line.pk): line for line in OrderLine.objects.filter(order=part.order_id)}
    by_id = {line["id"]: line for line in there["lines"]}
    wanted = []
    for our_id, saleor_id in part.lines.items():
        known = by_id.get(saleor_id)
        missing = lines[our_id].quantity_fulfilled - known["quantityFulfilled"] if known and our_id in lines else 0
        if known is not None and missing > 0:
            wanted.append({"orderLineId": saleor_id, "stocks": _stocks(part, known, missing)})
    if not wanted:
        return
    tracking = part.order.fulfillments.order_by("-pk").values_list("tracking_number", flat=True).first() or ""
    given = {"lines": wanted, "trackingNumber": tracking, "allowStockToBeExceeded": True, "notifyCustomer": True}
    try:
        saleor.change("OrderFulfill", {"order": part.saleor_order_id, "input": given})
    except SaleorRefuses as error:
        if error.code == NOT_PAID_THERE:
            raise NotYet(_("Saleor chưa ghi nhận đủ tiền của đơn này.")) from error
        raise


def _stocks(part: SaleorPart, line: Mapping[str, Any], quantity: int) -> list[dict[str, Any]]:
    """How many come out of which warehouse there: where the order's goods are held, what is over from the first."""
    held = [(one["warehouse"]["id"], one["quantity"]) for one in line["allocations"] or () if one["quantity"] > 0]
    if not held:
        held = [(warehouse_id, quantity) for warehouse_id in _warehouses_of(part)]
    if not held:
        raise NoWarehouseThere(_("Saleor không có kho nào giữ hàng của đơn này."))
    stocks: dict[str, int] = {}
    left = quantity
    for warehouse_id, there in held:
        stocks[warehouse_id] = stocks.get(warehouse_id, 0) + min(left, there)
        left -= min(left, there)
    stocks[held[0][0]] += left
    return [{"warehouse": warehouse_id, "quantity": number} for warehouse_id, number in stocks.items() if number]


def _warehouses_of(part: SaleorPart) -> Sequence[str]:
    """Where the Saleor holds all goods of ours: one warehouse, which the first sync found."""
    return list(theirs(part.installation, SaleorObject.Kind.WAREHOUSE, [WAREHOUSE_ROW]).values())


def _cancel(saleor: Saleor, part: SaleorPart, there: Mapping[str, Any]) -> None:
    """Cancel the order there where nobody else's part is in it; else write a note for the Saleor's staff.

    A two-vendor order is never cancelled for one of them: the other's goods are on their way.
    """
    if there["status"] in ENDED:
        return
    if _is_the_whole(part):
        try:
            saleor.change("OrderCancel", {"id": part.saleor_order_id})
        except SaleorRefuses as error:
            if error.code != NOT_TO_BE_CANCELLED:
                raise
        else:
            return
    message = _note_of(part.order)
    if all(event["message"] != message for event in there["events"]):
        saleor.change("OrderNoteAdd", {"order": part.saleor_order_id, "input": {"message": message}})


def _is_the_whole(part: SaleorPart) -> bool:
    """Whether every part of the Saleor's order is over here, and nothing else is in it."""
    same = {"installation": part.installation_id, "saleor_order_id": part.saleor_order_id}
    others_go_on = SaleorPart.objects.filter(**same, is_replaced=False).exclude(order__status__in=OVER).exists()
    sale = SaleorSale.objects.filter(installation=part.installation_id, saleor_id=part.saleor_order_id).first()
    return not others_go_on and sale is not None and not sale.has_others


def _note_of(order: Order) -> str:
    sentence = _("Gian hàng {name} đã hủy phần của mình trong đơn này (đơn {number} ở chợ). {reason}")
    told = str(sentence).format(name=order.vendor.name, number=order.number, reason=order.end_reason)
    return " ".join(told.split())
