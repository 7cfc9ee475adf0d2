"""Goods that another shop system sells from the same shelf: what it took off, and how a product fares there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import ListingElsewhere, Product, Stock, StockMovement
from catalog.services.changes import journal_product, keep_changed, lock_product
from catalog.services.movements import Moved, write_movements
from marketplace.core.actors import SYSTEM

_KIND = StockMovement.Kind


def take_sold_elsewhere(*, product_id: int, variant_id: int, quantity: int, place: str, now: datetime) -> int:
    """Take what was sold at `place` off the variant's free stock, the place made first first.

    What is allocated or held here is not touched: it is promised to others. Returns how many were taken; fewer than
    `quantity` means that some were sold twice. In one transaction, with its lines in the stock book.
    """
    with transaction.atomic():
        product = lock_product(product_id)
        moved = []
        left = quantity
        for stock in _locked(variant_id):
            part = min(left, stock.available)
            if part > 0:
                stock.quantity -= part
                left -= part
                moved.append(Moved(stock, _KIND.SOLD_ELSEWHERE, -part, note=place))
        _keep(product, moved, variant_id=variant_id, now=now)
    return quantity - left


def bring_back_from_elsewhere(*, product_id: int, variant_id: int, quantity: int, place: str, now: datetime) -> bool:
    """Put back what `place` had sold and then cancelled, at the shop's first place. Whether there is such a place."""
    with transaction.atomic():
        product = lock_product(product_id)
        stock = next(iter(_locked(variant_id)), None)
        if stock is None:
            return False
        stock.quantity += quantity
        _keep(
            product, [Moved(stock, _KIND.RETURNED, quantity, note=place)], variant_id=variant_id, now=now
        )  # fmt: skip
    return True


def tell_elsewhere(
    *, product_ids: list[int], place: str, state: ListingElsewhere.State, problem: str, now: datetime
) -> None:
    """Write down how these products fare at `place`; one statement, and nothing where it is so already."""
    same = ListingElsewhere.objects.filter(product_id__in=product_ids, place=place, state=state, problem=problem)
    known = set(same.values_list("product_id", flat=True))
    ListingElsewhere.objects.bulk_create(
        [
            ListingElsewhere(product_id=one, place=place, state=state, problem=problem, changed_at=now)
            for one in product_ids
            if one not in known
        ],
        update_conflicts=True,
        unique_fields=["product", "place"],
        update_fields=["state", "problem", "changed_at"],
    )


def forget_elsewhere(*, place: str) -> int:
    """Forget how products fare at a place that the market left. Returns how many."""
    with transaction.atomic():
        return ListingElsewhere.objects.filter(place=place).delete()[0]


def _locked(variant_id: int) -> list[Stock]:
    own = Stock.objects.select_for_update().filter(variant_id=variant_id, warehouse__is_active=True)
    return list(own.order_by("pk"))


def _keep(product: Product, moved: list[Moved], *, variant_id: int, now: datetime) -> None:
    for one in moved:
        one.stock.save(update_fields=["quantity"])
    if moved:
        write_movements(moved, vendor_id=product.vendor_id, actor=SYSTEM, now=now)
        keep_changed(product, now=now)
        change = sum(one.change for one in moved)
        journal_product(product, "stock.moved", actor=SYSTEM, now=now, variant=variant_id, change=change)
