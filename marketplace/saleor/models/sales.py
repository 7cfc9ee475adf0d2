from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX, Installation
from marketplace.saleor.models.money import SaleorPart
from marketplace.saleor.models.wanted import DUE, Wanted

SALE_PROBLEM_CHARACTERS_MAX = 500


class SaleorSale(models.Model):
    """A Saleor Order with goods of our vendors in it, as it was last taken over; its parts are orders of ours."""

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="sales")
    saleor_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX)
    """`Order:<uuid>`, as base64."""
    number = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, blank=True)
    """Saleor's OrderStatus, in capitals as it says it."""
    total_vnd = models.BigIntegerField(default=0)
    others_vnd = models.BigIntegerField(default=0)
    """Saleor's own goods in it, with their share of delivery and discounts: no part of ours."""
    has_others = models.BooleanField(default=False)
    changed_there_at = models.DateTimeField(null=True, blank=True)
    """Its `updatedAt` as it was last taken over: an older state that arrives later changes nothing, unless this lay
    after `taken_at` and so was no right moment."""
    taken_at = models.DateTimeField()
    problem = models.CharField(max_length=SALE_PROBLEM_CHARACTERS_MAX, blank=True)
    """In which way our parts and Saleor's order differ, in Vietnamese, for the operator; empty while they agree."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "saleor_id"], name="saleor_sale_once"),
            models.CheckConstraint(condition=Q(others_vnd__gte=0, total_vnd__gte=0), name="saleor_sale_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.status})"


class SaleorMovement(models.Model):
    """Money of a sale that moved outside our gateway, as Saleor says: booked once, on the word of whoever told it.

    Its charges and refunds of our parts, and `others_vnd`, add up to it.
    """

    id = models.BigAutoField(primary_key=True)
    sale = models.ForeignKey(SaleorSale, on_delete=models.PROTECT, related_name="movements")
    digest = models.CharField(max_length=64)
    """SHA-256, in hex, of Saleor's transaction or payment, the kind of event, and its reference or id."""
    is_refund = models.BooleanField()
    amount_vnd = models.BigIntegerField()
    others_vnd = models.BigIntegerField(default=0)
    """What of it falls on Saleor's own goods."""
    happened_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sale", "digest"], name="saleor_movement_once"),
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0, others_vnd__gte=0, others_vnd__lte=models.F("amount_vnd")),
                name="saleor_movement_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{'-' if self.is_refund else '+'}{self.amount_vnd} of {self.sale_id}"


class SaleorMovementShare(models.Model):
    """What of such a movement is one vendor's: an event of ours that came from Saleor and is never told to it."""

    id = models.BigAutoField(primary_key=True)
    movement = models.ForeignKey(SaleorMovement, on_delete=models.PROTECT, related_name="shares")
    event = models.OneToOneField(
        "payments.TransactionEvent", on_delete=models.PROTECT, related_name="saleor_movement_share"
    )

    def __str__(self) -> str:
        return f"{self.event_id} of {self.movement_id}"


class ToTell(Wanted):
    """What a vendor did with their part of a sale and its Saleor is to know: handed it over, or called it off.

    One row a part and kind. What Saleor knows already is asked first, so that nothing is said twice.
    """

    class Kind(models.TextChoices):
        FULFILLED = "fulfilled"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="to_tell")
    part = models.ForeignKey(SaleorPart, on_delete=models.PROTECT, related_name="to_tell")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "kind"], name="saleor_telling_once_a_part"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="saleor_telling_due", condition=DUE),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.part_id}"
