"""What a Saleor's staff asks of a transaction: charge it, call it off, give money back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core.errors import MarketError
from marketplace.orders.locks import lock_order
from marketplace.orders.services.ending import UNPAID, cancel_unpaid_order
from marketplace.saleor.fetching import want
from marketplace.saleor.gateway.answers import Answer, action_refusal
from marketplace.saleor.gateway.refund_requests import request_of
from marketplace.saleor.gateway.refunding import promise_refund
from marketplace.saleor.gateway.selling import transaction_of
from marketplace.saleor.models import Installation, SaleorPart, SaleorTransaction, ToFetch
from marketplace.saleor.money import NotWholeDong, vnd_of

CANCELED = "cho40-canceled-"


def transaction_charge_requested(installation: Installation, event: Mapping[str, Any], now: datetime) -> Answer:
    """Nobody can pull money out of a buyer's bank account: the buyer sends it, and then it is reported."""
    return action_refusal(
        "CHARGE_FAILURE",
        _("VietQR không tự thu tiền được: người mua quét mã rồi tiền tự vào. Tiền đến là Saleor thấy ngay."),
        code="CHARGE_NOT_POSSIBLE",
    )


def transaction_cancelation_requested(installation: Installation, event: Mapping[str, Any], now: datetime) -> Answer:
    """Call the unpaid orders of a transaction off; refused as soon as money came for one of them.

    A transaction that only showed another one's codes has nothing of its own to call off. Only the payment ends: the
    buyer may pay the sale otherwise, so that its order there goes on, and gets parts anew when it is next taken over.
    """
    row = transaction_of(installation, event["transaction"]["id"])
    if row is None:
        return action_refusal("CANCEL_FAILURE", _("Không tìm thấy lần thanh toán này."), code="NOT_FOUND")
    if not _cancel_unpaid(row, now=now):
        sentence = _("Đã có tiền chuyển nên không hủy được. Hãy trả lại tiền cho khách.")
        return action_refusal("CANCEL_FAILURE", sentence, code="CANNOT_CANCEL")
    return {
        "result": "CANCEL_SUCCESS",
        "pspReference": f"{CANCELED}{row.pk}",
        "time": now.isoformat(timespec="seconds"),
    }


def transaction_refund_requested(installation: Installation, event: Mapping[str, Any], now: datetime) -> Answer:
    """Promise the buyer the money back; the vendors, who have it, keep the promise, and then it is reported.

    The same request again, in whatever words, is the same promise. More than is free to go back is refused.
    """
    row = transaction_of(installation, event["transaction"]["id"])
    if row is None:
        return action_refusal("REFUND_FAILURE", _("Không tìm thấy lần thanh toán này."), code="NOT_FOUND")
    try:
        amount_vnd = vnd_of(event["action"]["amount"])
        request = request_of(installation, event, amount_vnd=amount_vnd)
        reference = promise_refund(row=row, request=request, amount_vnd=amount_vnd, now=now)
    except NotWholeDong:
        return action_refusal("REFUND_FAILURE", _("Số tiền phải là số nguyên (đồng)."))
    except MarketError as error:
        return action_refusal("REFUND_FAILURE", error)
    return {"pspReference": reference}


def _cancel_unpaid(row: SaleorTransaction, *, now: datetime) -> bool:
    """Whether nothing had come, so that all of it is called off now."""
    with transaction.atomic():
        ids = row.parts.order_by("order_id").values_list("order_id", flat=True)
        orders = [lock_order(order_id) for order_id in list(ids)]
        if any(order.charged_vnd or order.fully_charged_at is not None for order in orders):
            return False
        unpaid = [order for order in orders if order.status in UNPAID]
        # Replaced first: what becomes of a part that is wanted no more is not told to the Saleor as its order's end.
        SaleorPart.objects.filter(order__in=unpaid).update(is_replaced=True)
        for order in unpaid:
            cancel_unpaid_order(order=order, reason=_("Nơi bán đã hủy thanh toán."), now=now)
        _take_over_anew(row, now=now)
    return True


def _take_over_anew(row: SaleorTransaction, *, now: datetime) -> None:
    """An order that is there already says nothing by itself; a checkout's comes when there is one."""
    order_ids = {row.saleor_order_id, *row.parts.values_list("saleor_order_id", flat=True)} - {""}
    for order_id in sorted(order_ids):
        want(installation=row.installation, kind=ToFetch.Kind.ORDER, saleor_id=order_id, now=now)
