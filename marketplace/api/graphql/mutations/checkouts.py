"""Opening a checkout, its lines, and making it an order. Whoever knows its UUID may change it, as in Saleor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import Context, client_id_of, context
from marketplace.api.graphql.ids import uuid_of
from marketplace.api.graphql.mutations.checkout_inputs import (
    CheckoutCreateInput,
    CheckoutLineInput,
    CheckoutLineUpdateInput,
    WhichCheckout,
    changed,
    changes_wanted,
    lines_wanted,
    may_be_partial,
    which_checkout,
)
from marketplace.api.graphql.mutations.refusals import CheckoutError, in_field, told_as
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import address_wanted
from marketplace.api.graphql.types.checkouts import Checkout
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import CheckoutErrorCode
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.languages import language_kept
from marketplace.api.graphql.types.metadata import MetadataInput, metadata_put
from marketplace.api.graphql.types.orders import Order
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Channel
from marketplace.orders.models import Checkout as CheckoutRow
from marketplace.orders.services.addresses import about_address
from marketplace.orders.services.checkouts import AddressToPut, Extras, add_lines, create_checkout
from marketplace.orders.services.line_changes import remove_lines, update_lines
from marketplace.orders.services.metadata import MetadataNotYours
from marketplace.orders.services.placing import complete_checkout


def _create(asked: Context, given: dict[str, Any], client_id: uuid.UUID | None) -> CheckoutRow:
    """The new checkout with what is given, in a basket. Raises `NotAllowed` for private texts of a stranger's."""
    extras = Extras(
        metadata=metadata_put(given.get("metadata")),
        private_metadata=metadata_put(given.get("private_metadata")),
        language_code=language_kept(given.get("language_code")) or "",
        addresses=_addresses(given),
    )
    try:
        return create_checkout(
            actor=asked.actor,
            user=asked.user,
            lines=lines_wanted(given.get("lines") or []),
            channel=given.get("channel") or Channel.ONLINE,
            email=given.get("email") or "",
            basket=given.get("basket"),
            age_declared=asked.age_declared,
            client_id=client_id,
            extras=extras,
            now=asked.now,
        )
    except MetadataNotYours as refusal:
        raise needs_one_of("MANAGE_CHECKOUTS") from refusal


def _addresses(given: dict[str, Any]) -> list[AddressToPut]:
    """The addresses that a new checkout has. Raises `AddressRefused`."""
    rules = given.get("validation_rules") or {}
    wanted = []
    for which in ("shipping", "billing"):
        name = f"{which}_address"
        if given.get(name):
            with about_address(which):
                address = address_wanted(given[name])
            keep, partial = given.get(f"save_{name}") is not False, may_be_partial(rules.get(name))
            wanted.append(AddressToPut(which=which, address=address, keep=keep, partial=partial))
    return wanted


class CheckoutCreate(graphene.Mutation):
    """Open a checkout at the shop whose goods come first in `lines`."""

    class Arguments:
        input = CheckoutCreateInput(required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        return changed(_create(context(info), input, client_id_of(info)), info)


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
        checkout = add_lines(
            checkout_id=checkout_id,
            lines=lines_wanted(lines),
            age_declared=asked.age_declared,
            client_id=client_id_of(info),
            now=asked.now,
        )
        return changed(checkout, info)


class CheckoutLinesUpdate(graphene.Mutation):
    """Say how many there shall be of lines; 0 takes one out, and a variant that is not in it yet comes in."""

    class Arguments(WhichCheckout):
        lines = graphene.List(graphene.NonNull(CheckoutLineUpdateInput), required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, lines: Sequence[dict[str, Any]], **which: Any
    ) -> dict[str, Any]:
        asked, checkout_id = context(info), which_checkout(**which)
        checkout = update_lines(
            checkout_id=checkout_id, changes=changes_wanted(lines), age_declared=asked.age_declared, now=asked.now
        )
        return changed(checkout, info)


class CheckoutLinesDelete(graphene.Mutation):
    """Take lines out; if one is not the checkout's, none."""

    class Arguments:
        id = graphene.ID()
        token = graphene.UUID()
        lines_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, lines_ids: Sequence[str], **which: Any) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        line_ids = [in_field("linesIds", uuid_of, text, type_name="CheckoutLine") for text in lines_ids]
        checkout = remove_lines(checkout_id=checkout_id, line_ids=line_ids, now=context(info).now)
        return changed(checkout, info)


class CheckoutLineDelete(graphene.Mutation):
    """Take one line out."""

    class Arguments(WhichCheckout):
        line_id = graphene.ID()

    checkout = graphene.Field(Checkout)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, line_id: str | None = None, **which: Any) -> dict[str, Any]:
        checkout_id = which_checkout(**which)
        if line_id is None:
            raise InvalidInput(_("Mục này cần được điền."), field="line_id", code="REQUIRED")
        key = in_field("lineId", uuid_of, line_id, type_name="CheckoutLine")
        checkout = remove_lines(checkout_id=checkout_id, line_ids=[key], now=context(info).now)
        return changed(checkout, info)


class CheckoutComplete(graphene.Mutation):
    """Place the order. A bank transfer comes after it, so it need not be paid; again answers the same order.

    Nothing is sent to `redirectUrl` and no gateway asks for `paymentData`: they are taken and not used.
    """

    class Arguments(WhichCheckout):
        metadata = non_null_items(MetadataInput)
        payment_data = JSONString()
        redirect_url = graphene.String()
        store_source = graphene.Boolean()

    order = graphene.Field(Order)
    confirmation_needed = graphene.Boolean(required=True, resolver=lambda _root, _info: False)
    confirmation_data = JSONString(resolver=lambda _root, _info: None)
    errors = non_null_list(CheckoutError)

    @staticmethod
    @told_as(CheckoutErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        id: str | None = None,
        token: uuid.UUID | None = None,
        checkout_id: str | None = None,
        metadata: Sequence[dict[str, str]] | None = None,
        **_unused: Any,
    ) -> dict[str, Any]:
        asked = context(info)
        placed = complete_checkout(
            checkout_id=which_checkout(id=id, token=token, checkout_id=checkout_id),
            actor=asked.actor,
            client_id=client_id_of(info),
            metadata=metadata_put(metadata),
            now=asked.now,
        )
        return {"order": placed}


class CheckoutMutations(graphene.ObjectType):
    """What may be done with a checkout and its lines."""

    checkout_complete = CheckoutComplete.Field()
    checkout_create = CheckoutCreate.Field()
    # Saleor 3.24 has it no more, but documents of storefronts that were written before still name it.
    checkout_line_delete = CheckoutLineDelete.Field(deprecation_reason="Use `checkoutLinesDelete`.")
    checkout_lines_add = CheckoutLinesAdd.Field()
    checkout_lines_delete = CheckoutLinesDelete.Field()
    checkout_lines_update = CheckoutLinesUpdate.Field()
