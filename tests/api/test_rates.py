"""What one client may ask for in a minute: counted by cost, refused with a time to come back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from redis import RedisError

from marketplace.api.graphql import rates as module
from marketplace.api.graphql.context import issuer
from marketplace.api.graphql.rates import SHARES, Rates, TooManyRequests, client_of, rates
from marketplace.core import clock
from marketplace.people.services import register_person
from marketplace.people.tokens import issue_tokens
from tests.api.asking import URL
from tests.payments.factories import NOW
from tests.plugins.database import row_counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "fresh")]

ELSEWHERE = "203.0.113.7"
DEAR = "{ products(first: 50) { edges { node { name } } } }"
DEAR_COST = 151
CHEAP = "{ products(first: 1) { totalCount } }"
CLIENT = "graphql:a-client"


@pytest.fixture
def fresh(settings: Settings) -> None:
    cache.clear()
    rates.forget()
    settings.MARKET_GRAPHQL_COST_A_MINUTE = 1000


def sent(query: str = CHEAP, *, address: str = ELSEWHERE, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = json.dumps({"query": query})
    return Client().post(URL, data=body, content_type="application/json", headers=headers, REMOTE_ADDR=address)


def until_refused(query: str, **asked: Any) -> int:
    """How many requests are answered before one is not."""
    for count in range(3000):
        if sent(query, **asked).status_code == 429:
            return count
    raise AssertionError("never refused")


def is_let_in(known: Rates, now: datetime, client: str = CLIENT) -> bool:
    try:
        known.admit(client, now=now)
    except TooManyRequests:
        return False
    return True


def test_a_client_that_asked_for_its_minute_is_told_when_to_come_back() -> None:
    # 6 * 151 = 906 are under 1000, the seventh is let in and goes over.
    assert until_refused(DEAR) == 7

    answer = sent()

    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (429, "60", "application/json")
    assert answer.json() == {
        "errors": [
            {
                "message": "Too many requests from here. Try again later.",
                "extensions": {"exception": {"code": "TooManyRequests"}},
            }
        ]
    }


def test_what_a_list_is_narrowed_by_is_charged_as_what_it_costs_to_look_for() -> None:
    # Two conditions of 100 beside some values: four times are under 1000, the fifth is let in and goes over.
    assert until_refused('{ products(first: 1, where: {slug: {eq: "a"}, name: {eq: "b"}}) { totalCount } }') == 5


def test_control_without_a_limit_nobody_is_refused(settings: Settings) -> None:
    settings.MARKET_GRAPHQL_COST_A_MINUTE = 0

    assert {sent(DEAR).status_code for _time in range(20)} == {200}


def test_a_refused_document_costs_one(settings: Settings) -> None:
    settings.MARKET_GRAPHQL_COST_A_MINUTE = 20

    assert until_refused("{ unknown }") == 20


def test_another_address_is_another_client_and_a_neighbour_in_one_house_is_not() -> None:
    until_refused(DEAR, address="2001:db8::1")

    assert sent(address="2001:db8::2").status_code == 429
    assert sent(address="2001:db8:0:1::1").status_code == 200
    assert sent(address=ELSEWHERE).status_code == 200


def test_a_program_on_this_machine_is_not_counted() -> None:
    assert {sent(DEAR, address="127.0.0.1").status_code for _time in range(20)} == {200}
    assert client_of(user_id=None, address="::1") == ""
    assert client_of(user_id=None, address="no address") != ""


def test_a_person_is_counted_by_who_they_are_and_not_by_where() -> None:
    lan, an = (register_person(name=name, phone=f"091234567{n}", now=NOW) for n, name in enumerate(("Lan", "An")))
    token, other = (issue_tokens(user=one, now=clock.now(), issuer=issuer()).access for one in (lan, an))
    until_refused(DEAR, token=token)

    assert sent(token=token, address="198.51.100.9").status_code == 429
    assert sent(token=other).status_code == 200
    assert sent().status_code == 200


def test_a_preflight_is_answered_even_then() -> None:
    until_refused(DEAR)

    assert Client().options(URL, REMOTE_ADDR=ELSEWHERE).status_code == 200


def test_what_was_spent_slides_out_of_the_minute() -> None:
    known, minute = Rates(), datetime(2026, 11, 22, 3, 0, tzinfo=NOW.tzinfo)
    known.charge(CLIENT, 1000, now=minute)

    assert not is_let_in(known, minute + timedelta(seconds=59))
    # Half of the last minute counts half.
    known.charge(CLIENT, 0, now=minute + timedelta(seconds=60))
    assert is_let_in(known, minute + timedelta(seconds=90))
    known.charge(CLIENT, 500, now=minute + timedelta(seconds=90))
    assert not is_let_in(known, minute + timedelta(seconds=90))
    assert is_let_in(known, minute + timedelta(seconds=91))


def test_two_minutes_later_everything_is_forgotten() -> None:
    known = Rates()
    known.charge(CLIENT, 5000, now=NOW)

    assert is_let_in(known, NOW + timedelta(seconds=120))


def test_processes_know_of_one_another_but_for_a_share() -> None:
    one, other = Rates(), Rates()
    one.charge(CLIENT, 1000 // SHARES, now=NOW)
    one.charge(CLIENT, 900, now=NOW)

    other.charge(CLIENT, 80, now=NOW)

    assert not is_let_in(other, NOW)


def test_control_less_than_a_share_is_not_told_yet() -> None:
    one, other = Rates(), Rates()
    one.charge(CLIENT, 1000 // SHARES - 1, now=NOW)

    other.charge(CLIENT, 999, now=NOW)

    assert is_let_in(other, NOW)


def test_most_requests_touch_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Rates()
    known.admit(CLIENT, now=NOW)
    monkeypatch.setattr(module, "cache", None)

    for _time in range(1000 // SHARES - 2):
        known.admit(CLIENT, now=NOW)


class Away:
    """A cache that cannot be reached."""

    def __getattr__(self, name: str) -> Any:
        raise RedisError("connection refused")


def test_without_the_shared_cache_each_process_counts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cache", Away())
    known = Rates()
    known.charge(CLIENT, 600, now=NOW)

    assert is_let_in(known, NOW)
    known.charge(CLIENT, 600, now=NOW)
    assert not is_let_in(known, NOW)


def test_a_count_that_ran_out_of_the_cache_meanwhile_is_still_known_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "incr", lambda *_asked: (_ for _ in ()).throw(ValueError()))
    known = Rates()

    known.charge(CLIENT, 1000, now=NOW)

    assert not is_let_in(known, NOW)


def test_a_flood_of_addresses_takes_a_bounded_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLIENTS_KEPT_MAX", 10)
    known = Rates()
    known.charge(CLIENT, 1000, now=NOW)

    for number in range(50):
        known.admit(f"graphql:{number}", now=NOW)

    assert len(known._accounts) <= 10
    # What the cache was told stays known.
    assert not is_let_in(known, NOW)


def test_counting_writes_nothing_to_the_database() -> None:
    before = row_counts()

    until_refused(DEAR)

    assert row_counts() == before
