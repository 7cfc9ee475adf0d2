"""A shop's products: begun, changed, shown and taken off. The services are those that the seller's pages call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from catalog.selectors.hands import product_in_hand_or_charge
from catalog.services import begin_product, update_product, withdraw_product
from catalog.services.showing import set_shown
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.mutations.hands import (
    MANAGE_PRODUCTS,
    hand_of,
    own_product,
    shop_of_input,
)
from marketplace.api.graphql.mutations.product_inputs import (
    Given,
    ProductCreateInput,
    ProductInput,
    online_channel_of,
    product_facts,
)
from marketplace.api.graphql.mutations.refusals import in_field, told_as
from marketplace.api.graphql.mutations.seller_errors import ProductChannelListingError, ProductError
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import ProductErrorCode
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.products import Product
from marketplace.core.errors import InvalidInput
from vendors.access import shops_in_reach


class ProductCreate(graphene.Mutation):
    """Begin a product of a shop: a draft that nobody sees yet. Its kinds with their prices are added to it."""

    class Arguments:
        input = ProductCreateInput(required=True)

    product = graphene.Field(Product)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given) -> dict[str, Any]:
        hand, shop = shop_of_input(input.get("vendor"), info)
        facts = product_facts(input, has_type=True)
        made = begin_product(
            actor=hand.actor,
            vendor=shop,
            now=hand.now,
            client_id=hand.client_id,
            slug=input.get("slug") or None,
            **facts,
        )
        return {"product": made}


class ProductUpdate(graphene.Mutation):
    """Change what a product's page says. What is on sale goes back to review; its address stays."""

    class Arguments:
        id = graphene.ID()
        input = ProductInput(required=True)

    product = graphene.Field(Product)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given, id: str | None = None) -> dict[str, Any]:
        hand, product = own_product(id or "", info)
        facts = product_facts(input, has_type=False)
        return {"product": update_product(actor=hand.actor, product=product, now=hand.now, **facts)}


class ProductDelete(graphene.Mutation):
    """Take a product off sale for good. Its row stays: orders, the stock's book and the journal name it."""

    class Arguments:
        id = graphene.ID()

    product = graphene.Field(Product)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str | None = None) -> dict[str, Any]:
        hand, product = own_product(id or "", info)
        return {"product": withdraw_product(actor=hand.actor, product=product, now=hand.now)}


class ProductChannelListingAddInput(graphene.InputObjectType):
    """Whether a product is shown: a shop asks for its review or takes it off, staff publish it or send it back."""

    channel_id = graphene.ID(required=True)
    is_published = graphene.Boolean()
    reason = graphene.String(description="Of staff that send a product back: what its shop has to mend.")
    seen_generation = graphene.Int(
        description="Of staff that publish: the `Product.generation` that they looked at. Later changes wait."
    )


class ProductChannelListingUpdateInput(graphene.InputObjectType):
    """The channels to show a product in, or to take it out of."""

    update_channels = non_null_items(ProductChannelListingAddInput)
    remove_channels = non_null_items(graphene.ID)


class ProductChannelListingUpdate(graphene.Mutation):
    """Send a product to review, publish it, send it back, or take it off sale: by who asks and where it stands."""

    class Arguments:
        id = graphene.ID(required=True)
        input = ProductChannelListingUpdateInput(required=True)

    product = graphene.Field(Product)
    errors = non_null_list(ProductChannelListingError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, input: Given) -> dict[str, Any]:
        asked = context(info)
        actor = asked.actor
        if not (actor.administers_a_commune or shops_in_reach(actor)):
            raise needs_one_of(MANAGE_PRODUCTS)
        found, product = product_in_hand_or_charge(actor, in_field("id", integer_of, id, type_name="Product"))
        is_shown, more = _wish(input)
        hand = hand_of(found, info)
        shown = set_shown(actor=hand.actor, product=product, is_shown=is_shown, now=hand.now, **more)
        return {"product": shown}


def _wish(input: Given) -> tuple[bool, dict[str, Any]]:
    """Whether the product is to be shown, and what is said with it. Raises `InvalidInput`, `NotFound`."""
    updates: Sequence[Given] = input.get("update_channels") or ()
    removed = [online_channel_of(one, field="removeChannels") for one in input.get("remove_channels") or ()]
    wishes = {bool(one["is_published"]) for one in updates if one.get("is_published") is not None}
    for one in updates:
        online_channel_of(one["channel_id"])
    if removed:
        wishes.add(False)
    if len(wishes) != 1:
        raise InvalidInput(_("Bạn chọn một việc: đăng hàng, hay thôi đăng."), field="updateChannels", code="REQUIRED")
    more = {key: one[key] for one in updates for key in ("reason", "seen_generation") if one.get(key) is not None}
    return wishes.pop(), more


class ProductMutations(graphene.ObjectType):
    """What a shop may do with its products."""

    product_create = ProductCreate.Field()
    product_update = ProductUpdate.Field()
    product_delete = ProductDelete.Field()
    product_channel_listing_update = ProductChannelListingUpdate.Field()
