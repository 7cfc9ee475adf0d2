"""Products, their variants, prices, pictures and certificates.

Rows of a list load together (`loaders`): a field here never asks the database for one row alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import models
from catalog.ocop_sets import OcopSet, ocop_set
from catalog.pictures import picture_url
from marketplace.api.graphql.connections import Connection, Slice, page_of_list
from marketplace.api.graphql.context import absolute_url, context
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.common import (
    Image,
    Node,
    TaxedMoney,
    TaxedMoneyRange,
    WithMetadataFields,
    connection_of,
    global_id,
    paging,
)
from marketplace.api.graphql.types.enums import ProductMediaType, ThumbnailFormatEnum
from marketplace.api.graphql.types.places import Commune
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.api.graphql.types.texts import editor_document
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.core.text import slugify_vietnamese
from marketplace.orders.models import LINE_QUANTITY_MAX, Channel

THUMBNAIL_EDGE_PIXELS = 256
"""Saleor's size of a thumbnail that is asked for without one."""


def variants_of(product: models.Product, info: GraphQLResolveInfo) -> Sequence[models.ProductVariant]:
    """The variants on sale of a product, each knowing it."""
    variants = context(info).loaders.variants.load(product.pk) or []
    for variant in variants:
        variant.product = product
    return variants


def first_picture(product_id: int, info: GraphQLResolveInfo, *, size: int | None) -> dict[str, str] | None:
    """The first photo of a product, as large as `size` pixels or the next larger that is kept."""
    media = context(info).loaders.media.load(product_id)
    return {"url": sized_url(media[0], size), "alt": media[0].alt} if media else None


def sized_url(media: models.ProductMedia, size: int | None, *, usual: int = THUMBNAIL_EDGE_PIXELS) -> str:
    """The address of the smallest file that is at least so large. All are JPEG, which every client shows."""
    return absolute_url(picture_url(media, usual if size is None else size))


class Category(graphene.ObjectType):
    """One of the 26 OCOP product sets."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Category", key="no")
    name = graphene.String(required=True)
    slug = graphene.String(required=True, resolver=lambda root, _info: f"{root.no}-{slugify_vietnamese(root.name)}")
    level = graphene.Int(required=True, resolver=lambda _root, _info: 0)


class OcopCertificate(graphene.ObjectType):
    """The decision that gave a product its stars; shown only while it is verified and valid."""

    class Meta:
        interfaces = (Node,)

    id = global_id("OcopCertificate")
    stars = graphene.Int(required=True)
    decision_number = graphene.String(required=True)
    issuer = graphene.String(required=True)
    issued_on = graphene.Date(required=True)
    expires_on = graphene.Date(required=True)
    product_code = graphene.String(required=True)


class ProductMedia(graphene.ObjectType):
    """A photo."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ProductMedia")
    alt = graphene.String(required=True)
    type = graphene.Field(ProductMediaType, required=True, resolver=lambda _root, _info: "IMAGE")
    sort_order = graphene.Int(resolver=lambda root, _info: root.position)
    url = graphene.String(required=True, size=graphene.Int(), format=ThumbnailFormatEnum())
    product_id = graphene.ID(resolver=lambda root, _info: to_global_id("Product", root.product_id))

    @staticmethod
    def resolve_url(
        root: models.ProductMedia, _info: GraphQLResolveInfo, size: int | None = None, **_format: Any
    ) -> str:
        return sized_url(root, size, usual=root.width)


class ProductPricingInfo(graphene.ObjectType):
    """What a product costs; resolved from its variants."""

    on_sale = graphene.Boolean(resolver=lambda _root, _info: False)
    display_gross_prices = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    price_range = graphene.Field(TaxedMoneyRange, resolver=lambda root, _info: [one.price_vnd for one in root])
    price_range_undiscounted = graphene.Field(
        TaxedMoneyRange, resolver=lambda root, _info: [one.price_vnd for one in root]
    )


class VariantPricingInfo(graphene.ObjectType):
    """What a variant costs; resolved from its price in đồng."""

    on_sale = graphene.Boolean(resolver=lambda _root, _info: False)
    price = graphene.Field(TaxedMoney, resolver=lambda root, _info: root)
    price_undiscounted = graphene.Field(TaxedMoney, resolver=lambda root, _info: root)


class ProductVariant(WithMetadataFields):
    """A size or kind of a product."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ProductVariant")
    # Without a name Saleor gives the id, which clients know not to show; we have the unit the price is for.
    name = graphene.String(required=True, resolver=lambda root, _info: root.name or root.unit)
    unit = graphene.String(required=True)
    sku = graphene.String()
    product = graphene.Field(lambda: Product, required=True)
    track_inventory = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    quantity_limit_per_customer = graphene.Int(resolver=lambda _root, _info: LINE_QUANTITY_MAX)
    channel = graphene.String(resolver=lambda _root, _info: Channel.ONLINE.value)
    pricing = graphene.Field(VariantPricingInfo, resolver=lambda root, _info: root.price_vnd)
    quantity_available = graphene.Int()
    media = graphene.List(graphene.NonNull(ProductMedia))

    @staticmethod
    def resolve_quantity_available(root: models.ProductVariant, info: GraphQLResolveInfo) -> int:
        return context(info).loaders.left.load(root.pk) or 0

    @staticmethod
    def resolve_media(root: models.ProductVariant, info: GraphQLResolveInfo) -> Sequence[models.ProductMedia]:
        return context(info).loaders.media.load(root.product_id) or []


ProductVariantConnection = connection_of(ProductVariant)


class Product(WithMetadataFields):
    """Something a shop sells."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Product")
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    description = JSONString(resolver=lambda root, _info: editor_document(root.description))
    category = graphene.Field(Category)
    channel = graphene.String(resolver=lambda _root, _info: Channel.ONLINE.value)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    updated_at = graphene.DateTime(required=True)
    available_for_purchase_at = graphene.DateTime(resolver=lambda root, _info: root.published_at)
    is_available_for_purchase = graphene.Boolean(resolver=lambda _root, _info: True)
    is_available = graphene.Boolean()
    pricing = graphene.Field(ProductPricingInfo)
    default_variant = graphene.Field(ProductVariant)
    variants = graphene.List(graphene.NonNull(ProductVariant))
    product_variants = graphene.Field(ProductVariantConnection, **paging())
    thumbnail = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormatEnum())
    media = graphene.List(graphene.NonNull(ProductMedia))
    vendor = graphene.Field(Vendor, required=True)
    ocop_certificate = graphene.Field(OcopCertificate)
    commune_of_origin = graphene.Field(Commune, required=True)
    storage_note = graphene.String(required=True)
    shelf_life_note = graphene.String(required=True)
    is_alcohol = graphene.Boolean(required=True)
    is_demo = graphene.Boolean(required=True)

    @staticmethod
    def resolve_category(root: models.Product, _info: GraphQLResolveInfo) -> OcopSet:
        return ocop_set(root.ocop_set)

    @staticmethod
    def resolve_is_available(root: models.Product, info: GraphQLResolveInfo) -> bool:
        left = context(info).loaders.left
        return any((left.load(variant.pk) or 0) > 0 for variant in variants_of(root, info))

    @staticmethod
    def resolve_pricing(root: models.Product, info: GraphQLResolveInfo) -> Sequence[models.ProductVariant] | None:
        return variants_of(root, info) or None

    @staticmethod
    def resolve_default_variant(root: models.Product, info: GraphQLResolveInfo) -> models.ProductVariant | None:
        return next(iter(variants_of(root, info)), None)

    @staticmethod
    def resolve_variants(root: models.Product, info: GraphQLResolveInfo) -> Sequence[models.ProductVariant]:
        return variants_of(root, info)

    @staticmethod
    def resolve_product_variants(
        root: models.Product, info: GraphQLResolveInfo, **asked: Any
    ) -> Connection[models.ProductVariant]:
        return page_of_list(
            variants_of(root, info), key=lambda one: one.pk, asked=Slice(**asked), name="productVariants"
        )

    @staticmethod
    def resolve_thumbnail(
        root: models.Product, info: GraphQLResolveInfo, size: int | None = None, **_format: Any
    ) -> dict[str, str] | None:
        return first_picture(root.pk, info, size=size)

    @staticmethod
    def resolve_media(root: models.Product, info: GraphQLResolveInfo) -> Sequence[models.ProductMedia]:
        return context(info).loaders.media.load(root.pk) or []

    @staticmethod
    def resolve_ocop_certificate(root: models.Product, info: GraphQLResolveInfo) -> models.OcopCertificate | None:
        return context(info).loaders.certificate.load(root.pk)


ProductConnection = connection_of(Product)
