"""The market's GraphQL schema: Saleor's names for everything Saleor has, and ours beside them."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.mutations.accounts import AccountMutations
from marketplace.api.graphql.mutations.checkouts import CheckoutMutations
from marketplace.api.graphql.mutations.transactions import TransactionMutations
from marketplace.api.graphql.queries.people import PeopleQueries
from marketplace.api.graphql.queries.products import ProductQueries
from marketplace.api.graphql.queries.sales import SaleQueries
from marketplace.api.graphql.queries.shops import ShopQueries


class Query(ProductQueries, ShopQueries, SaleQueries, PeopleQueries):
    """What may be asked."""


class Mutation(AccountMutations, CheckoutMutations, TransactionMutations):
    """What may be done."""


schema = graphene.Schema(query=Query, mutation=Mutation)
