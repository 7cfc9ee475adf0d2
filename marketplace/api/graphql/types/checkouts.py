"""Checkouts: what one shopper is about to buy from one shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.addresses import Address
from marketplace.api.graphql.types.common import Channel, Money, Node, TaxedMoney, global_id, non_null_list
from marketplace.api.graphql.types.enums import (
    CheckoutAuthorizeStatusEnum,
    CheckoutChargeStatusEnum,
    LanguageCodeEnum,
)
from marketplace.api.graphql.types.products import ProductVariant
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.orders import models
from marketplace.orders.discounts import each_vnd
from marketplace.orders.drafts import Draft, DraftLine
from marketplace.orders.selectors import BasketLine, BasketShop
from payments.services.moving import VIETQR_GATEWAY
from vendors.selectors import active_account


def language_enum(code: str) -> str:
    """A language's code as Saleor's enum writes it."""
    return code.upper().replace("-", "_")


class ShippingMethod(graphene.ObjectType):
    """A way of delivery with its price: sent, or fetched at a place of the shop's."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ShippingMethod")
    name = graphene.String(required=True, resolver=lambda root, _info: _(root.name))
    price = graphene.Field(Money, required=True, resolver=lambda root, _info: root.price_vnd)
    active = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    is_pick_up = graphene.Boolean(required=True, resolver=lambda root, _info: root.pick_up_at_id is not None)


class Delivery(graphene.ObjectType):
    """A way of delivery as it was offered to a checkout."""

    id = global_id("CheckoutDelivery")
    shipping_method = graphene.Field(ShippingMethod, resolver=lambda root, _info: root)


class DeliveryMethod(graphene.Union):
    """How goods reach the buyer: here always a `ShippingMethod`, pick-up too."""

    class Meta:
        types = (ShippingMethod,)

    @classmethod
    def resolve_type(cls, _instance: object, _info: GraphQLResolveInfo) -> Any:
        """There is but one kind."""
        return ShippingMethod


class GatewayConfigLine(graphene.ObjectType):
    """A setting of a payment gateway."""

    field = graphene.String(required=True)
    value = graphene.String()


class PaymentGateway(graphene.ObjectType):
    """A way to pay."""

    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    currencies = non_null_list(graphene.String)
    config = non_null_list(GatewayConfigLine)


class CheckoutLine(graphene.ObjectType):
    """A variant and how many of it, at the present price. Resolved from a `BasketLine`."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, resolver=lambda root, _info: to_global_id("CheckoutLine", root.line.pk))
    variant = graphene.Field(ProductVariant, required=True)
    quantity = graphene.Int(required=True)
    unit_price = graphene.Field(
        TaxedMoney, required=True, resolver=lambda root, _info: each_vnd(root.paid_vnd, root.quantity)
    )
    undiscounted_unit_price = graphene.Field(Money, required=True, resolver=lambda root, _info: root.unit_price_vnd)
    total_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.paid_vnd)
    undiscounted_total_price = graphene.Field(Money, required=True, resolver=lambda root, _info: root.total_vnd)
    requires_shipping = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    problem = graphene.String(description="What stands against buying it now, in words; null where nothing does.")


class Checkout(graphene.ObjectType):
    """What one shopper is about to buy from one shop. Resolved from a `BasketShop`."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, resolver=lambda root, _info: to_global_id("Checkout", root.checkout.pk))
    token = graphene.UUID(required=True, resolver=lambda root, _info: root.checkout.pk)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.checkout.made_at)
    updated_at = graphene.DateTime(required=True, resolver=lambda root, _info: root.checkout.updated_at)
    channel = graphene.Field(Channel, required=True, resolver=lambda root, _info: root.checkout.channel)
    vendor = graphene.Field(Vendor, required=True)
    email = graphene.String(resolver=lambda root, _info: root.checkout.email or None)
    phone = graphene.String(resolver=lambda root, _info: root.checkout.phone or None)
    customer_note = graphene.String(required=True, resolver=lambda root, _info: root.checkout.note)
    language_code = graphene.Field(
        LanguageCodeEnum, required=True, resolver=lambda root, _info: language_enum(root.checkout.language_code)
    )
    shipping_address = graphene.Field(Address, resolver=lambda root, _info: root.checkout.shipping_address)
    billing_address = graphene.Field(Address, resolver=lambda root, _info: root.checkout.billing_address)
    is_shipping_required = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    delivery = graphene.Field(Delivery, resolver=lambda root, _info: root.checkout.delivery)
    delivery_method = graphene.Field(DeliveryMethod, resolver=lambda root, _info: root.checkout.delivery)
    shipping_method = graphene.Field(ShippingMethod, resolver=lambda root, _info: root.checkout.delivery)
    shipping_methods = non_null_list(ShippingMethod)
    available_payment_gateways = non_null_list(PaymentGateway)
    lines = non_null_list(CheckoutLine)
    quantity = graphene.Int(required=True, resolver=lambda root, _info: root.item_count)
    stock_reservation_expires = graphene.DateTime(resolver=lambda root, _info: root.checkout.reserved_until)
    display_gross_prices = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    voucher_code = graphene.String()
    discount = graphene.Field(Money, resolver=lambda root, _info: draft(root).discount_vnd)
    discount_name = graphene.String(
        resolver=lambda root, _info: root.discount.voucher.name if root.discount else None
    )
    subtotal_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.goods_vnd)
    shipping_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: draft(root).shipping_vnd)
    total_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: draft(root).total_vnd)
    total_balance = graphene.Field(Money, required=True, resolver=lambda root, _info: -draft(root).total_vnd)
    # A checkout whose money came is an order at once, so that one which is still here has none.
    authorize_status = graphene.Field(CheckoutAuthorizeStatusEnum, required=True, resolver=lambda *_: "NONE")
    charge_status = graphene.Field(CheckoutChargeStatusEnum, required=True, resolver=lambda *_: "NONE")

    @staticmethod
    def resolve_lines(root: BasketShop, info: GraphQLResolveInfo) -> Sequence[BasketLine]:
        loaders = context(info).loaders
        loaders.expect_products(line.product.pk for line in root.lines)
        loaders.left.expect(line.variant.pk for line in root.lines)
        return root.lines

    @staticmethod
    def resolve_voucher_code(root: BasketShop, _info: GraphQLResolveInfo) -> str | None:
        return None if root.discount is None else root.discount.voucher.code

    @staticmethod
    def resolve_shipping_methods(root: BasketShop, _info: GraphQLResolveInfo) -> Sequence[models.CheckoutDelivery]:
        return list(root.checkout.offered_deliveries.order_by("price_vnd", "pk"))

    @staticmethod
    def resolve_available_payment_gateways(root: BasketShop, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
        if active_account(root.vendor) is None:
            return []
        return [{"id": VIETQR_GATEWAY, "name": "VietQR", "currencies": ["VND"], "config": []}]


def draft(shop: BasketShop) -> Draft:
    """The checkout's sums, out of lines that are priced already."""
    lines = tuple(DraftLine(line.line, line.unit_price_vnd) for line in shop.lines)
    return Draft(shop.checkout, lines, shop.checkout.delivery, shop.discount)
