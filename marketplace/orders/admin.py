"""Orders and checkouts as the operator sees them: to look, never to change. Changes go through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from marketplace.orders.models import (
    Allocation,
    Checkout,
    CheckoutLine,
    DeliveryRate,
    Fulfillment,
    Order,
    OrderLine,
    PaymentCode,
)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
else:  # Django's own classes take no type parameter
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline


class LookOnly:
    """Neither adding, changing nor deleting."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class OrderLines(LookOnly, _TabularInline):
    model = OrderLine
    fields = ("product_name", "variant_name", "unit", "quantity", "quantity_fulfilled", "unit_price_vnd", "total_vnd")


class Fulfillments(LookOnly, _TabularInline):
    model = Fulfillment
    fields = ("status", "tracking_number", "made_at")


class Codes(LookOnly, _TabularInline):
    model = PaymentCode
    fields = ("code", "is_live", "bin", "account_number", "issued_at")


@admin.register(Order)
class OrderAdmin(LookOnly, _ModelAdmin):
    list_display = ("number", "vendor", "channel", "status", "charge_status", "total_vnd", "charged_vnd", "placed_at")
    list_filter = ("status", "charge_status", "channel", "is_demo")
    list_select_related = ("vendor",)
    search_fields = ("=id", "=payment_codes__code", "vendor__slug")
    inlines: ClassVar = [OrderLines, Codes, Fulfillments]
    exclude = ("token", "metadata", "private_metadata")
    show_full_result_count = False


class CheckoutLines(LookOnly, _TabularInline):
    model = CheckoutLine
    fields = ("variant", "quantity", "held_price_vnd", "made_at")


@admin.register(Checkout)
class CheckoutAdmin(LookOnly, _ModelAdmin):
    list_display = ("made_at", "vendor", "channel", "reserved_until", "updated_at")
    list_filter = ("channel",)
    list_select_related = ("vendor",)
    fields = ("vendor", "channel", "age_declared", "reserved_until", "made_at", "updated_at")
    inlines: ClassVar = [CheckoutLines]
    show_full_result_count = False


@admin.register(Allocation)
class AllocationAdmin(LookOnly, _ModelAdmin):
    list_display = ("stock", "order_line", "quantity")
    list_select_related = ("stock", "order_line")
    show_full_result_count = False


@admin.register(DeliveryRate)
class DeliveryRateAdmin(LookOnly, _ModelAdmin):
    list_display = ("vendor", "zone", "price_vnd", "is_active")
    list_filter = ("zone", "is_active")
    list_select_related = ("vendor",)
