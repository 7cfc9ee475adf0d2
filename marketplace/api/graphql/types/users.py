"""The person who asks. Nobody is shown anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, SortKind, page_of_rows
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.addresses import Address, KeptAddress
from marketplace.api.graphql.types.checkouts import language_enum
from marketplace.api.graphql.types.common import Image, Node, WithMetadataFields, non_null_list, paging
from marketplace.api.graphql.types.enums import LanguageCodeEnum, ThumbnailFormatEnum
from marketplace.api.graphql.types.metadata import ObjectWithMetadata
from marketplace.api.graphql.types.orders import OrderConnection, came_together
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.core.actors import Actor
from marketplace.core.names import parts_of_name
from marketplace.orders.models import Order as OrderRow
from marketplace.orders.selectors import orders_bought_by, saved_addresses
from marketplace.people import models
from vendors.access import actor_of
from vendors.models import Vendor as VendorRow
from vendors.selectors import vendors_of

NEWEST_FIRST = (
    SortKey("placed_at", SortKind.MOMENT, descending=True),
    SortKey(ID_KEY.column, ID_KEY.kind, descending=True),
)


class User(WithMetadataFields):
    """A person. Names are kept whole: the last word of one is `firstName`, what stands before it `lastName`."""

    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    # As in Saleor nobody who only registers has an id yet: it would tell who is known here.
    id = graphene.ID(required=True, resolver=lambda root, _info: to_global_id("User", root.pk) if root.pk else "")
    name = graphene.String(required=True)
    phone = graphene.String()
    email = graphene.String(required=True, resolver=lambda root, _info: root.email or "")
    first_name = graphene.String(required=True, resolver=lambda root, _info: parts_of_name(root.name).first)
    last_name = graphene.String(required=True, resolver=lambda root, _info: parts_of_name(root.name).last)
    is_staff = graphene.Boolean(required=True)
    is_active = graphene.Boolean(required=True)
    # Nobody waits for a confirmation here: an account may be used as soon as it is made.
    is_confirmed = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    # People have no pictures here.
    avatar = graphene.Field(
        Image, size=graphene.Int(), format=ThumbnailFormatEnum(), resolver=lambda _root, _info, **_size: None
    )
    addresses = non_null_list(Address)
    default_shipping_address = graphene.Field(Address)
    default_billing_address = graphene.Field(Address)
    language_code = graphene.Field(
        LanguageCodeEnum, required=True, resolver=lambda root, _info: language_enum(root.language_code)
    )
    date_joined = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    orders = graphene.Field(OrderConnection, **paging())
    vendors = non_null_list(Vendor, description="The shops that this person works in.")

    @staticmethod
    def resolve_orders(root: models.User, info: GraphQLResolveInfo, **asked: Any) -> Connection[OrderRow]:
        found = page_of_rows(orders_bought_by(root.pk), keys=NEWEST_FIRST, asked=Slice(**asked), name="orders")
        came_together(found.nodes, info)
        return found

    @staticmethod
    def resolve_addresses(root: models.User, _info: GraphQLResolveInfo) -> Sequence[KeptAddress]:
        return [KeptAddress(row) for row in saved_addresses(Actor(user_id=root.pk))]

    @staticmethod
    def resolve_default_shipping_address(root: models.User, info: GraphQLResolveInfo) -> KeptAddress | None:
        """The address used last, which pages fill in first."""
        return next(iter(User.resolve_addresses(root, info)), None)

    @staticmethod
    def resolve_default_billing_address(root: models.User, info: GraphQLResolveInfo) -> KeptAddress | None:
        """The kept address that the person chose for it, while they keep it."""
        kept = User.resolve_addresses(root, info)
        return next((one for one in kept if one.row.pk == root.billing_address_number), None)

    @staticmethod
    def resolve_vendors(root: models.User, _info: GraphQLResolveInfo) -> Sequence[VendorRow]:
        return vendors_of(actor_of(root))
