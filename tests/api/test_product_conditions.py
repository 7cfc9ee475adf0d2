"""By how many conditions the lists of a request may be narrowed, and how large one may become."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Product
from marketplace.api.graphql.limits.bounds import CONDITIONS_A_REQUEST_MAX
from marketplace.api.graphql.queries.product_where import WHERE_CONDITIONS_MAX
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.listed import LIST, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


def test_lists_are_narrowed_by_so_many_conditions_a_request_and_by_no_more(goods: dict[str, Product]) -> None:
    wishes = {"attributes": [{"slug": "stars"}] * 19}  # with its own name a condition more
    lists = CONDITIONS_A_REQUEST_MAX // 20

    def answered(number: int, *, field: str, kind: str) -> Any:
        asked = " ".join(f"a{one}: {field}" for one in range(number))
        return post(f"query($wish: {kind}) {{ {asked} }}", wish=wishes).json()

    for argument, kind in (("where", "ProductWhereInput"), ("filter", "ProductFilterInput")):
        products = f"products(first: 1, {argument}: $wish) {{ totalCount }}"
        facets = f"productFacets({argument}: $wish) {{ inStock }}"
        for field in (products, facets):
            assert "errors" not in answered(lists, field=field, kind=kind)
            refused = answered(lists + 1, field=field, kind=kind)["errors"]
            assert [one["message"] for one in refused] == [
                "The lists are narrowed by too many conditions: 220, at most 200."
            ]


def test_each_attribute_and_each_key_is_a_condition(goods: dict[str, Product]) -> None:
    for name, item, names in (("attributes", {"slug": "stars"}, ["Mật ong"]), ("metadata", {"key": "b"}, [])):
        for argument in ("where", "filter"):
            assert listed(**{argument: {name: [item] * (WHERE_CONDITIONS_MAX - 1)}}) == names
            answer = post(LIST, **{argument: {name: [item] * WHERE_CONDITIONS_MAX}}).json()
            assert [one["message"] for one in answer["errors"]] == [
                f"A list may be narrowed by {WHERE_CONDITIONS_MAX} conditions at most."
            ]


@pytest.mark.parametrize("field", ["collection", "productType"])
def test_many_ids_in_many_conditions_are_no_more_than_a_database_reads(goods: dict[str, Product], field: str) -> None:
    """A tenth of these made SQLite refuse the statement while each id was a condition of its own."""
    ids = [gid(field[0].upper() + field[1:], number) for number in [1, 2, 13, *range(101, 197)]]
    conditions = [f"{{{field}: {{oneOf: $ids}}}}"] * (WHERE_CONDITIONS_MAX - 1)
    query = "query($ids: [ID!]) { products(first: 5, where: {OR: [%s]}) { totalCount } }"

    assert ask(query % ", ".join(conditions), ids=ids)["products"]["totalCount"] == 3
