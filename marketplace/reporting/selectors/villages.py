"""A commune's month by village: shops registered, shops that sold, and what they took. The parts make the whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Value, When

from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from marketplace.places.villages import villages_of
from marketplace.reporting.selectors.parts import moves_of, part_sums
from marketplace.reporting.selectors.values import VillagePart
from vendors.models import Vendor

NO_VILLAGE = ""
"""The key of the part that holds the shops of which no village is noted."""


def village_parts(*, actor: Actor, commune: Commune, month: date) -> list[VillagePart]:
    """Every village in use of the commune by name, then the shops without one, if there are any or they sold.

    A shop counts where it is today, and a shop that has left the commune since with those without a village.
    Three statements by index. Raises `NotFound` for who may not read the commune, `InvalidInput` for the month.
    """
    # A village of another commune is where a shop went after it sold here.
    here = Case(When(vendor__village__commune=commune.pk, then=F("vendor__village")), default=Value(None))
    moves: Any = moves_of(actor, commune, month).annotate(village=here).values("village").annotate(**part_sums())
    taken: dict[int | None, dict[str, Any]] = {row["village"]: row for row in moves}
    shops = Vendor.objects.filter(commune_id=commune.pk).values("village_id").order_by()
    counted = shops.annotate(shops=Count("pk")).values_list("village_id", "shops")
    registered: dict[int | None, int] = dict(counted)
    parts = [
        _part(str(village.pk), village.label, taken.get(village.pk), registered.get(village.pk, 0))
        for village in villages_of([commune.pk])
    ]
    if None in taken or None in registered:
        parts.append(_part(NO_VILLAGE, "", taken.get(None), registered.get(None, 0)))
    return parts


def _part(key: str, name: str, row: dict[str, Any] | None, registered: int) -> VillagePart:
    row = row or {}
    return VillagePart(
        key=key,
        name=name,
        charged_vnd=row.get("charged", 0),
        confirmed_vnd=row.get("confirmed", 0),
        refunds_vnd=row.get("refunded", 0),
        count=row.get("sales", 0),
        shops=row.get("shops", 0),
        registered=registered,
    )
