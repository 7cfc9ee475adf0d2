"""Refunds that a shop promised its buyer."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Money, global_id
from marketplace.api.graphql.types.enums import OrderGrantedRefundStatusEnum


class OrderGrantedRefund(graphene.ObjectType):
    """Money that the shop owes the buyer until an event says that it went back. The market moves none of it."""

    id = global_id("OrderGrantedRefund")
    created_at = graphene.DateTime(required=True, resolver=lambda root, _info: root.granted_at)
    updated_at = graphene.DateTime(required=True)
    amount = graphene.Field(Money, required=True, resolver=lambda root, _info: root.amount_vnd)
    reason = graphene.String()
    shipping_costs_included = graphene.Boolean(required=True, resolver=lambda _root, _info: False)
    status = graphene.Field(
        OrderGrantedRefundStatusEnum, required=True, resolver=lambda root, _info: root.status.upper()
    )
