"""What the catalogue does by itself."""

from __future__ import annotations

from datetime import datetime

from catalog import paper_files
from catalog.completing import complete_pictures
from catalog.pictures import SWEEP_EVERY_S, folder_of, sweep_orphans
from catalog.services.importing import continue_imports, forget_imports
from catalog.services.listing_drafts import forget_listing_drafts
from catalog.services.reminders import remind_owners
from marketplace.core.tasks import periodic

COMPLETE_EVERY_S = 60
IMPORTS_EVERY_S = 2
REMIND_EVERY_S = 24 * 3600


@periodic("catalog.sweep_pictures", every_s=SWEEP_EVERY_S)
def sweep_pictures(now: datetime) -> int:
    """Remove pictures that no product has, one folder of 256 an hour. Returns how many files."""
    return sweep_orphans(folder=folder_of(now), now=now)


@periodic("catalog.sweep_papers", every_s=SWEEP_EVERY_S)
def sweep_papers(now: datetime) -> int:
    """Remove files of papers that no row names, one folder of 256 an hour. Returns how many files."""
    return paper_files.sweep_orphans(folder=folder_of(now), now=now)


@periodic("catalog.remind_of_papers", every_s=REMIND_EVERY_S, is_slow=True)
def remind_of_papers(now: datetime) -> int:
    """Tell owners by mail which papers end, once each; also at every start. Returns how many mails."""
    return remind_owners(now=now)


@periodic("catalog.complete_pictures", every_s=COMPLETE_EVERY_S)
def complete_older_pictures(_now: datetime) -> int:
    """Give pictures from before there were three sizes and WebP what they lack. Returns how many."""
    return complete_pictures()


@periodic("catalog.continue_imports", every_s=IMPORTS_EVERY_S, is_slow=True)
def import_goods(now: datetime) -> int:
    """Bring files of goods that were confirmed on by a batch."""
    return continue_imports(now=now)


@periodic("catalog.forget", every_s=SWEEP_EVERY_S)
def forget(now: datetime) -> int:
    """Delete abandoned and long ended imports, and listings that were begun long ago."""
    return forget_imports(now=now) + forget_listing_drafts(now=now)
