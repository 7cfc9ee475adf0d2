"""What may be asked about stock. Nothing is locked: what counts is the check when an order is placed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Sum

from catalog.models import Stock
from marketplace.core.statements import Among, Given, Kept
from marketplace.orders.models import Checkout, Reservation

_FREE: Kept[tuple[int, int]] = Kept(
    lambda: (
        Stock.objects.filter(Among("variant_id", Given("variants")), warehouse__is_active=True)
        .values_list("variant_id")
        .annotate(free=Sum(F("quantity") - F("allocated") - F("reserved")))
    )
)


def left_by_variant(variant_ids: Iterable[int]) -> dict[int, int]:
    """How many of each variant a new buyer can still get at the shop's active places; one statement."""
    wanted = set(variant_ids)
    free = dict(_FREE.all(variants=sorted(wanted)))
    return {variant_id: free.get(variant_id, 0) for variant_id in wanted}


def left_for(checkout: Checkout, variant_ids: Iterable[int]) -> dict[int, int]:
    """How many of each variant this checkout's buyer can still get, their own hold included; two statements."""
    left = left_by_variant(variant_ids)
    if checkout.reserved_until is not None:
        held = Reservation.objects.filter(checkout_line__checkout=checkout, stock__variant_id__in=left)
        for variant_id, quantity in held.values_list("stock__variant_id", "quantity"):
            left[variant_id] += quantity
    return left
