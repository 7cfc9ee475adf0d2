"""A kind of a product with what lies where, in one step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from catalog.models import Product, ProductVariant
from catalog.services.stock_levels import set_stocks
from catalog.services.variants import add_variant
from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from vendors.access import require_seller


def add_variant_with_stocks(
    *,
    actor: Actor,
    product: Product,
    name: str,
    unit: str,
    price_vnd: int,
    stocks: Sequence[tuple[int, int]],
    now: datetime,
    sku: str = "",
    client_id: uuid.UUID | None = None,
) -> ProductVariant:
    """As `add_variant`, and how many lie at which of the shop's places.

    The same `client_id` again answers the same kind. Raises what both services raise, and `SameIdOtherContent`.
    """
    require_seller(actor, product.vendor)

    def work() -> str:
        variant = add_variant(
            actor=actor, product=product, name=name, unit=unit, price_vnd=price_vnd, sku=sku, now=now
        )
        set_stocks(actor=actor, variant=variant, stocks=stocks, now=now)
        return str(variant.pk)

    said = {"product": product.pk, "name": name, "unit": unit, "price_vnd": price_vnd, "sku": sku}
    answer = once(
        work,
        action="catalog.add_variant",
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked=said | {"stocks": list(stocks)},
        now=now,
    )
    return ProductVariant.objects.select_related("product__vendor").get(pk=int(answer))
