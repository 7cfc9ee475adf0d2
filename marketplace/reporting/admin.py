"""Figures for the operator to look at. They are changed by sales and by `market figures rebuild`, never by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:  # Django's own class takes no type parameter
    _ModelAdmin = admin.ModelAdmin


class FigureAdmin(_ModelAdmin):
    """Pages that show and change nothing."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        return False


@admin.register(TakingsDay)
class TakingsDayAdmin(FigureAdmin):
    """Takings of a commune and day."""

    list_display = ("commune", "day", "charged_bank_online_vnd", "charged_bank_stall_vnd", "paid_orders_online")
    list_select_related = ("commune",)
    search_fields = ("commune__folded",)
    date_hierarchy = "day"
    ordering = ("-day", "commune")


@admin.register(SalesDay)
class SalesDayAdmin(FigureAdmin):
    """Goods sold in a province on a day."""

    list_display = ("province", "day", "channel", "ocop_set", "orders", "quantity", "amount_vnd")
    list_select_related = ("province",)
    list_filter = ("channel",)
    date_hierarchy = "day"
    ordering = ("-day", "province", "ocop_set")


@admin.register(ProductMonth)
class ProductMonthAdmin(FigureAdmin):
    """Products sold in a province in a month."""

    list_display = ("province", "month", "product_number", "orders", "quantity", "amount_vnd")
    list_select_related = ("province",)
    date_hierarchy = "month"
    ordering = ("-month", "province", "-amount_vnd")
