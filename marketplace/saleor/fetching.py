"""What changed at a Saleor is written down at once, and asked for by a task: neither order, repetition nor an outage
of either side matters, since what is taken over is the thing's present state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeGuard

from marketplace.saleor.client import Saleor
from marketplace.saleor.models import Installation, ToFetch
from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.rounds import ROWS_A_ROUND_MAX, Finish, raise_wanted, work_off


@dataclass(frozen=True, slots=True)
class Taker:
    """How a kind of thing is fetched: our document that asks for it by `id`, and who takes over what it answers.

    `take` is given the installation, Saleor's id, the answer's `data` and the moment. It runs in a transaction, may
    run again with the same or a later state, and raises a `MarketError` with a sentence for what cannot be taken.
    """

    operation: str
    take: Callable[[Installation, str, Mapping[str, Any], datetime], None]


def may_be_id(told: object) -> TypeGuard[str]:
    """Whether this could be an id of Saleor's, and stand in a row: base64 of `Type:pk`, as far as it is looked at."""
    if not isinstance(told, str):
        return False
    return 0 < len(told) <= SALEOR_ID_CHARACTERS_MAX and told.isascii() and told.isprintable()


def want(*, installation: Installation, kind: ToFetch.Kind, saleor_id: str, now: datetime) -> None:
    """Write down that a thing at a Saleor changed and is to be asked for; one statement, in any transaction.

    However often it is wanted, it is one row, asked for once; wanted while it is being fetched, once more. One that
    was given up is tried anew, since it is another thing now.
    """
    key: dict[str, int | str] = {"installation_id": installation.pk, "kind": str(kind), "saleor_id": saleor_id}
    raise_wanted(ToFetch, key, now=now)


def fetch_due(*, takers: Mapping[ToFetch.Kind, Taker], now: datetime, at_most: int = ROWS_A_ROUND_MAX) -> int:
    """Ask for what is wanted and take it over, at most so many things; answers how many. Nothing while switched off.

    Saleor is asked outside a transaction; taking over is one, with the row's end.
    """
    if not is_switched_on():
        return 0

    def do(row: ToFetch) -> Finish:
        taker = takers[ToFetch.Kind(row.kind)]
        with Saleor.of(row.installation) as saleor:
            told = saleor.ask(taker.operation, {"id": row.saleor_id})
        return partial(taker.take, row.installation, row.saleor_id, told, now)

    return work_off(ToFetch, do, now=now, at_most=at_most)
