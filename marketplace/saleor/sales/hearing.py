"""What Saleor says of its orders, fulfilments and transactions: each only makes the thing wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.saleor.fetching import may_be_id, want
from marketplace.saleor.models import Installation, ToFetch


def order_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """Something happened to an order: made, paid, refunded, fulfilled, cancelled, expired, or one of its parts."""
    _want(installation, ToFetch.Kind.ORDER, event.get("order"), now=now)


def orders_imported(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """Orders were brought in at once."""
    told = event.get("orders")
    for one in told if isinstance(told, list) else ():
        _want(installation, ToFetch.Kind.ORDER, one, now=now)


def transaction_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """What is written beside a transaction changed; most often it is then an order's, no more a checkout's."""
    _want(installation, ToFetch.Kind.TRANSACTION, event.get("transaction"), now=now)


def _want(installation: Installation, kind: ToFetch.Kind, told: object, *, now: datetime) -> None:
    """Wants what is named; what is gone again by the time the event is made is null, and asked for by nobody."""
    saleor_id = told.get("id") if isinstance(told, Mapping) else None
    if may_be_id(saleor_id):
        want(installation=installation, kind=kind, saleor_id=saleor_id, now=now)
