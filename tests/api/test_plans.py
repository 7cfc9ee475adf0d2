"""Answering by a plan says what graphql-core says: the same values, the same errors at the same places."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import hypothesis
import pytest
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    print_ast,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_graphql import mutations, queries

from marketplace.api.graphql.execution import PLANNED_FIELDS_KEPT_MAX, PLANS_A_DOCUMENT_MAX, Plans
from marketplace.api.graphql.schema import schema as ours

SDL = """
interface Node { id: ID! name: String }
enum Stars { THREE FOUR FIVE }
input Filter { stars: Stars = FOUR words: [String!] deep: Filter }
type Shop implements Node { id: ID! name: String goods(first: Int = 2, filter: Filter): [Good!]! best: Good
  any: Thing nodes: [Node] grid: [[Int!]]! }
type Good implements Node { id: ID! name: String price: Float stars: Stars! shop: Shop! tags: [String] left: Int }
union Thing = Shop | Good
type Mutation { open(id: ID): Shop needed: Good! put(filter: Filter, flag: Boolean! = true): Good many: [Good!]! }
type Query { shop(id: ID): Shop needed: Shop! good(words: [String!] = ["a"]): Good things: [Thing!] node: Node
  echo(filter: Filter, flag: Boolean! = true, many: [Int]): String }
"""
VALUES = ("text", "", 7, 2**40, 1.5, True, None, [1, None], {"id": "x"}, GraphQLError("as a value"))


class Row:
    """A row whose fields answer, or fail, by its number alone: both executors see the same."""

    def __init__(self, seed: int, depth: int) -> None:
        self.seed, self.depth = seed, depth


def answer(row: Row | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Right values mostly; sometimes null, of a wrong type, or an error."""
    asked = f"{row.seed if row else 0} {info.parent_type.name}.{info.field_name} {sorted(arguments.items())!r}"
    chance = random.Random(asked)
    kind = chance.random()
    if kind < 0.04:
        raise GraphQLError(f"refused {info.field_name}")
    if kind < 0.07:
        raise ValueError("a fault of ours")
    if kind < 0.12:
        return chance.choice(VALUES)
    return right_value(str(info.return_type).replace("!", ""), chance, (row.depth if row else 0) + 1)


def right_value(kind: str, chance: random.Random, depth: int) -> Any:
    if kind.startswith("["):
        return [right_value(kind[1:-1], chance, depth) for _ in range(0 if depth > 4 else chance.randint(0, 3))]
    simple: Mapping[str, Any] = {
        "ID": chance.randint(1, 9),
        "Int": chance.randint(-5, 5),
        "Float": chance.choice([1, 2.5]),
        "String": chance.choice(["Mật ong", ""]),
        "Stars": chance.choice(["THREE", "FOUR"]),
    }
    if kind in simple:
        return simple[kind]
    return Row(chance.randint(0, 10_000), depth)


def a_schema() -> GraphQLSchema:
    made = build_schema(SDL)
    for kind in made.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.resolve = answer
    for name in ("Thing", "Node"):
        abstract: Any = made.type_map[name]
        abstract.resolve_type = lambda row, _info, _kind: (
            random.Random(row.seed).choice(["Shop", "Good", "Good", "Nothing"]) if isinstance(row, Row) else None
        )
    return made


SCHEMA = a_schema()


def both(
    query: str, variables: dict[str, Any] | None = None, *, operation: str | None = None, times: int = 2
) -> tuple[Any, Any]:
    """What graphql-core answers, and what the plan does: the second time, when it is kept."""
    document = parse(query)
    assert validate(SCHEMA, document) == []
    theirs = execute_sync(SCHEMA, document, variable_values=variables, operation_name=operation)
    plans = Plans(document)
    for _time in range(times):
        mine = plans.run(SCHEMA, context=None, variables=variables or {}, operation_name=operation)
    return told(theirs), told(mine)


def told(result: Any) -> Any:
    errors = [(str(error.message), error.path, error.locations) for error in result.errors or ()]
    return result.data, errors


@pytest.mark.hypothesis
@hypothesis.settings(max_examples=300, deadline=None, derandomize=True)
@given(query=queries(build_schema(SDL)), flip=st.booleans())
def test_any_query_is_answered_as_graphql_core_answers_it(query: str, flip: bool) -> None:
    core, plan = both(query if not flip else print_ast(parse(query)))

    assert plan == core


@pytest.mark.hypothesis
@hypothesis.settings(max_examples=200, deadline=None, derandomize=True)
@given(change=mutations(build_schema(SDL)))
def test_any_mutation_is_answered_as_graphql_core_answers_it(change: str) -> None:
    core, plan = both(change)

    assert plan == core


def test_the_fields_of_a_mutation_are_done_in_their_order_each_with_all_below_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = parse(
        "mutation { b: open(id: 1) { best { name } } ...f a: open(id: 2) { id } }"
        " fragment f on Mutation { put { shop { id } } b: open(id: 1) { id } }"
    )
    done: list[str] = []

    def noted(_row: Any, info: GraphQLResolveInfo, **_arguments: Any) -> Any:
        done.append(f"{info.path.key}: {info.field_name}")
        return "1" if info.field_name in ("id", "name") else {}

    for kind in ("Mutation", "Shop", "Good"):
        for field in getattr(SCHEMA.type_map[kind], "fields").values():  # noqa: B009 - of every kind named here
            monkeypatch.setattr(field, "resolve", noted)

    def order(answered: Any) -> list[str]:
        assert answered.errors is None
        found, done[:] = list(done), []
        return found

    by_core = order(execute_sync(SCHEMA, document))

    assert order(Plans(document).run(SCHEMA, context=None, variables={}, operation_name=None)) == by_core
    below = ["b: open", "best: best", "name: name", "id: id", "put: put", "shop: shop", "id: id", "a: open", "id: id"]
    assert by_core == below


def test_where_a_mutation_may_not_be_null_and_fails_those_after_it_are_not_done() -> None:
    document = parse("mutation { open(id: 1) { id } needed { id } put { id } }")
    done: list[str] = []
    schema = a_schema()
    root: Any = schema.mutation_type
    for name, field in root.fields.items():
        field.resolve = lambda _row, _info, name=name, **_arguments: done.append(name)

    answered = Plans(document).run(schema, context=None, variables={}, operation_name=None)

    assert (answered.data, done) == (None, ["open", "needed"])
    assert told(answered) == told(execute_sync(schema, document))


@pytest.mark.parametrize(
    "query",
    [
        "{ shop { id name __typename best { name shop { id } } } }",
        "{ needed { best { shop { best { shop { goods { id } } } } } } shop { id } }",
        "{ a: shop(id: 1) { ...f } b: shop(id: 2) { ...f } } fragment f on Shop { goods(first: 3) { ...g } }"
        " fragment g on Good { id shop { name } }",
        "{ things { __typename ... on Shop { id any { ... on Good { price } } } ... on Node { name } } }",
        "{ node { id ... on Good { price } ... on Shop { grid } } shop { nodes { id } any { ... on Node { id } } } }",
        "{ shop { id id name } shop { name goods { id } } shop { goods { name } } }",
        "{ __schema { queryType { name fields { name args { name defaultValue } } } directives { name } }"
        ' __type(name: "Good") { fields(includeDeprecated: true) { name type { kind ofType { name } } } } }',
        "{ echo(filter: {stars: FIVE, deep: {words: []}}, many: [1, null]) }",
    ],
)
def test_these_are_answered_as_graphql_core_answers_them(query: str) -> None:
    core, plan = both(query)

    assert plan == core


SWITCHED = (
    "query($on: Boolean!, $off: Boolean = false, $id: ID = 3) { shop(id: $id) { id @include(if: $on)"
    " ... @skip(if: $off) { name best @include(if: $on) { id } } ...f @skip(if: $on) } }"
    " fragment f on Shop { grid }"
)


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("off", [True, False])
def test_what_directives_ask_is_asked_of_each_request(on: bool, off: bool) -> None:
    plans = Plans(parse(SWITCHED))
    for other in (not on, on):
        given_ones = {"on": other, "off": off, "id": 5}
        mine = told(plans.run(SCHEMA, context=None, variables=given_ones, operation_name=None))

    assert mine == told(execute_sync(SCHEMA, plans.document, variable_values=given_ones))


@pytest.mark.parametrize(
    "variables", [{}, {"on": None}, {"on": "yes"}, {"on": True, "id": ["a", "b"]}, {"on": True, "id": None}]
)
def test_variables_are_read_and_refused_as_graphql_core_does(variables: dict[str, Any]) -> None:
    core, plan = both(SWITCHED, variables)

    assert plan == core


def test_variables_of_one_request_are_not_those_of_the_next() -> None:
    plans = Plans(parse("query($id: ID, $words: [String!]) { shop(id: $id) { name } good(words: $words) { name } }"))

    for variables in ({"id": 1}, {"id": 2, "words": ["b"]}, {}, {"words": []}):
        mine = plans.run(SCHEMA, context=None, variables=variables, operation_name=None)
        assert told(mine) == told(execute_sync(SCHEMA, plans.document, variable_values=variables))


@pytest.mark.parametrize("operation", ["A", "B", None, "C"])
def test_the_operation_that_is_named_is_run(operation: str | None) -> None:
    core, plan = both("query A { shop { id } } query B { needed { name } }", operation=operation)

    assert plan == core


def test_an_operation_that_the_schema_has_not_is_refused_as_graphql_core_refuses_it() -> None:
    document = parse("subscription { shop { id } }")

    refused = Plans(document).run(ours.graphql_schema, context=None, variables={}, operation_name=None)

    assert told(refused) == told(execute_sync(ours.graphql_schema, document))


def test_a_document_keeps_few_plans_and_no_large_one() -> None:
    switches = " ".join(f"a{number}: name @include(if: $s{number})" for number in range(4))
    declared = ", ".join(f"$s{number}: Boolean!" for number in range(4))
    plans = Plans(parse(f"query({declared}) {{ shop {{ {switches} }} }}"))
    for number in range(16):
        variables = {f"s{bit}": bool(number >> bit & 1) for bit in range(4)}
        plans.run(SCHEMA, context=None, variables=variables, operation_name=None)
    wide = " ".join(f"f{number}: __typename" for number in range(PLANNED_FIELDS_KEPT_MAX + 1))
    large = Plans(parse("{ " + wide + " }"))
    large.run(SCHEMA, context=None, variables={}, operation_name=None)

    assert 0 < plans.plans_kept <= PLANS_A_DOCUMENT_MAX
    assert large.plans_kept == 0


def test_control_a_plan_that_forgot_an_error_would_be_seen() -> None:
    core, plan = both(
        "{ a: shop(id: 1) { goods { id name price stars tags } } b: shop(id: 2) { grid nodes { id } } }"
    )
    with_errors = [both(f"{{ shop(id: {number}) {{ goods {{ id name stars }} }} }}")[0] for number in range(40)]

    assert plan == core
    assert any(errors for _data, errors in with_errors)
    assert any(data == {"shop": None} and errors for data, errors in with_errors)
