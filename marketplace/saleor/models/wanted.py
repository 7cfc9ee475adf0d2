from __future__ import annotations

from django.db import models
from django.db.models import Q

DUE = Q(is_given_up=False)
"""The condition of the index by which rounds find what is due."""


class Wanted(models.Model):
    """What a row has that `rounds.work_off` claims, works off, puts off and gives up."""

    wanted = models.PositiveBigIntegerField(default=1)
    """Raised by every event: a row that was raised while it was being worked off is done once more."""
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    asked_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)
    """Why it did not come to an end, in Vietnamese, for the operator."""
    is_given_up = models.BooleanField(default=False)
    """Tried `ATTEMPTS_MAX` times: a person must look, and `market saleor reconcile` names it."""

    class Meta:
        abstract = True
