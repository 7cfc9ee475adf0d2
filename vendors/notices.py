"""What a shop was told and has read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from marketplace.core.actors import Actor
from vendors.access import require_owner
from vendors.models import SeenNotice, Vendor
from vendors.recording import record_vendor


def mark_seen(*, actor: Actor, vendor: Vendor, subject: str, now: datetime) -> None:
    """The owner has read it: it is not told again. Read already: nothing more happens.

    Raises `NotFound`, `NotAllowed`.
    """
    require_owner(actor, vendor)
    with transaction.atomic():
        _notice, made = SeenNotice.objects.get_or_create(
            vendor=vendor, subject=subject, defaults={"seen_by_id": actor.user_id, "seen_at": now}
        )
        if made:
            record_vendor("vendor.notice_seen", vendor, actor=actor, now=now, subject=subject)


def is_seen(vendor: Vendor, subject: str) -> bool:
    """Whether the shop's owner has read it."""
    return SeenNotice.objects.filter(vendor=vendor, subject=subject).exists()
