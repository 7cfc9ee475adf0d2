"""The targets of communes for a year, as they were set."""

from __future__ import annotations

from marketplace.core.actors import Actor
from marketplace.places.models import Commune, Province
from marketplace.reporting.models import CommuneTarget
from marketplace.reporting.selectors.asking import require_commune_reader, require_province_reader
from marketplace.reporting.selectors.values import TargetsRow


def targets_of_commune(*, actor: Actor, commune: Commune, year: int) -> list[CommuneTarget]:
    """What the commune is to reach in the year; one statement. Raises `NotFound` for who may not read it."""
    require_commune_reader(actor, commune)
    return list(CommuneTarget.objects.filter(commune=commune, year=year).order_by("indicator"))


def targets_of_province(*, actor: Actor, province: Province, year: int) -> list[TargetsRow]:
    """Every commune of the province, by name, with its targets in the order of the indicators; two statements.

    Raises `NotFound` for who may not read the province.
    """
    require_province_reader(actor, province)
    targets = CommuneTarget.objects.filter(commune__province_id=province.pk, year=year)
    values = {(target.commune_id, target.indicator): target.value for target in targets}
    communes = Commune.objects.filter(province_id=province.pk).order_by("sort_key", "pk")
    return [
        TargetsRow(
            code=commune.pk,
            name=commune.name,
            values=tuple(values.get((commune.pk, name.value)) for name in CommuneTarget.Indicator),
        )
        for commune in communes
    ]
