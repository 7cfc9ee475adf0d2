"""What about money waits for a person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from payments.models.notices import BankNotice
from payments.models.transactions import Confirmation


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

    class Outcome(models.TextChoices):
        """What became of it."""

        BOOKED = "booked"
        """A person named the order, and the money was booked on it."""
        REFUNDED = "refunded"
        """The vendor gave the money back. It was never booked, so no order's balance says so: this row does."""
        SET_ASIDE = "set_aside"
        """A person said why it is no order's money. This, REFUNDED and REPEAT can be taken up again."""
        REPEAT = "repeat"
        """A person said that an earlier notice told of this very transfer; the notice is linked to that one."""
        SETTLED = "settled"
        """It settled by itself: the rest was paid, or what was too much went back."""

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
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    """Empty while it waits."""
    refund_method = models.CharField(max_length=6, choices=Confirmation.choices, blank=True)
    """How refunded money went back, all of `amount_vnd`: by transfer (VENDOR) or in CASH."""
    resolution = models.CharField(max_length=200, blank=True)
    """A person's own words, or a `payments.reasons.Resolution`."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                name="one_open_review_an_order_and_kind",
                condition=Q(closed_at__isnull=True, order__isnull=False, notice__isnull=True),
            ),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="review_amount_positive"),
            models.CheckConstraint(
                name="review_closed_has_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="review_refunded_has_method",
                condition=Q(outcome="refunded", refund_method__in=["vendor", "cash"])
                | (~Q(outcome="refunded") & Q(refund_method="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "-opened_at"], name="review_open", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["vendor", "-closed_at"],
                name="review_without_order",
                condition=Q(outcome__in=["set_aside", "refunded", "repeat"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_vnd}"
