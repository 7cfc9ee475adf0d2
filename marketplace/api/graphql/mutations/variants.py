"""The kinds of a shop's products: their words, their price, and how many lie where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from catalog.services import update_variant
from catalog.services.adding_variants import add_variant_with_stocks
from catalog.services.stock_levels import set_stocks
from marketplace.api.graphql.mutations.hands import own_product, own_variant
from marketplace.api.graphql.mutations.product_inputs import (
    AttributeValueInput,
    Given,
    ProductVariantChannelListingAddInput,
    StockInput,
    price_in_dong,
    price_of_listings,
    stocks_wanted,
    variant_facts,
)
from marketplace.api.graphql.mutations.refusals import told_as
from marketplace.api.graphql.mutations.seller_errors import BulkStockError, ProductChannelListingError, ProductError
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import ProductErrorCode
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.scalars import PositiveDecimal
from marketplace.api.graphql.types.variants import ProductVariant
from marketplace.core.errors import InvalidInput

PRICE = "In đồng, whole: what one unit costs. A kind here has its price from its first day, in every channel."


class ProductVariantInput(graphene.InputObjectType):
    """What a kind is called, by which code its shop knows it, and by which unit it is sold."""

    attributes = non_null_items(AttributeValueInput)
    name = graphene.String()
    sku = graphene.String()


class ProductVariantCreateInput(graphene.InputObjectType):
    """A kind of a product. Its `attributes` say the unit that it is sold by."""

    attributes = graphene.List(graphene.NonNull(AttributeValueInput), required=True)
    name = graphene.String()
    product = graphene.ID(required=True)
    sku = graphene.String()
    stocks = non_null_items(StockInput)
    price = PositiveDecimal(description=PRICE)


class ProductVariantCreate(graphene.Mutation):
    """Add a kind to a product, with its price and how many lie where."""

    class Arguments:
        input = ProductVariantCreateInput(required=True)

    product_variant = graphene.Field(ProductVariant)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given) -> dict[str, Any]:
        hand, product = own_product(input["product"], info, field="product")
        facts = required_variant_facts(input)
        if input.get("price") is None:
            raise InvalidInput(_("Bạn ghi giá bán."), field="price", code="REQUIRED")
        made = add_variant_with_stocks(
            actor=hand.actor,
            product=product,
            price_vnd=price_in_dong(input["price"]),
            stocks=stocks_wanted(input.get("stocks") or ()),
            now=hand.now,
            client_id=hand.client_id,
            **facts,
        )
        return {"product_variant": made}


def required_variant_facts(given: Given) -> dict[str, Any]:
    """What a new kind's input says, with the unit that it must say. Raises `InvalidInput`."""
    facts = {"name": "", **variant_facts(given)}
    if "unit" not in facts:
        raise InvalidInput(_("Bạn ghi đơn vị bán ở thuộc tính unit."), field="attributes", code="REQUIRED")
    return facts


class ProductVariantUpdate(graphene.Mutation):
    """Change a kind's name, code or unit. New words take a product on sale back to review."""

    class Arguments:
        id = graphene.ID()
        sku = graphene.String()
        input = ProductVariantInput(required=True)

    product_variant = graphene.Field(ProductVariant)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, input: Given, id: str | None = None, sku: str | None = None
    ) -> dict[str, Any]:
        hand, variant = own_variant(id, sku, info)
        facts = variant_facts(input)
        return {"product_variant": update_variant(actor=hand.actor, variant=variant, now=hand.now, **facts)}


class ProductVariantChannelListingUpdate(graphene.Mutation):
    """Say what a kind costs. Orders keep the price they were placed at."""

    class Arguments:
        id = graphene.ID()
        sku = graphene.String()
        input = graphene.List(graphene.NonNull(ProductVariantChannelListingAddInput), required=True)

    variant = graphene.Field(ProductVariant)
    errors = non_null_list(ProductChannelListingError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        input: Sequence[Given],
        id: str | None = None,
        sku: str | None = None,
    ) -> dict[str, Any]:
        hand, variant = own_variant(id, sku, info)
        price_vnd = price_of_listings(input)
        return {"variant": update_variant(actor=hand.actor, variant=variant, price_vnd=price_vnd, now=hand.now)}


class ProductVariantStocksUpdate(graphene.Mutation):
    """Say how many of a kind lie at places of its shop: all that is said, or nothing of it."""

    class Arguments:
        variant_id = graphene.ID()
        sku = graphene.String()
        stocks = graphene.List(graphene.NonNull(StockInput), required=True)

    product_variant = graphene.Field(ProductVariant)
    errors = non_null_list(BulkStockError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        stocks: Sequence[Given],
        variant_id: str | None = None,
        sku: str | None = None,
    ) -> dict[str, Any]:
        hand, variant = own_variant(variant_id, sku, info, field="variantId")
        set_stocks(actor=hand.actor, variant=variant, stocks=stocks_wanted(stocks), now=hand.now)
        return {"product_variant": variant}


class VariantMutations(graphene.ObjectType):
    """What a shop may do with the kinds of its products."""

    product_variant_create = ProductVariantCreate.Field()
    product_variant_update = ProductVariantUpdate.Field()
    product_variant_channel_listing_update = ProductVariantChannelListingUpdate.Field()
    product_variant_stocks_update = ProductVariantStocksUpdate.Field()
