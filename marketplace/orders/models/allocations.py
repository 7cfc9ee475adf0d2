from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Allocation(models.Model):
    """Stock that is sold to an order's line and not yet handed over. Its sum is `Stock.allocated`."""

    id = models.BigAutoField(primary_key=True)
    order_line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="allocations")
    stock = models.ForeignKey("catalog.Stock", on_delete=models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("hàng đã bán chưa giao")
        verbose_name_plural = _("hàng đã bán chưa giao")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order_line", "stock"], name="allocation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="allocation_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of stock {self.stock_id}"


class Reservation(models.Model):
    """Stock held for a checkout's line while it is being paid. Its sum is `Stock.reserved`."""

    id = models.BigAutoField(primary_key=True)
    checkout_line = models.ForeignKey("orders.CheckoutLine", on_delete=models.PROTECT, related_name="reservations")
    stock = models.ForeignKey("catalog.Stock", on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checkout_line", "stock"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="reservation_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of stock {self.stock_id}"
