"""Leases: one process at a time may do a thing, and another takes over when it stops renewing."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from marketplace.core.models import Lease


def hold(name: str, *, holder: uuid.UUID, now: datetime, seconds: int) -> bool:
    """Take or renew the lease `name` for `seconds`. Answers whether `holder` has it."""
    expires_at = now + timedelta(seconds=seconds)
    try:
        with transaction.atomic():  # a transaction, so that on SQLite it waits for its turn like other writers
            if Lease.objects.filter(name=name, holder=holder).update(expires_at=expires_at):
                return True
            if Lease.objects.filter(name=name, expires_at__lt=now).update(holder=holder, expires_at=expires_at):
                return True
            _lease, made = Lease.objects.get_or_create(
                name=name, defaults={"holder": holder, "expires_at": expires_at}
            )
    except IntegrityError:
        return False
    return made


def give_up(name: str, *, holder: uuid.UUID) -> None:
    """End the lease if `holder` has it, so that the next process need not wait for its end."""
    with transaction.atomic():
        Lease.objects.filter(name=name, holder=holder).delete()
