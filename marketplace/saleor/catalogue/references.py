"""What our things are called at a Saleor, so that a lost mapping is found again."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "market40"
PAGE_SLUG_PREFIX: Final = "gian-hang-"
"""Pages have no external reference: a shop's page is known by its slug, and our shops keep theirs for life."""


def reference(kind: str, our_id: object) -> str:
    """The external reference of one of our things: `market40:product:12`."""
    return f"{PREFIX}:{kind}:{our_id}"


def our_id_of(kind: str, told: str | None) -> str | None:
    """Our id out of an external reference of that kind; None for anything else."""
    start = f"{PREFIX}:{kind}:"
    return told.removeprefix(start) if told and told.startswith(start) else None


def page_slug(vendor_slug: str) -> str:
    """The slug of a shop's page."""
    return PAGE_SLUG_PREFIX + vendor_slug


def sku_there(vendor_id: int, sku: str | None) -> str | None:
    """A shop's own code as Saleor may keep it: there it is unique over all shops, so that the shop's number leads."""
    return f"S{vendor_id}-{sku}" if sku else None
