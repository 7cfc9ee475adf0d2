from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.saleor.models import Installation
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.reports.paying import Begun, Paying


@pytest.fixture
def market(saleor: PlayedSaleor, installation: Installation, sold_there: Callable[..., Any]) -> Paying:
    """The market inside a played Saleor."""
    return Paying(saleor, installation, sold_there)


@pytest.fixture
def paid(market: Paying) -> Begun:
    """A checkout that the bank told of, and the Saleor was not."""
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], referenceCode="FT1")
    return begun
