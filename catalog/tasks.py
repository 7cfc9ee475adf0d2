"""What the catalogue does by itself."""

from __future__ import annotations

from datetime import datetime

from catalog.completing import complete_pictures
from catalog.pictures import FOLDERS, sweep_orphans
from marketplace.core.tasks import periodic

SWEEP_EVERY_S = 3600
COMPLETE_EVERY_S = 60


@periodic("catalog.sweep_pictures", every_s=SWEEP_EVERY_S)
def sweep_pictures(now: datetime) -> int:
    """Remove pictures that no product has, one folder of 256 an hour. Returns how many files."""
    turn = int(now.timestamp()) // SWEEP_EVERY_S % len(FOLDERS)
    return sweep_orphans(folder=FOLDERS[turn], now=now)


@periodic("catalog.complete_pictures", every_s=COMPLETE_EVERY_S)
def complete_older_pictures(_now: datetime) -> int:
    """Give pictures from before there were three sizes and WebP what they lack. Returns how many."""
    return complete_pictures()
