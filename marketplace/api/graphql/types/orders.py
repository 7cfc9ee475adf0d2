"""Orders, as their buyers see them: whoever knows an order's UUID may read it, as in Saleor."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.models import ProductVariant as VariantRow
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import Address
from marketplace.api.graphql.types.channels import Channel
from marketplace.api.graphql.types.checkouts import DeliveryMethod, language_enum
from marketplace.api.graphql.types.common import (
    Image,
    Money,
    Node,
    TaxedMoney,
    WithMetadataFields,
    connection_of,
    global_id,
    non_null_list,
)
from marketplace.api.graphql.types.enums import (
    DiscountValueTypeEnum,
    FulfillmentStatus,
    LanguageCodeEnum,
    OrderAuthorizeStatusEnum,
    OrderChargeStatusEnum,
    OrderDiscountType,
    OrderOriginEnum,
    OrderStatus,
    PaymentChargeStatusEnum,
    ThumbnailFormatEnum,
)
from marketplace.api.graphql.types.granted_refunds import OrderGrantedRefund
from marketplace.api.graphql.types.metadata import ObjectWithMetadata
from marketplace.api.graphql.types.products import ProductVariant, first_picture
from marketplace.api.graphql.types.scalars import PositiveDecimal
from marketplace.api.graphql.types.texts import in_language
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.orders import models
from marketplace.orders.discounts import each_vnd
from marketplace.orders.selectors import load_part
from payments.models import GrantedRefund
from payments.models import TransactionItem as ItemRow
from payments.selectors import balance_vnd
from vendors.access import hand_in

PAYMENT_STATUS = {
    models.Order.ChargeStatus.NONE: "NOT_CHARGED",
    models.Order.ChargeStatus.PARTIAL: "PARTIALLY_CHARGED",
    models.Order.ChargeStatus.FULL: "FULLY_CHARGED",
    models.Order.ChargeStatus.OVERCHARGED: "FULLY_CHARGED",
}
AUTHORIZE_STATUS = {
    models.Order.ChargeStatus.NONE: "NONE",
    models.Order.ChargeStatus.PARTIAL: "PARTIAL",
    models.Order.ChargeStatus.FULL: "FULL",
    models.Order.ChargeStatus.OVERCHARGED: "FULL",
}
"""How much of the price is authorized or charged: a transfer is charged at once and never only authorized."""


@dataclass(frozen=True)
class DeliveryTaken:
    """How an order's goods reach its buyer, as it was agreed; `pk` is the order's own key."""

    pk: uuid.UUID
    name: str
    price_vnd: int
    pick_up_at_id: int | None


def came_together(orders: Iterable[models.Order], info: GraphQLResolveInfo) -> None:
    """These orders are one list: what one of them is asked for, the others are too."""
    loaders, rows = context(info).loaders, list(orders)
    loaders.orders.came(rows)
    loaders.transactions.expect(order.pk for order in rows)
    loaders.granted_refunds.expect(order.pk for order in rows)


def lines_of(order: models.Order, info: GraphQLResolveInfo) -> Sequence[models.OrderLine]:
    """The lines of an order. They and those of the orders beside it may be asked for what belongs to their goods."""
    loaders = context(info).loaders
    together = loaders.orders.with_(order)
    load_part(together, "lines")
    for line in (line for one in together for line in one.lines.all()):
        if line.variant_id is not None:
            loaders.visible_variant.expect([line.variant_id])
        if line.product_id_then is not None:
            loaders.media.expect([line.product_id_then])
    return sorted(order.lines.all(), key=lambda line: line.position)


class OrderLine(WithMetadataFields):
    """What was sold, with names and price as they were then."""

    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    id = global_id("OrderLine")
    product_name = graphene.String(required=True)
    variant_name = graphene.String(required=True, resolver=lambda root, _info: root.variant_name or root.unit)
    unit = graphene.String(required=True)
    product_variant_id = graphene.String()
    quantity = graphene.Int(required=True)
    quantity_fulfilled = graphene.Int(required=True)
    quantity_to_fulfill = graphene.Int(required=True, resolver=lambda root, _info: root.quantity_left)
    is_shipping_required = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    tax_rate = graphene.Float(required=True, resolver=lambda _root, _info: 0.0)
    unit_price = graphene.Field(
        TaxedMoney, required=True, resolver=lambda root, _info: each_vnd(root.total_vnd, root.quantity)
    )
    undiscounted_unit_price = graphene.Field(
        TaxedMoney, required=True, resolver=lambda root, _info: root.unit_price_vnd
    )
    total_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.total_vnd)
    undiscounted_total_price = graphene.Field(
        TaxedMoney, required=True, resolver=lambda root, _info: root.undiscounted_total_vnd
    )
    thumbnail = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormatEnum())
    variant = graphene.Field(ProductVariant)

    @staticmethod
    def resolve_product_variant_id(root: models.OrderLine, _info: GraphQLResolveInfo) -> str | None:
        return None if root.variant_id is None else to_global_id("ProductVariant", root.variant_id)

    @staticmethod
    def resolve_thumbnail(
        root: models.OrderLine, info: GraphQLResolveInfo, size: int | None = None, format: Any = None
    ) -> dict[str, str] | None:
        if root.product_id_then is None:
            return None
        return first_picture(root.product_id_then, info, size=size, form=format)

    @staticmethod
    def resolve_variant(root: models.OrderLine, info: GraphQLResolveInfo) -> VariantRow | None:
        return None if root.variant_id is None else context(info).loaders.visible_variant.load(root.variant_id)


class FulfillmentLine(graphene.ObjectType):
    """How many of a line were handed over. Resolved with the order's own lines at hand."""

    class Meta:
        interfaces = (Node,)

    id = global_id("FulfillmentLine")
    quantity = graphene.Int(required=True)
    order_line = graphene.Field(OrderLine)


class Fulfillment(WithMetadataFields):
    """A handing over."""

    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    id = global_id("Fulfillment")
    status = graphene.Field(FulfillmentStatus, required=True, resolver=lambda root, _info: root.status.upper())
    tracking_number = graphene.String(required=True)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    lines = graphene.List(graphene.NonNull(FulfillmentLine))

    @staticmethod
    def resolve_lines(root: models.Fulfillment, info: GraphQLResolveInfo) -> Sequence[models.FulfillmentLine]:
        sold = {line.pk: line for line in lines_of(root.order, info)}
        rows = list(root.lines.all())
        for row in rows:
            row.order_line = sold[row.order_line_id]
        return rows


class Voucher(graphene.ObjectType):
    """The voucher of an order, as far as its buyer named it. Resolved from the order."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Voucher", key="voucher_id")
    code = graphene.String(resolver=lambda root, _info: root.voucher_code)


class OrderDiscount(graphene.ObjectType):
    """What was taken off an order: here always by its voucher, in đồng as it was then. Resolved from the order."""

    class Meta:
        interfaces = (Node,)

    id = global_id("OrderDiscount", key="token")
    type = graphene.Field(OrderDiscountType, required=True, resolver=lambda *_: "VOUCHER")
    name = graphene.String(resolver=lambda root, _info: root.voucher_code)
    value_type = graphene.Field(DiscountValueTypeEnum, required=True, resolver=lambda *_: "FIXED")
    value = graphene.Field(PositiveDecimal, required=True, resolver=lambda root, _info: root.discount_vnd)
    amount = graphene.Field(Money, required=True, resolver=lambda root, _info: root.discount_vnd)
    total = graphene.Field(Money, required=True, resolver=lambda root, _info: root.discount_vnd)


class Order(WithMetadataFields):
    """A sale of one shop to one buyer. Its id holds the UUID that is the buyer's secret; `number` is for people."""

    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    id = global_id("Order", key="token")
    token = graphene.String(required=True, resolver=lambda root, _info: str(root.token))
    number = graphene.String(required=True)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.placed_at)
    updated_at = graphene.DateTime(required=True)
    expires_at = graphene.DateTime(description="When the unpaid order ends and its stock is free again.")
    status = graphene.Field(OrderStatus, required=True, resolver=lambda root, _info: root.status.upper())
    status_display = graphene.String(
        required=True,
        description="In the language that the buyer ordered in.",
        resolver=lambda root, _info: in_language(models.Order.Status(root.status).label, root.language_code),
    )
    charge_status = graphene.Field(
        OrderChargeStatusEnum, required=True, resolver=lambda root, _info: root.charge_status.upper()
    )
    payment_status = graphene.Field(
        PaymentChargeStatusEnum, required=True, resolver=lambda root, _info: PAYMENT_STATUS[root.charge_status]
    )
    authorize_status = graphene.Field(
        OrderAuthorizeStatusEnum, required=True, resolver=lambda root, _info: AUTHORIZE_STATUS[root.charge_status]
    )
    is_paid = graphene.Boolean(required=True, resolver=lambda root, _info: not root.outstanding_vnd)
    # A sale at a stall goes through a checkout too; Saleor's other origins are kinds of staff's orders.
    origin = graphene.Field(OrderOriginEnum, required=True, resolver=lambda *_: "CHECKOUT")
    channel = graphene.Field(Channel, required=True)
    vendor = graphene.Field(Vendor, required=True)
    payment_code = graphene.String(description="What stands in the transfer: the order's live code.")
    user_email = graphene.String(resolver=lambda root, _info: root.email or None)
    customer_note = graphene.String(required=True, resolver=lambda root, _info: root.note)
    language_code_enum = graphene.Field(
        LanguageCodeEnum, required=True, resolver=lambda root, _info: language_enum(root.language_code)
    )
    shipping_address = graphene.Field(Address)
    billing_address = graphene.Field(Address)
    delivery_method = graphene.Field(DeliveryMethod)
    shipping_method_name = graphene.String(resolver=lambda root, _info: root.delivery_name or None)
    collection_point_name = graphene.String(
        resolver=lambda root, _info: root.pick_up_at.name if root.pick_up_at else None
    )
    is_shipping_required = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    display_gross_prices = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    lines = non_null_list(OrderLine)
    fulfillments = non_null_list(Fulfillment)
    granted_refunds = non_null_list(
        OrderGrantedRefund, description="What the shop promised back; for its people. Needs MANAGE_ORDERS."
    )
    transactions = non_null_list("marketplace.api.graphql.types.transactions.TransactionItem")
    checkout_id = graphene.ID()
    subtotal = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.goods_vnd)
    shipping_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.shipping_vnd)
    total = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.total_vnd)
    undiscounted_total = graphene.Field(
        TaxedMoney, required=True, resolver=lambda root, _info: root.total_vnd + root.discount_vnd
    )
    voucher = graphene.Field(Voucher, resolver=lambda root, _info: root if root.voucher_id else None)
    voucher_code = graphene.String(resolver=lambda root, _info: root.voucher_code or None)
    discount = graphene.Field(Money, resolver=lambda root, _info: root.discount_vnd or None)
    discounts = non_null_list(OrderDiscount, resolver=lambda root, _info: [root] if root.discount_vnd else [])
    total_charged = graphene.Field(Money, required=True, resolver=lambda root, _info: root.charged_vnd)
    total_captured = graphene.Field(Money, required=True, resolver=lambda root, _info: root.charged_vnd)
    total_balance = graphene.Field(
        Money,
        required=True,
        description="Below 0 the buyer owes, above 0 the shop does; what is promised back counts as gone back.",
    )

    @staticmethod
    def resolve_payment_code(root: models.Order, info: GraphQLResolveInfo) -> str | None:
        load_part(context(info).loaders.orders.with_(root), "payment_codes")
        return next((code.code for code in root.payment_codes.all() if code.is_live), None)

    @staticmethod
    def resolve_delivery_method(root: models.Order, _info: GraphQLResolveInfo) -> DeliveryTaken | None:
        if not root.delivery_name:
            return None  # sold at a stall, from hand to hand
        return DeliveryTaken(root.token, root.delivery_name, root.shipping_vnd, root.pick_up_at_id)

    @staticmethod
    def resolve_granted_refunds(root: models.Order, info: GraphQLResolveInfo) -> Sequence[GrantedRefund]:
        if hand_in(context(info).actor, root.vendor_id) is None:
            raise needs_one_of("MANAGE_ORDERS")
        return context(info).loaders.granted_refunds.load(root.pk) or []

    @staticmethod
    def resolve_total_balance(root: models.Order, info: GraphQLResolveInfo) -> int:
        return balance_vnd(root, context(info).loaders.granted_refunds.load(root.pk) or [])

    @staticmethod
    def resolve_transactions(root: models.Order, info: GraphQLResolveInfo) -> Sequence[ItemRow]:
        asked = context(info)
        if not (asked.actor.may_sell_for(root.vendor_id) or asked.app_may("HANDLE_PAYMENTS")):
            raise needs_one_of("MANAGE_ORDERS", "HANDLE_PAYMENTS")
        return context(info).loaders.transactions.load(root.pk) or []

    @staticmethod
    def resolve_lines(root: models.Order, info: GraphQLResolveInfo) -> Sequence[models.OrderLine]:
        return lines_of(root, info)

    @staticmethod
    def resolve_fulfillments(root: models.Order, info: GraphQLResolveInfo) -> Sequence[models.Fulfillment]:
        load_part(context(info).loaders.orders.with_(root), "fulfillments__lines")
        return sorted(root.fulfillments.all(), key=lambda one: one.pk)

    @staticmethod
    def resolve_checkout_id(root: models.Order, _info: GraphQLResolveInfo) -> str | None:
        return None if root.checkout_id is None else to_global_id("Checkout", root.checkout_id)


OrderConnection = connection_of(Order)
