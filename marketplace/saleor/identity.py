"""Who this market is as an App of a Saleor, and what it may do there: the least that its parts need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from payments.services.moving import VIETQR_GATEWAY

APP_IDENTIFIER: Final = VIETQR_GATEWAY
"""Saleor takes an App's identifier for the id of its payment gateway."""
APP_NAME: Final = "Chợ 4.0"
VERSION: Final = "0.1.0"
"""The package's (a test compares it with pyproject.toml: a market may run from a folder without being installed)."""
PERMISSIONS: Final[Mapping[str, str]] = {
    "HANDLE_PAYMENTS": "the payment gateway: its six webhooks, and the reports of what the banks told",
    "MANAGE_ORDERS": "orders and fulfilments that change there, read back; goods handed over here, fulfilled there",
    "MANAGE_PAGES": "a page for each shop",
    "MANAGE_PAGE_TYPES_AND_ATTRIBUTES": "the page type of shops, and the attributes that point to them",
    "MANAGE_PRODUCTS": "the shops' goods, their prices, stock and pictures, in both directions",
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES": "the product type of the goods: OCOP set, stars, certificate, origin",
}
"""Saleor's name -> why. The manifest asks for exactly these, and joining is refused where one was not granted."""


def missing(granted: Collection[str]) -> list[str]:
    """The permissions that are needed and were not granted, in the order of `PERMISSIONS`."""
    return [name for name in PERMISSIONS if name not in granted]
