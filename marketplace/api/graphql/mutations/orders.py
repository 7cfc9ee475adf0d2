"""A shop's orders: handed over, called off, marked as paid by hand, and refunds that are promised."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import integer_of, uuid_of
from marketplace.api.graphql.mutations.hands import Hand, hand_of, require_shop_worker
from marketplace.api.graphql.mutations.product_inputs import Given, price_in_dong
from marketplace.api.graphql.mutations.refusals import in_field, missing_in, told_as
from marketplace.api.graphql.mutations.seller_errors import OrderError, OrderGrantRefundCreateError
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import OrderErrorCode, OrderGrantRefundCreateErrorCode
from marketplace.api.graphql.types.granted_refunds import OrderGrantedRefund
from marketplace.api.graphql.types.orders import Fulfillment, Order
from marketplace.api.graphql.types.scalars import Decimal as DecimalScalar
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Order as OrderRow
from marketplace.orders.selectors import order_by_token
from marketplace.orders.selectors.orders import order_in_hand
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from payments.asked import transaction_of_order
from payments.models import Confirmation
from payments.services.by_hand import Rest, mark_paid_by_hand
from payments.services.granting import grant_refund
from vendors.selectors import require_places_of

MANAGE_ORDERS = "MANAGE_ORDERS"


class OrderFulfillStockInput(graphene.InputObjectType):
    """How many leave a place of the shop. They leave where the order holds them."""

    quantity = graphene.Int(required=True)
    warehouse = graphene.ID(required=True)


class OrderFulfillLineInput(graphene.InputObjectType):
    """How many of a line are handed over."""

    order_line_id = graphene.ID()
    stocks = graphene.List(graphene.NonNull(OrderFulfillStockInput), required=True)


class OrderFulfillInput(graphene.InputObjectType):
    """What is handed over."""

    lines = graphene.List(graphene.NonNull(OrderFulfillLineInput), required=True)
    tracking_number = graphene.String()
    notify_customer = graphene.Boolean(description="Taken and not used: the order's page shows what was handed over.")
    allow_stock_to_be_exceeded = graphene.Boolean(description="Taken and not used: an order holds its goods.")


def own_order(id: str | None, info: GraphQLResolveInfo, *, field: str = "id") -> tuple[Hand, OrderRow]:
    """The order of this global id with the hand that may change it. Raises `NotFound`, `UnreadableId`."""
    actor = require_shop_worker(info, MANAGE_ORDERS)
    key = in_field(field, uuid_of, id or "", type_name="Order")
    with missing_in(field):
        hand, order = order_in_hand(actor, key)
    return hand_of(hand, info), order


class OrderFulfill(graphene.Mutation):
    """Hand goods of a paid order over, all or a part."""

    class Arguments:
        order = graphene.ID()
        input = OrderFulfillInput(required=True)

    fulfillments = graphene.List(graphene.NonNull(Fulfillment))
    order = graphene.Field(Order)
    errors = non_null_list(OrderError)

    @staticmethod
    @told_as(OrderErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given, order: str | None = None) -> dict[str, Any]:
        hand, row = own_order(order, info, field="order")
        lines = _lines_handed_over(input["lines"], row)
        made = fulfil_order(
            actor=hand.actor,
            order=row,
            lines=lines,
            tracking_number=input.get("tracking_number") or "",
            client_id=hand.client_id,
            now=hand.now,
        )
        fresh = order_by_token(row.token)
        made.order = fresh
        return {"fulfillments": [made], "order": fresh}


def _lines_handed_over(lines: Sequence[Given], order: OrderRow) -> list[LineFulfilled]:
    wanted: list[LineFulfilled] = []
    places: set[int] = set()
    for line in lines:
        key = in_field("orderLineId", uuid_of, line.get("order_line_id") or "", type_name="OrderLine")
        places |= {
            in_field("warehouse", integer_of, one["warehouse"], type_name="Warehouse") for one in line["stocks"]
        }
        wanted += [LineFulfilled(key, one["quantity"]) for one in line["stocks"]]
    require_places_of(order.vendor, places)
    return wanted


class OrderCancel(graphene.Mutation):
    """Call an order off, as long as nothing of it was handed over. Money that came is due back."""

    class Arguments:
        id = graphene.ID(required=True)

    order = graphene.Field(Order)
    errors = non_null_list(OrderError)

    @staticmethod
    @told_as(OrderErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        hand, order = own_order(id, info)
        cancel_order(actor=hand.actor, order=order, reason="", now=hand.now)
        return {"order": order_by_token(order.token)}


class OrderMarkAsPaid(graphene.Mutation):
    """Say that all that was outstanding came: counted as the shop's own word (VENDOR), never called confirmed."""

    class Arguments:
        id = graphene.ID(required=True)
        transaction_reference = graphene.String(description="The bank's: its notice of this transfer is then known.")

    order = graphene.Field(Order)
    errors = non_null_list(OrderError)

    @staticmethod
    @told_as(OrderErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, id: str, transaction_reference: str | None = None
    ) -> dict[str, Any]:
        hand, order = own_order(id, info)
        mark_paid_by_hand(
            actor=hand.actor,
            order=order,
            amount_vnd=Rest.OUTSTANDING,
            confirmation=Confirmation.VENDOR,
            reference=transaction_reference or "",
            client_id=hand.client_id,
            now=hand.now,
        )
        return {"order": order_by_token(order.token)}


class OrderGrantRefundCreateInput(graphene.InputObjectType):
    """How much is promised back and why. The transaction is one of the order's; the promise is the order's own."""

    amount = DecimalScalar()
    reason = graphene.String()
    transaction_id = graphene.ID(required=True)


class OrderGrantRefundCreate(graphene.Mutation):
    """Promise a buyer money back. It moves nothing: the shop pays, and says so."""

    class Arguments:
        id = graphene.ID(required=True)
        input = OrderGrantRefundCreateInput(required=True)

    order = graphene.Field(Order)
    granted_refund = graphene.Field(OrderGrantedRefund)
    errors = non_null_list(OrderGrantRefundCreateError)

    @staticmethod
    @told_as(OrderGrantRefundCreateErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, input: Given) -> dict[str, Any]:
        hand, order = own_order(id, info)
        transaction_of_order(order, _transaction_key(input))
        amount: Decimal | None = input.get("amount")
        if amount is None:
            raise InvalidInput(_("Bạn ghi số tiền hứa trả."), field="amount", code="REQUIRED")
        granted = grant_refund(
            actor=hand.actor,
            order=order,
            amount_vnd=price_in_dong(amount, field="amount"),
            reason=input.get("reason") or "",
            client_id=hand.client_id,
            now=hand.now,
        )
        return {"order": order_by_token(order.token), "granted_refund": granted}


def _transaction_key(input: Given) -> uuid.UUID:
    return in_field("transactionId", uuid_of, input["transaction_id"], type_name="TransactionItem")


class OrderMutations(graphene.ObjectType):
    """What a shop may do with its orders."""

    order_cancel = OrderCancel.Field()
    order_fulfill = OrderFulfill.Field()
    order_grant_refund_create = OrderGrantRefundCreate.Field()
    order_mark_as_paid = OrderMarkAsPaid.Field()
