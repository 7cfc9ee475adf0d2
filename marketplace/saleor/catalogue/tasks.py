"""What the catalogue does by itself in the Saleors that the market is installed into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from marketplace.core.tasks import periodic
from marketplace.saleor.catalogue.due import look_over_goods, look_over_shops, look_over_stock, mark_all_stock
from marketplace.saleor.catalogue.pushing import push_due
from marketplace.saleor.each import for_each, installed
from marketplace.saleor.models import Installation
from marketplace.saleor.places import is_switched_on

PUSH_EVERY_S: Final = 3
LOOK_OVER_STOCK_EVERY_S: Final = 60
LOOK_OVER_GOODS_EVERY_S: Final = 3600
ASK_STOCK_EVERY_S: Final = 300
"""A sale there that no webhook told of is noticed no later than this; so long one piece may be sold twice. With more
than about 10,000 variants a turn of all of them takes longer: a round of 100 goes every three seconds."""


@periodic("saleor.push_goods", every_s=PUSH_EVERY_S, is_slow=True)
def push_goods(now: datetime) -> int:
    """Bring what changed here, and take over what changed there."""
    return _each(lambda installation: push_due(installation, now=now))


@periodic("saleor.look_over_stock", every_s=LOOK_OVER_STOCK_EVERY_S, is_slow=True)
def compare_stock(now: datetime) -> int:
    """Find stock that changed here without a word."""
    return _each(lambda installation: look_over_stock(installation, now=now))


@periodic("saleor.look_over_goods", every_s=LOOK_OVER_GOODS_EVERY_S, is_slow=True)
def compare_goods(now: datetime) -> int:
    """Find shops and goods that changed here without a word, such as stars that ended."""
    return _each(lambda one: look_over_shops(one, now=now) + look_over_goods(one, now=now))


@periodic("saleor.ask_stock", every_s=ASK_STOCK_EVERY_S, is_slow=True)
def ask_stock(now: datetime) -> int:
    """Have every variant's stock there asked for."""
    return _each(lambda installation: mark_all_stock(installation, now=now))


def _each(do: Callable[[Installation], int]) -> int:
    return for_each(installed(), do) if is_switched_on() else 0
