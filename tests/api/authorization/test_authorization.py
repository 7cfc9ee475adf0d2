"""Every field of the schema that anybody can begin with, and every one that asks who reads, for every kind of person.

The fields are the schema's own: a new one without a call and a row fails. A refusal writes no row, and nobody can
tell from it whether the thing is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from graphql import GraphQLObjectType

from marketplace.api.graphql.mutations.hands import own_product
from marketplace.api.graphql.rates import rates
from marketplace.api.graphql.schema import schema
from tests.api.asking import URL
from tests.api.authorization.calls import GUARDED, MUTATIONS, QUERIES
from tests.api.authorization.people import (
    ROLES,
    Headers,
    a_market,
    filled,
    headers_of_app,
    people,
    things_of,
    things_of_nobody,
)
from tests.api.authorization.rooms import GUARDED_ROOMS, MUTATION_ROOMS, PAYMENTS_PROGRAM, QUERY_ROOMS
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ASKS_WHO_READS = frozenset(
    {
        "_is_in_charge",
        "actor",
        "app",
        "app_may",
        "hand_in",
        "may_look_after",
        "needs_one_of",
        "private_texts",
        "shops_in_reach",
        "signed_in",
        "user",
    }
)
"""Names in the code of a resolver that answers different people differently."""
NOTED = ("core_clientrequest", "core_securitycounter", "people_signinattempt")
"""A request's id is noted before its work and goes with it; refusals are counted, and wrong passwords."""
ONLY_READ = frozenset({"deliveryOptionsCalculate", "paymentGatewayInitialize", "transactionProcess"})
"""Mutations of Saleor's that need write nothing; each other one that is done wrote something."""


class Writes:
    """The statements that wrote rows, but those that note requests and refusals."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """One statement on its way."""
        writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if writes and not any(table in sql for table in NOTED):
            self.seen.append(sql)
        return execute(sql, params, many, context)


def ask(call: str, headers: Headers, *, mutation: bool) -> tuple[dict[str, Any], list[str]]:
    """Ask, and undo what was done. The answer, and what was written."""
    writes = Writes()
    document = f"{'mutation' if mutation else 'query'} {{ {call} }}"
    with transaction.atomic(), connection.execute_wrapper(writes):
        answer = Client().post(
            URL, data=json.dumps({"query": document}), content_type="application/json", headers=headers
        )
        transaction.set_rollback(True)
    content: dict[str, Any] = answer.json()
    assert answer.status_code == 200, (call, content)
    return content, writes.seen


def letter_of(content: Mapping[str, Any]) -> str:
    """r: refused. n: as if there were no such thing, or an empty list. i: told what is wrong. o: answered, done."""
    errors = content.get("errors") or []
    codes = {error["extensions"]["exception"]["code"] for error in errors}
    assert codes <= {"PermissionDenied"}, content
    if codes:
        return "r"
    (value,) = content["data"].values()
    told = _codes(value)
    if _is_nothing(value) or "NOT_FOUND" in told:
        return "n"
    return "i" if told else "o"


def _is_nothing(value: Any) -> bool:
    """Whether a field is null or an empty list, or the one field asked of it is."""
    if isinstance(value, dict) and len(value) == 1 and "errors" not in value:
        return _is_nothing(next(iter(value.values())))
    return value is None or value == []


def _codes(payload: Any) -> set[str]:
    if not isinstance(payload, dict):
        return set()
    rows = [payload, *payload.get("results", [])]
    return {error["code"] for row in rows for error in row.get("errors", [])}


def rows_of(table: Mapping[str, str]) -> dict[str, str]:
    """Each name of a table with its letters, one a role."""
    rows = {name: "".join(letters.split()) for letters, names in table.items() for name in names.split()}
    assert len(rows) == sum(len(names.split()) for names in table.values()), "a field stands in two rows"
    assert {len(letters) for letters in rows.values()} == {len(ROLES)}
    return rows


def guarded_fields() -> Iterator[str]:
    """The fields whose resolver asks who reads, but those that anybody begins with."""
    for kind in schema.graphql_schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind.name not in {"Query", "Mutation"}:
            for name, field in kind.fields.items():
                code = getattr(field.resolve, "__code__", None)
                if code is not None and ASKS_WHO_READS.intersection(code.co_names):
                    yield f"{kind.name}.{name}"


def test_every_field_that_anybody_can_begin_with_has_its_call_and_its_row() -> None:
    types = schema.graphql_schema
    assert types.query_type is not None
    assert types.mutation_type is not None

    assert set(types.query_type.fields) == QUERIES.keys() == rows_of(QUERY_ROOMS).keys()
    assert set(types.mutation_type.fields) == MUTATIONS.keys() == rows_of(MUTATION_ROOMS).keys()


def test_every_field_that_asks_who_reads_has_its_call_and_its_row() -> None:
    assert set(guarded_fields()) == GUARDED.keys() == rows_of(GUARDED_ROOMS).keys()


@pytest.mark.parametrize(
    ("calls", "table"),
    [(QUERIES, QUERY_ROOMS), (GUARDED, GUARDED_ROOMS), (MUTATIONS, MUTATION_ROOMS)],
    ids=["queries", "guarded fields", "mutations"],
)
def test_each_field_answers_whom_the_table_names_and_tells_others_nothing(
    calls: Mapping[str, str], table: Mapping[str, str]
) -> None:
    shop, elsewhere, customer = a_market()
    askers = people(shop, customer=customer, elsewhere=elsewhere)
    things = things_of(shop, customer=customer)
    nobodys = things_of_nobody(things)
    mutation = calls is MUTATIONS
    found, wrote, told, idle = {}, [], [], set()
    for name, call in calls.items():
        rates.forget()
        letters = ""
        for role in ROLES:
            content, written = ask(filled(call, things), askers[role], mutation=mutation)
            letter = letter_of(content)
            letters += letter
            if letter == "o":
                idle |= {name} if mutation and not written else set()
                continue
            wrote += [(name, role, sql) for sql in written]
            absent, _written = ask(filled(call, nobodys), askers[role], mutation=mutation)
            may_know = OF_THE_SHOP if letter != "i" else OF_THE_SHOP | IN_CHARGE
            if absent != content and name not in OPEN_BY_ITS_SECRET and role not in may_know:
                told.append((name, role))
        found[name] = letters

    assert found == rows_of(table)
    assert (wrote, told) == ([], [])
    assert idle == (ONLY_READ if mutation else set())


def test_a_program_that_handles_payments_is_answered_what_the_table_names_and_otherwise_like_any_program() -> None:
    shop, _elsewhere, customer = a_market()
    program, things = headers_of_app("HANDLE_PAYMENTS"), things_of(shop, customer=customer)
    as_any = {
        name: row[-1] for room in (QUERY_ROOMS, GUARDED_ROOMS, MUTATION_ROOMS) for name, row in rows_of(room).items()
    }
    found = {}
    for calls in (QUERIES, GUARDED, MUTATIONS):
        rates.forget()
        for name, call in calls.items():
            content, _written = ask(filled(call, things), program, mutation=calls is MUTATIONS)
            found[name] = letter_of(content)

    assert found == as_any | PAYMENTS_PROGRAM


OF_THE_SHOP = frozenset({"seller", "owner", "agent"})
"""They know what their shop has; an agent is refused what moves its money."""
IN_CHARGE = frozenset({"officer", "operator"})
"""They see what their commune's shops have, where they may act on it."""
OPEN_BY_ITS_SECRET = GUARDED.keys() - {"Figures.days", "Figures.sets"} | {
    "checkoutAddPromoCode",
    "checkoutCustomerDetach",
    "checkoutDeliveryMethodUpdate",
    "checkoutRemovePromoCode",
}
"""Fields of what the asker may see: what is refused there is a part of it, and that it is there is no secret."""


def test_control_what_is_refused_as_wrong_is_not_taken_for_done_and_what_it_writes_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, elsewhere, customer = a_market()
    owner = people(shop, customer=customer, elsewhere=elsewhere)["owner"]
    call = filled(MUTATIONS["productMediaCreate"], things_of(shop, customer=customer))
    refused, silent = ask(call, owner, mutation=True)

    def written_first(*asked: Any, **more: Any) -> Any:
        Vendor.objects.update(slug=F("slug"))
        return own_product(*asked, **more)

    monkeypatch.setattr("marketplace.api.graphql.mutations.media.own_product", written_first)
    again, written = ask(call, owner, mutation=True)

    assert (letter_of(refused), silent, letter_of(again), len(written)) == ("i", [], "i", 1)


def test_control_a_refusal_that_writes_and_one_that_tells_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, elsewhere, customer = a_market()
    stranger = people(shop, customer=customer, elsewhere=elsewhere)["other_vendor"]
    things = things_of(shop, customer=customer)
    monkeypatch.setattr("catalog.selectors.hands.hand_in", lambda actor, vendor_id: shop.owner)

    content, written = ask(filled(MUTATIONS["productUpdate"], things), stranger, mutation=True)
    absent, _written = ask(filled(MUTATIONS["productUpdate"], things_of_nobody(things)), stranger, mutation=True)

    assert (letter_of(content), written != [], content != absent) == ("o", True, True)
