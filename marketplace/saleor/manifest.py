"""What a Saleor reads before it installs this market: who we are, what we may, what we want to hear, what opens.

Saleor reads it again when the installation is retried, so that it holds no secret and says the same to everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.saleor.client import subscription
from marketplace.saleor.events import ASYNC_EVENTS, SYNC_EVENTS
from marketplace.saleor.identity import APP_IDENTIFIER, APP_NAME, PERMISSIONS, VERSION

REQUIRED_SALEOR: Final = "^3.24.0-0"
"""An npm range: 3.24 with its pre-releases, which Saleor compares in their natural order, and what follows in 3."""
ABOUT: Final = (
    "Chợ 4.0 brings Vietnam's communes into Saleor: vendors with their own goods and orders, payment by VietQR "
    "straight into each vendor's bank account with transfers confirmed by the bank, OCOP certificates, and figures "
    "for the commune."
)
EXTENSIONS: Final = (
    ("vendors", _("Nhà bán hàng (Chợ 4.0)"), "NAVIGATION_CATALOG", "commune_vendors", "MANAGE_PRODUCTS"),
    ("figures", _("Số liệu xã (Chợ 4.0)"), "NAVIGATION_ORDERS", "commune_figures", "MANAGE_ORDERS"),
    ("selling", _("Gian hàng (Chợ 4.0)"), "ORDER_OVERVIEW_MORE_ACTIONS", "sell_orders", "MANAGE_ORDERS"),
)
"""Identifier, label, mount of the Dashboard, page of ours, whom the Dashboard shows it to.

They open in a tab of their own: our pages are signed in to here, and no other site may frame them.
"""


def manifest() -> dict[str, Any]:
    """The manifest, in the shape of Saleor 3.24's `saleor/app/manifest_schema.py`."""
    return {
        "id": APP_IDENTIFIER,
        "name": APP_NAME,
        "version": VERSION,
        "about": ABOUT,
        "author": APP_NAME,
        "permissions": list(PERMISSIONS),
        "requiredSaleorVersion": REQUIRED_SALEOR,
        "appUrl": at("saleor-home"),
        "tokenTargetUrl": at("saleor-register"),
        "homepageUrl": at("home"),
        "supportUrl": at("saleor-home"),
        "dataPrivacyUrl": at("legal_texts"),
        "brand": {"logo": {"default": at("saleor-logo")}},
        "extensions": [
            {
                "identifier": identifier,
                "label": str(label),
                "mount": mount,
                "target": "NEW_TAB",
                "permissions": [permission],
                "url": at(page),
                "options": {"newTabTarget": {"method": "GET"}},
            }
            for identifier, label, mount, page, permission in EXTENSIONS
        ],
        "webhooks": list(webhooks()),
    }


def webhooks() -> Iterator[dict[str, Any]]:
    """One webhook an event, all to one address, in alphabetical order of their events."""
    for event in sorted([*SYNC_EVENTS, *ASYNC_EVENTS]):
        named = [event.upper()]
        yield {
            "identifier": event,
            "name": event,
            "targetUrl": at("saleor-webhooks"),
            "query": subscription(event),
            "isActive": True,
            "syncEvents": named if event in SYNC_EVENTS else [],
            "asyncEvents": named if event in ASYNC_EVENTS else [],
        }


def at(page: str) -> str:
    """The whole address of a page of ours."""
    return f"{settings.MARKET_PUBLIC_URL}{reverse(page)}"
