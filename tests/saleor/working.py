"""The market at work beside a played Saleor: its worker on the simulated clock, until nothing is left to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.core.journal import drain
from marketplace.core.tasks import periodic_tasks
from marketplace.saleor.models import SaleorReport, ToFetch
from tests.saleor.played.saleor import PlayedSaleor

ROUND_S = 3
END_S_MAX = 4 * 3600
OURS = "saleor."


class MarketAtWork:
    """The worker of the market, as far as it concerns Saleors: each task when it is due, and the journal."""

    def __init__(self, saleor: PlayedSaleor) -> None:
        self._saleor = saleor
        self._last: dict[str, datetime] = {}

    def work(self) -> int:
        """One round; answers how much was done."""
        now = self._saleor.world.now
        done = drain(now=now)
        for task in periodic_tasks():
            last = self._last.get(task.name)
            if task.name.startswith(OURS) and (last is None or now - last >= timedelta(seconds=task.every_s)):
                self._last[task.name] = now
                done += task.run(now)
        return done + drain(now=now)

    def settle(self, *, seconds: int = ROUND_S) -> None:
        """Time passes until nothing waits on either side. Raises `AssertionError` after `END_S_MAX`."""
        for _round in range(END_S_MAX // seconds):
            self._saleor.pass_time(seconds)
            self._saleor.deliver()
            self.work()
            if not self._saleor.waiting and not waits():
                return
        raise AssertionError(f"it does not come to an end: {waits()}")


def waits() -> list[str]:
    """What the market has not done yet of what it owes a Saleor or wants of it."""
    reports = SaleorReport.objects.filter(state__in=("waiting", "sent")).order_by("pk")
    return [f"{one}: {one.problem}" for one in reports] + [
        f"{one}: {one.problem}" for one in ToFetch.objects.order_by("pk")
    ]
