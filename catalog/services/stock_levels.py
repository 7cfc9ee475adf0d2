"""How many of a variant lie at several places at once: all of what is said, or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant, Stock
from catalog.services.changes import lock_product
from catalog.services.variants import set_stock
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, MarketError, NotFound
from vendors.models import Warehouse

PLACES_AT_ONCE_MAX = 100


class RefusedRow(InvalidInput):
    """One of several rows was refused, and with it all of them; `index` says which, from 0."""

    def __init__(self, reason: MarketError, *, index: int) -> None:
        super().__init__(reason.message, field=reason.field, code=reason.code, subjects=reason.subjects)
        self.index = index


class TooManyPlaces(InvalidInput):
    """More places than a shop has."""


def set_stocks(*, actor: Actor, variant: ProductVariant, stocks: Sequence[tuple[int, int]], now: datetime) -> None:
    """Say how many of a variant lie at places of its shop: pairs of a place's key and a quantity.

    Raises `NotFound` for strangers, `TooManyPlaces`, and `RefusedRow` for the first row that `set_stock` refuses, or
    whose place is none of the shop's.
    """
    if len(stocks) > PLACES_AT_ONCE_MAX:
        raise TooManyPlaces(_("Mỗi lần chỉ ghi được 100 nơi để hàng."), field="stocks")
    own = {one.pk: one for one in Warehouse.objects.filter(vendor=variant.vendor_id)}
    with transaction.atomic():
        lock_product(variant.product_id)
        # As orders lock them, whatever the order of the rows: two that go different ways would wait for each other.
        list(Stock.objects.filter(variant=variant).select_for_update(no_key=True).order_by("pk").values_list("pk"))
        for index, (warehouse_id, quantity) in enumerate(stocks):
            try:
                if warehouse_id not in own:
                    raise NotFound(_("Không tìm thấy nơi để hàng này."), field="warehouse")
                set_stock(actor=actor, variant=variant, warehouse=own[warehouse_id], quantity=quantity, now=now)
            except MarketError as refusal:
                raise RefusedRow(refusal, index=index) from refusal
