from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX, Installation
from marketplace.saleor.models.wanted import DUE, Wanted


class WebhookReceipt(models.Model):
    """One authentic webhook, known by the digest of its event and raw body: sent again, it has no second effect.

    The signature carries neither time nor nonce, so that this is what makes a replay harmless; every subscription of
    ours asks `issuedAt`, so that two true events never have one body.
    """

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="receipts")
    digest = models.CharField(max_length=64)
    """SHA-256, in hex, of the event's name, a line feed and the raw body."""
    event = models.CharField(max_length=80)
    """Saleor's name, lower case: `transaction_initialize_session`."""
    answer = models.JSONField(null=True, blank=True)
    """What a synchronous webhook was answered: sent again, it gets the same."""
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "digest"], name="saleor_webhook_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["received_at"], name="saleor_webhook_by_age")]

    def __str__(self) -> str:
        return f"{self.event} {self.digest[:12]}"


class ToFetch(Wanted):
    """Something at a Saleor that changed and is to be asked for: webhooks and the catch-up both only write this.

    One row a thing, so that a hundred events are one question; what it became is asked from Saleor itself, so that
    neither order nor repetition of events matters.
    """

    class Kind(models.TextChoices):
        ORDER = "order"
        TRANSACTION = "transaction"

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="to_fetch")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    saleor_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "kind", "saleor_id"], name="saleor_fetch_once_a_thing"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="saleor_fetch_due", condition=DUE),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.saleor_id}"
