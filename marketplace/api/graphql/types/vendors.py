"""Shops, as shoppers may see them."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Node, WithMetadataFields, connection_of, global_id
from marketplace.api.graphql.types.enums import VendorKind
from marketplace.api.graphql.types.places import Commune


class MarketSite(graphene.ObjectType):
    """A market or a point where OCOP goods are sold."""

    class Meta:
        interfaces = (Node,)

    id = global_id("MarketSite")
    slug = graphene.String(required=True)
    name = graphene.String(required=True)


class Vendor(WithMetadataFields):
    """A shop: a household, cooperative or enterprise."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Vendor")
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    kind = graphene.Field(VendorKind, required=True, resolver=lambda root, _info: root.kind.upper())
    story = graphene.String(required=True)
    phone = graphene.String(required=True)
    commune = graphene.Field(Commune, required=True)
    address_line = graphene.String(required=True)
    market_site = graphene.Field(MarketSite)
    stall_label = graphene.String(required=True)
    registration_number = graphene.String(required=True)
    is_demo = graphene.Boolean(required=True)


VendorConnection = connection_of(Vendor)
