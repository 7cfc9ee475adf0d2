"""The running Saleor that these tests are given, a market of their own beside it, and a record of what happened.

    LIVE_SALEOR_API_URL=http://127.0.0.1:8324/graphql/ LIVE_SALEOR_EMAIL=… LIVE_SALEOR_PASSWORD=… pytest -s tests/live

Without the address they are left out. The Saleor must reach 127.0.0.1 (`HTTP_IP_FILTER_ALLOW_LOOPBACK_IPS`), and its
worker must run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.market_beside import MarketBeside, a_market_beside
from tests.live.real_saleor import RealSaleor

ADDRESS = "LIVE_SALEOR_API_URL"
RECORD = Path("results") / "live-saleor.txt"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a Saleor that nobody gave."""
    if os.environ.get(ADDRESS):
        return
    alive = [item for item in items if item.get_closest_marker("live")]
    if alive:
        items[:] = [item for item in items if item not in alive]
        config.hook.pytest_deselected(items=alive)


@pytest.fixture(scope="session")
def saleor() -> RealSaleor:
    """The Saleor, signed in to as its staff, with a channel in đồng that delivers within Vietnam."""
    real = RealSaleor(
        os.environ[ADDRESS], email=os.environ["LIVE_SALEOR_EMAIL"], password=os.environ["LIVE_SALEOR_PASSWORD"]
    )
    real.prepare()
    return real


@pytest.fixture(scope="session")
def market(saleor: RealSaleor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MarketBeside]:
    """The demo market, served, and installed into that Saleor."""
    with a_market_beside(saleor, tmp_path_factory.mktemp("live")) as market:
        yield market


@pytest.fixture(scope="session")
def record(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Lines of what was seen, kept in `results/live-saleor.txt` and shown with `-s`."""
    lines: list[str] = []
    yield lines
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
