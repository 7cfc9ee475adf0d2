"""What the operator may look at: products as they are kept. Changes are services' matter, which write the journal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog.models import OcopCertificate, Product, ProductMedia, ProductVariant, Stock
from marketplace.core.looking import LookOnlyAdmin, LookOnlyInline
from marketplace.core.text import fold

SEARCH_CHARACTERS_MAX = 160


class _Variants(LookOnlyInline):
    model = ProductVariant
    fields = ("name", "unit", "sku", "price_vnd", "is_active")


class _Certificates(LookOnlyInline):
    model = OcopCertificate
    fields = ("stars", "decision_number", "issued_on", "expires_on", "state", "reason")


class _Photos(LookOnlyInline):
    model = ProductMedia
    fields = ("image", "alt", "is_illustration")


@admin.register(Product)
class ProductAdmin(LookOnlyAdmin):
    """Products with their variants, certificates and photos."""

    list_display = ("name", "vendor", "listing", "ocop_set", "is_alcohol", "is_demo", "updated_at")
    list_filter = ("listing", "is_alcohol", "is_demo")
    list_select_related = ("vendor",)
    search_fields = ("folded_name",)
    ordering = ("-pk",)
    exclude = ("folded_name", "folded_text", "sort_key", "metadata", "private_metadata", "translations")
    inlines: ClassVar = [_Variants, _Certificates, _Photos]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Finds names typed with or without marks."""
        return super().get_search_results(request, queryset, fold(search_term[:SEARCH_CHARACTERS_MAX]))


@admin.register(Stock)
class StockAdmin(LookOnlyAdmin):
    """How many lie where."""

    list_display = ("variant", "warehouse", "quantity", "allocated", "reserved")
    list_select_related = ("variant__product", "warehouse__vendor")
    ordering = ("-pk",)
