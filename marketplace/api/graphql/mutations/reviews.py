"""What a person of a shop decides about money that the market could not settle by itself. Ours, as its pages do it.

An agent does none of this: whoever moves money, or says that it moved, works in the shop.
"""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import integer_of, uuid_of
from marketplace.api.graphql.mutations.hands import Hand, hand_of, require_shop_worker
from marketplace.api.graphql.mutations.refusals import in_field, missing_in, told_as
from marketplace.api.graphql.mutations.seller_errors import ReviewItemError
from marketplace.api.graphql.types.bank_notices import ReviewItem
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import RefundMethod, ReviewItemErrorCode
from marketplace.api.graphql.types.granted_refunds import OrderGrantedRefund
from marketplace.orders.selectors.orders import order_in_hand
from payments.models import GrantedRefund
from payments.models import ReviewItem as ItemRow
from payments.selectors import granted_refund_in_hand
from payments.services.granting import cancel_granted_refund, settle_granted_refund
from payments.services.reviewing import book_from_review, link_to_first, refund_held, set_aside, take_up_again
from payments.waiting import review_item_in_hand

HANDLE_PAYMENTS = "HANDLE_PAYMENTS"


def own_item(id: str, info: GraphQLResolveInfo) -> tuple[Hand, ItemRow]:
    """The item of this global id with the hand that may settle it. Raises `NotFound`, `UnreadableId`."""
    actor = require_shop_worker(info, HANDLE_PAYMENTS)
    hand, item = review_item_in_hand(actor, in_field("id", integer_of, id, type_name="ReviewItem"))
    return hand_of(hand, info), item


def own_promise(id: str, info: GraphQLResolveInfo) -> tuple[Hand, GrantedRefund]:
    """The promised refund of this global id with the hand that may end it. Raises `NotFound`, `UnreadableId`."""
    actor = require_shop_worker(info, HANDLE_PAYMENTS)
    hand, granted = granted_refund_in_hand(actor, in_field("id", integer_of, id, type_name="OrderGrantedRefund"))
    return hand_of(hand, info), granted


def asked_of(hand: Hand) -> dict[str, Any]:
    """What every service asks of a hand."""
    return {"actor": hand.actor, "now": hand.now, "client_id": hand.client_id}


class ReviewItemBook(graphene.Mutation):
    """Book held money on an order of the same shop, all of it, as the bank's word."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the item.")
        order_id = graphene.ID(required=True, description="Of the order that it pays.")

    review_item = graphene.Field(ReviewItem, description="The item, settled.")
    errors = non_null_list(ReviewItemError, description="Why it still waits.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, order_id: str) -> dict[str, Any]:
        hand, item = own_item(id, info)
        key = in_field("orderId", uuid_of, order_id, type_name="Order")
        with missing_in("orderId"):
            book_from_review(item=item, order=order_in_hand(hand.actor, key)[1], **asked_of(hand))
        return {"review_item": review_item_in_hand(hand.actor, item.pk)[1]}


class ReviewItemSetAside(graphene.Mutation):
    """Say why something is no order's money. It stays on record and can be taken up again."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the item.")
        resolution = graphene.String(required=True, description="Why, in at most 200 characters.")

    review_item = graphene.Field(ReviewItem, description="The item, settled.")
    errors = non_null_list(ReviewItemError, description="Why it still waits.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, resolution: str) -> dict[str, Any]:
        hand, item = own_item(id, info)
        return {"review_item": set_aside(item=item, resolution=resolution, **asked_of(hand))}


class ReviewItemTakeUpAgain(graphene.Mutation):
    """Let money that was set aside, given back or linked by mistake wait for its order again."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the item.")

    review_item = graphene.Field(ReviewItem, description="The item, waiting.")
    errors = non_null_list(ReviewItemError, description="Why it stays as it is.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        hand, item = own_item(id, info)
        return {"review_item": take_up_again(item=item, **asked_of(hand))}


class ReviewItemRefund(graphene.Mutation):
    """Write down that the shop gave held money back, all of it."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the item.")
        method = RefundMethod(required=True, description="By transfer (VENDOR) or in CASH.")

    review_item = graphene.Field(ReviewItem, description="The item, settled.")
    errors = non_null_list(ReviewItemError, description="Why it still waits.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, method: Any) -> dict[str, Any]:
        hand, item = own_item(id, info)
        return {"review_item": refund_held(item=item, method=method.value.lower(), **asked_of(hand))}


class ReviewItemLinkToFirst(graphene.Mutation):
    """Say that held money is the very transfer that another feed told of before: it is counted once, there."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the item.")

    review_item = graphene.Field(ReviewItem, description="The item, settled.")
    errors = non_null_list(ReviewItemError, description="Why it still waits.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        hand, item = own_item(id, info)
        return {"review_item": link_to_first(item=item, **asked_of(hand))}


class OrderGrantedRefundSettle(graphene.Mutation):
    """Write down that the shop kept a promised refund, all of it. The market moves none of the money."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the promised refund.")
        method = RefundMethod(required=True, description="By transfer (VENDOR) or in CASH.")

    granted_refund = graphene.Field(OrderGrantedRefund, description="The promise, kept.")
    errors = non_null_list(ReviewItemError, description="Why it still stands.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, method: Any) -> dict[str, Any]:
        hand, granted = own_promise(id, info)
        confirmation = method.value.lower()
        return {"granted_refund": settle_granted_refund(granted=granted, confirmation=confirmation, **asked_of(hand))}


class OrderGrantedRefundCancel(graphene.Mutation):
    """Take a promised refund back that was not kept yet: its money is free again."""

    class Arguments:
        id = graphene.ID(required=True, description="Of the promised refund.")

    granted_refund = graphene.Field(OrderGrantedRefund, description="The promise, taken back.")
    errors = non_null_list(ReviewItemError, description="Why it still stands.")

    @staticmethod
    @told_as(ReviewItemErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        hand, granted = own_promise(id, info)
        return {"granted_refund": cancel_granted_refund(granted=granted, **asked_of(hand))}


class ReviewMutations(graphene.ObjectType):
    """What a shop may decide about money."""

    order_granted_refund_cancel = OrderGrantedRefundCancel.Field(description="Take a promised refund back.")
    order_granted_refund_settle = OrderGrantedRefundSettle.Field(description="Say that a promised refund was kept.")
    review_item_book = ReviewItemBook.Field(description="Book held money on an order.")
    review_item_link_to_first = ReviewItemLinkToFirst.Field(description="Say that held money was told of before.")
    review_item_refund = ReviewItemRefund.Field(description="Say that held money was given back.")
    review_item_set_aside = ReviewItemSetAside.Field(description="Say why held money is no order's.")
    review_item_take_up_again = ReviewItemTakeUpAgain.Field(description="Let settled money wait again.")
