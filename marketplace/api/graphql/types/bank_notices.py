"""What banks told of a shop's account, and what of it waits for a person. Ours: Saleor knows no bank."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Money, Node, connection_of, global_id
from marketplace.api.graphql.types.enums import BankNoticeState, ReviewItemKind, ReviewItemOutcome
from marketplace.api.graphql.types.orders import Order
from payments.reasons import why_in_words


class BankNotice(graphene.ObjectType):
    """One transfer as a bank told of it; only the people of the shop whose account it is see it."""

    class Meta:
        interfaces = (Node,)

    id = global_id("BankNotice")
    amount = graphene.Field(
        Money, required=True, description="How much moved.", resolver=lambda root, _info: root.amount_vnd
    )
    is_incoming = graphene.Boolean(required=True, description="Whether it came into the account.")
    content = graphene.String(required=True, description="The words of the transfer.")
    bank_reference = graphene.String(required=True, description="The bank's own reference; may be empty.")
    happened_at = graphene.DateTime(required=True, description="When it moved, as the bank says.")
    bank_date = graphene.Date(required=True, description="The day in Vietnam on which the bank dates it.")
    state = graphene.Field(
        BankNoticeState,
        required=True,
        description="Whether it is booked on an order, waits for a person, or is no sale's.",
        resolver=lambda root, _info: root.state.upper(),
    )
    why = graphene.String(
        required=True,
        description="Why it waits or is no sale's, for people; empty where it is booked.",
        resolver=lambda root, _info: why_in_words(root.why),
    )
    order = graphene.Field(Order, description="On which it is booked.")


class ReviewItem(graphene.ObjectType):
    """Something about money that a person of the shop must settle. Nothing is ever dropped instead."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ReviewItem")
    kind = graphene.Field(
        ReviewItemKind, required=True, description="What about.", resolver=lambda root, _info: root.kind.upper()
    )
    amount = graphene.Field(
        Money, required=True, description="How much it is about.", resolver=lambda root, _info: root.amount_vnd
    )
    opened_at = graphene.DateTime(required=True, description="Since when it waits.")
    closed_at = graphene.DateTime(description="When it was settled; null while it waits.")
    outcome = graphene.Field(
        ReviewItemOutcome,
        description="What became of it; null while it waits.",
        resolver=lambda root, _info: root.outcome.upper() or None,
    )
    resolution = graphene.String(required=True, description="In whose words, or by which reason, it was settled.")
    notice = graphene.Field(BankNotice, description="The transfer that it is about, if it is about one.")
    order = graphene.Field(Order, description="The order that it is about, or seems to be.")


BankNoticeConnection = connection_of(BankNotice)
ReviewItemConnection = connection_of(ReviewItem)
