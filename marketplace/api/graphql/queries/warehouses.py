"""`warehouses`: where the goods of the asker's own shops lie."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, page_of_rows
from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.stocks import WarehouseConnection
from vendors.access import shops_in_reach
from vendors.models import Warehouse
from vendors.selectors import warehouses_of_shops


class WarehouseQueries(graphene.ObjectType):
    """What may be asked about places of goods."""

    warehouses = graphene.Field(
        WarehouseConnection,
        description="The places of the shops that the asker works in. Needs MANAGE_PRODUCTS or MANAGE_ORDERS.",
        **paging(),
    )

    @staticmethod
    def resolve_warehouses(_root: None, info: GraphQLResolveInfo, **asked: Any) -> Connection[Warehouse]:
        shops = shops_in_reach(context(info).actor)
        if not shops:
            raise needs_one_of("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
        return page_of_rows(warehouses_of_shops(shops), keys=(ID_KEY,), asked=Slice(**asked), name="warehouses")
