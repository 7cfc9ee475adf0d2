from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core.models import WithMetadata


class DeliveryRate(models.Model):
    """What a shop asks for sending an order, flat, by how far it goes."""

    class Zone(models.TextChoices):
        SAME_COMMUNE = "same_commune", _("Trong xã, phường")
        SAME_PROVINCE = "same_province", _("Trong tỉnh, thành phố")
        COUNTRY = "country", _("Toàn quốc")

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="delivery_rates")
    zone = models.CharField(max_length=14, choices=Zone.choices)
    price_vnd = models.BigIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("phí giao hàng")
        verbose_name_plural = _("phí giao hàng")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "zone"], name="rate_once_a_zone"),
            models.CheckConstraint(condition=Q(price_vnd__gte=0, price_vnd__lte=10_000_000), name="rate_is_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.price_vnd}"


class Fulfillment(WithMetadata):
    """A handing over: goods sent or fetched. Lowers the stock for good."""

    class Status(models.TextChoices):
        FULFILLED = "fulfilled", _("Đã giao")
        CANCELED = "canceled", _("Đã hủy")

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="fulfillments")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.FULFILLED)
    tracking_number = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lần giao hàng")
        verbose_name_plural = _("lần giao hàng")

    def __str__(self) -> str:
        return f"{self.order_id}/{self.pk}"


class FulfillmentLine(models.Model):
    """How many of an order's line were handed over, out of which stock."""

    id = models.BigAutoField(primary_key=True)
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="fulfilled")
    stock = models.ForeignKey("catalog.Stock", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="fulfilled_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.order_line_id}"
