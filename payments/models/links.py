"""Payment links that a provider made for us: payOS takes money through no other way."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from payments.models.feeds import Feed
from payments.models.notices import ACCOUNT_CHARACTERS_MAX

ORDER_CODE_MAX = 9_007_199_254_740_991
"""payOS's orderCode is a JavaScript number."""
LINK_ID_CHARACTERS_MAX = 100
LINK_ACCOUNT_NAME_CHARACTERS_MAX = 120
LINK_MEMO_CHARACTERS_MAX = 40
QR_PAYLOAD_CHARACTERS_MAX = 512


class PaymentLink(models.Model):
    """One link of a provider's, made for one payment code and one amount. Its `order_code` finds the code again.

    Kept before the provider is asked for it: until it answered, `qr_payload` is empty and `made_at` says when the one
    who asks began.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PAID = "paid"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="links")
    payment_code = models.ForeignKey("orders.PaymentCode", on_delete=models.PROTECT, related_name="links")
    order_code = models.BigIntegerField()
    provider_link_id = models.CharField(max_length=LINK_ID_CHARACTERS_MAX)
    """payOS's paymentLinkId."""
    amount_vnd = models.BigIntegerField()
    bin = models.CharField(max_length=6)
    account_number = models.CharField(max_length=ACCOUNT_CHARACTERS_MAX)
    """Where its money goes: often a virtual account in front of the vendor's own."""
    account_name = models.CharField(max_length=LINK_ACCOUNT_NAME_CHARACTERS_MAX)
    memo = models.CharField(max_length=LINK_MEMO_CHARACTERS_MAX)
    """The provider's own words in the transfer, which are not our code."""
    qr_payload = models.CharField(max_length=QR_PAYLOAD_CHARACTERS_MAX)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "order_code"], name="link_once_a_feed"),
            models.CheckConstraint(
                name="link_amount_positive", condition=Q(amount_vnd__gt=0, order_code__range=(1, ORDER_CODE_MAX))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account_number"], name="link_by_account"),
            models.Index(F("payment_code"), F("state"), name="link_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.order_code} {self.amount_vnd}"
