"""Small documents that once made the market work for seconds: what they ask for is bounded, or counted at its price.

Measured before on one core with 145 goods: 7,000 words looked for in the names of categories 30 times, 8.2 s; a
list of goods under 30 names in the category of each of 100 goods, 12 s. Neither cost a fifth of what is allowed.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, parse

from catalog.search.wanted import TEXT_CHARACTERS_MAX
from marketplace.api.graphql.limits import COST_MAX, check_document
from marketplace.api.graphql.limits.bounds import COST_OF_NESTED_LIST
from marketplace.api.graphql.schema import schema
from tests.api.asking import ask, post
from tests.payments.factories import a_shop, goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

SEARCHES_AT_HAND = (
    "query($text: String) { attributes(first: 1, search: $text) { totalCount } }",
    "query($text: String) { categories(first: 1, filter: {search: $text}) { totalCount } }",
    "query($text: String) { collections(first: 1, filter: {search: $text}) { totalCount } }",
    "query($text: String) { products(first: 1) { edges { node {"
    " productVariants(first: 1, filter: {search: $text}) { totalCount } } } } }",
)


def cost_of(query: str) -> int:
    return check_document(parse(query), {}, schema=schema.graphql_schema).values


def refusal(query: str, **variables: Any) -> str:
    """The one error of a document that ran."""
    answer = post(query, **variables)
    errors = answer.json()["errors"]
    assert (answer.status_code, len(errors)) == (200, 1)
    sentence: str = errors[0]["message"]
    return sentence


@pytest.mark.parametrize("query", SEARCHES_AT_HAND)
def test_what_is_looked_for_among_things_at_hand_is_as_short_as_what_is_looked_for_among_goods(query: str) -> None:
    goods(a_shop().vendor)

    assert ask(query, text="c" * TEXT_CHARACTERS_MAX)
    assert refusal(query, text="c " * 7000).startswith("Nội dung dài quá, chỉ được tối đa 160 ký tự")


def test_a_list_of_each_row_counts_the_statements_that_it_takes() -> None:
    many = " ".join(f"a{number}: products(first: 1) {{ totalCount }}" for number in range(30))

    assert cost_of("{ products(first: 1) { totalCount } }") == 2
    assert cost_of('{ category(slug: "x") { products(first: 1) { totalCount } } }') == 3 + COST_OF_NESTED_LIST
    assert cost_of("{ categories(first: 2) { edges { node { children(first: 1) { totalCount } } } } }") == 9
    with pytest.raises(GraphQLError, match="exceeds the maximum cost"):
        cost_of(f"{{ products(first: 100) {{ edges {{ node {{ category {{ {many} }} }} }} }} }}")
    assert cost_of("{ categories(first: 40) { edges { node { name products(first: 12) "
                   "{ edges { node { name slug thumbnail { url } } } } } } } }") < COST_MAX  # fmt: skip


@pytest.mark.parametrize("key", ["-1", "0", "[0]", "#", "a.b", "$", "ệ", "\n", '"', "\\"])
def test_any_text_may_be_asked_for_as_a_key_of_a_pages_metadata(key: str) -> None:
    """SQLite took a whole number for a place in a list, and -1 for a fault of the statement: 503 to the asker."""
    vendor = a_shop("Bản Giốc").vendor
    vendor.metadata = {"0": "theirs"}
    vendor.save(update_fields=["metadata"])
    query = "query($key: String!, $value: String!) { pages(first: 9, where: {metadata: {key: $key, value: {eq: $value}}}) { totalCount } }"  # noqa: E501

    assert ask(query, key=key, value="theirs") == {"pages": {"totalCount": int(key == "0")}}
