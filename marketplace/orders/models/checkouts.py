from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import WithMetadata

LINE_QUANTITY_MAX = 1000


class Channel(models.TextChoices):
    """Where a sale is made. A vendor is not a channel."""

    ONLINE = "online", _("Trên mạng")
    STALL = "stall", _("Tại sạp")


class Checkout(WithMetadata):
    """What one shopper is about to buy from one vendor. Found by its id, which is the secret.

    It has no vendor, and no lines, until a program that opened it empty puts the first goods in. Checkouts of one
    shopper's basket share `basket`. `reserved_until` is set while its stock is held for a
    payment that comes before the order, and `held_since` says when that began.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    basket = models.UUIDField(null=True, blank=True, db_index=True)
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, null=True, blank=True, related_name="checkouts"
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True)
    language_code = models.CharField(max_length=5, default="vi")
    shipping_address = models.ForeignKey(
        "orders.Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    billing_address = models.ForeignKey(
        "orders.Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    delivery = models.ForeignKey(
        "orders.CheckoutDelivery", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    voucher = models.ForeignKey(
        "orders.Voucher", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    held_discount_vnd = models.BigIntegerField(null=True, blank=True)
    """What the voucher takes off the sum its buyer was asked to pay; set while a use of it is held for that."""
    save_shipping_address = models.BooleanField(default=False)
    save_billing_address = models.BooleanField(default=False)
    """Whether the order's placing puts the address among those that the checkout's person keeps."""
    note = models.CharField(max_length=500, blank=True)
    age_declared = models.BooleanField(default=False)
    reserved_until = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("giỏ hàng")
        verbose_name_plural = _("giỏ hàng")
        indexes: ClassVar = [
            models.Index(
                fields=["reserved_until"],
                name="checkout_reserving",
                condition=Q(reserved_until__isnull=False),
            ),
            models.Index(fields=["updated_at"], name="checkout_by_age"),
            models.Index(
                fields=["voucher"],
                name="checkout_holding_a_voucher",
                condition=Q(held_discount_vnd__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["basket", "vendor"],
                name="one_checkout_a_shop_in_a_basket",
                condition=Q(basket__isnull=False),
            ),
            models.CheckConstraint(
                name="checkout_without_a_shop_has_nothing_of_one",
                condition=Q(vendor__isnull=False)
                | Q(delivery__isnull=True, voucher__isnull=True, reserved_until__isnull=True, channel=Channel.ONLINE),
            ),
            models.CheckConstraint(
                name="checkout_holds_a_voucher_it_has",
                condition=Q(held_discount_vnd__isnull=True) | Q(voucher__isnull=False, held_discount_vnd__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CheckoutLine(WithMetadata):
    """A variant and how many of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.ProductVariant", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    held_price_vnd = models.BigIntegerField(null=True, blank=True)
    """The unit price a buyer was asked to pay, kept while the checkout's stock is held for that payment."""
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("món trong giỏ")
        verbose_name_plural = _("món trong giỏ")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checkout", "variant"], name="checkout_line_once_a_variant"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=LINE_QUANTITY_MAX), name="checkout_line_quantity"
            ),
            models.CheckConstraint(condition=Q(held_price_vnd__gt=0), name="held_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"


class CheckoutDelivery(models.Model):
    """A way of delivery as it was offered to one checkout, with its price in đồng at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="offered_deliveries")
    rate = models.ForeignKey("orders.DeliveryRate", on_delete=models.SET_NULL, null=True, blank=True)
    pick_up_at = models.ForeignKey("vendors.Warehouse", on_delete=models.SET_NULL, null=True, blank=True)
    name = models.CharField(max_length=160)
    price_vnd = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price_vnd__gte=0), name="delivery_price_not_negative"),
            models.UniqueConstraint(
                fields=["checkout", "rate"], name="offered_rate_once", condition=Q(rate__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["checkout", "pick_up_at"],
                name="offered_pick_up_once",
                condition=Q(pick_up_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
