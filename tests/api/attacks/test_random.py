"""Random valid documents, and valid requests that were damaged at random: no fault of ours, and nothing changes.

FAULT_SCALE=1 sends 5,000 and 20,000 of them, an ordinary run 60 and 400.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from graphql import print_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from marketplace.api.graphql.schema import schema
from tests.api.asking import URL
from tests.api.ids import gid
from tests.api.sale_steps import ADDRESS, COMPLETE, EMAIL, SHIP, a_ready_checkout
from tests.api.test_bad_input import ADD, ONE, ORDER, PRODUCTS, rows
from tests.payments.factories import Shop, a_shop, goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

DOCUMENTS = 5_000
DOCUMENTS_OF_AN_ORDINARY_RUN = 60
DAMAGED = 20_000
DAMAGED_OF_AN_ORDINARY_RUN = 400
SEED = 20_261_122
NOBODY = "00000000-0000-4000-8000-000000000000"
BY_NAME = {"field": "NAME", "direction": "ASC"}
LETTERS = ['"', "{", "}", "$", "\\", "\u0000", "é", "\ud800", " ", "1"]
PIECES = [b"[" * 30, b'"', b"\\u0000", b"\xff", b"NaN", b"1e999", b",", b"}"]
TEXTS = st.one_of(st.sampled_from(["", "mien", "online", "04", "01501", "WzFd", "bad"]), st.text(max_size=8))
SCALARS = {
    name: TEXTS.map(nodes.String)
    for name in ("JSON", "JSONString", "Metadata", "PositiveDecimal", "UUID", "Upload", "Date", "DateTime", "Day")
}
STRANGE: list[Any] = [None, True, 0, -1, 2**31, 2**63, 1.5, 1e308, "", "x", "\u202e", [], {}, [[]], {"": None}]


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop with three things and a basket."""
    shop = a_shop()
    goods(shop.vendor)
    goods(shop.vendor)
    a_ready_checkout(shop)
    return shop


def met(body: bytes, content_type: str = "application/json") -> int:
    """Send it; the status, which is none of a fault of ours."""
    answer = Client().post(URL, data=body, content_type=content_type)
    assert answer.status_code in {200, 400, 405, 411, 413, 415}, (answer.status_code, body)
    for error in json.loads(answer.content).get("errors", ()):
        assert error["extensions"]["exception"]["code"] != "InternalServerError", (error, body)
    return answer.status_code


def test_random_valid_documents_meet_no_fault_and_change_nothing(shop: Shop, fault_scale: float) -> None:
    before, statuses = rows(), Counter[int]()
    count = DOCUMENTS if fault_scale >= 1 else DOCUMENTS_OF_AN_ORDINARY_RUN

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(queries(print_schema(schema.graphql_schema), custom_scalars=SCALARS, allow_x00=False))
    def sent(query: Any) -> None:
        statuses[met(json.dumps({"query": query}).encode())] += 1

    sent()

    assert statuses.total() >= count
    # Control: they are not all stopped at the door.
    assert statuses[200] > statuses.total() // 10
    assert rows() == before


def requests(shop: Shop) -> list[dict[str, Any]]:
    """Valid requests of several kinds. Those that would do something name what is not there.

    Signing in is none of them: that somebody tried is written down.
    """
    product, nothing = (
        gid("Product", shop.variant.product_id),
        gid("Checkout", NOBODY),
    )
    line = {"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}
    return [
        {
            "query": PRODUCTS,
            "variables": {"first": 2, "search": "mien", "sortBy": BY_NAME},
        },
        {"query": PRODUCTS, "variables": {"first": 2, "filter": {"ids": [product], "price": {"gte": 1}, "stars": 4}}},
        {"query": ONE, "variables": {"id": product}},
        {"query": ORDER, "variables": {"id": gid("Order", NOBODY)}},
        {"query": "query A { provinces { code name } } query B { me { id } }", "operationName": "A"},
        {"query": ADD, "variables": {"id": nothing, "lines": [line]}},
        {"query": EMAIL, "variables": {"id": nothing, "email": "lan@example.vn"}},
        {"query": SHIP, "variables": {"id": nothing, "address": ADDRESS}},
        {"query": COMPLETE, "variables": {"id": nothing}},
    ]


def damaged(chance: random.Random, request: dict[str, Any]) -> bytes:
    """The request with one to three faults."""
    content: Any = json.loads(json.dumps(request))
    for _time in range(chance.randint(0, 2)):
        content = changed(chance, content)
    body = bytearray(json.dumps(content, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass"))
    for _time in range(chance.randint(0 if content != request else 1, 2)):
        body = spoilt(chance, body)
    return bytes(body)


def changed(chance: random.Random, value: Any) -> Any:
    """A value of another type somewhere inside, or one level more, or one name less."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(list(value))
        if chance.random() < 0.1:
            return {other: kept for other, kept in value.items() if other != name}
        return {**value, name: changed(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], changed(chance, value[place]), *value[place + 1 :]]
    if isinstance(value, str) and value and chance.random() < 0.5:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice(LETTERS) + value[place + 1 :]
    return chance.choice([*STRANGE, [value], {"id": value}])


def spoilt(chance: random.Random, body: bytearray) -> bytearray:
    """Some bytes flipped, lost, doubled, or the rest cut off."""
    place, kind = chance.randrange(len(body) + 1), chance.randrange(5)
    if kind == 0:
        return body[:place]
    if kind == 1:
        return body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]
    if kind == 2:
        return body[:place] + body[place + chance.randint(1, 20) :]
    if kind == 3:
        return body[:place] + body[max(0, place - 30) : place] * chance.randint(1, 9) + body[place:]
    return body[:place] + chance.choice(PIECES) + body[place:]


def test_damaged_requests_meet_no_fault_and_change_nothing(shop: Shop, fault_scale: float) -> None:
    before, chance, statuses = rows(), random.Random(SEED), Counter[int]()
    known = requests(shop)

    for _time in range(DAMAGED if fault_scale >= 1 else DAMAGED_OF_AN_ORDINARY_RUN):
        statuses[met(damaged(chance, chance.choice(known)))] += 1

    # Control: some of them still reach the resolvers, most do not.
    assert statuses[200] > statuses.total() // 50
    assert statuses[400] > statuses.total() // 2
    assert rows() == before


def test_control_the_requests_are_answered_before_they_are_damaged(shop: Shop) -> None:
    assert {met(json.dumps(request).encode()) for request in requests(shop)} == {200}
