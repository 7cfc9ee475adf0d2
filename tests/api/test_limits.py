"""What a document may ask: every bound, and what the fault would be without it."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, get_introspection_query, parse, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping

from marketplace.api.graphql.limits import (
    ALIASES_MAX,
    COST_MAX,
    DEPTH_MAX,
    MUTATIONS_A_DOCUMENT_MAX,
    REPEATS_MAX,
    DocumentMeter,
    check_document,
)
from marketplace.api.graphql.schema import schema
from tests.api.asking import ask, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

NESTED_FRAGMENTS = 22
ATTACK = "{products(first:1){edges{node{...f0}}}}" + "".join(
    f"fragment f{number} on Product{{vendor{{id}}...f{number + 1} ...f{number + 1}}}"
    for number in range(NESTED_FRAGMENTS)
)
ATTACK += f"fragment f{NESTED_FRAGMENTS} on Product{{id}}"


def refused(query: str, **variables: Any) -> str:
    """The sentence with which a document is refused before anything of it runs."""
    answer = post(query, **variables)
    content = answer.json()
    assert answer.status_code == 400
    assert content.keys() == {"errors"}
    assert content["errors"][0]["extensions"]["exception"]["code"] == "GraphQLError"
    sentence: str = content["errors"][0]["message"]
    return sentence


def mutations(count: int) -> str:
    return " ".join(f'm{number}: checkoutComplete(id: "x") {{ errors {{ code }} }}' for number in range(count))


def nested(levels: int) -> str:
    """A query of this depth: a product's default variant's product's default variant …"""
    names = ["defaultVariant", "product"] * levels
    inner = "id"
    for name in reversed(names[: levels - 4]):
        inner = f"{name} {{ {inner} }}"
    return f"{{ products(first: 1) {{ edges {{ node {{ {inner} }} }} }} }}"


def test_a_document_of_the_greatest_depth_is_answered_and_one_deeper_is_not() -> None:
    assert ask(nested(DEPTH_MAX)) == {"products": {"edges": []}}
    assert refused(nested(DEPTH_MAX + 1)) == "The query is nested too deeply: 16 levels, at most 15."


def test_depth_is_found_inside_fragments_too() -> None:
    query = "{ products(first: 1) { edges { node { ...a } } } } " + "".join(
        f"fragment {name} on Product {{ defaultVariant {{ product {{ {inner} }} }} }} "
        for name, inner in (("a", "...b"), ("b", "...c"), ("c", "...d"), ("d", "...e"), ("e", "...f"))
    )

    assert "nested too deeply" in refused(query + "fragment f on Product { defaultVariant { product { id } } }")


def test_as_many_aliases_as_allowed_are_answered_and_one_more_is_not() -> None:
    def query(count: int) -> str:
        return "{" + " ".join(f"a{number}: products(first: 1) {{ totalCount }}" for number in range(count)) + "}"

    assert len(ask(query(ALIASES_MAX))) == ALIASES_MAX
    assert refused(query(ALIASES_MAX + 1)) == f"The query uses too many aliases: {ALIASES_MAX + 1}, at most 30."


def test_aliases_in_a_fragment_count_as_often_as_it_is_used() -> None:
    uses = " ".join(f"a{number}: products(first: 1) {{ ...f }}" for number in range(8))

    assert "too many aliases: 32" in refused(
        f"{{ {uses} }} fragment f on ProductCountableConnection {{ a: totalCount b: totalCount c: totalCount }}"
    )


@pytest.mark.parametrize(
    "document",
    [
        f"mutation {{ {mutations(5)} }}",
        f"mutation {{ ...all }} fragment all on Mutation {{ {mutations(5)} }}",
        f"mutation {{ ... {{ {mutations(3)} }} ...rest }}"
        ' fragment rest on Mutation { n: checkoutComplete(id: "x") { errors { code } }'
        ' o: checkoutComplete(id: "x") { errors { code } } }',
        f"mutation A {{ {mutations(3)} }} mutation B {{ {mutations(2)} }}",
    ],
)
def test_more_than_four_mutations_are_refused_wherever_they_hide(document: str) -> None:
    assert refused(document) == "Too many mutations in one request: 5, at most 4."


def test_four_mutations_are_done() -> None:
    assert len(ask(f"mutation {{ {mutations(MUTATIONS_A_DOCUMENT_MAX)} }}")) == 4


def test_rows_multiply_the_cost() -> None:
    fields = "name slug created updatedAt isAvailable isDemo isAlcohol channel id"
    inner = f"variants {{ product {{ variants {{ product {{ {fields} }} }} }} }}"
    query = "query($first: Int) { products(first: $first) { edges { node { " + inner + " } } } }"

    assert refused(query, first=100).startswith("The query exceeds the maximum cost: ")
    assert ask(query, first=1) == {"products": {"edges": []}}
    assert "maximum cost" in refused(query.replace("$first)", "100)").replace("($first: Int)", ""))


def test_the_cost_stands_in_every_answer() -> None:
    answer = post("{ products(first: 7) { edges { node { name } } } }").json()

    assert answer["extensions"]["cost"] == {"requestedQueryCost": 22, "maximumAvailable": COST_MAX}


def test_a_document_of_too_many_words_is_refused() -> None:
    content = post("{" + " me { id }" * 300 + "}").json()

    assert content["errors"][0]["extensions"]["exception"]["code"] == "GraphQLSyntaxError"
    assert "more than 1000 tokens" in content["errors"][0]["message"]


def test_nested_fragments_are_measured_once_each() -> None:
    """About 1 kB of text that unfolds into millions of fields."""
    document = parse(ATTACK)
    meter = DocumentMeter(document, {})
    meter.measure(document.definitions[0].selection_set)  # type: ignore[attr-defined]  # the operation

    assert meter.steps == 4 + 4 * NESTED_FRAGMENTS + 1
    assert "maximum cost" in refused(ATTACK)


def test_control_unfolding_nested_fragments_takes_millions_of_steps() -> None:
    document = parse(ATTACK)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def unfolded(selections: Any, budget: int) -> int:
        steps = 0
        for node in selections.selections if selections else ():
            inner = node.selection_set if isinstance(node, FieldNode) else fragments[node.name.value].selection_set
            steps += 1 + unfolded(inner, budget - steps)
            if steps > budget:
                break
        return steps

    budget = 100_000
    assert unfolded(document.definitions[0].selection_set, budget) > budget  # type: ignore[attr-defined]  # ditto


def test_a_circle_of_fragments_is_refused_with_graphqls_own_sentence() -> None:
    fragments = "fragment a on Product { ...b } fragment b on Product { ...a }"

    assert (
        refused("{ products(first: 1) { edges { node { ...a } } } } " + fragments)
        == "Cannot spread fragment 'a' within itself via 'b'."
    )


def test_a_field_that_is_named_over_and_over_is_refused() -> None:
    def query(times: int) -> str:
        return "{ products(first: 1) { edges { node { " + "name " * times + "} } } }"

    assert ask(query(REPEATS_MAX)) == {"products": {"edges": []}}
    assert refused(query(REPEATS_MAX + 1)) == "The query names one field too often: 61 times, at most 60."


def test_control_graphqls_rules_compare_each_two_fields_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    compared, compare = [0], overlapping.find_conflict

    def counted(*arguments: Any) -> Any:
        compared[0] += 1
        return compare(*arguments)

    monkeypatch.setattr(overlapping, "find_conflict", counted)
    validate(schema.graphql_schema, parse("{ products(first: 1) { edges { node { " + "name " * 300 + "} } } }"))

    assert compared[0] == 300 * 299 // 2


def test_tools_may_read_the_whole_schema() -> None:
    found = ask(get_introspection_query())

    assert found["__schema"]["queryType"]["name"] == "Query"


def test_the_schema_is_not_multiplied_with_itself() -> None:
    inner = "name"
    for _level in range(5):
        inner = f"fields {{ type {{ {inner} }} }}"

    assert "introspection is too deep" in refused(f"{{ __schema {{ types {{ {inner} }} }} }}")


@pytest.mark.parametrize("text", ['"a\\u0000b"', '"\\u{0}"'])
def test_a_nul_in_a_text_of_the_document_is_refused(text: str) -> None:
    assert refused(f"{{ product(slug: {text}) {{ id }} }}") == "The query holds a NUL character."


def test_the_cost_of_a_variable_that_is_no_number_is_that_of_a_full_page() -> None:
    document = parse("query($n: Int) { products(first: $n) { edges { cursor } } }")

    assert check_document(document, {"n": "many"}) == check_document(document, {"n": 100}) == 201
