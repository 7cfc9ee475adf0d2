"""Figures for the operator to look at. They are changed by sales and by `market figures rebuild`, never by hand."""

from __future__ import annotations

from django.contrib import admin

from marketplace.core.looking import LookOnlyAdmin
from marketplace.reporting.models import CommuneTarget, ProductMonth, SalesDay, TakingsDay


@admin.register(TakingsDay)
class TakingsDayAdmin(LookOnlyAdmin):
    """Takings of a commune and day."""

    list_display = ("commune", "day", "charged_bank_online_vnd", "charged_bank_stall_vnd", "paid_orders_online")
    list_select_related = ("commune",)
    search_fields = ("commune__folded",)
    date_hierarchy = "day"
    ordering = ("-day", "commune")


@admin.register(SalesDay)
class SalesDayAdmin(LookOnlyAdmin):
    """Goods sold in a province on a day."""

    list_display = ("province", "day", "channel", "ocop_set", "orders", "quantity", "amount_vnd")
    list_select_related = ("province",)
    list_filter = ("channel",)
    date_hierarchy = "day"
    ordering = ("-day", "province", "ocop_set")


@admin.register(ProductMonth)
class ProductMonthAdmin(LookOnlyAdmin):
    """Products sold in a province in a month."""

    list_display = ("province", "month", "product_number", "orders", "quantity", "amount_vnd")
    list_select_related = ("province",)
    date_hierarchy = "month"
    ordering = ("-month", "province", "-amount_vnd")


@admin.register(CommuneTarget)
class CommuneTargetAdmin(LookOnlyAdmin):
    """Targets of communes, set by their provinces."""

    list_display = ("commune", "year", "indicator", "value", "document", "set_at")
    list_select_related = ("commune",)
    list_filter = ("year", "indicator")
    search_fields = ("commune__folded",)
    ordering = ("-year", "commune", "indicator")
