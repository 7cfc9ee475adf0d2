"""`products`, `product`, `productVariant`: the catalogue as shoppers may see it."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog import models
from catalog.selectors import product_by_id, product_by_slug, variant_by_id
from catalog.selectors.hands import own_product_called, product_in_hand_or_charge, variant_in_hand
from catalog.selectors.visible import product_by_english_slug, variant_by_sku
from marketplace.api.graphql.connections import Connection
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_lists import product_arguments, product_page
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.products import Product, ProductConnection, ProductVariant
from marketplace.api.graphql.types.translations import slug_language
from marketplace.core.errors import NotFound
from marketplace.core.languages import ENGLISH, SOURCE


class ProductQueries(graphene.ObjectType):
    """What may be asked of the catalogue."""

    products = graphene.Field(ProductConnection, channel=graphene.String(), **product_arguments())
    product = graphene.Field(
        Product,
        id=graphene.ID(),
        slug=graphene.String(),
        slug_language_code=LanguageCodeEnum(),
        external_reference=graphene.String(),
        channel=graphene.String(),
    )
    product_variant = graphene.Field(
        ProductVariant,
        id=graphene.ID(),
        sku=graphene.String(),
        external_reference=graphene.String(),
        channel=graphene.String(),
    )

    @staticmethod
    def resolve_products(_root: None, info: GraphQLResolveInfo, **asked: Any) -> Connection[models.Product]:
        return product_page(info, **asked)

    @staticmethod
    def resolve_product(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        slug_language_code: Any = None,
        external_reference: str | None = None,
        channel: str | None = None,
    ) -> models.Product | None:
        exactly_one(id=id, slug=slug, externalReference=external_reference)
        key = None if id is None else integer_of(id, "Product")
        if not is_online(channel):
            return None
        age_declared = context(info).age_declared
        own = _own_product(info, key, slug)
        if own is not None:
            return own
        try:
            if key is not None:
                return product_by_id(key, age_declared=age_declared)
            return _by_slug(slug or "", language=slug_language(slug_language_code), age_declared=age_declared)
        except NotFound:
            return None

    @staticmethod
    def resolve_product_variant(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        sku: str | None = None,
        external_reference: str | None = None,
        channel: str | None = None,
    ) -> models.ProductVariant | None:
        exactly_one(id=id, sku=sku, externalReference=external_reference)
        key = None if id is None else integer_of(id, "ProductVariant")
        if not is_online(channel):
            return None
        age_declared = context(info).age_declared
        own = _own_variant(info, key, sku)
        if own is not None:
            return own
        try:
            if key is not None:
                return variant_by_id(key, age_declared=age_declared)
            return variant_by_sku(sku or "", age_declared=age_declared)
        except NotFound:
            return None


def _own_product(info: GraphQLResolveInfo, key: int | None, slug: str | None) -> models.Product | None:
    """The product if a shop of the asker's has it, or if it is theirs to review; nobody else costs a statement."""
    actor = context(info).actor
    if not actor.is_authenticated:
        return None
    try:
        if key is not None:
            return product_in_hand_or_charge(actor, key)[1]
        return own_product_called(actor, slug or "")
    except NotFound:
        return None


def _own_variant(info: GraphQLResolveInfo, key: int | None, sku: str | None) -> models.ProductVariant | None:
    actor = context(info).actor
    if not actor.is_authenticated:
        return None
    try:
        return variant_in_hand(actor, variant_id=key, sku=sku)[1]
    except NotFound:
        return None


def _by_slug(slug: str, *, language: str, age_declared: bool) -> models.Product | None:
    """The product of a slug in a language; nothing has a slug in one that nobody translates into."""
    if language == SOURCE:
        return product_by_slug(slug, age_declared=age_declared)
    return product_by_english_slug(slug, age_declared=age_declared) if language == ENGLISH else None
