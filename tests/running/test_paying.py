"""`market pay` plays every provider's bank against a running server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.running import playing_bank
from marketplace.running.playing_bank import NoServer, NoToken
from tests.faults.market import KillableMarket
from tests.payments.banks import a_feed
from tests.payments.factories import NOW, a_shop, an_order, code_of
from tests.source import ROOT


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    yield market
    market.kill()


def pay(market: KillableMarket, *arguments: str) -> tuple[int, Any]:
    """The exit status and what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "marketplace", "pay", *arguments],
        cwd=ROOT,
        env=market.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_every_provider_s_notice_is_taken_by_the_running_market(market: KillableMarket) -> None:
    codes = market.run("tests.running.four_feeds")
    market.start()

    answered = {
        provider: pay(market, code, "--provider", provider, "--repeat", "2") for provider, code in codes.items()
    }
    again = pay(market, codes["payos"], "--provider", "payos", "--amount", "1000")

    for provider, (status, answers) in answered.items():
        assert (status, [answer["status"] for answer in answers]) == (0, [200, 200])
        assert {(answer["provider"], answer["amount"]) for answer in answers} == {(provider, 60_000)}
    for provider in ("sepay", "casso", "payos"):
        assert answered[provider][1][0]["answer"] == {"success": True}
    assert answered["vietqrvn"][1][0]["answer"]["errorReason"] == "000"
    assert again[0] == 0
    kept = market.run("tests.running.notices_kept")
    assert kept["notices"] == [[provider, "booked"] for provider in codes] + [["payos", "review"]]
    assert kept["links"] == 1


@pytest.mark.django_db
def test_without_a_running_market_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_of(an_order(a_shop()))

    for here, free_port_is_shut in ((None, False), ({"base_url": "http://127.0.0.1:9", "demo": True}, True)):
        monkeypatch.setattr(playing_bank, "running_server", lambda here=here: here)
        with pytest.raises(NoServer, match="Không kết nối" if free_port_is_shut else "Chợ chưa mở"):
            playing_bank.play_bank(code=code, amount_vnd=None, provider=None, mangling="as_is", repeat=1, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(401, {"error": True}), (500, "broken"), (200, {})])
def test_without_a_token_no_notice_is_sent(monkeypatch: pytest.MonkeyPatch, answer: tuple[int, Any]) -> None:
    shop = a_shop()
    a_feed(shop.vendor, ("vietqrvn", "basic"))
    monkeypatch.setattr(playing_bank, "running_server", lambda: {"base_url": "http://127.0.0.1:9", "demo": True})
    monkeypatch.setattr(playing_bank, "_send", lambda *_: answer)

    with pytest.raises(NoToken):
        playing_bank.play_bank(
            code=code_of(an_order(shop)), amount_vnd=None, provider="vietqrvn", mangling="as_is", repeat=1, now=NOW
        )
