"""Shops that may sell and do not: whom to visit, since a sign-up is no sale."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Product
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.places.models import Commune
from marketplace.reporting.selectors.takings import CHARGE
from marketplace.reporting.selectors.values import DormantShop
from payments.models import TransactionEvent
from vendors.access import require_commune_staff
from vendors.models import BankAccount, Vendor
from vendors.selectors import MAY_SELL

DORMANT_DAYS = 60


def dormant_shops(*, actor: Actor, commune: Commune, now: datetime, start: int, at_most: int) -> list[DormantShop]:
    """Shops that could sell for `DORMANT_DAYS` and took no money in them: those that never sold first.

    For staff of the commune, who call or visit them. One statement; `start` rows are passed over. Raises `NotFound`
    for staff of elsewhere.
    """
    rows = _dormant(actor, commune, now=now)
    published = Product.objects.filter(vendor=OuterRef("pk"), listing=Product.Listing.PUBLISHED)
    accounts = BankAccount.objects.filter(vendor=OuterRef("pk"), is_active=True)
    asked = rows.annotate(
        some_product=Subquery(published.values("pk")[:1]), some_account=Subquery(accounts.values("pk")[:1])
    ).order_by(F("sold_last").asc(nulls_first=True), "sort_key", "pk")
    return [
        DormantShop(
            vendor_id=row.pk,
            name=row.name,
            phone=row.phone,
            could_sell_since=vietnam_date(row.verified_at or row.made_at),
            sold_last=row.sold_last,
            has_products=row.some_product is not None,
            has_account=row.some_account is not None,
        )
        for row in asked[start : start + at_most]
    ]


def dormant_count(*, actor: Actor, commune: Commune, now: datetime) -> int:
    """How many shops `dormant_shops` would name in all; one statement. Raises as it."""
    return _dormant(actor, commune, now=now).count()


def _dormant(actor: Actor, commune: Commune, *, now: datetime) -> QuerySet[Any]:
    require_commune_staff(actor, commune.pk)
    since = now - timedelta(days=DORMANT_DAYS)
    charges = TransactionEvent.objects.filter(CHARGE, vendor=OuterRef("pk")).order_by("-bank_date")
    shops = Vendor.objects.filter(commune_id=commune.pk, verification__in=MAY_SELL)
    return shops.annotate(
        could_sell=Coalesce("verified_at", "made_at"), sold_last=Subquery(charges.values("bank_date")[:1])
    ).filter(Q(sold_last=None) | Q(sold_last__lte=vietnam_date(since)), could_sell__lte=since)
