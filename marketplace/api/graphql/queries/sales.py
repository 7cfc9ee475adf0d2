"""`checkout`, `marketBasket` and `order`: by the UUID that only their buyer knows; anything else is null."""

from __future__ import annotations

import uuid

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import uuid_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.types.checkouts import Checkout, MarketBasket, checkout_asked
from marketplace.api.graphql.types.orders import Order
from marketplace.core.errors import NotFound
from marketplace.orders.models import Order as OrderRow
from marketplace.orders.selectors import BasketShop, BasketView, basket_contents, order_by_token


class SaleQueries(graphene.ObjectType):
    """What buyers may ask of their purchases."""

    checkout = graphene.Field(Checkout, id=graphene.ID(), token=graphene.UUID())
    order = graphene.Field(Order, id=graphene.ID())

    market_basket = graphene.Field(
        MarketBasket,
        token=graphene.UUID(required=True),
        description="The checkouts that share a basket's token, which only its buyer knows.",
    )

    @staticmethod
    def resolve_market_basket(_root: None, info: GraphQLResolveInfo, *, token: uuid.UUID) -> BasketView | None:
        found = basket_contents(token, now=context(info).now)
        return found if found.shops else None

    @staticmethod
    def resolve_checkout(
        _root: None, info: GraphQLResolveInfo, *, id: str | None = None, token: uuid.UUID | None = None
    ) -> BasketShop | None:
        exactly_one(id=id, token=token)
        key = token or uuid_of(str(id), "Checkout")
        try:
            return checkout_asked(key, info)
        except NotFound:
            return None

    @staticmethod
    def resolve_order(_root: None, _info: GraphQLResolveInfo, *, id: str | None = None) -> OrderRow | None:
        exactly_one(id=id)
        try:
            return order_by_token(uuid_of(str(id), "Order"))
        except NotFound:
            return None
