"""Where a commune stands among the communes of its province: aggregates only, never another commune's figure."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from marketplace.reporting.selectors.asking import checked_month, month_after, require_commune_reader
from marketplace.reporting.selectors.summaries import takings_by_commune
from marketplace.reporting.selectors.takings import takings_of
from marketplace.reporting.selectors.values import Standing, Takings

OTHERS_MIN = 3
"""Of fewer other communes with sales no sum is told: it would give away what one of them sold (Law 91/2025/QH15)."""


def commune_standing(*, actor: Actor, commune: Commune, month: date) -> Standing:
    """The commune against all communes of its province in the month that `month` lies in; two statements.

    Raises `NotFound` for who may not read the commune, `InvalidInput` for the month.
    """
    require_commune_reader(actor, commune)
    first = checked_month(month)
    here = Q(commune__province_id=commune.province_id)
    columns = takings_by_commune(here, since=first, until=month_after(first))
    takings = {code: takings_of(each) for code, each in columns.items()}
    selling = {code: each for code, each in takings.items() if each.total_vnd > 0}
    own = takings.get(commune.pk, Takings())
    communes = Commune.objects.filter(province_id=commune.province_id).count()
    others = [each for code, each in selling.items() if code != commune.pk]
    if len(others) < OTHERS_MIN:
        return Standing(communes=communes, selling=len(selling), own=own)
    return Standing(
        communes=communes,
        selling=len(selling),
        own=own,
        rank=1 + sum(each.total_vnd > own.total_vnd for each in others) if own.total_vnd > 0 else None,
        others_average_vnd=sum(each.total_vnd for each in others) // len(others),
        province_vnd=sum(each.total_vnd for each in selling.values()),
        others_bank_vnd=sum(each.bank_vnd for each in others),
        others_charged_vnd=sum(each.charged_vnd for each in others),
    )
