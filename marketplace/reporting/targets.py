"""What a commune is to reach in a year: set by its province, held against what was sold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.money import AMOUNT_VND_MAX, in_groups
from marketplace.core.text import clean_line
from marketplace.places.models import Commune
from marketplace.reporting.models import DOCUMENT_CHARACTERS_MAX, CommuneTarget
from marketplace.reporting.selectors.asking import DAY_MAX, DAY_MIN

TARGET_MAX = {
    CommuneTarget.Indicator.TAKINGS.value: AMOUNT_VND_MAX,
    CommuneTarget.Indicator.SHOPS_ACTIVE.value: 100_000,
    CommuneTarget.Indicator.BANK_SHARE.value: 100,
    CommuneTarget.Indicator.OCOP_PRODUCTS.value: 100_000,
}
"""The largest target of each indicator, in its own unit (đồng, shops, per cent, products)."""


class BadTarget(InvalidInput):
    """A target is a whole number above 0 and within what its indicator can be."""


def set_targets(
    *,
    actor: Actor,
    commune: Commune,
    year: int,
    wanted: Mapping[str, int | None],
    document: str,
    now: datetime,
) -> None:
    """Set a commune's targets for a year; None takes one away, and one that stays as it is is left alone.

    By staff of the province or the operator: a commune does not set its own. Raises `NotFound` for others,
    `BadTarget` naming the indicator, `InvalidInput` for the year, `BadText`.
    """
    if not actor.may_read_province(commune.province_id):
        raise NotFound(_("Không có xã, phường này."))
    if not DAY_MIN.year <= year < DAY_MAX.year:
        raise InvalidInput(_("Bạn chọn một năm từ 2020 trở đi."), field="year")
    source = clean_line(document, characters_max=DOCUMENT_CHARACTERS_MAX, field="document")
    checked = {indicator: _checked(indicator, value) for indicator, value in wanted.items()}
    with transaction.atomic():
        targets = CommuneTarget.objects.select_for_update().filter(commune=commune, year=year)
        known = {target.indicator: target for target in targets}
        for indicator, value in checked.items():
            before = known.get(indicator)
            if value is None and before is not None:
                before.delete()
            elif value is not None and (before is None or (before.value, before.document) != (value, source)):
                CommuneTarget.objects.update_or_create(
                    commune=commune,
                    year=year,
                    indicator=indicator,
                    defaults={"value": value, "document": source, "set_by_id": actor.user_id, "set_at": now},
                )
            else:
                continue
            was = before.value if before is not None else None
            _record(commune, year, indicator, value=value, was=was, actor=actor, now=now)


def _checked(indicator: str, value: int | None) -> int | None:
    most = TARGET_MAX.get(indicator)
    if most is None:
        raise BadTarget(_("Không có chỉ tiêu này."), field=indicator)
    if value is not None and not 0 < value <= most:
        said = _("Chỉ tiêu là số lớn hơn 0 và không quá {most}.")
        raise BadTarget(format_lazy(said, most=in_groups(most)), field=indicator)
    return value


def _record(
    commune: Commune, year: int, indicator: str, *, value: int | None, was: int | None, actor: Actor, now: datetime
) -> None:
    journal.record(
        kind="target.set",
        aggregate_type="commune",
        aggregate_id=commune.pk,
        actor=actor,
        now=now,
        data={"commune": commune.pk, "year": year, "indicator": indicator, "value": value, "was": was},
    )
