"""What happened to a shop, written into the journal."""

from __future__ import annotations

from datetime import datetime

from marketplace.core import journal
from marketplace.core.actors import Actor
from vendors.models import Vendor


def record_vendor(kind: str, vendor: Vendor, *, actor: Actor, now: datetime, **more: int | str) -> None:
    """Write an event of this shop: its id, its commune and `more`."""
    journal.record(
        kind=kind,
        aggregate_type="vendor",
        aggregate_id=vendor.pk,
        actor=actor,
        now=now,
        data={"vendor": vendor.pk, "commune": vendor.commune_id, **more},
    )
