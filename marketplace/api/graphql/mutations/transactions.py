"""Asking for the payment of a checkout or an order by VietQR."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import is_id_of, uuid_of
from marketplace.api.graphql.mutations.refusals import (
    TransactionInitializeError,
    TransactionProcessError,
    in_field,
    told_as,
)
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import (
    TransactionFlowStrategyEnum,
    TransactionInitializeErrorCode,
    TransactionProcessErrorCode,
)
from marketplace.api.graphql.types.scalars import JSON, PositiveDecimal
from marketplace.api.graphql.types.transactions import TransactionEvent, TransactionItem
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.selectors import order_by_token, vendor_of_sale
from payments.asked import how_to_pay, last_movement, rest_to_pay, transaction_by_id
from payments.models import TransactionItem as ItemRow
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.moving import VIETQR_GATEWAY
from payments.services.requesting import (
    AskedPayment,
    PaymentInstruction,
    ask_for_checkout,
    ask_for_order,
    ask_once,
    event_that_asked,
    instruction_of,
)
from payments.telling import closed_data, payment_data

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
        raise InvalidInput(_("Số tiền phải là số nguyên (đồng)."), field="amount")
    return int(amount)


def asking(id: str, info: GraphQLResolveInfo) -> Ask:
    """What asks for the payment of the checkout or order of this id. Raises `UnreadableId`, `NotFound`."""
    now, (kind, key) = context(info).now, source_of(id)
    if kind == "Order":
        order = order_by_token(key)
        return lambda amount_vnd: ask_for_order(order=order, now=now, amount_vnd=amount_vnd)
    return lambda amount_vnd: ask_for_checkout(checkout_id=key, now=now, amount_vnd=amount_vnd)


def asked_payload(instruction: PaymentInstruction) -> dict[str, Any]:
    """The payload that says how to pay."""
    item = instruction.transaction
    return {
        "transaction": item,
        "transaction_event": instruction.event or event_that_asked(item, amount_vnd=instruction.amount_vnd),
        "data": payment_data(instruction),
    }


class TransactionInitialize(graphene.Mutation):
    """Ask how to pay a checkout or an order, all of it or a part."""

    class Arguments:
        id = graphene.ID(required=True)
        payment_gateway = PaymentGatewayToInitialize(required=True)
        amount = PositiveDecimal()
        action = TransactionFlowStrategyEnum()
        idempotency_key = graphene.String()
        customer_ip_address = graphene.String(description="Checked, and not kept.")

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
        customer_ip_address: str | None = None,
    ) -> dict[str, Any]:
        _check_request(id, payment_gateway, action=action, address=customer_ip_address, info=info)
        ask, amount_vnd, now = asking(id, info), whole_dong(amount), context(info).now
        if idempotency_key is None:
            return asked_payload(instruction_of(ask(amount_vnd), now=now))
        owner = ":".join(map(str, source_of(id)))
        found = ask_once(lambda: ask(amount_vnd), owner=owner, key=idempotency_key, amount_vnd=amount_vnd, now=now)
        if isinstance(found, AskedPayment):
            return asked_payload(instruction_of(found, now=now))
        return _again(found, lambda: ask(amount_vnd), info)


def _again(item: ItemRow, ask: Callable[[], AskedPayment], info: GraphQLResolveInfo) -> dict[str, Any]:
    """The payload of a request that was sent before: how to pay, or what came meanwhile and how to pay the rest."""
    now = context(info).now
    if last_movement(item) is None:
        try:
            return asked_payload(instruction_of(ask(), now=now))
        except (NothingToPay, AmountOutOfRange):
            # The money may come in just this moment.
            if last_movement(item) is None:
                raise
    return moved_payload(item, now=now)


def source_of(id: str) -> tuple[str, uuid.UUID]:
    """Whether an order or a checkout is meant, and which. Raises `UnreadableId`."""
    kind = "Order" if is_id_of(id, "Order") else "Checkout"
    return kind, in_field("id", uuid_of, id, type_name=kind)


def _check_request(
    id: str, gateway: dict[str, Any], *, action: Any, address: str | None, info: GraphQLResolveInfo
) -> None:
    """Raises `NotAllowed` for an `action` of neither the shop nor a payments program; `NotFound`, `InvalidInput`."""
    if action is not None:
        asked, vendor_id = context(info), vendor_of_sale(*source_of(id))
        of_shop = vendor_id is not None and asked.actor.may_sell_for(vendor_id)
        if not (of_shop or asked.app_may("HANDLE_PAYMENTS")):
            raise needs_one_of("HANDLE_PAYMENTS")
        if action.value != "CHARGE":
            raise InvalidInput(_("Chuyển khoản không giữ tiền trước được, chỉ thu tiền."), field="action")
    if gateway["id"] != VIETQR_GATEWAY:
        raise NotFound(_("Chợ chưa nhận cách trả tiền này."), field="payment_gateway")
    if address is not None and not is_network_address(address):
        raise InvalidInput(_("Địa chỉ mạng này không đúng."), field="customer_ip_address")


def moved_payload(item: ItemRow, *, now: datetime) -> dict[str, Any]:
    """The payload of a payment by which money came: how to pay what is left, or that there is nothing more to pay."""
    rest = rest_to_pay(item, now=now)
    if rest is not None:
        return {**asked_payload(rest), "transaction": item}
    return {"transaction": item, "transaction_event": last_movement(item), "data": closed_data(item)}


def is_network_address(text: str) -> bool:
    """Whether this is an address of the internet, of either kind."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class TransactionProcess(graphene.Mutation):
    """Ask what became of a transaction: how to pay while anything is owed and the hold lasts, then what came."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        data = JSON()
        customer_ip_address = graphene.String(description="Checked, and not kept.")

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
        customer_ip_address: str | None = None,
        **_data: Any,
    ) -> dict[str, Any]:
        if customer_ip_address is not None and not is_network_address(customer_ip_address):
            raise InvalidInput(_("Địa chỉ mạng này không đúng."), field="customer_ip_address")
        if (id is None) == (token is None):
            raise InvalidInput(_("Bạn ghi đúng một mã thanh toán ở mục id."), field="id")
        item = transaction_by_id(token or in_field("id", uuid_of, str(id), type_name="TransactionItem"))
        now = context(info).now
        if last_movement(item) is None:
            return asked_payload(how_to_pay(item, now=now))
        return moved_payload(item, now=now)


class TransactionMutations(graphene.ObjectType):
    """What may be done about paying."""

    transaction_initialize = TransactionInitialize.Field()
    transaction_process = TransactionProcess.Field()
