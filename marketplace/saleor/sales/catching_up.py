"""Closing gaps: events that a Saleor could not deliver are found by asking what changed since it was last asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from django.db import transaction

from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses
from marketplace.saleor.each import for_each, installed
from marketplace.saleor.fetching import may_be_id, want
from marketplace.saleor.models import Installation, SaleorSale, ToFetch
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.rounds import NotUnderstood
from marketplace.saleor.sales.movements import moment

OVERLAP: Final = timedelta(minutes=10)
"""How long a Saleor's longest transaction may take, so that no change is left between; also how far its clock may be
before ours until one of them is taken for wrong."""
LOOKED_BACK: Final = timedelta(days=7)
"""How far to go back where a clock was wrong, nobody knows since when."""
PASS_S_MAX: Final = 60
"""No page of a Saleor is asked for after so much of its pass: the next pass goes on there."""
ORDERS_A_PAGE: Final = 100
"""Saleor's own maximum."""

log = logging.getLogger("market.saleor")


def catch_up(*, now: datetime) -> int:
    """Want every order that changed since each Saleor was last asked; answers how many. Nothing while switched off.

    The moment until which orders were seen is the Saleor's own, never ours, and moves on only once all of them are
    wanted: a pass that broke off is made again. An order that was taken over as it is now is not asked for once more.
    """
    return for_each(installed(), lambda one: _catch_up(one, now=now)) if is_switched_on() else 0


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
            page = [edge["node"] for edge in told["edges"]]
            has_more, before, after = told["pageInfo"]["hasNextPage"], after, told["pageInfo"]["endCursor"]
        except (KeyError, TypeError) as error:
            raise NotUnderstood(type(error).__name__) from error
        yield page
        if not has_more:
            return
        if not page or not after or after == before:
            raise NotUnderstood("a page that leads nowhere, or to itself")


def _catch_up(installation: Installation, *, now: datetime) -> int:
    late_s = monotonic() + PASS_S_MAX
    wanted = 0
    seen: datetime | None = None
    is_whole = True
    try:
        with Saleor.of(installation) as saleor:
            for page in changed_orders(saleor, "OrdersChanged", since=_since(installation, now=now)):
                changed = _changed(page)
                wanted += _want_changed(installation, changed, now=now)
                seen = _latest(changed, seen, now=now)
                is_whole = monotonic() < late_s
                if not is_whole:
                    log.warning("orders of %s: the pass went on for too long at %s", installation.api_url, seen)
                    break
    except (SaleorAway, SaleorRefuses, NotUnderstood) as error:
        log.warning("orders of %s could not be asked for: %s", installation.api_url, type(error).__name__)
        return wanted
    if seen is not None:
        # What began before and is not committed yet may come late; a pass that broke off must move on all the same.
        seen_until = seen - OVERLAP if is_whole else seen
        Installation.objects.filter(pk=installation.pk).update(orders_seen_until=seen_until)
    return wanted


def _since(installation: Installation, *, now: datetime) -> datetime:
    begin = installation.orders_begin_at - OVERLAP
    seen_until = installation.orders_seen_until or begin
    if seen_until > now + OVERLAP:  # written while our clock was ahead, of orders that were dated so there
        return max(now - LOOKED_BACK, begin)
    return seen_until


def _latest(changed: Mapping[str, datetime], before: datetime | None, *, now: datetime) -> datetime | None:
    """The latest change so far; one of our future is of a wrong clock, and to go on behind it would miss others."""
    told = [at for at in changed.values() if at <= now + OVERLAP]
    return max(told if before is None else [before, *told], default=None)


def _changed(page: Sequence[Mapping[str, Any]]) -> dict[str, datetime]:
    """By the order's id, when it last changed there; what can be no id is left out. Raises `NotUnderstood`."""
    try:
        return {node["id"]: moment(node["updatedAt"]) for node in page if may_be_id(node["id"])}
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(type(error).__name__) from error


def _want_changed(installation: Installation, changed: Mapping[str, datetime], *, now: datetime) -> int:
    rows = SaleorSale.objects.filter(installation=installation, saleor_id__in=changed)
    taken = dict(rows.values_list("saleor_id", "changed_there_at"))
    missed = [saleor_id for saleor_id, at in changed.items() if taken.get(saleor_id) != at]
    with transaction.atomic():
        for saleor_id in missed:
            want(installation=installation, kind=ToFetch.Kind.ORDER, saleor_id=saleor_id, now=now)
    return len(missed)
