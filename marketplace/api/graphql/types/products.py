"""Products, their prices, pictures and certificates.

Rows of a list load together (`loaders`): a field here never asks the database for one row alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import models
from catalog.attributes import Assigned, product_attributes
from catalog.categories import Category, category_by_no
from catalog.collections import Collection, collections_of
from catalog.product_types import ProductType as ProductTypeFacts
from catalog.product_types import type_of
from catalog.selectors.hands import may_look_after
from marketplace.api.graphql.connections import Connection
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.queries.variant_lists import variant_arguments, variant_page
from marketplace.api.graphql.types.addresses import AddressInput
from marketplace.api.graphql.types.attributes import (
    ASSIGNED_USUAL,
    AssignedAttribute,
    ObjectWithAttributes,
    SelectedAttribute,
    named,
)
from marketplace.api.graphql.types.common import (
    Image,
    Node,
    TaxedMoney,
    TaxedMoneyRange,
    WithMetadataFields,
    connection_of,
    global_id,
    non_null_list,
)
from marketplace.api.graphql.types.enums import (
    LanguageCodeEnum,
    OcopCertificateState,
    ProductListing,
    ProductTypeKindEnum,
    ThumbnailFormatEnum,
)
from marketplace.api.graphql.types.media import MediaSortingInput, ProductMedia, picture, sorted_media
from marketplace.api.graphql.types.metadata import ObjectWithMetadata
from marketplace.api.graphql.types.places import Commune
from marketplace.api.graphql.types.scalars import JSONString, PositiveInt
from marketplace.api.graphql.types.texts import editor_document
from marketplace.api.graphql.types.translations import ProductTranslation, Translation, language_of
from marketplace.api.graphql.types.variants import (
    ProductVariant as ProductVariant,
)
from marketplace.api.graphql.types.variants import ProductVariantConnection, is_served
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.core.languages import SOURCE, Texts, texts_of
from marketplace.orders.models import Channel


def variants_of(product: models.Product, info: GraphQLResolveInfo) -> Sequence[models.ProductVariant]:
    """The variants on sale of a product, each knowing it."""
    variants = context(info).loaders.variants.load(product.pk) or []
    for variant in variants:
        variant.product = product
    return variants


def first_picture(
    product_id: int, info: GraphQLResolveInfo, *, size: int | None, form: Any = None
) -> dict[str, str] | None:
    """The first photo of a product, as large as `size` pixels or the next larger that is kept."""
    media = context(info).loaders.media.load(product_id)
    return picture(media[0] if media else None, size=size, form=form)


class OcopCertificate(graphene.ObjectType):
    """The decision that gave a product its stars; shown only while it is verified and valid."""

    class Meta:
        interfaces = (Node,)

    id = global_id("OcopCertificate")
    stars = graphene.Int(required=True, description="3 to 5.")
    decision_number = graphene.String(required=True, description="Of the decision; one may hold for several goods.")
    issuer = graphene.String(required=True, description="Who decided.")
    issued_on = graphene.Date(required=True, description="The day of the decision.")
    expires_on = graphene.Date(required=True, description="The last day on which the stars hold.")
    product_code = graphene.String(required=True, description="The OCOP code of the product; may be empty.")
    state = graphene.Field(
        OcopCertificateState,
        required=True,
        description="Whether staff confirmed it; everybody is shown only those that they did.",
        resolver=lambda root, _info: root.state.upper(),
    )
    product = graphene.Field(lambda: Product, required=True, description="What has the stars.")


class ProductType(WithMetadataFields):
    """Under which rules a product is sold; resolved from `catalog.product_types`."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ProductType", key="no")
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    has_variants = graphene.Boolean(required=True)
    is_shipping_required = graphene.Boolean(required=True)
    kind = graphene.Field(ProductTypeKindEnum, required=True, resolver=lambda _root, _info: "NORMAL")


class ProductPricingInfo(graphene.ObjectType):
    """What a product costs; resolved from its variants. Prices here are never reduced: vouchers are."""

    on_sale = graphene.Boolean(resolver=lambda _root, _info: False)
    discount = graphene.Field(TaxedMoney, resolver=lambda _root, _info: None)
    display_gross_prices = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    price_range = graphene.Field(TaxedMoneyRange, resolver=lambda root, _info: [one.price_vnd for one in root])
    price_range_undiscounted = graphene.Field(
        TaxedMoneyRange, resolver=lambda root, _info: [one.price_vnd for one in root]
    )


class ProductChannelListing(graphene.ObjectType):
    """How a product stands in the channel `online`; resolved from the product."""

    class Meta:
        interfaces = (Node,)

    id = global_id("ProductChannelListing")
    channel = graphene.Field(
        "marketplace.api.graphql.types.channels.Channel",
        required=True,
        resolver=lambda _root, _info: Channel.ONLINE.value,
    )
    is_published = graphene.Boolean(required=True, resolver=lambda root, _info: _is_shown(root))
    published_at = graphene.DateTime()
    visible_in_listings = graphene.Boolean(required=True, resolver=lambda root, _info: _is_shown(root))
    is_available_for_purchase = graphene.Boolean(resolver=lambda root, _info: _is_shown(root))


def _is_shown(product: models.Product) -> bool:
    return product.listing == models.Product.Listing.PUBLISHED


class Product(WithMetadataFields):
    """Something a shop sells."""

    class Meta:
        interfaces = (Node, ObjectWithAttributes, ObjectWithMetadata)

    id = global_id("Product")
    name = graphene.String(required=True)
    slug = graphene.String(required=True)
    description = JSONString(resolver=lambda root, _info: editor_document(root.description))
    seo_title = graphene.String(resolver=lambda root, _info: source_texts(root).seo_title)
    seo_description = graphene.String(resolver=lambda root, _info: source_texts(root).seo_description)
    external_reference = graphene.String(
        description="No other system's key of a product is kept here.", resolver=lambda _root, _info: None
    )
    product_type = graphene.Field(ProductType, required=True)
    category = graphene.Field("marketplace.api.graphql.types.categories.Category")
    collections = graphene.List(graphene.NonNull("marketplace.api.graphql.types.collections.Collection"))
    channel = graphene.String(resolver=lambda _root, _info: Channel.ONLINE.value)
    rating = graphene.Float(description="Nobody rates goods here.", resolver=lambda _root, _info: None)
    created = graphene.DateTime(required=True, resolver=lambda root, _info: root.made_at)
    updated_at = graphene.DateTime(required=True)
    available_for_purchase_at = graphene.DateTime(resolver=lambda root, _info: root.published_at)
    is_available_for_purchase = graphene.Boolean(resolver=lambda _root, _info: True)
    is_available = graphene.Boolean(address=AddressInput())
    pricing = graphene.Field(ProductPricingInfo, address=AddressInput())
    default_variant = graphene.Field(ProductVariant)
    variants = graphene.List(graphene.NonNull(ProductVariant))
    product_variants = graphene.Field(ProductVariantConnection, **variant_arguments())
    thumbnail = graphene.Field(Image, size=graphene.Int(), format=ThumbnailFormatEnum())
    media = graphene.List(graphene.NonNull(ProductMedia), sort_by=MediaSortingInput())
    media_by_id = graphene.Field(ProductMedia, id=graphene.ID(required=True))
    attribute = graphene.Field(SelectedAttribute, slug=graphene.String(required=True))
    attributes = non_null_list(SelectedAttribute)
    assigned_attribute = graphene.Field(AssignedAttribute, slug=graphene.String(required=True))
    assigned_attributes = non_null_list(AssignedAttribute, limit=PositiveInt())
    translation = graphene.Field(ProductTranslation, language_code=LanguageCodeEnum(required=True))
    vendor = graphene.Field(Vendor, required=True)
    ocop_certificate = graphene.Field(OcopCertificate)
    commune_of_origin = graphene.Field(Commune, required=True)
    listing = graphene.Field(
        ProductListing,
        required=True,
        description="How far it is on its way to shoppers: only what is PUBLISHED is shown to them.",
        resolver=lambda root, _info: root.listing.upper(),
    )
    listing_reason = graphene.String(
        description="Why staff sent it back; for its shop and its commune's staff, null for others."
    )
    generation = graphene.Int(
        required=True, description="Raised by every change: staff say which one they looked at when they publish it."
    )
    channel_listings = graphene.List(
        graphene.NonNull(ProductChannelListing),
        description="Where it is listed; for its shop and its commune's staff, as in Saleor.",
    )
    storage_note = graphene.String(required=True)
    shelf_life_note = graphene.String(required=True)
    is_alcohol = graphene.Boolean(required=True)
    is_demo = graphene.Boolean(required=True)

    @staticmethod
    def resolve_listing_reason(root: models.Product, info: GraphQLResolveInfo) -> str | None:
        return (root.listing_reason or None) if _is_in_charge(root, info) else None

    @staticmethod
    def resolve_channel_listings(root: models.Product, info: GraphQLResolveInfo) -> Sequence[models.Product]:
        if not _is_in_charge(root, info):
            raise needs_one_of("AUTHENTICATED_APP", "AUTHENTICATED_STAFF_USER")
        return [root]

    @staticmethod
    def resolve_product_type(root: models.Product, _info: GraphQLResolveInfo) -> ProductTypeFacts:
        return type_of(root)

    @staticmethod
    def resolve_category(root: models.Product, info: GraphQLResolveInfo) -> Category | None:
        context(info).loaders.category_picture.expect([root.ocop_set])
        return category_by_no(root.ocop_set)

    @staticmethod
    def resolve_collections(root: models.Product, info: GraphQLResolveInfo) -> list[Collection]:
        loaders = context(info).loaders
        found = collections_of(root, stars=_stars(root, info), newest=loaders.newest())
        loaders.collection_picture.expect(one.no for one in found)
        return found

    @staticmethod
    def resolve_is_available(
        root: models.Product, info: GraphQLResolveInfo, address: Mapping[str, Any] | None = None
    ) -> bool:
        left = context(info).loaders.left
        return is_served(address) and any((left.load(one.pk) or 0) > 0 for one in variants_of(root, info))

    @staticmethod
    def resolve_pricing(
        root: models.Product, info: GraphQLResolveInfo, **_address: Any
    ) -> Sequence[models.ProductVariant] | None:
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
        left = context(info).loaders.left
        return variant_page(variants_of(root, info), left=lambda key: left.load(key) or 0, **asked)

    @staticmethod
    def resolve_thumbnail(
        root: models.Product, info: GraphQLResolveInfo, size: int | None = None, format: Any = None
    ) -> dict[str, str] | None:
        return first_picture(root.pk, info, size=size, form=format)

    @staticmethod
    def resolve_media(
        root: models.Product, info: GraphQLResolveInfo, sort_by: Mapping[str, Any] | None = None
    ) -> list[models.ProductMedia]:
        return sorted_media(context(info).loaders.media.load(root.pk) or [], sort_by)

    @staticmethod
    def resolve_media_by_id(root: models.Product, info: GraphQLResolveInfo, *, id: str) -> models.ProductMedia | None:
        media_id = integer_of(id, "ProductMedia")
        return next((one for one in context(info).loaders.media.load(root.pk) or [] if one.pk == media_id), None)

    @staticmethod
    def resolve_attribute(root: models.Product, info: GraphQLResolveInfo, slug: str) -> Assigned | None:
        return named(attributes_of(root, info), slug)

    @staticmethod
    def resolve_attributes(root: models.Product, info: GraphQLResolveInfo) -> list[Assigned]:
        return attributes_of(root, info)

    @staticmethod
    def resolve_assigned_attribute(root: models.Product, info: GraphQLResolveInfo, slug: str) -> Assigned | None:
        return named(attributes_of(root, info), slug)

    @staticmethod
    def resolve_assigned_attributes(
        root: models.Product, info: GraphQLResolveInfo, limit: int = ASSIGNED_USUAL
    ) -> list[Assigned]:
        return attributes_of(root, info)[:limit]

    @staticmethod
    def resolve_translation(
        root: models.Product, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> Translation | None:
        texts = texts_of(root, language_of(language_code))
        return None if texts is None else Translation(root.pk, texts)

    @staticmethod
    def resolve_ocop_certificate(root: models.Product, info: GraphQLResolveInfo) -> models.OcopCertificate | None:
        certificate = context(info).loaders.certificate.load(root.pk)
        if certificate is not None:
            certificate.product = root
        return certificate


def _is_in_charge(product: models.Product, info: GraphQLResolveInfo) -> bool:
    """Whether the asker works in the product's shop or is staff of its commune."""
    return may_look_after(context(info).actor, product)


def source_texts(product: models.Product) -> Texts:
    """The texts as the shop wrote them."""
    return Texts(language=SOURCE, name=product.name, slug=product.slug, description=product.description)


def attributes_of(product: models.Product, info: GraphQLResolveInfo) -> list[Assigned]:
    """What a product is known by, with the stars that may be shown."""
    return product_attributes(product, stars=_stars(product, info))


def _stars(product: models.Product, info: GraphQLResolveInfo) -> int | None:
    certificate = context(info).loaders.certificate.load(product.pk)
    return None if certificate is None else certificate.stars


ProductConnection = connection_of(Product)
