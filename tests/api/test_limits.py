"""What a document may ask: every bound, and what the fault would be without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    get_introspection_query,
    parse,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged as overlapping

from marketplace.api.graphql.limits import check_structure
from marketplace.api.graphql.limits.bounds import (
    ALIASES_MAX,
    COMMENTS_MAX,
    COMPARISONS_MAX,
    DEPTH_MAX,
    DIRECTIVES_MAX,
    FRAGMENTS_MAX,
    MUTATIONS_A_DOCUMENT_MAX,
    NAME_CHARACTERS_MAX,
    NESTED_BRACKETS_MAX,
    NESTED_SELECTIONS_MAX,
    NUMBER_CHARACTERS_MAX,
    OPERATIONS_MAX,
    SPREADS_MAX,
    TOKENS_MAX,
    UNFOLDED_SELECTIONS_MAX,
    VARIABLE_LEVELS_MAX,
    VARIABLE_VALUES_MAX,
    VARIABLES_MAX,
)
from marketplace.api.graphql.limits.meter import DocumentMeter
from marketplace.api.graphql.limits.overlaps import comparisons
from marketplace.api.graphql.schema import schema
from tests.api.asking import ask, post, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

NESTED_FRAGMENTS = 22
ATTACK = "{products(first:1){edges{node{...f0}}}}" + "".join(
    f"fragment f{number} on Product{{vendor{{id}}...f{number + 1} ...f{number + 1}}}"
    for number in range(NESTED_FRAGMENTS)
)
ATTACK += f"fragment f{NESTED_FRAGMENTS} on Product{{id}}"


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


def test_a_document_of_too_many_words_is_refused() -> None:
    content = post("{" + " me { id }" * 300 + "}").json()

    assert content["errors"][0]["extensions"]["exception"]["code"] == "GraphQLSyntaxError"
    assert "more than 1000 tokens" in content["errors"][0]["message"]


def test_nested_fragments_are_measured_once_each() -> None:
    """About 1 kB of text that unfolds into millions of fields."""
    document = parse(ATTACK)
    meter = DocumentMeter(document, {}, schema=schema.graphql_schema)
    meter.operation(document.definitions[0])  # type: ignore[arg-type]  # the operation

    assert meter.steps == 4 + 4 * NESTED_FRAGMENTS + 1
    assert "unfolds to too many fields" in refused(ATTACK)


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

    assert 63 * 62 // 2 <= COMPARISONS_MAX < 64 * 63 // 2
    assert ask(query(63)) == {"products": {"edges": []}}
    assert refused(query(64)) == "The query names one field too often: 2016 pairs, at most 2000."


def test_a_field_is_compared_with_those_of_one_place_only() -> None:
    """`name` may stand in as many places as one likes."""
    places = " ".join(f"a{number}: products(first: 1) {{ edges {{ node {{ name }} }} }}" for number in range(30))

    assert comparisons(parse("{" + places + "}"), stop_above=COMPARISONS_MAX) == 0
    assert len(ask("{" + places + "}")) == 30


def test_fields_that_fragments_bring_together_are_counted_too() -> None:
    parts = [f"fragment f{number} on Product {{ {'name ' * 8} }}" for number in range(8)]
    query = "{ products(first: 1) { edges { node { " + " ".join(f"...f{number}" for number in range(8)) + " } } } }"

    # 64 together, and 8 in each fragment by itself.
    assert comparisons(parse(query + " ".join(parts)), stop_above=10_000) == 64 * 63 // 2 + 8 * 28
    assert "names one field too often" in refused(query + " ".join(parts))


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


@pytest.mark.parametrize(
    ("build", "most", "sentence"),
    [
        (
            lambda count: "{ products(first: 1) { totalCount } " + "#\n" * count + "}",
            COMMENTS_MAX,
            "Syntax Error: Document contains more than 100 comments. Parsing aborted.",
        ),
        (
            lambda count: "{ products(first: 1) { totalCount " + "... { __typename } " * count + "} }",
            SPREADS_MAX,
            "The query spreads too many fragments: 121, at most 120.",
        ),
        (
            lambda count: "{ products(first: 1) { " + "totalCount @skip(if: false) " * count + "} }",
            DIRECTIVES_MAX,
            "The query uses too many directives: 51, at most 50.",
        ),
        (
            lambda count: "".join(f"query q{n} {{ products(first: 1) {{ totalCount }} }}" for n in range(count)),
            OPERATIONS_MAX,
            "Too many operations in one request: 11, at most 10.",
        ),
        (
            lambda count: (
                "{ products(first: 1) { "
                + "".join(f"...f{n} " for n in range(count))
                + "} }"
                + "".join(f"fragment f{n} on ProductCountableConnection {{ totalCount }}" for n in range(count))
            ),
            FRAGMENTS_MAX,
            "The query has too many fragments: 61, at most 60.",
        ),
        (
            lambda count: (
                f"query({''.join(f'$v{n}: Int ' for n in range(count))}) {{ products(first: 1) {{ totalCount }} }}"
            ),
            VARIABLES_MAX,
            "The query has too many variables: 51, at most 50.",
        ),
        (
            lambda count: (
                "{ products(first: 1) " + "{ ..." * (count - 2) + "{ totalCount }" + "}" * (count - 2) + "}"
            ),
            NESTED_SELECTIONS_MAX,
            "The query is nested too deeply: 61 times, at most 60.",
        ),
        (
            lambda count: "{ products(ids: " + "[" * (count - 1) + "1" + "]" * (count - 1) + ") { id } }",
            NESTED_BRACKETS_MAX,
            "The query is nested too deeply: 71 brackets, at most 70.",
        ),
        (
            lambda count: "{ " + "a" * count + ": products(first: 1) { totalCount } }",
            NAME_CHARACTERS_MAX,
            "A name is too long: 201 characters, at most 200.",
        ),
        (
            lambda count: "{ product(id: " + "1" * count + ") { name } products(first: 1) { totalCount } }",
            NUMBER_CHARACTERS_MAX,
            "A number is too long: 41 characters, at most 40.",
        ),
    ],
    ids=[
        "comments",
        "spreads",
        "directives",
        "operations",
        "fragments",
        "variables",
        "nesting",
        "brackets",
        "names",
        "numbers",
    ],
)
def test_each_bound_of_a_document_lets_its_most_pass_and_refuses_one_more(
    build: Callable[[int], str], most: int, sentence: str
) -> None:
    assert sentence not in post(build(most)).content.decode()
    assert refused_with_any_code(build(most + 1)) == sentence


def refused_with_any_code(query: str) -> str:
    answer = post(query)
    assert (answer.status_code, answer.json().keys()) == (400, {"errors"})
    sentence: str = answer.json()["errors"][0]["message"]
    return sentence


def test_a_document_may_have_so_many_words_and_no_more() -> None:
    def query(words: int) -> str:
        return (
            "{ products(first: 1) { totalCount } " + "me{id}" * ((words - 11) // 4) + "x " * ((words - 11) % 4) + "}"
        )

    def is_over(words: int) -> bool:
        return f"more than {TOKENS_MAX} tokens" in post(query(words)).content.decode()

    assert (is_over(TOKENS_MAX), is_over(TOKENS_MAX + 1)) == (False, True)


def test_what_fragments_unfold_to_is_bounded() -> None:
    def unfolded(uses: int) -> Any:
        inner = "fragment f on Product { " + " ".join(f"v{n}: isDemo" for n in range(38)) + " }"
        return parse("{ products(first: 1) { edges { node { " + "... { ...f } " * uses + "} } } }" + inner)

    # 3 + uses * (an inline fragment + a spread + 38 fields), and the fragment's own 38
    check_structure(unfolded(98), schema=schema.graphql_schema)
    assert 3 + 98 * 40 + 38 <= UNFOLDED_SELECTIONS_MAX < 3 + 99 * 40 + 38
    with pytest.raises(GraphQLError, match="unfolds to too many fields: 4001, at most 4000"):
        check_structure(unfolded(99), schema=schema.graphql_schema)


def test_so_many_values_and_levels_of_variables_are_read_and_no_more() -> None:
    query = "query($ids: [ID!]) { products(first: 1, filter: {ids: $ids}) { totalCount } }"

    # The list itself is a value too; what is too long for the filter is said by the field.
    assert post(query, ids=["x"] * (VARIABLE_VALUES_MAX - 1)).status_code == 200
    assert refused(query, ids=["x"] * VARIABLE_VALUES_MAX) == "The variables hold too many values: at most 1000."

    def nested_value(levels: int) -> Any:
        value: Any = 1
        for _level in range(levels - 1):
            value = [value]
        return value

    assert ask("{ products(first: 1) { totalCount } }", unused=nested_value(VARIABLE_LEVELS_MAX))
    assert (
        refused("{ products(first: 1) { totalCount } }", unused=nested_value(VARIABLE_LEVELS_MAX + 1))
        == "The variables are nested too deeply: at most 10 levels."
    )


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1.0e400"])
def test_a_number_that_no_computer_holds_is_refused(number: str) -> None:
    query = f"{{ products(first: 1, filter: {{price: {{gte: {number}}}}}) {{ totalCount }} }}"

    assert refused(query) == "A number is too large."
