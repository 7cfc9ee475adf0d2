"""Checkouts: what one shopper is about to buy from one shop."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.selections import selected
from marketplace.api.graphql.types.addresses import Address
from marketplace.api.graphql.types.channels import Channel
from marketplace.api.graphql.types.checkout_problems import (
    CheckoutLineProblem,
    CheckoutProblem,
    LineProblem,
    Problem,
    line_problems,
    problems_of,
)
from marketplace.api.graphql.types.common import Money, Node, TaxedMoney, global_id, non_null_list
from marketplace.api.graphql.types.enums import (
    CheckoutAuthorizeStatusEnum,
    CheckoutChargeStatusEnum,
    LanguageCodeEnum,
)
from marketplace.api.graphql.types.gift_cards import GiftCard
from marketplace.api.graphql.types.metadata import ObjectWithMetadata
from marketplace.api.graphql.types.products import ProductVariant
from marketplace.api.graphql.types.stocks import Warehouse
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.orders import models
from marketplace.orders.discounts import each_vnd
from marketplace.orders.drafts import Draft, DraftLine
from marketplace.orders.selectors import BasketLine, BasketShop, checkout_contents, contents_of
from marketplace.people.models import User as UserRow
from payments.models import TransactionItem as ItemRow
from payments.selectors import transactions_of_checkout
from payments.services.moving import VIETQR_GATEWAY
from vendors.selectors import active_account

ASKED_WITHOUT_READING = frozenset({"checkout", "id", "token", "errors", "field", "message", "code", "__typename"})
ASKED_OF_STOCK = frozenset({"problem", "problems"})


def language_enum(code: str) -> str:
    """A language's code as Saleor's enum writes it."""
    return code.upper().replace("-", "_")


class ShippingMethod(graphene.ObjectType):
    """A way of delivery with its price: sent, or fetched at a place of the shop's.

    Shops do not say how many days it takes, so that those stay null.
    """

    class Meta:
        interfaces = (Node,)

    id = global_id("ShippingMethod")
    name = graphene.String(required=True, resolver=lambda root, _info: _(root.name))
    price = graphene.Field(Money, required=True, resolver=lambda root, _info: root.price_vnd)
    active = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    minimum_delivery_days = graphene.Int(resolver=lambda _root, _info: None)
    maximum_delivery_days = graphene.Int(resolver=lambda _root, _info: None)
    is_pick_up = graphene.Boolean(required=True, resolver=lambda root, _info: root.pick_up_at_id is not None)


class Delivery(graphene.ObjectType):
    """A way of delivery as it was offered to a checkout."""

    id = global_id("CheckoutDelivery")
    shipping_method = graphene.Field(ShippingMethod, resolver=lambda root, _info: root)


class DeliveryMethod(graphene.Union):
    """How goods reach the buyer: here always a `ShippingMethod`, pick-up too."""

    class Meta:
        types = (Warehouse, ShippingMethod)

    @classmethod
    def resolve_type(cls, _instance: object, _info: GraphQLResolveInfo) -> Any:
        """Fetching at a place is a way of delivery with the price of 0, never the place itself."""
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
        interfaces = (Node, ObjectWithMetadata)

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
    problems = graphene.List(graphene.NonNull(CheckoutLineProblem))
    problem = graphene.String(description="What stands against buying it now, in words; null where nothing does.")

    @staticmethod
    def resolve_problems(root: BasketLine, _info: GraphQLResolveInfo) -> Sequence[LineProblem]:
        return line_problems(root)


class Checkout(graphene.ObjectType):
    """What one shopper is about to buy from one shop. Resolved from a `BasketShop`."""

    class Meta:
        interfaces = (Node, ObjectWithMetadata)

    id = graphene.ID(required=True, resolver=lambda root, _info: to_global_id("Checkout", root.checkout.pk))
    token = graphene.UUID(required=True, resolver=lambda root, _info: root.checkout.pk)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.checkout.made_at)
    updated_at = graphene.DateTime(required=True, resolver=lambda root, _info: root.checkout.updated_at)
    channel = graphene.Field(Channel, required=True, resolver=lambda root, _info: root.checkout.channel)
    vendor = graphene.Field(
        Vendor,
        description="The shop whose goods came first; null while nothing is in it.",
        resolver=lambda root, _info: root.checkout.vendor,
    )
    basket = graphene.UUID(
        description="The token of the basket it is part of: its checkouts at other shops have the same.",
        resolver=lambda root, _info: root.checkout.basket,
    )
    user = graphene.Field("marketplace.api.graphql.types.users.User")
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
    problems = graphene.List(graphene.NonNull(CheckoutProblem))
    quantity = graphene.Int(required=True, resolver=lambda root, _info: root.item_count)
    stock_reservation_expires = graphene.DateTime(resolver=lambda root, _info: root.checkout.reserved_until)
    display_gross_prices = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    voucher_code = graphene.String()
    discount = graphene.Field(Money, resolver=lambda root, _info: draft(root).discount_vnd)
    discount_name = graphene.String(
        resolver=lambda root, _info: root.discount.voucher.name if root.discount else None
    )
    # A shop names its voucher in its own words, once.
    translated_discount_name = graphene.String(resolver=lambda _root, _info: None)
    gift_cards = non_null_list(GiftCard, resolver=lambda _root, _info: [])
    subtotal_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: root.goods_vnd)
    shipping_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: draft(root).shipping_vnd)
    total_price = graphene.Field(TaxedMoney, required=True, resolver=lambda root, _info: draft(root).total_vnd)
    total_balance = graphene.Field(Money, required=True, resolver=lambda root, _info: -draft(root).total_vnd)
    # A checkout whose money came is an order at once, so that one which is still here has none; and goods always
    # cost something, whatever a voucher takes off, so that none is covered by a price of 0.
    authorize_status = graphene.Field(CheckoutAuthorizeStatusEnum, required=True, resolver=lambda *_: "NONE")
    charge_status = graphene.Field(CheckoutChargeStatusEnum, required=True, resolver=lambda *_: "NONE")
    transactions = graphene.List(graphene.NonNull("marketplace.api.graphql.types.transactions.TransactionItem"))

    @staticmethod
    def resolve_user(root: BasketShop, info: GraphQLResolveInfo) -> UserRow | None:
        owner_id, asker = root.checkout.user_id, context(info).user
        if owner_id is not None and (asker is None or asker.pk != owner_id):
            raise needs_one_of("MANAGE_USERS", "HANDLE_PAYMENTS", "OWNER")
        return None if owner_id is None else asker

    @staticmethod
    def resolve_lines(root: BasketShop, info: GraphQLResolveInfo) -> Sequence[BasketLine]:
        _expect_lines(root, info)
        return root.lines

    @staticmethod
    def resolve_problems(root: BasketShop, info: GraphQLResolveInfo) -> Sequence[Problem]:
        _expect_lines(root, info)
        return problems_of(root, now=context(info).now)

    @staticmethod
    def resolve_transactions(root: BasketShop, info: GraphQLResolveInfo) -> Sequence[ItemRow]:
        asked = context(info)
        if not (asked.actor.may_sell_for(root.checkout.vendor_id) or asked.app_may("HANDLE_PAYMENTS")):
            raise needs_one_of("MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
        return transactions_of_checkout(root.checkout.pk)

    @staticmethod
    def resolve_voucher_code(root: BasketShop, _info: GraphQLResolveInfo) -> str | None:
        return None if root.discount is None else root.discount.voucher.code

    @staticmethod
    def resolve_shipping_methods(root: BasketShop, _info: GraphQLResolveInfo) -> Sequence[models.CheckoutDelivery]:
        return list(root.checkout.offered_deliveries.order_by("price_vnd", "pk"))

    @staticmethod
    def resolve_available_payment_gateways(root: BasketShop, _info: GraphQLResolveInfo) -> list[dict[str, Any]]:
        shop = root.checkout.vendor
        if shop is None or active_account(shop) is None:
            return []
        return [{"id": VIETQR_GATEWAY, "name": "VietQR", "currencies": ["VND"], "config": []}]


class MarketBasket(graphene.ObjectType):
    """Goods of several shops under one token: a checkout a shop, each becoming an order. From a `BasketView`."""

    token = graphene.UUID(required=True, resolver=lambda root, _info: root.basket)
    checkouts = non_null_list(
        Checkout, description="The one begun first comes first.", resolver=lambda root, _info: root.shops
    )
    quantity = graphene.Int(required=True, resolver=lambda root, _info: root.item_count)
    subtotal_price = graphene.Field(
        TaxedMoney,
        required=True,
        description="All goods, deliveries apart.",
        resolver=lambda root, _info: root.total_vnd,
    )


def checkout_asked(checkout_id: uuid.UUID, info: GraphQLResolveInfo) -> BasketShop:
    """The checkout with as much of it as is selected below the field being resolved. Raises `NotFound`."""
    return checkout_contents(checkout_id, now=context(info).now, stock=bool(selected(info) & ASKED_OF_STOCK))


def checkout_changed(checkout: models.Checkout, info: GraphQLResolveInfo) -> BasketShop:
    """The same of one that was just changed; whoever wants but its id gets that without a statement."""
    asked = selected(info)
    if asked <= ASKED_WITHOUT_READING:
        return BasketShop(checkout, ())
    return contents_of(checkout, now=context(info).now, stock=bool(asked & ASKED_OF_STOCK))


def _expect_lines(shop: BasketShop, info: GraphQLResolveInfo) -> None:
    """The lines may be asked for what belongs to their goods."""
    loaders = context(info).loaders
    loaders.expect_products(line.product.pk for line in shop.lines)
    loaders.left.expect(line.variant.pk for line in shop.lines)


def draft(shop: BasketShop) -> Draft:
    """The checkout's sums, out of lines that are priced already."""
    lines = tuple(DraftLine(line.line, line.unit_price_vnd) for line in shop.lines)
    return Draft(shop.checkout, lines, shop.checkout.delivery, shop.discount)
