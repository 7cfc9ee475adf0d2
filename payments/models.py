"""Feeds of bank notices, the notices themselves, transactions and what waits for a person."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from marketplace.core.models import WithMetadata
from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from marketplace.core.secrets import EncryptedTextField

TX_ID_CHARACTERS_MAX = 100
ACCOUNT_CHARACTERS_MAX = 40
CODE_HINT_CHARACTERS_MAX = 60
BANK_REFERENCE_CHARACTERS_MAX = 100


class Confirmation(models.TextChoices):
    """Who says that the money came. Only BANK and CARD are called confirmed."""

    BANK = "bank"
    CARD = "card"
    VENDOR = "vendor"
    CASH = "cash"


class Feed(models.Model):
    """Where notices about one vendor's (or one market site's shared) accounts come from, and their secret.

    A secret that is being replaced stays valid until `previous_secret_until`.
    """

    class Provider(models.TextChoices):
        SEPAY = "sepay"
        CASSO = "casso"
        PAYOS = "payos"
        VIETQRVN = "vietqrvn"

    class Auth(models.TextChoices):
        HMAC = "hmac"
        API_KEY = "api_key"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.CharField(max_length=10, choices=Provider.choices)
    auth = models.CharField(max_length=8, choices=Auth.choices, default=Auth.HMAC)
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    market_site = models.ForeignKey(
        "places.MarketSite", on_delete=models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    last_notice_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="feed_belongs_to_one",
                condition=Q(vendor__isnull=False, market_site__isnull=True)
                | Q(vendor__isnull=True, market_site__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class NoticeDelivery(models.Model):
    """One authentic HTTP body as it came, holding one or more notices.

    `raw_body` may be erased after the retention period; the rest never changes.
    """

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="deliveries")
    received_at = models.DateTimeField()
    raw_body = models.BinaryField(null=True)
    body_sha256 = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="notice_delivery_by_age", condition=Q(raw_body__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id} {self.received_at:%Y-%m-%d %H:%M:%S}"


class BankNotice(models.Model):
    """What a bank said about one transfer. Immutable but for its state; once a feed and provider's id."""

    class State(models.TextChoices):
        RECEIVED = "received"
        BOOKED = "booked"
        REVIEW = "review"
        IGNORED = "ignored"

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(NoticeDelivery, on_delete=models.PROTECT, related_name="notices")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="notices")
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, null=True, blank=True, related_name="bank_notices"
    )
    """Whose account it is about; null when the account is nobody's here."""
    provider_tx_id = models.CharField(max_length=TX_ID_CHARACTERS_MAX)
    is_test = models.BooleanField(default=False)
    is_incoming = models.BooleanField()
    amount_vnd = models.BigIntegerField()
    account_number = models.CharField(max_length=ACCOUNT_CHARACTERS_MAX)
    """Letters and digits only, as accounts are compared."""
    virtual_account = models.CharField(max_length=ACCOUNT_CHARACTERS_MAX, blank=True)
    """The virtual account the money came through, if the notice names one."""
    content = models.CharField(max_length=CONTENT_CHARACTERS_MAX, blank=True)
    """All that matching reads, so that deciding again from this row decides the same."""
    code_hint = models.CharField(max_length=CODE_HINT_CHARACTERS_MAX, blank=True)
    """The code as the provider itself extracted it."""
    bank_reference = models.CharField(max_length=BANK_REFERENCE_CHARACTERS_MAX, blank=True)
    happened_at = models.DateTimeField()
    bank_date = models.DateField()
    """The day in Vietnam on which the bank dates the transfer."""
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.RECEIVED)
    why = models.CharField(max_length=40, blank=True)
    """Why it is in review or ignored: a key of `payments.reasons.SENTENCES`. On a received one, a doubt that will
    send it to review."""
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="bank_notices"
    )
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="told_again")
    """The notice of another feed that told of the same transfer first; this one is ignored."""
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "provider_tx_id"], name="notice_once_a_feed"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="notice_received", condition=Q(state="received")),
            models.Index(fields=["vendor", "state", "-happened_at"], name="notice_by_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_tx_id} {self.amount_vnd} ({self.state})"


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
        CHARGE_FAILURE = "charge_failure"
        REFUND_SUCCESS = "refund_success"

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
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount_vnd}"


class ReviewItem(models.Model):
    """Something about money that a person of the vendor must settle. Nothing is ever dropped instead."""

    class Kind(models.TextChoices):
        UNMATCHED = "unmatched"
        """A transfer that could not be booked against an order."""
        REFUND_DUE = "refund_due"
        """An order was paid more than it cost."""
        PARTIAL = "partial"
        """An order was paid less than it cost."""

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
