"""What Saleor's synchronous payment webhooks are answered, in the shapes of its own answer schemas.

A refusal is an answer like any other: the sentence is for the buyer or for the Saleor's staff, `data.exception` is
the code for programs. Every refusal has a reference of its own, since Saleor knows events by theirs and would take a
second refusal without one for the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final

from marketplace.core.errors import MarketError
from marketplace.orders.models import Order
from marketplace.saleor.gateway.selling import Part
from payments.services.links import link_not_made
from payments.services.requesting import PaymentInstruction, payment_for_order
from payments.telling import data_without_a_code, vietqr_data
from vendors.models import Vendor

MESSAGE_CHARACTERS_MAX: Final = 512
"""Saleor cuts what is longer."""
REFUSAL: Final = "cho40-refused-"
ASKING_S_MAX: Final = 5
"""After so long no further shop's payOS is asked, whose own limits are 2 + 10 s: Saleor waits 2 + 18 s for us."""
Answer = dict[str, Any]


def refusal(result: str, error: MarketError | str, *, code: str = "INVALID") -> Answer:
    """A `*_FAILURE` with its sentence."""
    told = error.code if isinstance(error, MarketError) else code
    return {
        "result": result,
        "pspReference": f"{REFUSAL}{uuid.uuid4()}",
        "message": str(error)[:MESSAGE_CHARACTERS_MAX],
        "data": {"type": "vietqr", "exception": told, "message": str(error)},
    }


def action_refusal(result: str, error: MarketError | str, *, code: str = "INVALID") -> Answer:
    """The same for an action of the Saleor's staff, whose answer carries no data."""
    answer = refusal(result, error, code=code)
    del answer["data"]
    return answer


def action_required(parts: Sequence[Part], codes: Sequence[Answer], *, now: datetime) -> Answer:
    """The codes to pay by, or that all of them were paid: `data` of design section 6, and one code a vendor."""
    open_codes = [code for code in codes if "payload" in code]
    first = open_codes[0] if open_codes else codes[0]
    outstanding_vnd = sum(part.order.outstanding_vnd for part in parts if not part.is_paid)
    return {
        "result": "CHARGE_ACTION_REQUIRED",
        "pspReference": codes[0]["reference"],
        "amount": sum(code["amount"] for code in open_codes) or sum(part.order.total_vnd for part in parts),
        "time": now.isoformat(timespec="seconds"),
        "data": {
            **first,
            "state": state_of(parts),
            "outstanding": outstanding_vnd,
            "charged": sum(part.order.charged_vnd for part in parts),
            "codes": list(codes),
        },
    }


def codes_of(parts: Sequence[Part], *, now: datetime, amount_vnd: int | None = None) -> list[Answer]:
    """How to pay each vendor's part, `amount_vnd` being what is asked of those that are not paid (all, if None).

    Not inside a transaction: payOS may be asked. Raises what `payment_for_order` raises, and `LinkNotMade` where the
    links take too long together: those that were made are kept, and asking again makes the others.
    """
    began_s = monotonic()
    codes: list[Answer] = []
    for part in parts:
        if monotonic() - began_s > ASKING_S_MAX:
            raise link_not_made()
        codes.append(_code_of(part, now=now, amount_vnd=None if part.is_paid else amount_vnd))
    return codes


def _code_of(part: Part, *, now: datetime, amount_vnd: int | None) -> Answer:
    """How to pay one vendor's part, or that it is paid or ended."""
    order = part.order
    common = {"state": state_of([part]), "charged": order.charged_vnd, "vendor": told_vendor(order.vendor)}
    if common["state"] in {"waiting", "partial"}:
        asked: PaymentInstruction = payment_for_order(order=order, amount_vnd=amount_vnd, now=now)
        return {**vietqr_data(asked), **common}
    reference = order.payment_codes.order_by("pk").values_list("code", flat=True).last() or order.number
    return {**data_without_a_code(reference), **common}


def told_vendor(vendor: Vendor) -> Answer:
    """A vendor as a storefront names it."""
    return {"slug": vendor.slug, "name": vendor.name}


def state_of(parts: Sequence[Part]) -> str:
    """`paid`, `canceled` or `expired` (any part), `partial` (some money came), or `waiting`."""
    if all(part.is_paid for part in parts):
        return "paid"
    statuses = {part.order.status for part in parts if not part.is_paid}
    for ended in (Order.Status.CANCELED, Order.Status.EXPIRED):
        if ended in statuses:
            return str(ended.value)
    return "partial" if any(part.order.charged_vnd for part in parts) else "waiting"
