"""What our things are called at a Saleor, so that a lost mapping is found again.

Products and variants are called by the market as well as by their number: what another market, or an earlier one of
the same operator, left at a Saleor has the same numbers and is somebody else's (decision 0049).
"""

from __future__ import annotations

import uuid
from typing import Final

PREFIX: Final = "market40"
ID_DIGITS_MAX: Final = 18
"""Our numbers are at most 2^63 - 1; none comes near."""
PAGE_SLUG_PREFIX: Final = "gian-hang-"
"""Pages have no external reference: a shop's page is known by its slug, and our shops keep theirs for life."""


def shared_reference(kind: str, key: object) -> str:
    """The external reference of what every market shares there: `market40:attribute:vendor`."""
    return f"{PREFIX}:{kind}:{key}"


def reference(market: uuid.UUID, kind: str, our_id: object) -> str:
    """The external reference of one of our things: `market40:<market, 32 hex digits>:product:12`."""
    return f"{PREFIX}:{market.hex}:{kind}:{our_id}"


def our_id_of(market: uuid.UUID, kind: str, told: str | None) -> str | None:
    """Our id out of an external reference of that kind; None for anything else, and for another market's.

    Staff there may write into these what they like.
    """
    start = reference(market, kind, "")
    our_id = told.removeprefix(start) if told and told.startswith(start) else ""
    return our_id if our_id.isascii() and our_id.isdigit() and len(our_id) <= ID_DIGITS_MAX else None


def page_slug(vendor_slug: str) -> str:
    """The slug of a shop's page."""
    return PAGE_SLUG_PREFIX + vendor_slug


def sku_there(vendor_id: int, sku: str | None) -> str | None:
    """A shop's own code as Saleor may keep it: there it is unique over all shops, so that the shop's number leads."""
    return f"S{vendor_id}-{sku}" if sku else None
