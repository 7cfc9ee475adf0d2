"""Holding the figures against the journal, and putting them right."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import format_vnd
from marketplace.reporting import counted, kept
from marketplace.reporting.tally import Cells, Figure

log = logging.getLogger("market.figures")

NAMES = {
    Figure.TAKINGS: _("Tiền thu ngày"),
    Figure.SALES: _("Hàng bán ngày"),
    Figure.PRODUCTS: _("Sản phẩm bán tháng"),
}
Progress = Callable[[int, int], None]
Part = tuple[Figure, date]


@dataclass(frozen=True)
class Difference:
    """A day (of products: the month that begins on it) whose kept rows are not what the journal says.

    `rows` counts the rows that differ. The amounts are đồng: charges less refunds, or goods sold; they may be equal
    where only counts differ, or where money stands under the wrong commune.
    """

    figure: Figure
    period: date
    rows: int
    kept_vnd: int
    rebuilt_vnd: int
    found_at: datetime

    def __str__(self) -> str:
        """A sentence for the operator."""
        return gettext("{figure} {period}: đang ghi {kept}, đúng ra {rebuilt} (khác {rows} dòng)").format(
            figure=NAMES[self.figure],
            period=f"{self.period:%m/%Y}" if self.figure is Figure.PRODUCTS else f"{self.period:%d/%m/%Y}",
            kept=format_vnd(self.kept_vnd),
            rebuilt=format_vnd(self.rebuilt_vnd),
            rows=self.rows,
        )


def _silent(_done: int, _of: int) -> None:
    """Nobody watches."""


def check(*, now: datetime, days: Iterable[date] | None = None, progress: Progress = _silent) -> list[Difference]:
    """Hold the figures against the journal: all of them, or those that `days` lie in. Changes nothing.

    Counts the events whose delivery is done, and so may run while sales go on. `progress` is told how many parts of
    how many are done.
    """
    return _differences(now=now, days=days, progress=progress, repair=False)


def rebuild(*, now: datetime, days: Iterable[date] | None = None, progress: Progress = _silent) -> list[Difference]:
    """Make the figures anew out of the journal alone: all of them, or those that `days` lie in.

    Each day (of products: each month) in a transaction of its own, so that it may run while sales go on, and may be
    broken off and begun again. Counts the events whose delivery is done; the others are added when they are
    delivered. Returns what differed and is right now. `progress` is told how many parts of how many are done.
    """
    repaired = _differences(now=now, days=days, progress=progress, repair=True)
    if repaired:
        log.warning("figures put right: %s of %s", len(repaired), sorted({str(one.figure) for one in repaired}))
    return repaired


def differing_days(*, now: datetime) -> list[date]:
    """The days, in order, whose takings or sales must be rebuilt; empty when all is well."""
    return sorted({one.period for one in check(now=now) if one.figure is not Figure.PRODUCTS})


def _parts(days: Iterable[date] | None) -> list[Part]:
    """What is compared and put right as one: each figure with each of its periods, oldest first."""
    wanted = set(counted.days() if days is None else days)
    parts = {(figure, counted.period_of(figure, day)) for figure in Figure for day in wanted}
    if days is None:
        parts |= {(figure, period) for figure in Figure for period in kept.periods(figure)}
    return sorted(parts, key=lambda part: (part[1], part[0]))


def _differences(*, now: datetime, days: Iterable[date] | None, progress: Progress, repair: bool) -> list[Difference]:
    """Recount part by part. A part is first compared without a lock, and once more, while the figures stand still,
    only if it seems to differ: a sale counted between the two readings makes it seem so.
    """
    found = []
    parts = _parts(days)
    for position, part in enumerate(parts, 1):
        if kept.cells_of(*part) != counted.recounted(*part):
            found += _settle(part, now=now, repair=repair)
        progress(position, len(parts))
    return found


@transaction.atomic
def _settle(part: Part, *, now: datetime, repair: bool) -> list[Difference]:
    """Compare while nothing moves, and put right if asked to; one difference or none."""
    kept.hold_still()
    had, should = kept.cells_of(*part), counted.recounted(*part)
    if had == should:
        return []
    if repair:
        kept.replace(*part, should)
    figure, period = part
    rows = sum(had.get(key) != should.get(key) for key in had.keys() | should.keys())
    return [Difference(figure, period, rows, _amount_vnd(had), _amount_vnd(should), now)]


def _amount_vnd(cells: Cells) -> int:
    return sum(
        -amount if column.startswith("refunded_") else amount
        for amounts in cells.values()
        for column, amount in amounts.items()
        if column.endswith("_vnd")
    )
