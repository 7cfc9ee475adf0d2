"""What is found plainly valid in one walk has no fault by GraphQL's own rules, however a document is broken."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_schema, parse, validate

from marketplace.api.graphql.limits import check_structure, is_plainly_valid
from marketplace.api.graphql.schema import schema as ours
from tests.api.contract import documents
from tests.api.test_plans import SDL

SMALL = build_schema(SDL + "input One @oneOf { a: Int b: Int } extend type Query { one(of: One): String }")
SMALL_DOCUMENTS = (
    'query Q($f: Filter = {stars: FIVE, words: "a"}, $b: Boolean!) { ...R shop(id: 1) { ...S @include(if: $b) } }'
    " fragment R on Query { echo(filter: $f, many: 3) } fragment S on Shop { id goods(first: 2) { name } }",
    "{ node { __typename name ... on Good { stars tags } ...T } } fragment T on Thing { ... on Shop { grid } }",
    'query A($w: [String!]!) { good(words: $w) { id } } query B { good(words: ["a", null]) { id } }',
    'query($s: Stars, $d: Boolean) { echo(filter: {stars: $s, deep: {words: ["a"]}}, flag: $d) }',
    "query($n: Int = 1) { shop { goods(first: $n) { left @skip(if: false) } any { ... on Good { price } } } }",
    "{ a: echo b: echo(many: [1, 2]) shop { id: name } again: shop { name } }",
    "{ shop { id } shop { name } ...E } fragment E on Query { shop { best { id } } }",
)
MUTANTS_A_DOCUMENT = 250
WORD = re.compile(r'"[^"]*"|\.\.\.|[\w]+|[^\s\w]')
OTHER_WORDS = (
    *"{}()[]:!$@=",
    "...",
    "on",
    "null",
    "1",
    '"a"',
    "FIVE",
    "id",
    "name",
    "shop",
    "Shop",
    "Good",
    "Query",
    "first",
)

RIGHT_AND_UNUSUAL = {"subscription { echo }", "query($a: Int @skip(if: true)) { echo(many: [$a]) }"}
"""GraphQL's rules have nothing against them; executing refuses the one, and nobody needs the other."""


def is_plain(document: DocumentNode, schema: GraphQLSchema) -> bool:
    """Raises `GraphQLError` where the guard before it refuses."""
    return is_plainly_valid(document, schema=schema, pairs=check_structure(document, schema=schema).pairs)


def broken(text: str, chance: random.Random) -> str:
    """The text with one or two of its words left out, doubled, moved, or replaced."""
    words = WORD.findall(text)
    for _ in range(chance.choice((1, 1, 2))):
        place = chance.randrange(len(words))
        match chance.randrange(4):
            case 0:
                del words[place]
            case 1:
                words.insert(place, words[place])
            case 2:
                words[place] = chance.choice(words)
            case _:
                words[place] = chance.choice(OTHER_WORDS)
    return " ".join(words)


@pytest.mark.parametrize("name", documents.names())
def test_what_the_storefront_asks_is_plainly_valid(name: str) -> None:
    assert is_plain(parse(documents.document(name)), ours.graphql_schema)


@pytest.mark.parametrize("text", SMALL_DOCUMENTS)
def test_control_the_documents_that_are_broken_below_are_as_the_rules_say(text: str) -> None:
    assert is_plain(parse(text), SMALL) is (not validate(SMALL, parse(text)))


def test_no_broken_document_passes() -> None:
    chance, seen = random.Random(20261127), Counter[tuple[bool, bool]]()
    contract = [(documents.document(name), ours.graphql_schema) for name in ("CheckoutFind", "ProductList")]
    for text, schema in [*((text, SMALL) for text in SMALL_DOCUMENTS), *contract]:
        for _ in range(MUTANTS_A_DOCUMENT if schema is SMALL else MUTANTS_A_DOCUMENT // 10):
            try:
                document = parse(broken(text, chance))
                plain = is_plain(document, schema)
            except GraphQLError:
                continue
            faults = validate(schema, document)
            seen[plain, not faults] += 1
            assert not (plain and faults), (document, faults)

    assert min(seen[True, True], seen[False, False]) > 100
    assert seen[False, True] == 0  # nothing that is ordinary is asked twice


@pytest.mark.parametrize(
    "text",
    [
        "query A { echo } query A { echo }",
        "{ echo } query A { echo }",
        "subscription { echo }",
        "extend type Query { more: Int }",
        "{ ...F } fragment F on Query { echo } fragment F on Query { echo }",
        "{ ...F } fragment F on Int { echo }",
        "{ ...F } fragment F on Nothing { echo }",
        "{ echo } fragment F on Query { echo }",
        "{ ...F }",
        "{ shop { ...F } } fragment F on Good { id }",
        "{ shop { ... on Good { id } } }",
        "{ nothing }",
        "{ shop }",
        "{ echo { id } }",
        "{ node { __typename { id } } }",
        "{ node { __typename(a: 1) } }",
        "{ shop { any { id } } }",
        "{ echo(nothing: 1) }",
        "{ echo(many: 1, many: 2) }",
        "{ echo @nothing }",
        "{ echo @include }",
        "{ echo @include(if: true) @include(if: true) }",
        "query @include(if: true) { echo }",
        "{ ...F } fragment F on Query @skip(if: true) { echo }",
        "query($a: Nothing) { echo(many: $a) }",
        "query($a: Shop) { echo(many: $a) }",
        "query($a: Int, $a: Int) { echo(many: $a) }",
        "query($a: Int = true) { echo(many: [$a]) }",
        "query($a: Int @skip(if: true)) { echo(many: [$a]) }",
        "query($a: Int) { echo }",
        "{ echo(many: [$a]) }",
        "query A { ...F } query B($a: Int) { ...F } fragment F on Query { echo(many: [$a]) }",
        "query($a: String) { echo(many: [$a]) }",
        "query($a: Boolean) { echo @skip(if: $a) }",
        "{ echo(flag: null) }",
        "{ echo(many: true) }",
        "{ echo(many: {a: 1}) }",
        "{ echo(filter: 1) }",
        "{ echo(filter: {nothing: 1}) }",
        "{ echo(filter: {stars: SIX}) }",
        "{ echo(filter: {stars: FOUR, stars: FOUR}) }",
        "{ echo(filter: {words: [null]}) }",
        "{ one(of: {a: 1, b: 2}) }",
        "{ a: shop { id } a: good { id } }",
    ],
)
def test_a_fault_of_each_kind_is_left_to_the_rules(text: str) -> None:
    document = parse(text)

    assert not is_plain(document, SMALL)
    assert validate(SMALL, document) or text in RIGHT_AND_UNUSUAL


def test_what_a_scalar_refuses_by_a_fault_of_its_own_is_left_to_the_rules() -> None:
    schema = build_schema("scalar Odd type Query { echo(odd: Odd): String }")

    def refuse(*_given: object) -> object:
        raise ZeroDivisionError

    schema.type_map["Odd"].parse_literal = refuse  # type: ignore[attr-defined]  # a scalar has it

    assert not is_plain(parse("{ echo(odd: 1) }"), schema)
    assert is_plain(parse("{ echo }"), schema)
