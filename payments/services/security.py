"""Counting what an attack would look like. Nothing of what was sent is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from marketplace.core.clock import vietnam_date
from marketplace.core.models import SecurityCounter

NOT_AUTHENTIC: Final = "notice_not_authentic"
CONTRADICTS: Final = "notice_contradicts_first"
"""An id came again with another amount, direction or account: a provider's fault, or somebody knows a secret."""


def count_security_event(kind: str, *, subject: str, now: datetime) -> None:
    """Add one to the day's count of `kind` at `subject`, which names a thing of ours and never a person."""
    today = SecurityCounter.objects.filter(kind=kind, subject=subject, day=vietnam_date(now))
    with transaction.atomic():
        if today.update(count=F("count") + 1):
            return
        try:
            with transaction.atomic():
                SecurityCounter.objects.create(kind=kind, subject=subject, day=vietnam_date(now), count=1)
        except IntegrityError:  # another request began the day in the same instant
            today.update(count=F("count") + 1)
