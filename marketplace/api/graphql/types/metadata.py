"""Texts that programs keep with an object: public ones as the object, private ones for the shop's own programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.models import Product, ProductVariant
from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import MetadataItem, non_null_list
from marketplace.api.graphql.types.scalars import Metadata
from marketplace.core.metadata import texts_to_put
from marketplace.orders.models import Fulfillment, Order, OrderLine
from marketplace.orders.selectors import BasketLine, BasketShop
from marketplace.people.models import User
from vendors.access import hand_in

TYPE_NAMES: Mapping[type[Any], str] = {
    BasketLine: "CheckoutLine",
    BasketShop: "Checkout",
    Fulfillment: "Fulfillment",
    Order: "Order",
    OrderLine: "OrderLine",
    Product: "Product",
    ProductVariant: "ProductVariant",
    User: "User",
}
"""What the rows are resolved from, and the type that shows them."""
PERMISSIONS: Mapping[str, str] = {
    "Checkout": "MANAGE_CHECKOUTS",
    "CheckoutLine": "MANAGE_CHECKOUTS",
    "Fulfillment": "MANAGE_ORDERS",
    "Order": "MANAGE_ORDERS",
    "OrderLine": "MANAGE_ORDERS",
    "Product": "MANAGE_PRODUCTS",
    "ProductVariant": "MANAGE_PRODUCTS",
    "User": "MANAGE_USERS",
}
"""Which of Saleor's permissions the private texts ask for; a shop's people have it for what is their shop's."""


class MetadataInput(graphene.InputObjectType):
    """One text and its key."""

    key = graphene.String(required=True)
    value = graphene.String(required=True)


def metadata_put(given: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """The texts that a client wants to keep. Raises `MetadataInvalid`, `BadText`."""
    return texts_to_put((one["key"], one["value"]) for one in given or ())


def public_texts(root: Any) -> dict[str, str]:
    """The texts that whoever sees the object sees."""
    return {key: str(value) for key, value in sorted(root.metadata.items())}


def private_texts(root: Any, info: GraphQLResolveInfo) -> dict[str, str]:
    """The texts for the shop's own programs. Raises `NotAllowed` for everybody else."""
    vendor_id = _vendor_of(root)
    if vendor_id is None or hand_in(context(info).actor, vendor_id) is None:
        raise needs_one_of(PERMISSIONS[TYPE_NAMES[type(root)]])
    return {key: str(value) for key, value in sorted(root.private_metadata.items())}


def _vendor_of(root: Any) -> int | None:
    if isinstance(root, BasketLine):
        return root.product.vendor_id
    if isinstance(root, BasketShop):
        return root.vendor.pk
    if isinstance(root, Fulfillment | OrderLine):
        return root.order.vendor_id
    return getattr(root, "vendor_id", None)


def _items(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in texts.items()]


def _some(texts: Mapping[str, str], keys: Sequence[str] | None) -> dict[str, str]:
    return {key: value for key, value in texts.items() if keys is None or key in keys}


class ObjectWithMetadata(graphene.Interface):
    """Something that programs keep texts with."""

    private_metadata = non_null_list(MetadataItem)
    private_metafield = graphene.String(key=graphene.String(required=True))
    private_metafields = graphene.Field(Metadata, keys=graphene.List(graphene.NonNull(graphene.String)))
    metadata = non_null_list(MetadataItem)
    metafield = graphene.String(key=graphene.String(required=True))
    metafields = graphene.Field(Metadata, keys=graphene.List(graphene.NonNull(graphene.String)))

    @classmethod
    def resolve_type(cls, instance: Any, info: GraphQLResolveInfo) -> Any:
        """By what the object is resolved from."""
        # Out of the schema, since the types that show rows stand on this interface.
        found: Any = info.schema.get_type(TYPE_NAMES[type(instance)])
        return found.graphene_type

    @staticmethod
    def resolve_metadata(root: Any, _info: GraphQLResolveInfo) -> list[dict[str, str]]:
        return _items(public_texts(root))

    @staticmethod
    def resolve_metafield(root: Any, _info: GraphQLResolveInfo, key: str) -> str | None:
        return public_texts(root).get(key)

    @staticmethod
    def resolve_metafields(root: Any, _info: GraphQLResolveInfo, keys: list[str] | None = None) -> dict[str, str]:
        return _some(public_texts(root), keys)

    @staticmethod
    def resolve_private_metadata(root: Any, info: GraphQLResolveInfo) -> list[dict[str, str]]:
        return _items(private_texts(root, info))

    @staticmethod
    def resolve_private_metafield(root: Any, info: GraphQLResolveInfo, key: str) -> str | None:
        return private_texts(root, info).get(key)

    @staticmethod
    def resolve_private_metafields(
        root: Any, info: GraphQLResolveInfo, keys: list[str] | None = None
    ) -> dict[str, str]:
        return _some(private_texts(root, info), keys)
