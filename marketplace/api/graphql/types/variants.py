"""The kinds of a product with their prices.

Rows of a list load together (`loaders`): a field here never asks the database for one row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import models
from catalog.attributes import Assigned, variant_attributes
from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import AddressInput
from marketplace.api.graphql.types.attributes import (
    ASSIGNED_USUAL,
    AssignedAttribute,
    ObjectWithAttributes,
    SelectedAttribute,
    named,
)
from marketplace.api.graphql.types.common import (
    Node,
    TaxedMoney,
    WithMetadataFields,
    connection_of,
    global_id,
    non_null_list,
)
from marketplace.api.graphql.types.enums import CountryCode, LanguageCodeEnum, VariantAttributeScope
from marketplace.api.graphql.types.media import ProductMedia
from marketplace.api.graphql.types.metadata import ObjectWithMetadata
from marketplace.api.graphql.types.scalars import PositiveInt
from marketplace.api.graphql.types.stocks import Stock
from marketplace.api.graphql.types.translations import ProductVariantTranslation, Translation, language_of
from marketplace.core.languages import SOURCE, Texts, texts_of
from marketplace.orders.models import LINE_QUANTITY_MAX, Channel
from vendors.access import hand_in

VIETNAM = "VN"


def is_served(address: Mapping[str, Any] | None, country_code: Any = None) -> bool:
    """Whether a buyer there can be sent anything: shops here send within Vietnam. Nothing said means here."""
    country = country_code if country_code is not None else (address or {}).get("country")
    return country is None or country.value == VIETNAM


class VariantPricingInfo(graphene.ObjectType):
    """What a variant costs; resolved from its price in đồng. Prices here are never reduced: vouchers are."""

    on_sale = graphene.Boolean(resolver=lambda _root, _info: False)
    discount = graphene.Field(TaxedMoney, resolver=lambda _root, _info: None)
    price = graphene.Field(TaxedMoney, resolver=lambda root, _info: root)
    price_undiscounted = graphene.Field(TaxedMoney, resolver=lambda root, _info: root)


class ProductVariant(WithMetadataFields):
    """A size or kind of a product."""

    class Meta:
        interfaces = (Node, ObjectWithAttributes, ObjectWithMetadata)

    id = global_id("ProductVariant")
    # Without a name Saleor gives the id, which clients know not to show; we have the unit the price is for.
    name = graphene.String(required=True, resolver=lambda root, _info: root.name or root.unit)
    unit = graphene.String(required=True)
    sku = graphene.String()
    external_reference = graphene.String(
        description="No other system's key of a variant is kept here.", resolver=lambda _root, _info: None
    )
    product = graphene.Field("marketplace.api.graphql.types.products.Product", required=True)
    track_inventory = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    quantity_limit_per_customer = graphene.Int(resolver=lambda _root, _info: LINE_QUANTITY_MAX)
    channel = graphene.String(resolver=lambda _root, _info: Channel.ONLINE.value)
    pricing = graphene.Field(
        VariantPricingInfo, address=AddressInput(), resolver=lambda root, _info, **_asked: root.price_vnd
    )
    quantity_available = graphene.Int(address=AddressInput(), country_code=CountryCode())
    stocks = graphene.List(
        graphene.NonNull(Stock), description="Where it lies; for the people of its shop, as in Saleor."
    )
    media = graphene.List(graphene.NonNull(ProductMedia))
    attributes = non_null_list(SelectedAttribute, variant_selection=VariantAttributeScope())
    assigned_attribute = graphene.Field(AssignedAttribute, slug=graphene.String(required=True))
    assigned_attributes = non_null_list(AssignedAttribute, limit=PositiveInt())
    translation = graphene.Field(ProductVariantTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_quantity_available(
        root: models.ProductVariant,
        info: GraphQLResolveInfo,
        address: Mapping[str, Any] | None = None,
        country_code: Any = None,
    ) -> int:
        return (context(info).loaders.left.load(root.pk) or 0) if is_served(address, country_code) else 0

    @staticmethod
    def resolve_stocks(root: models.ProductVariant, info: GraphQLResolveInfo) -> Sequence[models.Stock]:
        if hand_in(context(info).actor, root.product.vendor_id) is None:
            raise needs_one_of("MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return context(info).loaders.stocks.load(root.pk) or []

    @staticmethod
    def resolve_media(root: models.ProductVariant, info: GraphQLResolveInfo) -> Sequence[models.ProductMedia]:
        return context(info).loaders.media.load(root.product_id) or []

    @staticmethod
    def resolve_attributes(
        root: models.ProductVariant, info: GraphQLResolveInfo, variant_selection: Any = None
    ) -> list[Assigned]:
        found = attributes_of(root, info)
        if variant_selection is None or variant_selection.value == "ALL":
            return found
        wanted = variant_selection.value == "VARIANT_SELECTION"
        return [one for one in found if one.attribute.tells_variants_apart is wanted]

    @staticmethod
    def resolve_assigned_attribute(
        root: models.ProductVariant, info: GraphQLResolveInfo, slug: str
    ) -> Assigned | None:
        return named(attributes_of(root, info), slug)

    @staticmethod
    def resolve_assigned_attributes(
        root: models.ProductVariant, info: GraphQLResolveInfo, limit: int = ASSIGNED_USUAL
    ) -> list[Assigned]:
        return attributes_of(root, info)[:limit]

    @staticmethod
    def resolve_translation(
        root: models.ProductVariant, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> Translation | None:
        language = language_of(language_code)
        texts = texts_of(root, language)
        if texts is not None and language == SOURCE:
            texts = Texts(language=language, name=root.name or root.unit)
        return None if texts is None or not texts.name else Translation(root.pk, texts)


def attributes_of(variant: models.ProductVariant, info: GraphQLResolveInfo) -> list[Assigned]:
    """What a variant is known by; how many its product has on sale, decides whether by its name."""
    on_sale = context(info).loaders.variants.load(variant.product_id) or []
    return variant_attributes(variant, is_one_of_several=len(on_sale) > 1)


ProductVariantConnection = connection_of(ProductVariant)
