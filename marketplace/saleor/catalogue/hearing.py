"""What a Saleor says of our goods: each only makes the thing due to be looked after.

What the market itself did there is told as well, and let go: a first sync of thousands would otherwise be read back
product by product.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.due import mark_there
from marketplace.saleor.models import Installation, SaleorObject

Kind = SaleorObject.Kind


def product_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """A product was changed, shown, hidden or deleted there."""
    _mark(installation, Kind.PRODUCT, event, event.get("product"), now=now)


def variant_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """A variant was changed or deleted there: its product is looked after as a whole."""
    variant = event.get("productVariant")
    _mark(
        installation, Kind.PRODUCT, event, variant.get("product") if isinstance(variant, Mapping) else None, now=now
    )


def stock_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """Another number of a variant is counted there, it ran out, or it is there again; also by a sale."""
    _mark(installation, Kind.VARIANT, event, event.get("productVariant"), now=now)


def page_changed(installation: Installation, event: Mapping[str, Any], now: datetime) -> None:
    """A shop's page was changed or deleted there: it is said again whole, or made again."""
    told = event.get("page")
    if not _is_own(installation, event) and isinstance(told, Mapping):
        own = SaleorObject.objects.filter(installation=installation, kind=Kind.VENDOR, saleor_id=str(told.get("id")))
        things.want(own, now=now, said="")


def _mark(
    installation: Installation, kind: SaleorObject.Kind, event: Mapping[str, Any], told: object, *, now: datetime
) -> None:
    saleor_id = told.get("id") if isinstance(told, Mapping) else None
    if isinstance(saleor_id, str) and not _is_own(installation, event):
        mark_there(installation, kind, [saleor_id], now=now)


def _is_own(installation: Installation, event: Mapping[str, Any]) -> bool:
    """Whether the market itself did it: Saleor names who caused an event."""
    by = event.get("issuingPrincipal")
    return isinstance(by, Mapping) and bool(installation.app_id) and by.get("id") == installation.app_id
