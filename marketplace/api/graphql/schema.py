"""The market's GraphQL schema: Saleor's names for everything Saleor has, and ours beside them."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.queries.products import ProductQueries


class Query(ProductQueries):
    """What may be asked."""


schema = graphene.Schema(query=Query)
