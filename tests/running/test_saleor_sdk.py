"""Saleor's own JavaScript client signs in to a running market, refreshes its tokens and says who it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.market import KillableMarket
from tests.source import ROOT

pytestmark = pytest.mark.node

SCRIPT = ROOT / "tests" / "node" / "signing_in.mjs"
ANSWER_S_MAX = 60
EMAIL, PASSWORD = "lan@example.vn", "mat-ong-hoa-nhan-2026"


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    try:
        market.start()
        add_person(market)
        yield market
    finally:
        market.kill()


def add_person(market: KillableMarket) -> None:
    added = subprocess.run(
        [sys.executable, "-m", "marketplace", "add-operator", "--email", EMAIL],
        cwd=ROOT,
        env=market.environment,
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert added.returncode == 0, added.stderr


def signing_in(url: str) -> dict[str, Any]:
    given = json.dumps({"url": url, "email": EMAIL, "password": PASSWORD})
    run = subprocess.run(
        ["node", str(SCRIPT)], input=given, capture_output=True, text=True, timeout=ANSWER_S_MAX, check=False
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_saleors_client_signs_in_refreshes_and_says_who_it_is(market: KillableMarket) -> None:
    me = {"email": EMAIL}

    found = signing_in(f"{market.base_url}/graphql/")

    asked = [tuple(one) for one in found.pop("asked")]
    assert found == {
        "wrong": ["INVALID_CREDENTIALS"],
        "errors": [],
        "signedIn": me,
        "refreshed": [me, me],  # twice with one refresh token: this client keeps the one it has
        "together": [me, me],
        "signedOut": None,
    }
    refreshing = [("tokenRefresh", False), ("me", True)]
    assert asked[:7] == [("tokenCreate", False), ("tokenCreate", False), ("me", True), *refreshing, *refreshing]
    assert sorted(asked[7:-1]) == sorted(refreshing * 2)
    assert asked[-1] == ("me", False)


def test_control_the_client_sends_its_token_to_no_address_but_the_one_in_it(market: KillableMarket) -> None:
    """So `iss` must be the very address that is asked: by another name of the same machine nobody is signed in."""
    found = signing_in(f"{market.base_url}/graphql/".replace("127.0.0.1", "localhost"))

    assert (found["errors"], found["signedIn"]) == ([], None)
    assert ("me", True) not in [tuple(one) for one in found["asked"]]
