"""What several types share: interfaces, money, pictures, connections."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.scalars import Metadata
from marketplace.core.models import WithMetadata

CURRENCY = "VND"


def non_null_list(of: Any, **options: Any) -> Any:
    """A field of type `[Of!]!`."""
    return graphene.Field(graphene.NonNull(graphene.List(graphene.NonNull(of))), **options)


def global_id(type_name: str, *, key: str = "pk") -> Any:
    """The field `id: ID!`, base64 of `Type:key`."""
    return graphene.ID(required=True, resolver=lambda root, _info: to_global_id(type_name, getattr(root, key)))


class Node(graphene.Interface):
    """An object with a global id."""

    id = graphene.ID(required=True)


class MetadataItem(graphene.ObjectType):
    """One text of an object's metadata."""

    key = graphene.String(required=True)
    value = graphene.String(required=True)


class WithMetadataFields(graphene.ObjectType):
    """The texts that programs keep with an object. The private ones are not shown here."""

    metadata = non_null_list(MetadataItem)
    metafield = graphene.String(key=graphene.String(required=True))
    metafields = graphene.Field(Metadata, keys=graphene.List(graphene.NonNull(graphene.String)))

    @staticmethod
    def resolve_metadata(root: WithMetadata, _info: GraphQLResolveInfo) -> list[dict[str, str]]:
        return [{"key": key, "value": str(value)} for key, value in sorted(root.metadata.items())]

    @staticmethod
    def resolve_metafield(root: WithMetadata, _info: GraphQLResolveInfo, key: str) -> str | None:
        return str(root.metadata[key]) if key in root.metadata else None

    @staticmethod
    def resolve_metafields(
        root: WithMetadata, _info: GraphQLResolveInfo, keys: list[str] | None = None
    ) -> dict[str, str]:
        return {key: str(value) for key, value in root.metadata.items() if keys is None or key in keys}


class Money(graphene.ObjectType):
    """An amount. Resolved from whole đồng; a JSON float, as Saleor writes every amount."""

    currency = graphene.String(required=True, resolver=lambda _root, _info: CURRENCY)
    amount = graphene.Float(required=True, resolver=lambda root, _info: float(root))
    fraction_digits = graphene.Int(required=True, resolver=lambda _root, _info: 0)


class TaxedMoney(graphene.ObjectType):
    """An amount with its tax, which is 0 until the market knows tax modes. Resolved from whole đồng."""

    currency = graphene.String(required=True, resolver=lambda _root, _info: CURRENCY)
    gross = graphene.Field(Money, required=True, resolver=lambda root, _info: root)
    net = graphene.Field(Money, required=True, resolver=lambda root, _info: root)
    tax = graphene.Field(Money, required=True, resolver=lambda _root, _info: 0)


class TaxedMoneyRange(graphene.ObjectType):
    """From one amount to another. Resolved from amounts in đồng, at least one."""

    start = graphene.Field(TaxedMoney, resolver=lambda root, _info: min(root))
    stop = graphene.Field(TaxedMoney, resolver=lambda root, _info: max(root))


class Image(graphene.ObjectType):
    """A picture."""

    url = graphene.String(required=True)
    alt = graphene.String()


class PageInfo(graphene.ObjectType):
    """What lies beside a page of a connection."""

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def connection_of(node: Any) -> Any:
    """Saleor's `…CountableConnection` of a type."""
    name = node._meta.name
    edge = type(
        f"{name}CountableEdge",
        (graphene.ObjectType,),
        {
            "__doc__": f"A {name} and where it stands.",
            "node": graphene.Field(node, required=True),
            "cursor": graphene.String(required=True),
        },
    )
    return type(
        f"{name}CountableConnection",
        (graphene.ObjectType,),
        {
            "__doc__": f"A page of a list of {name}.",
            "page_info": graphene.Field(PageInfo, required=True),
            "edges": non_null_list(edge),
            "total_count": graphene.Int(),
        },
    )


def paging() -> dict[str, Any]:
    """The arguments of every connection; one of `first` and `last` must be given."""
    return {
        "before": graphene.String(),
        "after": graphene.String(),
        "first": graphene.Int(),
        "last": graphene.Int(),
    }
