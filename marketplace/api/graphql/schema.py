"""The market's GraphQL schema: Saleor's names for everything Saleor has, and ours beside them."""

from __future__ import annotations

from typing import Final

import graphene
from graphql import GraphQLDeprecatedDirective, GraphQLDirective, specified_directives

from marketplace.api.graphql.mutations.account_changes import AccountChangeMutations
from marketplace.api.graphql.mutations.account_links import AccountLinkMutations
from marketplace.api.graphql.mutations.accounts import AccountMutations
from marketplace.api.graphql.mutations.bulk_products import BulkProductMutations
from marketplace.api.graphql.mutations.certificates import CertificateMutations
from marketplace.api.graphql.mutations.checkout_parts import CheckoutPartMutations
from marketplace.api.graphql.mutations.checkouts import CheckoutMutations
from marketplace.api.graphql.mutations.gateways import GatewayMutations
from marketplace.api.graphql.mutations.media import MediaMutations
from marketplace.api.graphql.mutations.metadata import MetadataMutations
from marketplace.api.graphql.mutations.orders import OrderMutations
from marketplace.api.graphql.mutations.outside_sign_in import OutsideSignInMutations
from marketplace.api.graphql.mutations.products import ProductMutations
from marketplace.api.graphql.mutations.reviews import ReviewMutations
from marketplace.api.graphql.mutations.transaction_reports import TransactionReportMutations
from marketplace.api.graphql.mutations.transactions import TransactionMutations
from marketplace.api.graphql.mutations.variants import VariantMutations
from marketplace.api.graphql.mutations.vendors import VendorMutations
from marketplace.api.graphql.queries.addresses import AddressQueries
from marketplace.api.graphql.queries.attributes import AttributeQueries
from marketplace.api.graphql.queries.categories import CategoryQueries
from marketplace.api.graphql.queries.channels import ChannelQueries
from marketplace.api.graphql.queries.collections import CollectionQueries
from marketplace.api.graphql.queries.figures import FigureQueries
from marketplace.api.graphql.queries.menus import MenuQueries
from marketplace.api.graphql.queries.money import MoneyQueries
from marketplace.api.graphql.queries.orders import OrderQueries
from marketplace.api.graphql.queries.pages import PageQueries
from marketplace.api.graphql.queries.people import PeopleQueries
from marketplace.api.graphql.queries.product_facets import FacetQueries
from marketplace.api.graphql.queries.products import ProductQueries
from marketplace.api.graphql.queries.sales import SaleQueries
from marketplace.api.graphql.queries.shops import ShopQueries
from marketplace.api.graphql.queries.warehouses import WarehouseQueries
from marketplace.api.graphql.types.attributes import ALL_ASSIGNED_TYPES
from marketplace.api.graphql.types.scalars import Upload


class Query(
    AddressQueries,
    AttributeQueries,
    CategoryQueries,
    ChannelQueries,
    CollectionQueries,
    FacetQueries,
    FigureQueries,
    MenuQueries,
    MoneyQueries,
    OrderQueries,
    PageQueries,
    PeopleQueries,
    ProductQueries,
    SaleQueries,
    ShopQueries,
    WarehouseQueries,
):
    """What may be asked."""


class Mutation(
    AccountChangeMutations,
    AccountLinkMutations,
    AccountMutations,
    BulkProductMutations,
    CertificateMutations,
    CheckoutMutations,
    CheckoutPartMutations,
    GatewayMutations,
    MediaMutations,
    MetadataMutations,
    OrderMutations,
    OutsideSignInMutations,
    ProductMutations,
    ReviewMutations,
    TransactionMutations,
    TransactionReportMutations,
    VariantMutations,
    VendorMutations,
):
    """What may be done."""


NEWER_LOCATION: Final = "DIRECTIVE_DEFINITION"


def _directives() -> list[GraphQLDirective]:
    """GraphQL's own, each where its specification of October 2021 has it.

    graphql-core lets `@deprecated` stand on directives, too: graphql-js 16 cannot read a schema that says so, and
    neither can the many tools that make clients with it.
    """
    said = GraphQLDeprecatedDirective.to_kwargs()
    said["locations"] = tuple(one for one in said["locations"] if one.name != NEWER_LOCATION)
    older = GraphQLDirective(**said)
    return [older if one is GraphQLDeprecatedDirective else one for one in specified_directives]


schema = graphene.Schema(
    query=Query, mutation=Mutation, types=[*ALL_ASSIGNED_TYPES, Upload], directives=_directives()
)
