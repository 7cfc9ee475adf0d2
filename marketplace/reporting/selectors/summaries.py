"""A commune, or a province with its communes, in one month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from catalog.models import OcopCertificate
from catalog.selectors import visible_products
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.places.models import Commune, Province
from marketplace.reporting.models import TAKINGS_COLUMNS, TakingsDay
from marketplace.reporting.selectors.asking import (
    checked_month,
    month_after,
    month_before,
    require_commune_reader,
    require_province_reader,
)
from marketplace.reporting.selectors.takings import CHARGE, paid_orders_of, takings_of
from marketplace.reporting.selectors.values import CommuneSummary, ProvinceSummary
from payments.models import TransactionEvent
from vendors.models import Vendor
from vendors.selectors import MAY_SELL


@dataclass(frozen=True)
class Facts:
    """What is counted, by commune code; all but `active` may be added up."""

    takings: dict[str, Counter[str]]
    takings_before: dict[str, Counter[str]]
    registered: Counter[str]
    verified: Counter[str]
    ocop_products: Counter[str]
    active: Counter[str]
    """Shops with a charge in the month. Never added up: a shop that moved is active in both communes."""


def commune_summary(*, actor: Actor, commune: Commune, month: date, now: datetime) -> CommuneSummary:
    """The commune in the month that the day `month` lies in, against the month before; shops as of `now`.

    A number of statements that does not grow. Raises `NotFound` for who may not read the commune, `InvalidInput`
    outside 2020 to 2099.
    """
    require_commune_reader(actor, commune)
    first = checked_month(month)
    facts = _facts(Q(commune_id=commune.pk), Q(vendor__commune_id=commune.pk), month=first, now=now)
    return _summary(commune, facts, month=first, now=now)


def province_summary(*, actor: Actor, province: Province, month: date, now: datetime) -> ProvinceSummary:
    """The province in the month that the day `month` lies in, with a row for each commune, by name.

    Active shops are counted for the province as a whole. A number of statements that does not grow. Raises `NotFound`
    for who may not read the province, `InvalidInput` outside 2020 to 2099.
    """
    require_province_reader(actor, province)
    first = checked_month(month)
    here = Q(commune__province_id=province.pk)
    facts = _facts(here, Q(vendor__commune__province_id=province.pk), month=first, now=now)
    communes = Commune.objects.filter(province_id=province.pk).order_by("sort_key", "pk")
    takings, before = (sum(months.values(), Counter()) for months in (facts.takings, facts.takings_before))
    return ProvinceSummary(
        code=province.pk,
        name=province.name,
        month=first,
        as_of=now,
        takings=takings_of(takings),
        takings_before=takings_of(before),
        paid_orders=paid_orders_of(takings),
        shops_active=_charged(here, first).aggregate(shops=Count("vendor_id", distinct=True))["shops"],
        shops_registered=facts.registered.total(),
        shops_verified=facts.verified.total(),
        ocop_products=facts.ocop_products.total(),
        communes=[_summary(commune, facts, month=first, now=now) for commune in communes],
    )


def _summary(commune: Commune, facts: Facts, *, month: date, now: datetime) -> CommuneSummary:
    takings = facts.takings.get(commune.pk, Counter())
    return CommuneSummary(
        code=commune.pk,
        name=commune.name,
        month=month,
        as_of=now,
        takings=takings_of(takings),
        takings_before=takings_of(facts.takings_before.get(commune.pk, Counter())),
        paid_orders=paid_orders_of(takings),
        shops_active=facts.active[commune.pk],
        shops_registered=facts.registered[commune.pk],
        shops_verified=facts.verified[commune.pk],
        ocop_products=facts.ocop_products[commune.pk],
    )


def _facts(here: Q, of_vendors_here: Q, *, month: date, now: datetime) -> Facts:
    """Five statements, whatever the number of communes, shops and sales."""
    shops = Vendor.objects.filter(here).values("commune_id").order_by()
    counted = list(shops.annotate(registered=Count("pk"), verified=Count("pk", filter=Q(verification__in=MAY_SELL))))
    active = _charged(here, month).values("commune_id").order_by().annotate(shops=Count("vendor_id", distinct=True))
    return Facts(
        takings=_takings(here, month),
        takings_before=_takings(here, month_before(month)),
        active=Counter({row["commune_id"]: row["shops"] for row in active}),
        registered=Counter({row["commune_id"]: row["registered"] for row in counted}),
        verified=Counter({row["commune_id"]: row["verified"] for row in counted}),
        ocop_products=_ocop_products(of_vendors_here, today=vietnam_date(now)),
    )


def _takings(here: Q, month: date) -> dict[str, Counter[str]]:
    return takings_by_commune(here, since=month, until=month_after(month))


def takings_by_commune(here: Q, *, since: date, until: date) -> dict[str, Counter[str]]:
    """The columns of takings from a day to before another, by the code of each commune with any; one statement."""
    days = TakingsDay.objects.filter(here, day__gte=since, day__lt=until)
    sums = {f"sum_{name}": Sum(name) for name in TAKINGS_COLUMNS}
    rows = days.values("commune_id").order_by().annotate(**sums).values_list("commune_id", *sums)
    return {code: Counter(dict(zip(TAKINGS_COLUMNS, amounts, strict=True))) for code, *amounts in rows}


def _charged(here: Q, month: date) -> QuerySet[TransactionEvent]:
    return TransactionEvent.objects.filter(here, CHARGE, bank_date__gte=month, bank_date__lt=month_after(month))


def _ocop_products(of_vendors_here: Q, *, today: date) -> Counter[str]:
    valid = OcopCertificate.objects.filter(
        product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, expires_on__gte=today
    )
    products = visible_products(age_declared=True).filter(of_vendors_here, Exists(valid))
    rows = products.values("vendor__commune_id").order_by().annotate(products=Count("pk"))
    return Counter({row["vendor__commune_id"]: row["products"] for row in rows})
