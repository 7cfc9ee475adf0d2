"""What a commune's month is made of: by kind of shop, by market site, by OCOP set. The parts make the whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Aggregate, Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When

from marketplace.core.actors import Actor
from marketplace.orders.models import OrderLine
from marketplace.places.models import Commune
from marketplace.reporting.models import NO_OCOP_SET
from marketplace.reporting.selectors.asking import checked_month, month_after, require_commune_reader
from marketplace.reporting.selectors.takings import CHARGE, REFUND
from marketplace.reporting.selectors.values import SetSales, TakingsPart
from payments.models import Confirmation, TransactionEvent

PARTS_MAX = 100
CONFIRMED = Q(confirmation__in=(Confirmation.BANK, Confirmation.CARD))


def takings_by_kind(*, actor: Actor, commune: Commune, month: date) -> list[TakingsPart]:
    """The commune's takings of a month by kind of shop, the largest first; `key` is the kind.

    One statement by index. Raises `NotFound` for who may not read the commune, `InvalidInput` for the month.
    """
    moves = moves_of(actor, commune, month).values(key=F("vendor__kind"), name=Value("", output_field=CharField()))
    return _parts(moves)


def takings_by_site(*, actor: Actor, commune: Commune, month: date) -> list[TakingsPart]:
    """As `takings_by_kind`, by the market site in which a shop stands today; `name` is empty for shops in none."""
    moves = moves_of(actor, commune, month).values(
        key=Case(
            When(vendor__market_site=None, then=Value("")),
            default=F("vendor__market_site__slug"),
            output_field=CharField(),
        ),
        name=Case(
            When(vendor__market_site=None, then=Value("")),
            default=F("vendor__market_site__name"),
            output_field=CharField(),
        ),
    )
    return _parts(moves)


def goods_by_set(*, actor: Actor, commune: Commune, month: date) -> list[SetSales]:
    """Goods sold in the commune in a month by OCOP set, those that brought most first.

    An order that was paid in full counts in the month in which its first money came: unlike the province's count,
    which takes the last, this needs no row of its own, and the two differ only for orders paid in parts over the end
    of a month. One statement by index. Raises as `takings_by_kind`.
    """
    charges = moves_of(actor, commune, month).filter(CHARGE)
    earlier = TransactionEvent.objects.filter(
        CHARGE, order_id=OuterRef("order_id"), bank_date__lt=checked_month(month)
    )
    lines = OrderLine.objects.filter(
        ~Exists(earlier), order__in=charges.values("order_id"), order__fully_charged_at__isnull=False
    )
    rows = lines.values("ocop_set").annotate(
        orders=Count("order_id", distinct=True),
        lines=Count("pk"),
        sold=Sum("quantity"),
        amount_vnd=Sum("total_vnd"),
    )
    return [
        SetSales(
            ocop_set=row["ocop_set"] or NO_OCOP_SET,
            orders=row["orders"],
            lines=row["lines"],
            quantity=row["sold"],
            amount_vnd=row["amount_vnd"],
        )
        for row in rows.order_by("-amount_vnd", "ocop_set")
    ]


def moves_of(actor: Actor, commune: Commune, month: date) -> QuerySet[TransactionEvent]:
    """The movements of money in a commune in a month, by index. Raises as `takings_by_kind`."""
    require_commune_reader(actor, commune)
    first = checked_month(month)
    return TransactionEvent.objects.filter(
        CHARGE | REFUND, commune_id=commune.pk, bank_date__gte=first, bank_date__lt=month_after(first)
    ).order_by()


def part_sums() -> dict[str, Aggregate]:
    """What is summed up of the movements of each part."""
    return {
        "charged": Sum("amount_vnd", filter=CHARGE, default=0),
        "confirmed": Sum("amount_vnd", filter=CHARGE & CONFIRMED, default=0),
        "refunded": Sum("amount_vnd", filter=REFUND, default=0),
        "sales": Count("pk", filter=CHARGE),
        "shops": Count("vendor_id", filter=CHARGE, distinct=True),
    }


def _parts(groups: Any) -> list[TakingsPart]:
    rows: Iterable[dict[str, Any]] = groups.annotate(**part_sums()).order_by("-charged", "key")[:PARTS_MAX]
    return [
        TakingsPart(
            key=row["key"],
            name=row["name"],
            charged_vnd=row["charged"],
            confirmed_vnd=row["confirmed"],
            refunds_vnd=row["refunded"],
            count=row["sales"],
            shops=row["shops"],
        )
        for row in rows
    ]
