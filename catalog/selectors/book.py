"""The stock book, for the shop's own pages."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Stock, StockMovement
from catalog.selectors.visible import ID_MAX
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from vendors.access import require_seller
from vendors.models import Vendor


def stock_for_member(*, actor: Actor, stock_id: int) -> Stock:
    """A stock of one of the actor's shops, with its variant, product and place. Raises `NotFound`."""
    found = None
    if 0 < stock_id <= ID_MAX:
        found = Stock.objects.select_related("variant__product__vendor", "warehouse").filter(pk=stock_id).first()
    if found is None or not actor.may_sell_for(found.variant.product.vendor_id):
        raise NotFound(_("Không tìm thấy."))
    return found


def movements_of_stock(stock: Stock) -> QuerySet[StockMovement]:
    """The lines of one stock, the newest first, with who wrote them."""
    return StockMovement.objects.filter(stock=stock).select_related("actor").order_by("-pk")


def movements_of_vendor(actor: Actor, vendor: Vendor) -> QuerySet[StockMovement]:
    """The whole book of a shop, the newest line first, with goods and places. Raises `NotFound` for others."""
    require_seller(actor, vendor)
    lines = StockMovement.objects.filter(vendor=vendor)
    return lines.select_related("stock__variant__product", "stock__warehouse", "actor").order_by("-pk")
