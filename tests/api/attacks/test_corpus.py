"""Every attack is refused, or answered within the limits: by nodes visited and bytes answered, not by time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from graphql import TypeInfo, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping

from marketplace.api.graphql.documents import documents
from marketplace.api.graphql.limits.bounds import COMPARISONS_MAX
from marketplace.api.graphql.schema import schema
from tests.api.asking import URL
from tests.api.attacks.corpus import Attack, corpus
from tests.payments.factories import a_shop, goods
from tests.plugins.database import row_counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ATTACKS = corpus()
NODES_VISITED_MAX = 3000
"""By GraphQL's rules, of a document of at most 1,000 words: fewer than its words have parts."""
COMPARED_MAX = 2 * COMPARISONS_MAX
REFUSAL_BYTES_MAX = 8 * 1024
ANSWER_BYTES_MAX = 64 * 1024


class WorkedForLong(Exception):
    """GraphQL's rules would go on; the test has seen enough."""


@dataclass
class Work:
    """What GraphQL's own rules did."""

    nodes: int = 0
    compared: int = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Counts the work on documents, none of which is known yet."""
    counted, enter, compare = Work(), TypeInfo.enter, overlapping.find_conflict

    def entered(self: TypeInfo, node: Any) -> None:
        counted.nodes += 1
        enter(self, node)

    def compared(*asked: Any) -> Any:
        counted.compared += 1
        if counted.compared > COMPARED_MAX:
            raise WorkedForLong
        return compare(*asked)

    monkeypatch.setattr(TypeInfo, "enter", entered)
    monkeypatch.setattr(overlapping, "find_conflict", compared)
    documents.forget()
    yield counted
    documents.forget()


def sent(attack: Attack) -> Any:
    """The answer to it, as a client gets it."""
    return Client().generic(
        attack.method, URL, data=attack.body, content_type=attack.content_type, headers=attack.headers
    )


@pytest.fixture
def market(db: None) -> None:
    """A shop with three things on its shelf."""
    shop = a_shop()
    goods(shop.vendor)
    goods(shop.vendor)


def test_there_are_enough_of_them_and_no_two_of_one_name() -> None:
    names = [attack.name for attack in ATTACKS if not attack.name.startswith("by ")]

    assert len(names) >= 40
    assert len({(attack.name, attack.body) for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.usefixtures("market")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: re.sub(r"\W+", "-", attack.name))
def test_every_attack_is_met_within_the_limits(attack: Attack, work: Work) -> None:
    before = row_counts()

    answer = sent(attack)

    shown = answer.content.decode()
    assert answer.status_code == attack.status, shown
    assert attack.says in shown
    if attack.method != "HEAD":
        content = json.loads(shown)
        assert ("data" in content) is attack.is_answered
        for error in content.get("errors", ()):
            assert error["extensions"]["exception"]["code"] in {"GraphQLError", "GraphQLSyntaxError"}
    assert len(answer.content) <= (ANSWER_BYTES_MAX if attack.is_answered else REFUSAL_BYTES_MAX)
    assert work.nodes <= NODES_VISITED_MAX
    assert work.compared <= COMPARED_MAX
    assert row_counts() == before


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.query], ids=lambda attack: re.sub(r"\W+", "-", attack.name)
)
def test_control_without_our_bounds_it_would_be_run_or_worked_on_for_long(attack: Attack, work: Work) -> None:
    try:
        faults = validate(schema.graphql_schema, parse(attack.query))
    except WorkedForLong:
        assert work.compared > COMPARED_MAX
    else:
        assert faults == []
