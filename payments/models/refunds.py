"""Refunds that a vendor promised: Saleor's granted refunds."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

REASON_CHARACTERS_MAX: Final = 200


class GrantedRefund(models.Model):
    """Saleor's OrderGrantedRefund: money that the vendor owes a buyer, until an event says that it went back.

    The market moves none of it: the vendor pays, and the REFUND_SUCCESS events that carry this row say how.
    """

    class Status(models.TextChoices):
        """Saleor's OrderGrantedRefundStatusEnum without its PENDING: a person gives the money back in one step."""

        NONE = "none"
        """Promised, and nothing done yet."""
        SUCCESS = "success"
        """Its events add up to its amount."""
        FAILURE = "failure"
        """The vendor took the promise back."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="granted_refunds")
    amount_vnd = models.BigIntegerField()
    reason = models.CharField(max_length=REASON_CHARACTERS_MAX, blank=True)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.NONE)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="granted_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["none", "success", "failure"]), name="granted_status_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["order", "id"], name="granted_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_vnd} of order {self.order_id} ({self.status})"

    @property
    def is_open(self) -> bool:
        """Whether the money still has to go back."""
        return self.status == self.Status.NONE
