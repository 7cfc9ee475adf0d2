"""What banks said, as it came and as it was read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.models.feeds import Feed

TX_ID_CHARACTERS_MAX = 100
ACCOUNT_CHARACTERS_MAX = 40
CODE_HINT_CHARACTERS_MAX = 60
BANK_REFERENCE_CHARACTERS_MAX = 100


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
            models.CheckConstraint(
                name="notice_state_known", condition=Q(state__in=["received", "booked", "review", "ignored"])
            ),
            models.CheckConstraint(
                name="booked_notice_is_of_an_order",
                condition=~Q(state="booked")
                | Q(order__isnull=False, vendor__isnull=False, amount_vnd__gt=0, is_test=False),
            ),
            models.CheckConstraint(
                name="held_notice_is_of_a_vendor", condition=~Q(state="review") | Q(vendor__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at"], name="notice_received", condition=Q(state="received")),
            models.Index(fields=["vendor", "state", "-happened_at"], name="notice_by_vendor"),
            # Whether another feed told of as much in these days is asked for every notice.
            models.Index(fields=["vendor", "amount_vnd", "happened_at"], name="notice_by_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.provider_tx_id} {self.amount_vnd} ({self.state})"
