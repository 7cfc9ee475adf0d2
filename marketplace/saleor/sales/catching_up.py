"""Closing gaps: events that a Saleor could not deliver are found by asking what changed since it was last asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses
from marketplace.saleor.fetching import want
from marketplace.saleor.models import Installation, SaleorSale, ToFetch
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.rounds import NotUnderstood
from marketplace.saleor.sales.movements import moment

OVERLAP: Final = timedelta(minutes=10)
"""How far a Saleor's clock may be behind ours, and its longest transaction, so that no change is left between."""
ORDERS_A_PAGE: Final = 100
"""Saleor's own maximum."""

log = logging.getLogger("market.saleor")


def catch_up(*, now: datetime) -> int:
    """Want every order that changed since each Saleor was last asked; answers how many. Nothing while switched off.

    The moment until which orders were seen moves on only once all of them are wanted: a pass that broke off is made
    again. An order that was taken over as it is now is not asked for once more.
    """
    if not is_switched_on():
        return 0
    installed = Installation.objects.defer("token", "webhook_key").filter(state=Installation.State.INSTALLED)
    return sum(_catch_up(installation, now=now) for installation in installed.order_by("pk"))


def changed_orders(
    saleor: Saleor, operation: str, *, since: datetime, page_size: int = ORDERS_A_PAGE
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Pages of the orders that changed since, in the order of their change: one that changes meanwhile comes last.

    Raises as `Saleor.ask`, and `NotUnderstood`.
    """
    after: str | None = None
    while True:
        variables = {"since": since.isoformat(), "first": page_size, "after": after}
        told: Any = saleor.ask(operation, variables).get("orders")
        try:
            yield [edge["node"] for edge in told["edges"]]
            has_more, before, after = told["pageInfo"]["hasNextPage"], after, told["pageInfo"]["endCursor"]
        except (KeyError, TypeError) as error:
            raise NotUnderstood(type(error).__name__) from error
        if not has_more:
            return
        if not after or after == before:
            raise NotUnderstood("a page that leads to itself")


def _catch_up(installation: Installation, *, now: datetime) -> int:
    since = (installation.orders_seen_until or installation.orders_begin_at) - OVERLAP
    wanted = 0
    try:
        with Saleor.of(installation) as saleor:
            for page in changed_orders(saleor, "OrdersChanged", since=since):
                wanted += _want_changed(installation, page, now=now)
    except (SaleorAway, SaleorRefuses, NotUnderstood, UnreadableSecret) as error:
        log.warning("orders of %s could not be asked for: %s", installation.api_url, type(error).__name__)
        return wanted
    Installation.objects.filter(pk=installation.pk).update(orders_seen_until=now)
    return wanted


def _want_changed(installation: Installation, page: Sequence[Mapping[str, Any]], *, now: datetime) -> int:
    try:
        changed = {str(node["id"]): moment(node["updatedAt"]) for node in page}
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(type(error).__name__) from error
    rows = SaleorSale.objects.filter(installation=installation, saleor_id__in=changed)
    taken = dict(rows.values_list("saleor_id", "changed_there_at"))
    missed = [saleor_id for saleor_id, at in changed.items() if taken.get(saleor_id) != at]
    with transaction.atomic():
        for saleor_id in missed:
            want(installation=installation, kind=ToFetch.Kind.ORDER, saleor_id=saleor_id, now=now)
    return len(missed)
