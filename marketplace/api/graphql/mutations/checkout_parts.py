"""Whose a checkout is, where it goes, how, and what is taken off. Its UUID is the right to change it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of, is_id_of, to_global_id, uuid_of
from marketplace.api.graphql.mutations.checkout_inputs import (
    CheckoutAddressValidationRules,
    WhichCheckout,
    changed,
    may_be_partial,
    which_checkout,
)
from marketplace.api.graphql.mutations.refusals import (
    CheckoutError,
    DeliveryOptionsCalculateError,
    in_field,
    told_as,
)
from marketplace.api.graphql.mutations.who import signed_in
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import AddressInput, address_wanted
from marketplace.api.graphql.types.checkouts import Checkout, Delivery
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import (
    CheckoutErrorCode,
    DeliveryOptionsCalculateErrorCode,
)
from marketplace.core.errors import InvalidInput, NotAllowed
from marketplace.orders.models import Checkout as CheckoutRow
from marketplace.orders.services.addresses import about_address
from marketplace.orders.services.checkouts import (
    choose_delivery,
    offer_deliveries,
    set_billing_address,
    set_email,
    set_shipping_address,
    take_off_delivery,
)
from marketplace.orders.services.customers import CheckoutTaken, attach_customer, detach_customer
from marketplace.orders.services.promo_codes import apply_voucher, remove_voucher

TAKEN = "You cannot reassign a checkout that is already attached to a user."


class CheckoutCustomerAttach(graphene.Mutation):
    """Make a nobody's checkout the asker's. Nobody attaches another person."""

    class Arguments(WhichCheckout):
        customer_id = graphene.ID()

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, customer_id: str | None = None, **which: Any) -> dict[str, Any]:
        user, checkout_id = signed_in(info, "AUTHENTICATED_APP"), which_checkout(**which)
        if customer_id not in (None, to_global_id("User", user.pk)):
            raise needs_one_of("IMPERSONATE_USER")
        try:
            checkout = attach_customer(checkout_id=checkout_id, user=user, now=context(info).now)
        except CheckoutTaken as refusal:
            raise NotAllowed(TAKEN) from refusal
        return changed(checkout, info)


class CheckoutCustomerDetach(graphene.Mutation):
    """Make the asker's checkout nobody's."""

    class Arguments(WhichCheckout):
        pass

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, **which: Any) -> dict[str, Any]:
        user, checkout_id = signed_in(info, "AUTHENTICATED_APP"), which_checkout(**which)
        try:
            checkout = detach_customer(checkout_id=checkout_id, user=user, now=context(info).now)
        except CheckoutTaken as refusal:
            raise needs_one_of("IMPERSONATE_USER") from refusal
        return changed(checkout, info)


class CheckoutEmailUpdate(graphene.Mutation):
    """Say how the buyer is reached by e-mail."""

    class Arguments(WhichCheckout):
        email = graphene.String(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, email: str, **which: Any) -> dict[str, Any]:
        checkout = set_email(checkout_id=which_checkout(**which), email=email, now=context(info).now)
        return changed(checkout, info)


class AddressArguments:
    """What Saleor's mutations for a checkout's two addresses have alike."""

    id = graphene.ID()
    token = graphene.UUID()
    save_address = graphene.Boolean()
    validation_rules = CheckoutAddressValidationRules()


def _with_address(
    info: GraphQLResolveInfo,
    address_type: str,
    put: Callable[..., CheckoutRow],
    address: dict[str, Any],
    *,
    save_address: bool | None = None,
    validation_rules: dict[str, Any] | None = None,
    **which: Any,
) -> dict[str, Any]:
    """The checkout with one of its addresses `put`. Raises what that raises, and what `which_checkout` does."""
    checkout_id = which_checkout(**which)
    with about_address(address_type):
        checkout = put(
            checkout_id=checkout_id,
            address=address_wanted(address),
            keep=save_address is not False,
            partial=may_be_partial(validation_rules),
            now=context(info).now,
        )
    return changed(checkout, info)


class CheckoutShippingAddressUpdate(graphene.Mutation):
    """Say where the goods go."""

    class Arguments(AddressArguments):
        shipping_address = AddressInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, shipping_address: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        return _with_address(info, "shipping", set_shipping_address, shipping_address, **more)


class CheckoutBillingAddressUpdate(graphene.Mutation):
    """Say whom the bill is made out to."""

    class Arguments(AddressArguments):
        billing_address = AddressInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, billing_address: dict[str, Any], **more: Any) -> dict[str, Any]:
        return _with_address(info, "billing", set_billing_address, billing_address, **more)


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
    """Choose one of the ways that were offered; without one, none is chosen any more."""

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
        checkout_id, now = which_checkout(**which), context(info).now
        if delivery_method_id is None:
            return changed(take_off_delivery(checkout_id=checkout_id, now=now), info)
        delivery_id = delivery_key(delivery_method_id)
        return changed(choose_delivery(checkout_id=checkout_id, delivery_id=delivery_id, now=now), info)


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
        checkout = apply_voucher(checkout_id=checkout_id, code=promo_code, address=asked.address, now=asked.now)
        return changed(checkout, info)


class CheckoutRemovePromoCode(graphene.Mutation):
    """Take the voucher off again, named by its code or id; another one than the checkout's is not found."""

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
        checkout = remove_voucher(checkout_id=checkout_id, code=promo_code, voucher_id=key, now=context(info).now)
        return changed(checkout, info)


class CheckoutPartMutations(graphene.ObjectType):
    """What may be said about a checkout, its lines apart."""

    checkout_add_promo_code = CheckoutAddPromoCode.Field()
    checkout_billing_address_update = CheckoutBillingAddressUpdate.Field()
    checkout_customer_attach = CheckoutCustomerAttach.Field()
    checkout_customer_detach = CheckoutCustomerDetach.Field()
    checkout_delivery_method_update = CheckoutDeliveryMethodUpdate.Field()
    checkout_email_update = CheckoutEmailUpdate.Field()
    checkout_remove_promo_code = CheckoutRemovePromoCode.Field()
    checkout_shipping_address_update = CheckoutShippingAddressUpdate.Field()
    delivery_options_calculate = DeliveryOptionsCalculate.Field()
