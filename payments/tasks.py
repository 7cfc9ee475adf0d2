"""What payments do by themselves, every so often."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from marketplace.core.tasks import periodic
from payments.services.importing import continue_statements
from payments.services.notices import erase_old_bodies, sweep_received
from payments.services.statements import forget_old_statements

SWEEP_EVERY_S: Final = 20
ERASE_EVERY_S: Final = 3600
STATEMENTS_EVERY_S: Final = 2


@periodic("payments.sweep_received", every_s=SWEEP_EVERY_S)
def sweep_notices(now: datetime) -> int:
    """Finish notices that were kept while settling them failed."""
    return sweep_received(now=now)


@periodic("payments.erase_old_bodies", every_s=ERASE_EVERY_S)
def erase_bodies(now: datetime) -> int:
    """Erase the raw bytes of old deliveries."""
    return erase_old_bodies(now=now)


@periodic("payments.continue_statements", every_s=STATEMENTS_EVERY_S)
def import_statements(now: datetime) -> int:
    """Bring statements that their owners confirmed on by some lines."""
    return continue_statements(now=now)


@periodic("payments.forget_old_statements", every_s=ERASE_EVERY_S)
def forget_statements(now: datetime) -> int:
    """Delete abandoned drafts, and the files of statements that ended long ago."""
    return forget_old_statements(now=now)
