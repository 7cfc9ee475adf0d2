"""A commune's month as a whole: what the page, the paper and the files are made of."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Q

from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from marketplace.reporting.models import CommuneTarget
from marketplace.reporting.selectors.asking import (
    DAY_MIN,
    checked_month,
    month_after,
    month_before,
    require_commune_reader,
)
from marketplace.reporting.selectors.parts import goods_by_set, takings_by_kind, takings_by_site
from marketplace.reporting.selectors.standing import commune_standing
from marketplace.reporting.selectors.summaries import commune_summary, takings_by_commune
from marketplace.reporting.selectors.takings import commune_takings, takings_of
from marketplace.reporting.selectors.values import CommuneSummary, MonthReport, TargetReached
from marketplace.reporting.selectors.villages import village_parts


def month_report(*, actor: Actor, commune: Commune, month: date, now: datetime) -> MonthReport:
    """The commune's month with what it is held against; shops and certificates as of `now`.

    A number of statements that does not grow. Raises `NotFound` for who may not read the commune, `InvalidInput`
    outside 2021 to 2099: the year before is beside it.
    """
    require_commune_reader(actor, commune)
    first = checked_month(month)
    last = month_after(first) - timedelta(days=1)
    summary = commune_summary(actor=actor, commune=commune, month=first, now=now)
    year_ago = max(DAY_MIN, first.replace(year=first.year - 1))
    return MonthReport(
        summary=summary,
        before=commune_summary(actor=actor, commune=commune, month=month_before(first), now=now),
        year_ago=commune_summary(actor=actor, commune=commune, month=year_ago, now=now),
        days=commune_takings(actor=actor, commune=commune, first_day=first, last_day=last),
        kinds=takings_by_kind(actor=actor, commune=commune, month=first),
        sites=takings_by_site(actor=actor, commune=commune, month=first),
        villages=village_parts(actor=actor, commune=commune, month=first),
        sets=goods_by_set(actor=actor, commune=commune, month=first),
        standing=commune_standing(actor=actor, commune=commune, month=first),
        targets=targets_reached(actor=actor, commune=commune, summary=summary),
    )


def targets_reached(*, actor: Actor, commune: Commune, summary: CommuneSummary) -> list[TargetReached]:
    """The commune's targets for the year of the summary's month, each with what was reached; two statements.

    Takings are those of the year up to the end of that month; everything else is the summary's. Raises `NotFound`
    for who may not read the commune.
    """
    require_commune_reader(actor, commune)
    targets = {
        target.indicator: target for target in CommuneTarget.objects.filter(commune=commune, year=summary.month.year)
    }
    if not targets:
        return []
    names = CommuneTarget.Indicator
    reached = {
        names.TAKINGS: _year_vnd(commune, summary.month),
        names.SHOPS_ACTIVE: summary.shops_active,
        names.BANK_SHARE: summary.takings.confirmed_by_bank.percent or 0,
        names.OCOP_PRODUCTS: summary.ocop_products,
    }
    return [
        TargetReached(
            indicator=name.value,
            year=summary.month.year,
            target=targets[name.value].value,
            reached=reached[name],
            document=targets[name.value].document,
        )
        for name in names
        if name.value in targets
    ]


def _year_vnd(commune: Commune, month: date) -> int:
    columns = takings_by_commune(Q(commune_id=commune.pk), since=month.replace(month=1), until=month_after(month))
    return takings_of(columns.get(commune.pk, Counter())).total_vnd
