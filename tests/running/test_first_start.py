"""The very first start on a fresh machine shows the market as every later one does."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.market import KillableMarket
from tests.plugins.servers import an_own_environment


@pytest.fixture
def market(tmp_path: Path) -> Iterator[KillableMarket]:
    with an_own_environment(tmp_path, furnished=False) as environment:
        market = KillableMarket(environment)
        yield market
        market.kill()


def test_the_first_start_serves_the_style_sheet_that_its_pages_name(market: KillableMarket) -> None:
    market.start()

    with urllib.request.urlopen(f"{market.base_url}/", timeout=30) as page:
        named = re.findall(r"/static/storefront/market\.[0-9a-f]+\.css", page.read().decode())
    with urllib.request.urlopen(f"{market.base_url}{named[0]}", timeout=30) as sheet:
        assert sheet.status == 200
        assert sheet.headers["Content-Type"].startswith("text/css")
