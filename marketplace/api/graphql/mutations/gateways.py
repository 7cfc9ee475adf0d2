"""Asking which gateways can be paid by, before a payment is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.mutations.refusals import (
    PaymentGatewayConfigError,
    PaymentGatewayInitializeError,
    told_as,
)
from marketplace.api.graphql.mutations.transactions import PaymentGatewayToInitialize, source_of, whole_dong
from marketplace.api.graphql.types.common import CURRENCY, non_null_list
from marketplace.api.graphql.types.enums import PaymentGatewayInitializeErrorCode
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.scalars import JSON, PositiveDecimal
from marketplace.orders.models import Order
from marketplace.orders.selectors import checkout_contents, draft_of, order_by_token, shop_of
from marketplace.orders.selectors.orders import order_of_checkout
from payments.services.amounts import checked_amount
from payments.services.moving import VIETQR_GATEWAY
from vendors.banks import bank_by_bin
from vendors.models import Vendor
from vendors.selectors import active_account

GATEWAYS_MAX = 10


class PaymentGatewayConfig(graphene.ObjectType):
    """A gateway with what a client needs to show it."""

    id = graphene.String(required=True)
    data = graphene.Field(JSON)
    errors = graphene.List(graphene.NonNull(PaymentGatewayConfigError))


class PaymentGatewayInitialize(graphene.Mutation):
    """Ask which gateways can be paid by. Nothing is held and nobody is asked to pay yet."""

    class Arguments:
        id = graphene.ID(required=True)
        amount = PositiveDecimal()
        payment_gateways = non_null_items(PaymentGatewayToInitialize)

    gateway_configs = graphene.List(graphene.NonNull(PaymentGatewayConfig))
    errors = non_null_list(PaymentGatewayInitializeError)

    @staticmethod
    @told_as(PaymentGatewayInitializeErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        id: str,
        amount: Decimal | None = None,
        payment_gateways: Sequence[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        vendor, outstanding_vnd = _to_pay(*source_of(id), info)
        wanted, amount_vnd = [one["id"] for one in payment_gateways or ()], whole_dong(amount)
        if amount_vnd is not None:
            checked_amount(amount_vnd, at_most_vnd=outstanding_vnd)
        asked = list(dict.fromkeys(wanted))[:GATEWAYS_MAX] if payment_gateways is not None else [VIETQR_GATEWAY]
        return {"gateway_configs": [_config(one, vendor, amount_vnd or outstanding_vnd) for one in asked]}


def _to_pay(kind: str, key: uuid.UUID, info: GraphQLResolveInfo) -> tuple[Vendor, int]:
    """Whom a checkout or an order pays, and how much is outstanding, in đồng. Raises `NotFound`."""
    order = order_by_token(key) if kind == "Order" else order_of_checkout(key)
    if isinstance(order, Order):
        return order.vendor, order.outstanding_vnd
    now = context(info).now
    checkout = checkout_contents(key, now=now).checkout
    return shop_of(checkout), draft_of(checkout, now=now).total_vnd


def _config(gateway: str, vendor: Vendor, amount_vnd: int) -> dict[str, Any]:
    account = active_account(vendor) if gateway == VIETQR_GATEWAY else None
    if account is None:
        unknown = {"field": "id", "message": _("Không trả tiền bằng cách này được."), "code": "NOT_FOUND"}
        return {"id": gateway, "data": None, "errors": [unknown]}
    bank = bank_by_bin(account.bin)
    data = {
        "type": "vietqr",
        "amount": amount_vnd,
        "currency": CURRENCY,
        "bank": {"bin": bank.bin, "short_name": bank.short_name},
        "account_name": account.account_name,
    }
    return {"id": gateway, "data": data, "errors": []}


class GatewayMutations(graphene.ObjectType):
    """What may be asked of gateways."""

    payment_gateway_initialize = PaymentGatewayInitialize.Field()
