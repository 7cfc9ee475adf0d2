from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import WithMetadata
from marketplace.orders.models.checkouts import Channel


class Order(WithMetadata):
    """A sale of one vendor to one buyer, with its prices frozen.

    The primary key is the order's number; `token` is what the buyer's link carries and is the secret.
    """

    class Status(models.TextChoices):
        """Saleor's OrderStatus, as far as we use it."""

        UNCONFIRMED = "unconfirmed", _("Chờ thanh toán")
        UNFULFILLED = "unfulfilled", _("Chờ giao hàng")
        PARTIALLY_FULFILLED = "partially_fulfilled", _("Đã giao một phần")
        FULFILLED = "fulfilled", _("Đã giao hàng")
        CANCELED = "canceled", _("Đã hủy")
        EXPIRED = "expired", _("Đã hết hạn")

    class ChargeStatus(models.TextChoices):
        """Saleor's OrderChargeStatusEnum."""

        NONE = "none", _("Chưa nhận tiền")
        PARTIAL = "partial", _("Nhận một phần")
        FULL = "full", _("Đã nhận đủ")
        OVERCHARGED = "overcharged", _("Nhận thừa")

    class Origin(models.TextChoices):
        CHECKOUT = "checkout", _("Đặt trên mạng")
        STALL = "stall", _("Bán tại sạp")
        SALEOR = "saleor", _("Bán qua Saleor")

    id = models.BigAutoField(primary_key=True)
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    checkout_id = models.UUIDField(null=True, blank=True, unique=True)
    """Which checkout it came from, kept after the checkout is gone: completing twice finds the same order."""
    basket = models.UUIDField(null=True, blank=True, db_index=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="orders")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.CHECKOUT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True)
    language_code = models.CharField(max_length=5, default="vi")
    shipping_address = models.ForeignKey(
        "orders.Address", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    billing_address = models.ForeignKey(
        "orders.Address", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delivery_name = models.CharField(max_length=160, blank=True)
    pick_up_at = models.ForeignKey("vendors.Warehouse", on_delete=models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNCONFIRMED)
    charge_status = models.CharField(max_length=12, choices=ChargeStatus.choices, default=ChargeStatus.NONE)
    subtotal_vnd = models.BigIntegerField()
    """The goods at their prices, before the discount."""
    discount_vnd = models.BigIntegerField(default=0)
    """What the voucher (or a Saleor) took off the goods; the lines' `discount_vnd` add up to it."""
    voucher = models.ForeignKey(
        "orders.Voucher", on_delete=models.PROTECT, null=True, blank=True, related_name="orders", db_index=False
    )
    voucher_code = models.CharField(max_length=20, blank=True)
    voucher_counts = models.BooleanField(default=False)
    """Whether this order is one of its voucher's uses: not any more once it ended."""
    shipping_vnd = models.BigIntegerField(default=0)
    total_vnd = models.BigIntegerField()
    charged_vnd = models.BigIntegerField(default=0)
    """Charges less refunds: always the sum of the order's transaction events."""
    placed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    """When an unpaid order gives its stock back; null once any money came or the order ended."""
    fully_charged_at = models.DateTimeField(null=True, blank=True)
    """When it was first paid in full; never taken back. Its sale is counted once, then."""
    packed_at = models.DateTimeField(null=True, blank=True)
    """When all that is left to hand over was packed; null again once a part of it left."""
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    """Why the vendor cancelled it, in words meant for the buyer."""
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("đơn hàng")
        verbose_name_plural = _("đơn hàng")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="order_total_adds_up",
                condition=Q(total_vnd=F("subtotal_vnd") - F("discount_vnd") + F("shipping_vnd"), subtotal_vnd__gte=0),
            ),
            models.CheckConstraint(
                name="order_discount_is_a_vouchers",
                condition=Q(discount_vnd=0, voucher__isnull=True, voucher_code="", voucher_counts=False)
                | Q(discount_vnd__gt=0, discount_vnd__lt=F("subtotal_vnd"), voucher__isnull=False)
                & ~Q(voucher_code="")
                # What a Saleor took off is its own affair: no voucher of ours is used.
                | Q(
                    origin="saleor",
                    discount_vnd__gt=0,
                    discount_vnd__lte=F("subtotal_vnd"),
                    voucher__isnull=True,
                    voucher_counts=False,
                ),
            ),
            models.CheckConstraint(condition=Q(charged_vnd__gte=0), name="order_charged_not_negative"),
            models.CheckConstraint(
                name="order_charge_status_agrees",
                condition=Q(charge_status="none", charged_vnd=0)
                | Q(charge_status="partial", charged_vnd__gt=0, charged_vnd__lt=F("total_vnd"))
                | Q(charge_status="full", charged_vnd__gt=0, charged_vnd=F("total_vnd"))
                | Q(charge_status="overcharged", charged_vnd__gt=F("total_vnd")),
            ),
            models.CheckConstraint(
                name="order_paid_in_full_says_when",
                condition=~Q(charge_status__in=["full", "overcharged"]) | Q(fully_charged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_packed_after_it_was_paid",
                condition=Q(packed_at__isnull=True) | ~Q(status__in=["unconfirmed", "expired"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "-placed_at"], name="order_by_vendor"),
            models.Index(fields=["vendor", "status", "-placed_at"], name="order_by_vendor_status"),
            models.Index(
                fields=["expires_at"],
                name="order_expiring",
                condition=Q(status="unconfirmed", expires_at__isnull=False),
            ),
            models.Index(fields=["user", "-placed_at"], name="order_by_user"),
            models.Index(fields=["voucher", "phone"], name="order_by_voucher", condition=Q(voucher__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def number(self) -> str:
        """The order's number as people say it: digits only, unique over the market."""
        return str(self.pk)

    @property
    def goods_vnd(self) -> int:
        """The goods as they are paid, in đồng: the sum of the lines."""
        return self.subtotal_vnd - self.discount_vnd

    @property
    def outstanding_vnd(self) -> int:
        """What is still to be paid, in đồng, never below 0."""
        return max(0, self.total_vnd - self.charged_vnd)


class OrderLine(WithMetadata):
    """What was sold, with names and price as they were when the order was placed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    variant = models.ForeignKey(
        "catalog.ProductVariant", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    product_id_then = models.BigIntegerField(null=True)
    product_name = models.CharField(max_length=160)
    variant_name = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    ocop_set = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveIntegerField()
    quantity_fulfilled = models.PositiveIntegerField(default=0)
    unit_price_vnd = models.BigIntegerField()
    discount_vnd = models.BigIntegerField(default=0)
    """This line's share of the order's discount."""
    total_vnd = models.BigIntegerField()
    """What is paid for the line: price times quantity, less its share of the discount."""

    class Meta:
        verbose_name = _("món trong đơn")
        verbose_name_plural = _("món trong đơn")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="order_line_adds_up",
                condition=Q(total_vnd=F("unit_price_vnd") * F("quantity") - F("discount_vnd"))
                & Q(discount_vnd__gte=0, total_vnd__gte=0),
            ),
            models.CheckConstraint(
                name="order_line_fulfils_what_was_sold",
                condition=Q(quantity__gte=1, quantity_fulfilled__lte=F("quantity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_name}"

    @property
    def is_typed_amount(self) -> bool:
        """Whether it is an amount typed at the stall: nothing of the catalogue, and taken out of no stock."""
        return self.variant_id is None and self.product_id_then is None

    @property
    def undiscounted_total_vnd(self) -> int:
        """Price times quantity, in đồng."""
        return self.unit_price_vnd * self.quantity

    @property
    def quantity_left(self) -> int:
        """How many are not handed over yet."""
        return self.quantity - self.quantity_fulfilled
