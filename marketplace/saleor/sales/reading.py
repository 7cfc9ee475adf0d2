"""A Saleor order as its answer to `operations/Order.graphql` says it, in our own words and whole đồng.

What is not as the schema promises raises `NotUnderstood`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marketplace.saleor.money import vnd_of
from marketplace.saleor.rounds import NotUnderstood
from marketplace.saleor.sales.movements import Movement, moment, movements_of, signed_vnd_of
from marketplace.saleor.sources import SourceSale, sale_of

DRAFT: Final = "DRAFT"
ENDED: Final = frozenset({"CANCELED", "EXPIRED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """The order as it is now: money in đồng, moments with their zone."""

    sale: SourceSale
    status: str
    """Saleor's OrderStatus, in capitals."""
    changed_at: datetime
    charged_vnd: int
    """What was charged less what was given back, over all its transactions and payments. What was only asked back,
    which Saleor takes out of its own sum at once, is in it."""
    fulfilled: Mapping[str, int]
    """How many of each line were handed over there, by the line's id."""
    called: Mapping[str, str]
    """External references of its lines' variants that have one, by the variant's id: ours name what is ours."""
    transaction_ids: Sequence[str]
    movements: Sequence[Movement]

    @property
    def is_ended(self) -> bool:
        """Whether it was called off or ran out of time there."""
        return self.status in ENDED


def read_order(told: Mapping[str, Any]) -> Sold:
    """The order out of the answer's `order`, which is priced in đồng. Raises `NotUnderstood`."""
    try:
        return Sold(
            sale=sale_of(told),
            status=str(told["status"]),
            changed_at=moment(told["updatedAt"]),
            charged_vnd=signed_vnd_of(told["totalCharged"]["amount"])
            + sum(vnd_of(one["refundPendingAmount"]["amount"]) for one in told["transactions"]),
            fulfilled={line["id"]: int(line["quantityFulfilled"]) for line in told["lines"]},
            called=_called(told["lines"]),
            transaction_ids=tuple(one["id"] for one in told["transactions"]),
            movements=movements_of(told["transactions"], told["payments"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotUnderstood(f"{type(error).__name__}: {error}") from error


def _called(lines: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    variants = [line["variant"] for line in lines if line["variant"]]
    return {one["id"]: str(one["externalReference"]) for one in variants if one["externalReference"]}
