"""How many products shoppers may see of each set, province and grade: one statement a kind."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from catalog.models import OcopCertificate
from catalog.selectors.visible import visible_products


def products_of_sets(*, age_declared: bool) -> dict[int, int]:
    """By the number of the set; sets without are left out."""
    rows = visible_products(age_declared=age_declared).order_by().values_list("ocop_set")
    return dict(rows.annotate(products=Count("pk")))


def products_of_provinces(*, age_declared: bool) -> dict[str, int]:
    """By the code of the province of origin; provinces without are left out."""
    rows = visible_products(age_declared=age_declared).order_by()
    return dict(rows.values_list("commune_of_origin__province").annotate(products=Count("pk")))


def products_of_stars(*, today: date, age_declared: bool) -> dict[int, int]:
    """By the stars that may be shown; `today` is the date in Vietnam."""
    shown = OcopCertificate.objects.filter(
        state=OcopCertificate.State.VERIFIED,
        expires_on__gte=today,
        product__in=visible_products(age_declared=age_declared),
    )
    return dict(shown.order_by().values_list("stars").annotate(products=Count("pk")))
