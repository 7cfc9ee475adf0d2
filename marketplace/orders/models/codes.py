from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentCode(models.Model):
    """`OCZ` + 8 + 2: what a buyer writes into a transfer so that the market knows the order.

    Unique, never used again, findable for ever. Snapshots where the money goes at the moment of issue. One
    live code a checkout or order; it moves with the checkout into the order.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=13, unique=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="payment_codes")
    checkout = models.ForeignKey(
        "orders.Checkout", on_delete=models.SET_NULL, null=True, blank=True, related_name="payment_codes"
    )
    order = models.ForeignKey(
        "orders.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="payment_codes"
    )
    is_live = models.BooleanField(default=True)
    bin = models.CharField(max_length=6)
    account_number = models.CharField(max_length=19)
    account_name = models.CharField(max_length=60)
    memo_prefix = models.CharField(max_length=6, blank=True)
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mã thanh toán")
        verbose_name_plural = _("mã thanh toán")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"],
                name="one_live_code_an_order",
                condition=Q(is_live=True, order__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["checkout"],
                name="one_live_code_a_checkout",
                condition=Q(is_live=True, order__isnull=True, checkout__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def memo(self) -> str:
        """What goes into the transfer: the account's prefix, if its bank wants one, and the code."""
        return f"{self.memo_prefix}{self.code}"
