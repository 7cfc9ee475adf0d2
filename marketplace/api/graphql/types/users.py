"""The person who asks. Nobody is shown anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, SortKind, page_of_rows
from marketplace.api.graphql.types.checkouts import language_enum
from marketplace.api.graphql.types.common import Node, WithMetadataFields, global_id, non_null_list, paging
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.orders import OrderConnection, expect_lines
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.orders.models import Order as OrderRow
from marketplace.orders.selectors import orders_bought_by
from marketplace.people import models
from vendors.access import actor_of
from vendors.models import Vendor as VendorRow
from vendors.selectors import vendors_of

NEWEST_FIRST = (
    SortKey("placed_at", SortKind.MOMENT, descending=True),
    SortKey(ID_KEY.column, ID_KEY.kind, descending=True),
)


class User(WithMetadataFields):
    """A person. Vietnamese names are kept whole, in `firstName` too."""

    class Meta:
        interfaces = (Node,)

    id = global_id("User")
    name = graphene.String(required=True)
    phone = graphene.String()
    email = graphene.String(required=True, resolver=lambda root, _info: root.email or "")
    first_name = graphene.String(required=True, resolver=lambda root, _info: root.name)
    last_name = graphene.String(required=True, resolver=lambda _root, _info: "")
    is_staff = graphene.Boolean(required=True)
    is_active = graphene.Boolean(required=True)
    language_code = graphene.Field(
        LanguageCodeEnum, required=True, resolver=lambda root, _info: language_enum(root.language_code)
    )
    date_joined = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    orders = graphene.Field(OrderConnection, **paging())
    vendors = non_null_list(Vendor, description="The shops that this person works in.")

    @staticmethod
    def resolve_orders(root: models.User, info: GraphQLResolveInfo, **asked: Any) -> Connection[OrderRow]:
        found = page_of_rows(orders_bought_by(root.pk), keys=NEWEST_FIRST, asked=Slice(**asked), name="orders")
        expect_lines(found.nodes, info)
        return found

    @staticmethod
    def resolve_vendors(root: models.User, _info: GraphQLResolveInfo) -> Sequence[VendorRow]:
        return vendors_of(actor_of(root))
