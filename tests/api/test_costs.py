"""What a document costs: the values that it asks for, rows multiplied, and how many may be asked for at once."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    parse,
)

from marketplace.api.graphql.limits import check_document
from marketplace.api.graphql.limits.bounds import (
    COST_MAX,
    ROWS_OF_OTHER_LISTS,
)
from marketplace.api.graphql.schema import schema
from tests.api.asking import ask, post, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def cost_of(query: str, **variables: Any) -> int:
    """The cost of a document, whether it is within the bounds or not to be run at all."""
    return check_document(parse(query), variables, schema=schema.graphql_schema).values


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


def test_the_cost_of_a_variable_that_is_no_number_is_that_of_a_full_page() -> None:
    query = "query($n: Int) { products(first: $n) { edges { cursor } } }"

    assert cost_of(query, n="many") == cost_of(query, n=100) == 201


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("query($n: Int) { products(first: $n) { edges { cursor } } }", {"n": 7}, 15),
        ("query($n: Int) { products(first: $n) { edges { cursor } } }", {"n": 7.0}, 15),
        ("query($n: Int) { products(last: $n) { edges { cursor } } }", {"n": 7}, 15),
        ("query($n: Int = 7) { products(first: $n) { edges { cursor } } }", {}, 15),
        ("query($n: Int = 7) { products(first: $n) { edges { cursor } } }", {"n": 3}, 7),
        ("query($n: Int) { products(first: $n) { edges { cursor } } }", {}, 201),
        ("query($n: Int) { products(first: $n) { edges { cursor } } }", {"n": None}, 201),
        ("query($n: Int) { products(first: $n) { edges { cursor } } }", {"n": -5}, 3),
        ("query($n: Int, $l: Int) { products(first: $n, last: $l) { edges { cursor } } }", {"l": 7}, 15),
        ("query($n: Int, $l: Int) { products(first: $n, last: $l) { edges { cursor } } }", {"n": None, "l": 7}, 15),
        ("query($n: Int, $l: Int) { products(last: $l, first: $n) { edges { cursor } } }", {"n": 7}, 15),
        ("query($n: Int, $l: Int) { products(first: $n, last: $l) { edges { cursor } } }", {}, 201),
        ("{ products(first: 7) { edges { cursor } } }", {}, 15),
        ("{ products { edges { cursor } } }", {}, 201),
        ("{ products(first: null) { edges { cursor } } }", {}, 201),
        ("{ products(first: 1) { edges { node { description name } } } }", {}, 24),
        ("{ provinces { name } }", {}, 35),
        ("{ unknown { name } }", {}, 2),
    ],
)
def test_rows_are_counted_as_they_were_asked_for(query: str, variables: dict[str, Any], cost: int) -> None:
    assert cost_of(query, **variables) == cost


def test_the_dearest_page_is_answered_and_a_dearer_one_is_not() -> None:
    document = "query($n: Int) { products(first: $n) { edges { node { variants { product { %s } } } } } }"
    query = document % " ".join(f"a{number}: name" for number in range(28))

    # 1 + n * (edges + node + variants + 10 * (product + 28 names))
    assert cost_of(query, n=100) == 29_301
    assert cost_of(query, n=170) == 49_811
    with pytest.raises(GraphQLError, match="maximum cost: 50104, at most 50000"):
        cost_of(query, n=171)


def test_a_list_that_nobody_put_into_the_table_is_not_free() -> None:
    new = build_schema(
        "type Query { words: [String!]! things: [Thing] } type Thing { name: String things: [[Thing]] }"
    )

    def cost(query: str) -> int:
        return check_document(parse(query), {}, schema=new).values

    assert ROWS_OF_OTHER_LISTS == 10
    assert (cost("{ words }"), cost("{ things { name } }")) == (10, 11)
    assert cost("{ things { things { name } } }") == 1 + 10 * (1 + 10 * 1)


def test_a_page_without_a_number_is_refused_in_saleors_words_and_counts_as_a_full_one() -> None:
    answer = post("{ products { totalCount } }").json()

    assert answer["data"] == {"products": None}
    assert answer["errors"][0]["message"].startswith("You must provide a `first` or `last` value")
    assert cost_of("{ products { edges { node { name } } } }") == 301


def test_every_page_of_the_schema_asks_for_a_number_of_rows() -> None:
    """A connection that takes no `first` could not be bounded, and counts a hundred rows for nothing."""
    without = [
        f"{name}.{field}"
        for name, kind in schema.graphql_schema.type_map.items()
        if isinstance(kind, GraphQLObjectType)
        for field, given in kind.fields.items()
        if "pageInfo" in getattr(get_named_type(given.type), "fields", {})
        and not {"first", "last"} <= set(given.args)
    ]

    assert without == []


def test_a_thousand_rows_too_many_are_told_in_saleors_words_and_a_million_as_too_dear() -> None:
    query = "{ products(first: %d) { edges { node { name } } } }"

    assert post(query % 1000).json()["errors"][0]["message"].startswith("Requesting 1000 records on the `products`")
    assert refused(query % 1_000_000) == "The query exceeds the maximum cost: 3000001, at most 50000."


CARDS = """query($first: Int, $search: String) { products(first: $first, channel: "online", search: $search) {
  totalCount pageInfo { endCursor startCursor hasNextPage hasPreviousPage }
  edges { cursor node {
    id name slug created isAvailable translation(languageCode: VI) { name slug } productType { slug }
    category { id name slug translation(languageCode: VI) { name slug } }
    thumbnail(size: 512, format: WEBP) { url alt }
    pricing { priceRange { start { gross { amount currency } } stop { gross { amount currency } } }
      priceRangeUndiscounted { start { gross { amount currency } } stop { gross { amount currency } } } }
    productVariants(first: 50) { edges { node {
      id name sku quantityAvailable pricing { price { gross { amount currency } } }
      attributes { attribute { id name slug inputType translation(languageCode: VI) { name } }
        values { id name slug value inputType translation(languageCode: VI) { name } } } } } } } } } }"""


@pytest.mark.parametrize("first", [12, 20])
def test_cards_with_fifty_kinds_each_as_saleors_storefront_asks_are_answered(first: int) -> None:
    """A page of a category or a collection has 12 cards there, a page of a search 20."""
    assert ask(CARDS, first=first)["products"]["totalCount"] == 0


def test_kinds_count_as_many_as_a_product_can_have() -> None:
    of_products = "{ products(first: 3) { edges { node { productVariants(first: %d) { edges { cursor } } } } } }"

    assert [cost_of(of_products % first) for first in (5, 20, 21, 100)] == [40, 130, 130, 130]


def test_a_kind_is_counted_with_its_two_attributes_and_a_product_with_five() -> None:
    assert cost_of('{ productVariant(id: "x") { attributes { attribute { name } } } }') == 6
    assert cost_of("{ products(first: 1) { edges { node { attributes { attribute { name } } } } } }") == 14


def test_what_hashes_a_password_is_charged_as_a_fifth_of_the_dearest_document() -> None:
    sign_in = 'tokenCreate(email: "a@example.vn", password: "x") { token }'
    four = f"mutation {{ a: {sign_in} b: {sign_in} c: {sign_in} d: {sign_in} }}"

    assert cost_of(f"mutation {{ {sign_in} }}") == 10_001
    assert cost_of(four) == 40_004 < COST_MAX
