"""Putting and dropping the texts that programs keep with an object."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import InvalidId, integer_of, is_id_of, uuid_of
from marketplace.api.graphql.mutations.refusals import MetadataError, UnreadableId, in_field, told_as
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import MetadataErrorCode
from marketplace.api.graphql.types.metadata import PERMISSIONS, MetadataInput, ObjectWithMetadata, metadata_put
from marketplace.core.metadata import Change
from marketplace.orders.models import Checkout, CheckoutLine, Order
from marketplace.orders.selectors import checkout_contents, order_by_token
from marketplace.orders.services.metadata import MetadataNotYours, change_metadata

KEYS: Mapping[str, Callable[[str, str], uuid.UUID | int]] = {
    "Checkout": uuid_of,
    "CheckoutLine": uuid_of,
    "Fulfillment": integer_of,
    "Order": uuid_of,
    "OrderLine": uuid_of,
    "Product": integer_of,
    "ProductVariant": integer_of,
    "User": integer_of,
}
"""What keeps texts, and how its ids are read."""


def _named(id: str) -> tuple[str, uuid.UUID | int]:
    """The type and the key inside an id. Raises `UnreadableId`."""
    kind = next((name for name in KEYS if is_id_of(id, name)), None)
    if kind is None:
        raise UnreadableId(InvalidId(id, ObjectWithMetadata.__name__).message, field="id")
    return kind, in_field("id", KEYS[kind], id, type_name=kind)


def _changed(id: str, info: GraphQLResolveInfo, change: Change, *, private: bool) -> dict[str, Any]:
    kind, key = _named(id)
    try:
        row: Any = change_metadata(actor=context(info).actor, kind=kind, key=key, change=change, private=private)
    except MetadataNotYours as refusal:
        raise needs_one_of(PERMISSIONS[kind]) from refusal
    return {"item": _as_resolved(row, info)}


def _as_resolved(row: Any, info: GraphQLResolveInfo) -> object | None:
    """The row as the type that shows it wants it; None for a line that was taken out meanwhile."""
    now = context(info).now
    if isinstance(row, Checkout):
        return checkout_contents(row.pk, now=now)
    if isinstance(row, CheckoutLine):
        lines = checkout_contents(row.checkout_id, now=now).lines
        return next((line for line in lines if line.line.pk == row.pk), None)
    return order_by_token(row.token) if isinstance(row, Order) else row


class _Payload:
    """What each of these mutations answers."""

    item = graphene.Field(ObjectWithMetadata)
    errors = non_null_list(MetadataError)


class UpdateMetadata(_Payload, graphene.Mutation):
    """Put texts that whoever sees the object sees."""

    class Arguments:
        id = graphene.ID(required=True)
        input = graphene.List(graphene.NonNull(MetadataInput), required=True)

    @staticmethod
    @told_as(MetadataErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, input: Sequence[dict[str, str]]) -> dict[str, Any]:
        return _changed(id, info, Change(put=metadata_put(input)), private=False)


class UpdatePrivateMetadata(_Payload, graphene.Mutation):
    """Put texts that only the shop's own programs see."""

    class Arguments:
        id = graphene.ID(required=True)
        input = graphene.List(graphene.NonNull(MetadataInput), required=True)

    @staticmethod
    @told_as(MetadataErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, input: Sequence[dict[str, str]]) -> dict[str, Any]:
        return _changed(id, info, Change(put=metadata_put(input)), private=True)


class DeleteMetadata(_Payload, graphene.Mutation):
    """Drop texts that whoever sees the object sees."""

    class Arguments:
        id = graphene.ID(required=True)
        keys = graphene.List(graphene.NonNull(graphene.String), required=True)

    @staticmethod
    @told_as(MetadataErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, keys: Sequence[str]) -> dict[str, Any]:
        return _changed(id, info, Change(drop=frozenset(keys)), private=False)


class DeletePrivateMetadata(_Payload, graphene.Mutation):
    """Drop texts that only the shop's own programs see."""

    class Arguments:
        id = graphene.ID(required=True)
        keys = graphene.List(graphene.NonNull(graphene.String), required=True)

    @staticmethod
    @told_as(MetadataErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, keys: Sequence[str]) -> dict[str, Any]:
        return _changed(id, info, Change(drop=frozenset(keys)), private=True)


class MetadataMutations(graphene.ObjectType):
    """What may be done with texts of programs."""

    delete_metadata = DeleteMetadata.Field()
    delete_private_metadata = DeletePrivateMetadata.Field()
    update_metadata = UpdateMetadata.Field()
    update_private_metadata = UpdatePrivateMetadata.Field()
