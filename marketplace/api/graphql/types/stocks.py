"""Where a shop's goods lie, and how many: for the people of that shop."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Node, WithMetadataFields, connection_of, global_id


class Warehouse(WithMetadataFields):
    """A place where a shop's goods lie: the shop, a stall, an OCOP point."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Warehouse")
    name = graphene.String(required=True)
    slug = graphene.String(required=True, resolver=lambda root, _info: f"place-{root.pk}")
    company_name = graphene.String(required=True, resolver=lambda root, _info: root.vendor.name)
    is_private = graphene.Boolean(required=True, resolver=lambda root, _info: not root.pick_up)


class Stock(graphene.ObjectType):
    """How many of a variant lie at one place."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Stock")
    warehouse = graphene.Field(Warehouse, required=True)
    quantity = graphene.Int(required=True, description="With those that are sold and not handed over.")
    quantity_allocated = graphene.Int(required=True, resolver=lambda root, _info: root.allocated)
    quantity_reserved = graphene.Int(required=True, resolver=lambda root, _info: root.reserved)


WarehouseConnection = connection_of(Warehouse)
