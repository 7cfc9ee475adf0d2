"""How much can still be sold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db.models import F, QuerySet, Sum

from catalog.models import Product, Stock
from marketplace.core.statements import Among, Given, Kept

FREE: Final = Sum(F("quantity") - F("allocated") - F("reserved"))
"""What a new buyer can still get, summed over the stocks of a variant: quantity less allocated less reserved."""
_LYING: Kept[Stock] = Kept(
    lambda: Stock.objects.filter(Among("variant_id", Given("variants")), warehouse__is_active=True)
)


def available_quantity(variant_ids: Collection[int]) -> dict[int, int]:
    """What a new buyer can still get of each variant, over all places in use; 0 where nothing lies.

    Quantity less allocated less reserved. One statement, answers every id it was asked.
    """
    left = dict.fromkeys(variant_ids, 0)
    for stock in _LYING.all(variants=list(variant_ids)) if variant_ids else ():
        left[stock.variant_id] += stock.available
    return left


def stocks_of(product: Product) -> QuerySet[Stock]:
    """The stock of every variant at every place, for the shop's own pages."""
    return (
        Stock.objects.filter(variant__product=product)
        .select_related("variant", "warehouse")
        .order_by("variant__position", "variant_id", "warehouse_id")
    )


def quantity_by_variant(variant_ids: Collection[int]) -> dict[int, int]:
    """How many of each variant lie in the shop, those sold and not handed over included; one statement."""
    rows = Stock.objects.filter(variant_id__in=variant_ids).order_by().values_list("variant_id")
    return dict(rows.annotate(lying=Sum("quantity")))
