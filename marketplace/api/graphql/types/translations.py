"""Texts of things in another language. Resolved from `Translation`: the texts and of what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.common import Node
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.api.graphql.types.texts import editor_document
from marketplace.core.languages import NAMES, SOURCE, Texts


@dataclass(frozen=True)
class Translation:
    """The texts of a thing in one language; `key` is the thing's own."""

    key: object
    texts: Texts


def language_of(code: Any) -> str:
    """Our code of a `LanguageCodeEnum` that was given; a language we know nothing of stays as it is."""
    return str(code.value).lower()


def slug_language(code: Any) -> str:
    """The language of a slug by the argument `slugLanguageCode`: the source's where it is left out."""
    return SOURCE if code is None else language_of(code)


class LanguageDisplay(graphene.ObjectType):
    """A language. Resolved from its code, such as `vi`."""

    code = graphene.Field(LanguageCodeEnum, required=True, resolver=lambda root, _info: root.upper())
    language = graphene.String(required=True, resolver=lambda root, _info: NAMES.get(root, root))


def translation_id(type_name: str) -> Any:
    """The field `id: ID!`: of the thing, and of the language, since one thing has several."""

    def resolve(root: Translation, _info: GraphQLResolveInfo) -> str:
        return to_global_id(type_name, f"{root.key}-{root.texts.language}")

    return graphene.ID(required=True, resolver=resolve)


class _Language(graphene.ObjectType):
    """In which language the texts are."""

    language = graphene.Field(LanguageDisplay, required=True, resolver=lambda root, _info: root.texts.language)


class _Named(_Language):
    """A name that is always there."""

    name = graphene.String(required=True, resolver=lambda root, _info: root.texts.name)


class _Texts(_Language):
    """The texts of something that has a page of its own."""

    name = graphene.String(resolver=lambda root, _info: root.texts.name)
    slug = graphene.String(resolver=lambda root, _info: root.texts.slug)
    description = JSONString(resolver=lambda root, _info: editor_document(root.texts.description or ""))
    seo_title = graphene.String(resolver=lambda root, _info: root.texts.seo_title)
    seo_description = graphene.String(resolver=lambda root, _info: root.texts.seo_description)


class ProductTranslation(_Texts):
    """A product's texts in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("ProductTranslation")


class ProductVariantTranslation(_Named):
    """A variant's name in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("ProductVariantTranslation")


class CategoryTranslation(_Texts):
    """A category's texts in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("CategoryTranslation")


class CollectionTranslation(_Texts):
    """A collection's texts in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("CollectionTranslation")


class AttributeTranslation(_Named):
    """An attribute's name in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("AttributeTranslation")


class AttributeValueTranslation(_Named):
    """A value's name in a language."""

    class Meta:
        interfaces = (Node,)

    id = translation_id("AttributeValueTranslation")
    plain_text = graphene.String(resolver=lambda root, _info: root.texts.description)
