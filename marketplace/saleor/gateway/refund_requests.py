"""Which refund a Saleor's staff ask for: one of the REFUND_REQUEST events that its webhook shows beside all others.

The webhook itself says only how much. Saleor wrote its request down, without a reference, right before it made the
body, and the body stays as it was made however often and late it is sent: so the request is the last one that waits.
Those before it may have been written off, each by a failure without a reference, while our answer did not reach it.
(A body could name its granted refund; asking for that puts errors into the body of every plain refund.)
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketplace.saleor.models import Installation, SaleorRefundRequest
from marketplace.saleor.sales.movements import moment

PREFIX: Final = "cho40-refund-"
REFERENCE_BYTES: Final = 15
"""Of a digest: 24 letters and digits of base 32, with no chance of two alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsked:
    """One request of a Saleor: the reference that it always gets, and which of the Order's lines it is for."""

    reference: str
    line_quantities: Mapping[str, int]
    """OrderLine's id at the Saleor -> how many; empty where no lines were named."""


def request_of(installation: Installation, event: Mapping[str, Any], *, amount_vnd: int) -> RefundAsked:
    """Which request an event tells of: the last that waits for its answer; of two that wait at once, each in turn.

    Where our answer was lost, Saleor wrote that request off: who asks for the same again, of the same lines, gets its
    promise. An event without a request is one of its own.
    """
    told = event["transaction"]
    waiting = _unanswered(told, "REFUND_REQUEST", amount_vnd)
    if not waiting:
        return RefundAsked(reference=_reference(installation, str(uuid.uuid4())), line_quantities={})
    references = {event_id: _reference(installation, event_id) for event_id in waiting}
    rows = SaleorRefundRequest.objects.filter(answered_reference__in=references.values())
    known = set(rows.values_list("answered_reference", flat=True))
    written_off = len(_unanswered(told, "REFUND_FAILURE", amount_vnd))
    over, still_open = waiting[:written_off], waiting[written_off:] or waiting[-1:]
    # Two were asked for at once and both bodies show both: the other one's promise is made already.
    asked = next((one for one in reversed(still_open) if references[one] not in known), still_open[-1])
    lines = _lines_granted(told, asked)
    reached = {one["pspReference"] for one in told.get("events") or ()}
    lost = [one for one in over if references[one] in known - reached and _lines_granted(told, one) == lines]
    return RefundAsked(reference=references[lost[0] if lost else asked], line_quantities=lines)


def _reference(installation: Installation, event_id: str) -> str:
    digest = hashlib.sha256(f"{installation.api_url} {event_id}".encode()).digest()
    return PREFIX + base64.b32encode(digest[:REFERENCE_BYTES]).decode().lower()


def _unanswered(told: Mapping[str, Any], kind: str, amount_vnd: int) -> list[str]:
    """The ids of a transaction's events of this kind and amount that carry no reference, the oldest first."""
    found = [
        one
        for one in told.get("events") or ()
        if one["type"] == kind and not one["pspReference"] and one["amount"]["amount"] == amount_vnd
    ]
    # Saleor lists the newest first, which also tells two of one moment apart.
    oldest_first = found[::-1]
    oldest_first.sort(key=lambda one: moment(one["createdAt"]))
    return [one["id"] for one in oldest_first]


def _lines_granted(told: Mapping[str, Any], event_id: str) -> dict[str, int]:
    for granted in (told.get("order") or {}).get("grantedRefunds") or ():
        if any(one["id"] == event_id for one in granted.get("transactionEvents") or ()):
            return {line["orderLine"]["id"]: line["quantity"] for line in granted.get("lines") or ()}
    return {}
