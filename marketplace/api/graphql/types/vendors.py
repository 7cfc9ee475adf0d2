"""Shops, as shoppers may see them."""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import Q
from graphql import GraphQLResolveInfo

from catalog.models import Product as ProductRow
from marketplace.api.graphql.connections import Connection
from marketplace.api.graphql.page_rows import page_of_vendor
from marketplace.api.graphql.queries.product_lists import product_arguments, product_page
from marketplace.api.graphql.types.common import Node, WithMetadataFields, connection_of, global_id
from marketplace.api.graphql.types.enums import VendorKind, VendorVerification
from marketplace.api.graphql.types.places import Commune, MarketSite
from vendors.models import Vendor as VendorRow


class Vendor(WithMetadataFields):
    """A shop: a household, cooperative or enterprise whose identity was checked. The law has it name itself."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Vendor")
    slug = graphene.String(required=True, description="Its name in its address.")
    name = graphene.String(required=True, description="What it calls itself.")
    kind = graphene.Field(
        VendorKind,
        required=True,
        description="What it is before the law.",
        resolver=lambda root, _info: root.kind.upper(),
    )
    story = graphene.String(required=True, description="What it says of itself; empty where it says nothing.")
    phone = graphene.String(required=True, description="By which buyers reach it, in E.164.")
    commune = graphene.Field(Commune, required=True, description="Where it is.")
    address_line = graphene.String(required=True, description="Its street or hamlet; may be empty.")
    market_site = graphene.Field(MarketSite, description="The market it stands in, if it stands in one.")
    stall_label = graphene.String(required=True, description="Its stall there, such as “A12”; may be empty.")
    registration_number = graphene.String(
        required=True, description="Its tax code or business registration; empty for a household that needs none."
    )
    verification = graphene.Field(
        VendorVerification,
        required=True,
        description="How its identity was checked; a shop that everybody sees was.",
        resolver=lambda root, _info: root.verification.upper(),
    )
    is_demo = graphene.Boolean(required=True, description="Whether it was made up to show how the market works.")
    page = graphene.Field(
        "marketplace.api.graphql.types.pages.Page",
        required=True,
        description="Its page, as clients that know only Saleor find it.",
        resolver=lambda root, _info: page_of_vendor(root),
    )
    products = graphene.Field(
        "marketplace.api.graphql.types.products.ProductConnection",
        description="What it has on sale.",
        **product_arguments(),
    )

    @staticmethod
    def resolve_products(root: VendorRow, info: GraphQLResolveInfo, **asked: Any) -> Connection[ProductRow]:
        return product_page(info, within=Q(vendor=root.pk), **asked)


VendorConnection = connection_of(Vendor)
