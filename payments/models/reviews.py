"""What about money waits for a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from payments.models.notices import BankNotice


class ReviewItem(models.Model):
    """Something about money that a person of the vendor must settle. Nothing is ever dropped instead."""

    class Kind(models.TextChoices):
        UNMATCHED = "unmatched"
        """A transfer that could not be booked against an order."""
        REFUND_DUE = "refund_due"
        """An order was paid more than it cost."""
        PARTIAL = "partial"
        """An order was paid less than it cost."""
        DISPUTE = "dispute"
        """A card's holder says that they did not buy this."""

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="review_items")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    notice = models.OneToOneField(
        BankNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="review_item"
    )
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, blank=True)
    amount_vnd = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                name="one_open_review_an_order_and_kind",
                condition=Q(closed_at__isnull=True, order__isnull=False, notice__isnull=True),
            ),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="review_amount_positive"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "-opened_at"], name="review_open", condition=Q(closed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_vnd}"
