"""The documents that stand for Saleor's storefront: valid in Saleor's schema and in ours, and nothing is left out."""

from __future__ import annotations

import pytest
from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    validate,
    visit,
)

from marketplace.api.graphql.schema import schema
from tests.api.contract.documents import GONE, document, names
from tests.api.contract.facts import asked_by_mutations, asked_by_queries, usage
from tests.api.contract.saleor_sdl import saleor_schema


class Coordinates(Visitor):
    """Collects the coordinates of every field and argument that a document asks."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self.types.get_parent_type()
        if parent is not None and node.name.value != "__typename":
            self.found.add(f"{parent.name}.{node.name.value}")

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        parent, field = self.types.get_parent_type(), self.types.get_field_def()
        if parent is not None and field is not None and field.ast_node is not None:
            self.found.add(f"{parent.name}.{field.ast_node.name.value}({node.name.value})")


def coordinates(text: str, of: GraphQLSchema) -> set[str]:
    types = TypeInfo(of)
    collector = Coordinates(types)
    visit(parse(text), TypeInfoVisitor(types, collector))
    return collector.found


def test_every_query_of_the_storefront_has_its_document_and_mutations_are_called_by_what_they_do() -> None:
    queries = {name for _where, kind, name in usage()["operations"] if kind == "query"}
    mutations = {name for _where, kind, name in usage()["operations"] if kind == "mutation"}

    assert (queries - set(names()), len(queries)) == (set(), 24)
    assert set(names()) - queries - mutations - usage()["root_mutations"].keys() == set()


@pytest.mark.parametrize("name", sorted(set(names()) - GONE))
def test_what_the_storefront_asks_is_valid_in_saleors_schema_and_in_ours(name: str) -> None:
    parsed = parse(document(name))

    assert [error.message for error in validate(saleor_schema(), parsed)] == []
    assert [error.message for error in validate(schema.graphql_schema, parsed)] == []


@pytest.mark.parametrize("name", sorted(GONE))
def test_what_the_storefront_names_and_saleor_dropped_is_valid_in_ours_and_said_to_be_deprecated(name: str) -> None:
    parsed = parse(document(name))
    mutations = schema.graphql_schema.mutation_type

    assert name in {given for _where, kind, given in usage()["operations"] if kind == "mutation"}
    assert f"Cannot query field '{name}' on type 'Mutation'." in {
        error.message.partition(" Did you mean")[0] for error in validate(saleor_schema(), parsed)
    }
    assert [error.message for error in validate(schema.graphql_schema, parsed)] == []
    assert mutations is not None
    assert mutations.fields[name].deprecation_reason == "Use `checkoutLinesDelete`."


def test_every_field_and_argument_that_the_storefront_asks_is_asked_by_a_document() -> None:
    mutations = set(usage()["root_mutations"])
    asked = {name for name in asked_by_queries() | asked_by_mutations(mutations) if "." in name}
    found = set[str]().union(*(coordinates(document(name), saleor_schema()) for name in names()))

    assert sorted(asked - found) == []


def test_control_a_field_that_no_document_asks_is_found() -> None:
    without = document("channel").replace("currencyCode", "")
    found = coordinates(without, saleor_schema())

    assert "Channel.currencyCode" not in found
    assert {"Query.channel(slug)", "Channel.countries", "CountryDisplay.code"} <= found
