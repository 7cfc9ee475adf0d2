"""Telling Saleors what they are owed, every few seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from marketplace.core.tasks import periodic
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.reports.catching_up import catch_up
from marketplace.saleor.reports.sending import send_due

SEND_EVERY_S: Final = 3
CATCH_UP_EVERY_S: Final = 300


@periodic("saleor.send_reports", every_s=SEND_EVERY_S, is_slow=True)
def send_reports(now: datetime) -> int:
    """Tell Saleors of the money that came and went. Nothing where no Saleor is."""
    return send_due(now=now) if is_switched_on() else 0


@periodic("saleor.catch_up_reports", every_s=CATCH_UP_EVERY_S, is_slow=True)
def catch_up_reports(now: datetime) -> int:
    """Look for what was recorded by a process that did not listen for the Saleors."""
    return catch_up(now=now) if is_switched_on() else 0
