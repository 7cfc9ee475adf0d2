"""A list reads the columns that its query needs: no field of a product or a variant asks for them row by row."""

from __future__ import annotations

import pytest
from graphql import GraphQLField, GraphQLNonNull, get_named_type, is_leaf_type

from marketplace.api.graphql.columns import OF_PRODUCT, OF_VARIANT, PRIVATE_METADATA, not_needed
from marketplace.api.graphql.schema import schema
from tests.api.asking import ask
from tests.api.sellers.working import Headers, of
from tests.catalog.factories import Shop, a_shop, on_sale
from tests.plugins.database import count_statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

INSIDE = {
    "assignedAttribute": 'assignedAttribute(slug: "brand") { attribute { slug } }',
    "assignedAttributes": "assignedAttributes { attribute { slug } ... on AssignedPlainTextAttribute { value } }",
    "attribute": 'attribute(slug: "brand") { values { name } }',
    "attributes": "attributes { values { name value } }",
    "metafield": 'metafield(key: "a")',
    "metafields": 'metafields(keys: ["a"])',
    "translation": "translation(languageCode: EN) { name }",
}


def asked_alone(kind: str) -> list[str]:
    """Each field of a type that needs no more than its name, and those above, written as a selection."""
    fields = schema.graphql_schema.type_map[kind].fields  # type: ignore[attr-defined]  # an object type
    open_to_all = [name for name in fields if name not in PRIVATE_METADATA]
    plain = [name for name in open_to_all if name not in INSIDE and _is_plain(fields[name])]
    return plain + [text for name, text in INSIDE.items() if name in fields]


def _is_plain(field: GraphQLField) -> bool:
    is_value = is_leaf_type(get_named_type(field.type))
    return is_value and not any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values())


def statements(selection: str, headers: Headers | None = None) -> int:
    query = f"{{ products(first: 10) {{ edges {{ node {{ {selection} }} }} }} }}"
    return count_statements(lambda: ask(query, headers=headers))


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_every_field_alone_takes_as_many_statements_for_four_products_as_for_one(shop: Shop) -> None:
    selections = asked_alone("Product")
    selections += [f"variants {{ {one} }}" for one in asked_alone("ProductVariant")]
    on_sale(shop, storage_note="Nơi khô ráo.")
    for_one = {selection: statements(selection) for selection in selections}

    for number in range(3):
        on_sale(shop, f"Miến số {number}", storage_note="Nơi khô ráo.")

    assert {selection: statements(selection) for selection in selections} == for_one
    assert len(selections) >= 40


def test_what_a_shops_own_programs_keep_takes_as_many_statements_for_four_products_as_for_one(shop: Shop) -> None:
    owner = of(shop.owner)
    texts = ["privateMetadata { key }", 'privateMetafield(key: "kho")', "privateMetafields", "listingReason"]
    selections = texts + [f"variants {{ {one} }}" for one in texts[:3]]
    on_sale(shop)
    for_one = {selection: statements(selection, owner) for selection in selections}

    for number in range(3):
        on_sale(shop, f"Miến số {number}")

    assert {selection: statements(selection, owner) for selection in selections} == for_one


def test_control_a_column_that_is_left_out_by_mistake_is_read_row_by_row(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        on_sale(shop, f"Miến số {number}")
    before = statements("description")

    monkeypatch.setitem(OF_PRODUCT, "description", frozenset())  # type: ignore[arg-type]  # a dict, really

    assert statements("description") == before + 4


def test_what_is_sorted_by_is_read_though_no_field_needs_it() -> None:
    left_out = not_needed(OF_PRODUCT, frozenset({"name"}), but=["updated_at"])

    assert "updated_at" not in left_out
    assert {"made_at", "metadata", "translations", "folded_text"} <= set(left_out)
    assert not_needed(OF_VARIANT, frozenset({"translation", "metadata"})) == ["private_metadata"]
