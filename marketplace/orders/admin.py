"""Orders and checkouts as the operator sees them: to look, never to change. Changes go through the services."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from marketplace.core.looking import LookOnlyAdmin, LookOnlyInline
from marketplace.orders.models import (
    Allocation,
    Checkout,
    CheckoutLine,
    DeliveryRate,
    Fulfillment,
    Order,
    OrderLine,
    PaymentCode,
    Voucher,
)


class OrderLines(LookOnlyInline):
    model = OrderLine
    fields = (
        *("product_name", "variant_name", "unit", "quantity", "quantity_fulfilled"),
        *("unit_price_vnd", "discount_vnd", "total_vnd"),
    )


class Fulfillments(LookOnlyInline):
    model = Fulfillment
    fields = ("status", "tracking_number", "made_at")


class Codes(LookOnlyInline):
    model = PaymentCode
    fields = ("code", "is_live", "bin", "account_number", "issued_at")


@admin.register(Order)
class OrderAdmin(LookOnlyAdmin):
    list_display = ("number", "vendor", "channel", "status", "charge_status", "total_vnd", "charged_vnd", "placed_at")
    list_filter = ("status", "charge_status", "channel", "is_demo")
    list_select_related = ("vendor",)
    search_fields = ("=id", "=payment_codes__code", "vendor__slug")
    inlines: ClassVar = [OrderLines, Codes, Fulfillments]
    exclude = (
        *("token", "checkout_id", "basket", "metadata", "private_metadata"),
        *(
            "user",
            "email",
            "phone",
            "shipping_address",
            "billing_address",
            "note",
        ),  # the buyer's, and the shop's to know
    )


class CheckoutLines(LookOnlyInline):
    model = CheckoutLine
    fields = ("variant", "quantity", "held_price_vnd", "made_at")


@admin.register(Checkout)
class CheckoutAdmin(LookOnlyAdmin):
    list_display = ("made_at", "vendor", "channel", "reserved_until", "updated_at")
    list_filter = ("channel",)
    list_select_related = ("vendor",)
    fields = ("vendor", "channel", "voucher", "age_declared", "held_since", "reserved_until", "made_at", "updated_at")
    inlines: ClassVar = [CheckoutLines]


@admin.register(Allocation)
class AllocationAdmin(LookOnlyAdmin):
    list_display = ("stock", "order_line", "quantity")
    list_select_related = ("stock", "order_line")


@admin.register(DeliveryRate)
class DeliveryRateAdmin(LookOnlyAdmin):
    list_display = ("vendor", "zone", "price_vnd", "is_active")
    list_filter = ("zone", "is_active")
    list_select_related = ("vendor",)


@admin.register(Voucher)
class VoucherAdmin(LookOnlyAdmin):
    list_display = ("code", "vendor", "discount_value_type", "discount_value", "used", "usage_limit", "ended_at")
    list_filter = ("discount_value_type", "is_demo")
    list_select_related = ("vendor",)
    search_fields = ("code", "vendor__slug")
