"""The operator's view of places: provinces, communes and former units to read, market sites to keep."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest

from marketplace.core import clock
from marketplace.core.looking import AskingAdmin, LookOnlyAdmin, operator_of
from marketplace.places import services
from marketplace.places.models import Commune, FormerUnit, MarketSite, Province

ROWS_A_PAGE = 100


class FromFileAdmin(LookOnlyAdmin):
    """Rows that come from the shipped files: shown, never changed by hand."""

    list_per_page = ROWS_A_PAGE
    exclude = ("folded", "sort_key")
    search_fields: ClassVar[list[str]] = ["folded", "name"]


@admin.register(Province)
class ProvinceAdmin(FromFileAdmin):
    list_display = ("name", "code", "type")


@admin.register(Commune)
class CommuneAdmin(FromFileAdmin):
    list_display = ("name", "code", "type", "province")
    list_filter = ("type", "province")
    list_select_related = ("province",)


@admin.register(FormerUnit)
class FormerUnitAdmin(FromFileAdmin):
    list_display = ("name", "old_district", "old_province", "commune", "is_default", "is_divided")
    list_select_related = ("commune",)
    ordering = ("folded", "id")
    search_fields: ClassVar[list[str]] = ["folded", "old_ward", "=old_ward_code"]


@admin.register(MarketSite)
class MarketSiteAdmin(AskingAdmin):
    """Market sites, opened and changed by the same services as everywhere else."""

    list_display = ("name", "kind", "commune", "is_demo")
    list_filter = ("kind", "is_demo")
    list_select_related = ("commune",)
    list_per_page = ROWS_A_PAGE
    ordering = ("sort_key", "id")
    search_fields: ClassVar[list[str]] = ["folded", "name", "slug"]
    autocomplete_fields = ("commune",)
    fields = ("slug", "kind", "name", "commune", "address_line", "opening_note", "lat", "lon")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Shops, feeds and past sales point to sites."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The slug is printed on signs and stays."""
        return () if obj is None else ("slug",)

    def save_model(self, request: HttpRequest, obj: MarketSite, form: ModelForm[Any], change: bool) -> None:
        """Hand the form's values to the service, and give `obj` the row that it made."""
        actor = operator_of(request)
        values = dict(form.cleaned_data)
        if change:
            services.change_market_site(actor=actor, site_id=obj.pk, now=clock.now(), **values)
        else:
            obj.pk = services.create_market_site(actor=actor, now=clock.now(), **values).pk
