"""What the bridge does by itself, every so often. Nothing while no Saleor is listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from marketplace.core.tasks import periodic
from marketplace.saleor.fetching import Taker, fetch_due
from marketplace.saleor.models import ToFetch
from marketplace.saleor.sales.catching_up import catch_up
from marketplace.saleor.sales.taking import take_order, take_transaction
from marketplace.saleor.sales.telling import tell_due

FETCH_EVERY_S: Final = 2
TELL_EVERY_S: Final = 2
CATCH_UP_EVERY_S: Final = 300
TAKERS: Final[Mapping[ToFetch.Kind, Taker]] = {
    ToFetch.Kind.ORDER: Taker("Order", take_order),
    ToFetch.Kind.TRANSACTION: Taker("Transaction", take_transaction),
}
"""What each kind of thing is fetched by, and who takes it over."""


@periodic("saleor.fetch_due", every_s=FETCH_EVERY_S, is_slow=True)
def fetch_wanted(now: datetime) -> int:
    """Ask the Saleors for what changed there, and take it over."""
    return fetch_due(takers=TAKERS, now=now)


@periodic("saleor.tell_due", every_s=TELL_EVERY_S, is_slow=True)
def tell_saleors(now: datetime) -> int:
    """Tell the Saleors what vendors handed over and called off."""
    return tell_due(now=now)


@periodic("saleor.catch_up", every_s=CATCH_UP_EVERY_S, is_slow=True)
def catch_up_orders(now: datetime) -> int:
    """Look for orders whose events never arrived."""
    return catch_up(now=now)
