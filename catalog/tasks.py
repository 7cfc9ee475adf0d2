"""What the catalogue does by itself."""

from __future__ import annotations

from datetime import datetime

from catalog.pictures import FOLDERS, sweep_orphans
from marketplace.core.tasks import periodic

SWEEP_EVERY_S = 3600


@periodic("catalog.sweep_pictures", every_s=SWEEP_EVERY_S)
def sweep_pictures(now: datetime) -> int:
    """Remove pictures that no product has, one folder of 256 an hour. Returns how many files."""
    turn = int(now.timestamp()) // SWEEP_EVERY_S % len(FOLDERS)
    return sweep_orphans(folder=FOLDERS[turn], now=now)
