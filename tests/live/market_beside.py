"""The demo market as a process of its own, installed into a running Saleor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from tests.live.real_saleor import ANSWER_S_MAX, RealSaleor
from tests.plugins.servers import a_free_port

COMMAND_S_MAX: Final = 900
START_S_MAX: Final = 120


@dataclass(frozen=True)
class MarketBeside:
    """A market that is served, its environment, and what `market demo-info` says of it."""

    environment: Mapping[str, str]
    base_url: str
    info: Mapping[str, Any]

    def run(self, *words: str, given: str = "") -> str:
        """What `market …` prints; fails with what it complained of."""
        return _run(self.environment, *words, given=given)

    def pay(self, code: str, *, amount_vnd: int | None = None) -> None:
        """A buyer's transfer, told by the shop's bank."""
        amount = () if amount_vnd is None else ("--amount", str(amount_vnd))
        self.run("pay", code, *amount)

    def ask(self, document: str, variables: Mapping[str, Any] | None = None, *, token: str = "") -> dict[str, Any]:
        """The data of a document that the market's own GraphQL answers."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(
            f"{self.base_url}/graphql/",
            json={"query": document, "variables": variables or {}},
            headers=headers,
            timeout=ANSWER_S_MAX,
        ).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def token_of(self, **who: str) -> str:
        """The token of the demo user with this role, vendor or commune."""
        user = next(user for user in self.info["users"] if all(user.get(key) == value for key, value in who.items()))
        answer = self.ask(
            "mutation($email: String!, $password: String!) "
            "{ tokenCreate(email: $email, password: $password) { token errors { message } } }",
            {"email": user["phone"], "password": user["password"]},
        )
        return str(answer["tokenCreate"]["token"])

    def confirmed_vnd(self, commune: str) -> int:
        """What banks confirmed in the commune this month, in đồng, as its figures count it."""
        seen = self.ask(
            "query($commune: String!) "
            "{ figures(commune: $commune) { summary { takings { confirmed { amount } } } } }",
            {"commune": commune},
            token=self.token_of(role="operator"),
        )
        confirmed: float = seen["figures"]["summary"]["takings"]["confirmed"]["amount"]
        return round(confirmed)

    def shops(self) -> dict[str, dict[str, str]]:
        """The shops whose owners may sign in: name -> slug and commune."""
        found = {}
        for slug in {user["vendor"] for user in self.info["users"] if user["role"] == "owner"}:
            seen = self.ask(
                "query($slug: String!) { vendor(slug: $slug) { name commune { code } } }", {"slug": slug}
            )["vendor"]
            found[seen["name"]] = {"slug": slug, "commune": seen["commune"]["code"]}
        return found


@contextmanager
def a_market_beside(saleor: RealSaleor, folder: Path) -> Iterator[MarketBeside]:
    """Build the demo market in `folder` (or `LIVE_MARKET_HOME`, kept for the next time), and serve it; then leave."""
    port = a_free_port()
    base_url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "MARKET_HOME": os.environ.get("LIVE_MARKET_HOME", str(folder / "home")),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "MARKET_DEMO": "1",
        "MARKET_PUBLIC_URL": base_url,
        "SALEOR_API_URLS": saleor.api_url,
    }
    environment = {name: value for name, value in environment.items() if value}
    saleor.forget_app()
    if "LIVE_MARKET_HOME" not in os.environ:
        saleor.forget_goods()
    _run(environment, "demo")
    log = (folder / "log").open("wb")
    server = subprocess.Popen([*_market(), "serve"], env=environment, stdout=log, stderr=log)
    try:
        _wait_for(base_url)
        info = json.loads(_run(environment, "demo-info"))
        market = MarketBeside(environment, base_url, info)
        yield market
        market.run("saleor", "leave", saleor.api_url)
        saleor.forget_app()
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _market() -> list[str]:
    return [sys.executable, "-m", "marketplace"]


def _run(environment: Mapping[str, str], *words: str, given: str = "") -> str:
    done = subprocess.run(
        [*_market(), *words],
        env=dict(environment),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_S_MAX,
    )
    assert done.returncode == 0, f"market {' '.join(words)}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
    return done.stdout


def _wait_for(base_url: str) -> None:
    ends = time.monotonic() + START_S_MAX
    while True:
        try:
            if requests.get(f"{base_url}/health/ready", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < ends, "the market does not open"
        time.sleep(0.5)
