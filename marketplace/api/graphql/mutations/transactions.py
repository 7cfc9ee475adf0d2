"""Asking for the payment of a checkout or an order by VietQR."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import graphene
from django.urls import reverse
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import absolute_url, context
from marketplace.api.graphql.ids import is_id_of, uuid_of
from marketplace.api.graphql.mutations.refusals import (
    TransactionInitializeError,
    TransactionProcessError,
    in_field,
    told_as,
)
from marketplace.api.graphql.types.common import CURRENCY, non_null_list
from marketplace.api.graphql.types.enums import (
    TransactionFlowStrategyEnum,
    TransactionInitializeErrorCode,
    TransactionProcessErrorCode,
)
from marketplace.api.graphql.types.scalars import JSON, PositiveDecimal
from marketplace.api.graphql.types.transactions import TransactionEvent, TransactionItem
from marketplace.core.clock import VIETNAM
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.selectors import order_by_token
from payments.asked import event_that_asked, last_movement, transaction_by_id
from payments.models import TransactionItem as ItemRow
from payments.services.moving import VIETQR_GATEWAY
from payments.services.requesting import (
    AskedPayment,
    PaymentInstruction,
    ask_for_checkout,
    ask_for_order,
    instruction_of,
    payment_for_checkout,
    payment_for_order,
)

IDEMPOTENCY_KEY_CHARACTERS_MAX = 512
KEYS = uuid.UUID("6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04")
"""The name space in which clients' own keys, which may be any text, become UUIDs."""
WHOLE_DONG_MAX = Decimal(10**15)

Ask = Callable[[int | None], AskedPayment]
"""Asks for an amount in đồng, or for all that is outstanding."""


class PaymentGatewayToInitialize(graphene.InputObjectType):
    """By which gateway; VietQR needs no `data`."""

    id = graphene.String(required=True)
    data = JSON()


def whole_dong(amount: Decimal | None) -> int | None:
    """An amount of money as a client sends it. Raises `InvalidInput` for a part of a đồng or an absurd number."""
    if amount is None:
        return None
    if amount > WHOLE_DONG_MAX or amount != amount.to_integral_value():
        raise InvalidInput(_("Số tiền phải là số đồng nguyên."), field="amount")
    return int(amount)


def asking(id: str, info: GraphQLResolveInfo) -> Ask:
    """What asks for the payment of the checkout or order of this id. Raises `UnreadableId`, `NotFound`."""
    now = context(info).now
    if is_id_of(id, "Order"):
        order = order_by_token(in_field("id", uuid_of, id, type_name="Order"))
        return lambda amount_vnd: ask_for_order(order=order, now=now, amount_vnd=amount_vnd)
    checkout_id = in_field("id", uuid_of, id, type_name="Checkout")
    return lambda amount_vnd: ask_for_checkout(checkout_id=checkout_id, now=now, amount_vnd=amount_vnd)


def asked_payload(instruction: PaymentInstruction) -> dict[str, Any]:
    """The payload that says how to pay."""
    item = instruction.transaction
    return {
        "transaction": item,
        "transaction_event": event_that_asked(item, amount_vnd=instruction.amount_vnd),
        "data": vietqr_data(instruction),
    }


def vietqr_data(instruction: PaymentInstruction) -> dict[str, Any]:
    """What the gateway `market40.vietqr` tells a client: all that is needed to draw the code and to pay by hand."""
    picture = {"code": instruction.reference, "amount": instruction.amount_vnd}
    expires_at = instruction.expires_at
    return {
        "type": "vietqr",
        "payload": instruction.payload,
        "reference": instruction.reference,
        "memo": instruction.memo,
        "amount": instruction.amount_vnd,
        "currency": CURRENCY,
        "bank": {"bin": instruction.bank.bin, "short_name": instruction.bank.short_name},
        "account_number": instruction.account_number,
        "account_name": instruction.account_name,
        "qr_svg_url": absolute_url(reverse("asked-qr-svg", kwargs=picture)),
        "qr_png_url": absolute_url(reverse("asked-qr-png", kwargs=picture)),
        "expires_at": expires_at and expires_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
    }


class TransactionInitialize(graphene.Mutation):
    """Ask how to pay a checkout or an order, all of it or a part."""

    class Arguments:
        id = graphene.ID(required=True)
        payment_gateway = PaymentGatewayToInitialize(required=True)
        amount = PositiveDecimal()
        action = TransactionFlowStrategyEnum()
        idempotency_key = graphene.String()

    transaction = graphene.Field(TransactionItem)
    transaction_event = graphene.Field(TransactionEvent)
    data = graphene.Field(JSON)
    errors = non_null_list(TransactionInitializeError)

    @staticmethod
    @told_as(TransactionInitializeErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str,
        payment_gateway: dict[str, Any],
        amount: Decimal | None = None,
        action: Any = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        if action is not None:
            raise NotAllowed("To access this path, you need one of the following permissions: HANDLE_PAYMENTS")
        if payment_gateway["id"] != VIETQR_GATEWAY:
            raise NotFound(_("Chợ chưa nhận cách trả tiền này."), field="payment_gateway")
        ask, amount_vnd = asking(id, info), whole_dong(amount)
        _ask_once(ask, amount_vnd, id=id, key=idempotency_key, info=info)
        return asked_payload(instruction_of(ask(amount_vnd), now=context(info).now))


def _ask_once(ask: Ask, amount_vnd: int | None, *, id: str, key: str | None, info: GraphQLResolveInfo) -> None:
    """Keep a client's key with what it asked for. Raises `SameIdOtherContent` where it asks for something else.

    Asking again is harmless in itself: it answers the same code.
    """
    if key is None:
        return
    clean = clean_line(key, characters_max=IDEMPOTENCY_KEY_CHARACTERS_MAX, field="idempotency_key", required=True)
    once(
        lambda: str(ask(amount_vnd).transaction.pk),
        action="transaction.initialize",
        owner=id[:80],
        client_id=uuid.uuid5(KEYS, clean),
        asked={"amount_vnd": amount_vnd},
        now=context(info).now,
    )


class TransactionProcess(graphene.Mutation):
    """Ask what became of a transaction: how to pay while nothing came, afterwards what came."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        data = JSON()

    transaction = graphene.Field(TransactionItem)
    transaction_event = graphene.Field(TransactionEvent)
    data = graphene.Field(JSON)
    errors = non_null_list(TransactionProcessError)

    @staticmethod
    @told_as(TransactionProcessErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        id: str | None = None,
        token: uuid.UUID | None = None,
        **_data: Any,
    ) -> dict[str, Any]:
        if (id is None) == (token is None):
            raise InvalidInput(_("Bạn ghi đúng một mã thanh toán ở mục id."), field="id")
        item = transaction_by_id(token or in_field("id", uuid_of, str(id), type_name="TransactionItem"))
        moved = last_movement(item)
        if moved is not None:
            return {"transaction": item, "transaction_event": moved, "data": None}
        return asked_payload(_asked_again(item, info))


def _asked_again(item: ItemRow, info: GraphQLResolveInfo) -> PaymentInstruction:
    now = context(info).now
    if item.order is not None:
        return payment_for_order(order=item.order, now=now)
    if item.checkout_id is None:
        raise NotFound(_("Giỏ hàng này không còn."), field="id")
    return payment_for_checkout(checkout_id=item.checkout_id, now=now)


class TransactionMutations(graphene.ObjectType):
    """What may be done about paying."""

    transaction_initialize = TransactionInitialize.Field()
    transaction_process = TransactionProcess.Field()
