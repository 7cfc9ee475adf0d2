"""Gift cards, which clients of Saleor ask for. This market has none: money goes from the buyer's bank to the shop."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Money, Node


class GiftCard(graphene.ObjectType):
    """Money that was paid before. There is none of it here: lists of them are empty."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    display_code = graphene.String(required=True)
    current_balance = graphene.Field(Money, required=True)
