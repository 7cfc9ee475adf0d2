"""Our schema beside Saleor's: what both have has the same types, and what only we have is named here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)

from marketplace.api.graphql.limits import ROWS_OF_LIST
from marketplace.api.graphql.schema import schema

SALEOR = Path(__file__).parent / "data" / "saleor_types.json"
ENUMS_OF_ALL_VALUES = {"CountryCode", "LanguageCodeEnum"}
OURS = {
    "Mutation.tokenCreate(code)",
    "Address.communeCode",
    "Checkout.phone",
    "Checkout.vendor",
    "CheckoutLine.problem",
    "Commune",
    "MarketSite",
    "OcopCertificate",
    "Order.expiresAt",
    "Order.paymentCode",
    "Order.vendor",
    "OrderLine.unit",
    "Product.communeOfOrigin",
    "Product.isAlcohol",
    "Product.isDemo",
    "Product.ocopCertificate",
    "Product.shelfLifeNote",
    "Product.storageNote",
    "Product.vendor",
    "ProductFilterInput.commune",
    "ProductFilterInput.province",
    "ProductFilterInput.stars",
    "ProductFilterInput.vendor",
    "ProductVariant.unit",
    "Province",
    "Query.communes",
    "Query.provinces",
    "Query.vendor",
    "Query.vendors",
    "ShippingMethod.isPickUp",
    "User.name",
    "User.phone",
    "User.vendors",
    "Vendor",
    "VendorCountableConnection",
    "VendorCountableEdge",
    "VendorKind",
}
LISTS_OF_FEW_WORDS = {
    "PaymentGateway.config",
    "PaymentGateway.currencies",
    "Checkout.availablePaymentGateways",
    "TransactionItem.actions",
}


@cache
def saleor() -> dict[str, Any]:
    """Saleor's types that we have too: their fields' types and arguments, their values."""
    types: dict[str, Any] = json.loads(SALEOR.read_text(encoding="utf-8"))["types"]
    return types


def our_types() -> dict[str, GraphQLNamedType]:
    known = schema.graphql_schema.type_map
    return {name: kind for name, kind in known.items() if not name.startswith("__")}


def members(kind: GraphQLNamedType) -> dict[str, str]:
    """Everything of a type that has a type itself: `field`, `field(argument)`, and `VALUE` of an enum."""
    if isinstance(kind, GraphQLEnumType):
        return dict.fromkeys(kind.values, "")
    if isinstance(kind, GraphQLUnionType):
        return {one.name: "" for one in kind.types}
    found = {}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for name, field in kind.fields.items():
            found[name] = str(field.type)
            for argument, given in getattr(field, "args", {}).items():
                found[f"{name}({argument})"] = str(given.type)
    return found


def saleors_members(name: str) -> dict[str, str]:
    """The same of Saleor's type."""
    kind = saleor()[name]
    found = dict.fromkeys([*kind.get("values", ()), *kind.get("types", ())], "")
    for field, given in {**kind.get("fields", {}), **kind.get("inputFields", {})}.items():
        found[field] = given if isinstance(given, str) else given["type"]
        arguments = {} if isinstance(given, str) else given.get("args", {})
        found |= {f"{field}({argument})": of for argument, of in arguments.items()}
    return found


def differences(types: dict[str, GraphQLNamedType]) -> tuple[list[str], set[str]]:
    """What has another type than in Saleor, and what Saleor does not have."""
    other, ours = [], set()
    for name, kind in types.items():
        if name not in saleor():
            ours.add(name)
            continue
        theirs = saleors_members(name)
        for member, of in members(kind).items():
            if "(" in member and member.partition("(")[0] not in theirs:
                continue  # what a field of our own is asked with is its own matter
            if member not in theirs:
                ours.add(f"{name}.{member}")
            elif theirs[member] != of:
                other.append(f"{name}.{member}: {of}, in Saleor {theirs[member]}")
    return other, ours


def test_what_saleor_has_too_has_saleors_type_and_nullability() -> None:
    other, _ours = differences(our_types())

    assert other == []


def test_what_only_we_have_is_meant() -> None:
    scalars = {"Boolean", "Float", "ID", "Int", "String"}
    _other, ours = differences(our_types())

    assert ours - scalars == OURS


def test_control_another_type_and_a_field_of_our_own_are_found() -> None:
    product = our_types()["Product"]
    assert isinstance(product, GraphQLObjectType)
    bent = GraphQLObjectType("Product", {"name": product.fields["channel"], "weightInTaels": product.fields["id"]})

    assert differences({"Product": bent}) == (
        ["Product.name: String, in Saleor String!"],
        {"Product.weightInTaels"},
    )


def test_a_client_may_name_every_language_and_country_that_saleor_knows() -> None:
    for name in ENUMS_OF_ALL_VALUES:
        assert set(members(our_types()[name])) == set(saleor()[name]["values"])


def test_every_input_of_a_mutation_and_every_argument_that_saleor_requires_is_there() -> None:
    missing = [
        f"{name}.{member}"
        for name, kind in our_types().items()
        if name in saleor() and isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        for member, of in saleors_members(name).items()
        if of.endswith("!") and member not in members(kind) and _is_needed(member, kind)
    ]

    assert missing == []


def _is_needed(member: str, kind: GraphQLNamedType) -> bool:
    field, is_argument, _rest = member.partition("(")
    if isinstance(kind, GraphQLInputObjectType):
        return True
    return bool(is_argument) and isinstance(kind, GraphQLObjectType) and field in kind.fields


def test_every_list_without_pages_has_its_share_in_the_cost() -> None:
    """A list that multiplies without being counted could ask for millions of rows at no cost."""
    lists = {
        f"{name}.{field}"
        for name, kind in our_types().items()
        if isinstance(kind, GraphQLObjectType)
        for field, given in kind.fields.items()
        if _is_list(given.type) and field not in {"edges", "errors", *ROWS_OF_LIST}
    }

    assert lists == LISTS_OF_FEW_WORDS


def _is_list(kind: Any) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)


def test_every_list_that_the_cost_knows_is_there() -> None:
    fields = {
        field
        for kind in our_types().values()
        if isinstance(kind, GraphQLObjectType)
        for field, given in kind.fields.items()
        if _is_list(given.type) and get_named_type(given.type)
    }

    assert set(ROWS_OF_LIST) <= fields
