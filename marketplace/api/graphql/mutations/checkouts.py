"""Filling a checkout and making it an order. Whoever knows a checkout's UUID may change it, as in Saleor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import graphene
from django.db import transaction
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import client_id_of, context
from marketplace.api.graphql.ids import integer_of, is_id_of, uuid_of
from marketplace.api.graphql.mutations.refusals import (
    CheckoutError,
    DeliveryOptionsCalculateError,
    in_field,
    told_as,
)
from marketplace.api.graphql.types.addresses import AddressInput, address_wanted
from marketplace.api.graphql.types.checkouts import Checkout, Delivery
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import (
    CheckoutErrorCode,
    DeliveryOptionsCalculateErrorCode,
)
from marketplace.api.graphql.types.orders import Order
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Channel
from marketplace.orders.selectors import checkout_contents, order_by_token
from marketplace.orders.services.checkouts import (
    LineWanted,
    add_lines,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_billing_address,
    set_email,
    set_shipping_address,
)
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import apply_voucher, remove_voucher


class CheckoutLineInput(graphene.InputObjectType):
    """A variant and how many of it."""

    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)


class CheckoutCreateInput(graphene.InputObjectType):
    """A checkout with as much of it as is known."""

    channel = graphene.String()
    lines = graphene.List(graphene.NonNull(CheckoutLineInput))
    email = graphene.String()
    shipping_address = AddressInput()
    billing_address = AddressInput()


class WhichCheckout:
    """The arguments by which Saleor's mutations name a checkout; `token` and `checkoutId` are its older ones."""

    id = graphene.ID()
    token = graphene.UUID()
    checkout_id = graphene.ID()


def which_checkout(
    *, id: str | None = None, token: uuid.UUID | None = None, checkout_id: str | None = None
) -> uuid.UUID:
    """The checkout that is named in one way. Raises `InvalidInput`, `UnreadableId`."""
    given = [value for value in (id, token, checkout_id) if value is not None]
    if len(given) != 1:
        raise InvalidInput(_("Bạn ghi đúng một mã giỏ hàng ở mục id."), field="id")
    return in_field("id", uuid_of, str(given[0]), type_name="Checkout")


def lines_wanted(lines: Sequence[dict[str, Any]]) -> list[LineWanted]:
    """The lines as orders read them. Raises `UnreadableId`."""
    return [
        LineWanted(
            in_field("variantId", integer_of, line["variant_id"], type_name="ProductVariant"), line["quantity"]
        )
        for line in lines
    ]


def changed(checkout_id: uuid.UUID, info: GraphQLResolveInfo) -> dict[str, Any]:
    """The payload with the checkout as it is now."""
    return {"checkout": checkout_contents(checkout_id, now=context(info).now)}


class CheckoutCreate(graphene.Mutation):
    """Open a checkout at the shop whose goods come first in `lines`."""

    class Arguments:
        input = CheckoutCreateInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        asked = context(info)
        with transaction.atomic():
            made = create_checkout(
                actor=asked.actor,
                user=asked.user,
                lines=lines_wanted(input.get("lines") or []),
                channel=input.get("channel") or Channel.ONLINE,
                email=input.get("email") or "",
                age_declared=asked.age_declared,
                client_id=client_id_of(info),
                now=asked.now,
            )
            if input.get("shipping_address"):
                set_shipping_address(
                    checkout_id=made.pk, address=address_wanted(input["shipping_address"]), now=asked.now
                )
            if input.get("billing_address"):
                set_billing_address(
                    checkout_id=made.pk, address=address_wanted(input["billing_address"]), now=asked.now
                )
        return changed(made.pk, info)


class CheckoutLinesAdd(graphene.Mutation):
    """Add goods of the same shop."""

    class Arguments(WhichCheckout):
        lines = graphene.List(graphene.NonNull(CheckoutLineInput), required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, lines: Sequence[dict[str, Any]], **which: Any
    ) -> dict[str, Any]:
        asked, checkout_id = context(info), which_checkout(**which)
        add_lines(
            checkout_id=checkout_id,
            lines=lines_wanted(lines),
            age_declared=asked.age_declared,
            client_id=client_id_of(info),
            now=asked.now,
        )
        return changed(checkout_id, info)


class CheckoutEmailUpdate(graphene.Mutation):
    """Say how the buyer is reached by e-mail."""

    class Arguments(WhichCheckout):
        email = graphene.String(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, email: str, **which: Any) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        set_email(checkout_id=checkout_id, email=email, now=context(info).now)
        return changed(checkout_id, info)


class CheckoutShippingAddressUpdate(graphene.Mutation):
    """Say where the goods go."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        shipping_address = AddressInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, shipping_address: dict[str, Any], **which: Any
    ) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        set_shipping_address(checkout_id=checkout_id, address=address_wanted(shipping_address), now=context(info).now)
        return changed(checkout_id, info)


class CheckoutBillingAddressUpdate(graphene.Mutation):
    """Say whom the bill is made out to."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        billing_address = AddressInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, billing_address: dict[str, Any], **which: Any
    ) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        set_billing_address(checkout_id=checkout_id, address=address_wanted(billing_address), now=context(info).now)
        return changed(checkout_id, info)


class DeliveryOptionsCalculate(graphene.Mutation):
    """Ask in which ways the goods can come to the address."""

    class Arguments:
        id = graphene.ID(required=True)

    deliveries = non_null_list(Delivery)
    errors = non_null_list(DeliveryOptionsCalculateError)

    @staticmethod
    @told_as(DeliveryOptionsCalculateErrorCode, blank={"deliveries": []})
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        return {"deliveries": offer_deliveries(checkout_id=which_checkout(id=id), now=context(info).now)}


class CheckoutDeliveryMethodUpdate(graphene.Mutation):
    """Choose one of the ways that were offered."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        delivery_method_id = graphene.ID()

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, delivery_method_id: str | None = None, **which: Any
    ) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        if delivery_method_id is None:
            raise InvalidInput(_("Bạn chọn một cách nhận hàng."), field="delivery_method_id", code="REQUIRED")
        delivery_id = delivery_key(delivery_method_id)
        choose_delivery(checkout_id=checkout_id, delivery_id=delivery_id, now=context(info).now)
        return changed(checkout_id, info)


def delivery_key(text: str) -> uuid.UUID:
    """The offered delivery: by its own id, or by that of its shipping method as older clients do."""
    type_name = "ShippingMethod" if is_id_of(text, "ShippingMethod") else "CheckoutDelivery"
    return in_field("deliveryMethodId", uuid_of, text, type_name=type_name)


class CheckoutAddPromoCode(graphene.Mutation):
    """Name a voucher's code of the checkout's shop."""

    class Arguments(WhichCheckout):
        promo_code = graphene.String(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, promo_code: str, **which: Any) -> dict[str, Any]:
        asked, checkout_id = context(info), which_checkout(**which)
        apply_voucher(checkout_id=checkout_id, code=promo_code, address=asked.address, now=asked.now)
        return changed(checkout_id, info)


class CheckoutRemovePromoCode(graphene.Mutation):
    """Take the voucher off again, named by its code; another one than the checkout's stays where it is."""

    class Arguments(WhichCheckout):
        promo_code = graphene.String()
        promo_code_id = graphene.ID()

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        promo_code: str | None = None,
        promo_code_id: str | None = None,
        **which: Any,
    ) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        if promo_code is None and promo_code_id is None:
            raise InvalidInput(_("Bạn ghi mã giảm giá giúp."), field="promo_code", code="REQUIRED")
        key = None
        if promo_code_id is not None:
            key = in_field("promoCodeId", integer_of, promo_code_id, type_name="Voucher")
        remove_voucher(checkout_id=checkout_id, code=promo_code, voucher_id=key, now=context(info).now)
        return changed(checkout_id, info)


class CheckoutComplete(graphene.Mutation):
    """Place the order. A bank transfer comes after it, so it need not be paid; again answers the same order."""

    class Arguments(WhichCheckout):
        pass

    order = graphene.Field(Order)
    confirmation_needed = graphene.Boolean(required=True, resolver=lambda _root, _info: False)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, **which: Any) -> dict[str, Any]:
        asked = context(info)
        placed = complete_checkout(
            checkout_id=which_checkout(**which), actor=asked.actor, client_id=client_id_of(info), now=asked.now
        )
        return {"order": order_by_token(placed.token)}


class CheckoutMutations(graphene.ObjectType):
    """What may be done with checkouts."""

    checkout_create = CheckoutCreate.Field()
    checkout_lines_add = CheckoutLinesAdd.Field()
    checkout_email_update = CheckoutEmailUpdate.Field()
    checkout_shipping_address_update = CheckoutShippingAddressUpdate.Field()
    checkout_billing_address_update = CheckoutBillingAddressUpdate.Field()
    delivery_options_calculate = DeliveryOptionsCalculate.Field()
    checkout_delivery_method_update = CheckoutDeliveryMethodUpdate.Field()
    checkout_add_promo_code = CheckoutAddPromoCode.Field()
    checkout_remove_promo_code = CheckoutRemovePromoCode.Field()
    checkout_complete = CheckoutComplete.Field()
