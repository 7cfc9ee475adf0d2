"""What payments do by themselves, every so often."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from marketplace.core.tasks import periodic
from payments.services.cards.sweeping import sweep_cards
from payments.services.importing import continue_statements
from payments.services.notices import erase_old_bodies, sweep_received
from payments.services.polling import poll_due
from payments.services.statements import forget_old_statements

SWEEP_EVERY_S: Final = 20
ERASE_EVERY_S: Final = 3600
STATEMENTS_EVERY_S: Final = 2
LOOK_FOR_FEEDS_EVERY_S: Final = 30
"""How often feeds are looked for whose poll is due; each has its own pace."""
CARDS_EVERY_S: Final = 20


@periodic("payments.sweep_received", every_s=SWEEP_EVERY_S)
def sweep_notices(now: datetime) -> int:
    """Finish notices that were kept while settling them failed."""
    return sweep_received(now=now)


@periodic("payments.erase_old_bodies", every_s=ERASE_EVERY_S)
def erase_bodies(now: datetime) -> int:
    """Erase the raw bytes of old deliveries."""
    return erase_old_bodies(now=now)


@periodic("payments.continue_statements", every_s=STATEMENTS_EVERY_S, is_slow=True)
def import_statements(now: datetime) -> int:
    """Bring statements that their owners confirmed on by some lines; beside the journal, which must not wait."""
    return continue_statements(now=now)


@periodic("payments.forget_old_statements", every_s=ERASE_EVERY_S)
def forget_statements(now: datetime) -> int:
    """Delete abandoned drafts, and the files of statements that ended long ago."""
    return forget_old_statements(now=now)


@periodic("payments.poll_feeds", every_s=LOOK_FOR_FEEDS_EVERY_S, is_slow=True)
def poll_feeds(now: datetime) -> int:
    """Ask providers for the transfers whose notices may have been lost."""
    return poll_due(now=now)


@periodic("payments.sweep_cards", every_s=CARDS_EVERY_S, is_slow=True)
def finish_cards(now: datetime) -> int:
    """Finish card payments and refunds that Stripe did not tell the end of. Nothing where cards are off."""
    return sweep_cards(now=now)
