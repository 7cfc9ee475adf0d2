"""The stages of a paid order on its shop's desk: to be packed, then to be sent or fetched."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from marketplace.orders.models import Order


class Stage(StrEnum):
    """How far a paid order is on the desk."""

    TO_PACK = "to_pack"
    PACKED = "packed"


PAID_AND_OPEN = Q(
    status__in=[Order.Status.UNFULFILLED, Order.Status.PARTIALLY_FULFILLED],
    charge_status__in=[Order.ChargeStatus.FULL, Order.ChargeStatus.OVERCHARGED],
)
AT_STAGE = {
    Stage.TO_PACK: PAID_AND_OPEN & Q(packed_at__isnull=True),
    Stage.PACKED: PAID_AND_OPEN & Q(packed_at__isnull=False),
}
