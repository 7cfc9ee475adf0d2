"""What the operator may look at: products as they are kept. Changes are services' matter, which write the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from catalog.models import OcopCertificate, Product, ProductMedia, ProductVariant, Stock
from marketplace.core.text import fold

SEARCH_CHARACTERS_MAX = 160

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
else:  # Django's own classes take no type parameters
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline


class _LookOnly:
    """Shows rows and lets nobody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class _Variants(_LookOnly, _TabularInline):
    model = ProductVariant
    fields = ("name", "unit", "sku", "price_vnd", "is_active")


class _Certificates(_LookOnly, _TabularInline):
    model = OcopCertificate
    fields = ("stars", "decision_number", "issued_on", "expires_on", "state", "reason")


class _Photos(_LookOnly, _TabularInline):
    model = ProductMedia
    fields = ("image", "alt", "is_illustration")


@admin.register(Product)
class ProductAdmin(_LookOnly, _ModelAdmin):
    """Products with their variants, certificates and photos."""

    list_display = ("name", "vendor", "listing", "ocop_set", "is_alcohol", "is_demo", "updated_at")
    list_filter = ("listing", "is_alcohol", "is_demo")
    list_select_related = ("vendor",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("folded_name",)
    ordering = ("-pk",)
    exclude = ("folded_name", "folded_text", "sort_key", "private_metadata")
    inlines: ClassVar = [_Variants, _Certificates, _Photos]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Finds names typed with or without marks."""
        return super().get_search_results(request, queryset, fold(search_term[:SEARCH_CHARACTERS_MAX]))


@admin.register(Stock)
class StockAdmin(_LookOnly, _ModelAdmin):
    """How many lie where."""

    list_display = ("variant", "warehouse", "quantity", "allocated", "reserved")
    list_select_related = ("variant__product", "warehouse__vendor")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
