"""What the desk of a shop works through: orders to pack, orders that wait to be sent or fetched, and their slips."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q

from marketplace.core.actors import Actor
from marketplace.orders.checks import is_row_id
from marketplace.orders.models import Order
from marketplace.orders.selectors.orders import whole_orders
from marketplace.orders.selectors.stages import AT_STAGE, PAID_AND_OPEN, Stage
from vendors.access import require_seller
from vendors.models import Vendor

SLIPS_MAX = 50
"""How many slips are printed at a time."""


def stage_counts(*, actor: Actor, vendor: Vendor) -> dict[Stage, int]:
    """How many orders of the shop are at each stage of the desk; one statement. Raises `NotFound` for a stranger."""
    require_seller(actor, vendor)
    counted = Order.objects.filter(PAID_AND_OPEN, vendor=vendor).aggregate(
        **{stage.value: Count("pk", filter=at_stage) for stage, at_stage in AT_STAGE.items()}
    )
    return {stage: counted[stage.value] for stage in Stage}


def orders_for_slips(
    *, actor: Actor, vendor: Vendor, stage: Stage = Stage.TO_PACK, only: Collection[int] = ()
) -> list[Order]:
    """The shop's paid orders that slips are printed for, the one that waits longest first; at most `SLIPS_MAX`.

    Those at a stage, or of those named in `only` each that is paid and not yet handed over. Raises `NotFound` for a
    stranger.
    """
    require_seller(actor, vendor)
    numbers = {number for number in only if is_row_id(number)}
    wanted = PAID_AND_OPEN & Q(pk__in=numbers) if only else AT_STAGE[stage]
    return list(whole_orders().filter(wanted, vendor=vendor).order_by("placed_at", "pk")[:SLIPS_MAX])
