"""The yearly revenue from which a household business owes tax, and how near it a shop is. Pure.

Decree 141/2026/NĐ-CP of 29 April 2026, applied from 1 January 2026: up to 1 billion đồng a year no VAT and no
personal income tax; above it also invoices from a cash register, registered within 30 days (Decree 68/2026/NĐ-CP,
article 8.5, as amended). The amount is kept with the year, since another year may have another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TAX_FREE_VND: Final = 1_000_000_000
WARNED_FROM_PERCENT: Final = 80
YEAR_FIRST: Final = 2026
"""The first year that this mark holds for."""


@dataclass(frozen=True)
class YearlyRevenue:
    """What a shop took through the market in a year, charges less refunds, in đồng."""

    year: int
    taken_vnd: int
    threshold_vnd: int = TAX_FREE_VND

    @property
    def percent(self) -> int:
        """How much of the threshold is reached, in whole hundredths rounded down: 100 is said when it is so."""
        return max(0, 100 * self.taken_vnd // self.threshold_vnd)

    @property
    def left_vnd(self) -> int:
        """What may still come in below the threshold, in đồng."""
        return max(0, self.threshold_vnd - self.taken_vnd)

    @property
    def level(self) -> int | None:
        """The highest mark that is reached: 100, `WARNED_FROM_PERCENT`, or None."""
        reached = [mark for mark in (WARNED_FROM_PERCENT, 100) if self.percent >= mark]
        return reached[-1] if reached else None

    @property
    def subject(self) -> str:
        """The name under which a shop has read about this mark: each is told once a year."""
        return f"revenue:{self.year}:{self.level}"
