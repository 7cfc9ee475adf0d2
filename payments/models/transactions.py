"""Saleor's transactions: items that sum append-only events."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from marketplace.core.models import WithMetadata
from payments.models.notices import BankNotice


class Confirmation(models.TextChoices):
    """Who says that the money came. Only BANK and CARD are called confirmed."""

    BANK = "bank"
    CARD = "card"
    VENDOR = "vendor"
    CASH = "cash"


class TransactionItem(WithMetadata):
    """Saleor's TransactionItem: the money side of one checkout or order by one gateway. Sums its events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    gateway = models.CharField(max_length=40, default="market40.vietqr")
    checkout = models.ForeignKey(
        "orders.Checkout", on_delete=models.SET_NULL, null=True, blank=True, related_name="transactions"
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    payment_code = models.ForeignKey(
        "orders.PaymentCode", on_delete=models.PROTECT, null=True, blank=True, related_name="transactions"
    )
    psp_reference = models.CharField(max_length=64, blank=True)
    idempotency_key = models.CharField(max_length=100, null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_code"],
                name="one_transaction_a_code",
                condition=Q(payment_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TransactionEvent(models.Model):
    """One thing that happened to money. Append-only: a trigger refuses UPDATE and DELETE.

    For a charge or refund, `bank_date`, `commune` and `channel` are what the figures count it under.
    """

    class Type(models.TextChoices):
        """Saleor's TransactionEventTypeEnum, as far as we use it."""

        CHARGE_ACTION_REQUIRED = "charge_action_required"
        CHARGE_SUCCESS = "charge_success"
        CHARGE_REQUEST = "charge_request"
        CHARGE_FAILURE = "charge_failure"
        CHARGE_BACK = "charge_back"
        """The card network took money back: a dispute that the vendor lost, or that still runs."""
        REFUND_REQUEST = "refund_request"
        REFUND_FAILURE = "refund_failure"
        REFUND_SUCCESS = "refund_success"
        INFO = "info"

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(TransactionItem, on_delete=models.PROTECT, related_name="events")
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="transaction_events"
    )
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=24, choices=Type.choices)
    amount_vnd = models.BigIntegerField()
    psp_reference = models.CharField(max_length=120, blank=True)
    confirmation = models.CharField(max_length=6, choices=Confirmation.choices, blank=True)
    notice = models.OneToOneField(BankNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="booking")
    """One bank transaction is booked at most once: the database holds it."""
    message = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    happened_at = models.DateTimeField()
    bank_date = models.DateField()
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_vnd__gte=0), name="event_amount_not_negative"),
            models.CheckConstraint(
                name="money_moves_have_confirmation",
                condition=~Q(type__in=["charge_success", "refund_success"])
                | (Q(order__isnull=False) & ~Q(confirmation="") & Q(amount_vnd__gt=0)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "bank_date", "-id"], name="event_by_vendor_day"),
            models.Index(fields=["commune", "bank_date", "-id"], name="event_by_commune_day"),
            models.Index(fields=["order", "id"], name="event_by_order"),
            # The open page of a shop asks for its newest events every second or so.
            models.Index(fields=["vendor", "-id"], name="event_newest_of_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount_vnd}"
