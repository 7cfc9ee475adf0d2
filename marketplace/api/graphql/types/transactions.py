"""The money side of a checkout or an order."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.types.checkouts import Checkout
from marketplace.api.graphql.types.common import Money, Node, WithMetadataFields, global_id, non_null_list
from marketplace.api.graphql.types.enums import TransactionActionEnum, TransactionEventTypeEnum
from marketplace.api.graphql.types.orders import Order
from marketplace.orders.models import Order as OrderRow
from marketplace.orders.selectors import BasketShop, checkout_contents, order_by_token
from payments import models
from payments.asked import events_of
from payments.selectors import sums_of
from payments.services.moving import STRIPE_GATEWAY

_NAMES = {STRIPE_GATEWAY: "Stripe"}


class TransactionEvent(graphene.ObjectType):
    """One thing that happened to money."""

    class Meta:
        interfaces = (Node,)

    id = global_id("TransactionEvent")
    created_at = graphene.DateTime(required=True, resolver=lambda root, _info: root.happened_at)
    psp_reference = graphene.String(required=True)
    message = graphene.String(required=True)
    amount = graphene.Field(Money, required=True, resolver=lambda root, _info: root.amount_vnd)
    type = graphene.Field(TransactionEventTypeEnum, resolver=lambda root, _info: root.type.upper())


class TransactionItem(WithMetadataFields):
    """A request to pay and what came of it."""

    class Meta:
        interfaces = (Node,)

    id = global_id("TransactionItem")
    token = graphene.UUID(required=True, resolver=lambda root, _info: root.pk)
    created_at = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    name = graphene.String(required=True, resolver=lambda root, _info: _NAMES.get(root.gateway, "VietQR"))
    psp_reference = graphene.String(required=True)
    # Nobody can charge, refund or cancel a transfer between two people's accounts from here.
    actions = non_null_list(TransactionActionEnum, resolver=lambda _root, _info: [])
    charged_amount = graphene.Field(Money, required=True, resolver=lambda root, _info: sums_of(root).charged_vnd)
    refunded_amount = graphene.Field(Money, required=True, resolver=lambda root, _info: sums_of(root).refunded_vnd)
    events = non_null_list(TransactionEvent)
    order = graphene.Field(Order)
    checkout = graphene.Field(Checkout)

    @staticmethod
    def resolve_events(root: models.TransactionItem, _info: GraphQLResolveInfo) -> list[models.TransactionEvent]:
        return events_of(root)

    @staticmethod
    def resolve_order(root: models.TransactionItem, _info: GraphQLResolveInfo) -> OrderRow | None:
        return None if root.order is None else order_by_token(root.order.token)

    @staticmethod
    def resolve_checkout(root: models.TransactionItem, info: GraphQLResolveInfo) -> BasketShop | None:
        return None if root.checkout_id is None else checkout_contents(root.checkout_id, now=context(info).now)
