"""Saleor's transactions: items that sum append-only events."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

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


REFERENCE_CHARACTERS_MAX: Final = 512
MESSAGE_CHARACTERS_MAX: Final = 512
"""As much of both as Saleor keeps of a transaction's event."""
HAND_GATEWAYS: Final = ("market40.cash", "market40.vendor")
"""Gateways of what people mark by hand: cash, and transfers that a vendor saw by themselves."""
BANK_MOVES: Final = ("charge_success", "refund_success")
"""What a bank can say of money; the card network takes it back besides."""
_CARD_MOVES: Final = Q(confirmation="card", type__in=[*BANK_MOVES, "charge_back"])


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
            models.UniqueConstraint(
                fields=["order", "gateway"],
                name="one_hand_transaction_an_order",
                condition=Q(gateway__in=HAND_GATEWAYS, order__isnull=False),
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
    psp_reference = models.CharField(max_length=REFERENCE_CHARACTERS_MAX, blank=True)
    confirmation = models.CharField(max_length=6, choices=Confirmation.choices, blank=True)
    notice = models.OneToOneField(BankNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="booking")
    """One bank transaction is booked at most once: the database holds it."""
    related_granted_refund = models.ForeignKey(
        "payments.GrantedRefund",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="events",
    )
    """The promise that a refund keeps, if there was one."""
    message = models.CharField(max_length=MESSAGE_CHARACTERS_MAX, blank=True)
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
                condition=~Q(type__in=["charge_success", "refund_success", "charge_back"])
                | (Q(order__isnull=False) & ~Q(confirmation="") & Q(amount_vnd__gt=0)),
            ),
            models.CheckConstraint(
                name="event_words_known",
                condition=Q(
                    type__in=[
                        "charge_action_required",
                        "charge_success",
                        "charge_request",
                        "charge_failure",
                        "charge_back",
                        "refund_request",
                        "refund_failure",
                        "refund_success",
                        "info",
                    ],
                    confirmation__in=["", "bank", "card", "vendor", "cash"],
                    channel__in=["online", "stall"],
                ),
            ),
            models.CheckConstraint(
                name="bank_money_has_its_notice",
                condition=Q(notice__isnull=False, confirmation="bank", type__in=BANK_MOVES)
                | (Q(notice__isnull=True) & ~Q(confirmation="bank", type__in=BANK_MOVES)),
            ),
            models.CheckConstraint(name="card_money_has_a_reference", condition=~_CARD_MOVES | ~Q(psp_reference="")),
            models.CheckConstraint(
                name="only_refunds_keep_promises",
                condition=Q(related_granted_refund__isnull=True)
                | Q(type__in=["refund_request", "refund_failure", "refund_success"]),
            ),
            models.UniqueConstraint(
                # Stripe tells of a thing as often as it likes.
                fields=["transaction", "type", "psp_reference"],
                name="card_money_once",
                condition=_CARD_MOVES,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "bank_date", "-id"], name="event_by_vendor_day"),
            models.Index(fields=["commune", "bank_date", "-id"], name="event_by_commune_day"),
            models.Index(fields=["order", "id"], name="event_by_order"),
            models.Index(
                fields=["related_granted_refund"],
                name="event_by_granted_refund",
                condition=Q(related_granted_refund__isnull=False),
            ),
            # The open page of a shop asks for its newest events every second or so.
            models.Index(fields=["vendor", "-id"], name="event_newest_of_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount_vnd}"


MONEY_IN = (TransactionEvent.Type.CHARGE_SUCCESS,)
MONEY_OUT = (TransactionEvent.Type.REFUND_SUCCESS, TransactionEvent.Type.CHARGE_BACK)
"""Given back by the vendor, or taken back by the card network: out of the order's balance either way."""
MONEY_MOVES = MONEY_IN + MONEY_OUT
"""The events that an order's balance is the sum of; the others say what was asked, refused or noted."""
