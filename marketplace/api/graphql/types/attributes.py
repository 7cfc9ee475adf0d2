"""Attributes and their values, in Saleor's older form (`attributes`) and its newer one (`assignedAttributes`).

Resolved from `catalog.attributes`: an attribute, a value of it, and what one thing has of it. Pages use them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.attributes import Assigned, InputType, Value
from catalog.attributes import Attribute as AttributeFacts
from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.page_rows import SHOP_PAGES_BEGIN, page_of_vendor
from marketplace.api.graphql.types.common import Node, WithMetadataFields, global_id, non_null_list
from marketplace.api.graphql.types.enums import (
    AttributeEntityTypeEnum,
    AttributeInputTypeEnum,
    AttributeTypeEnum,
    LanguageCodeEnum,
)
from marketplace.api.graphql.types.scalars import JSONString, PositiveInt
from marketplace.api.graphql.types.translations import (
    AttributeTranslation,
    AttributeValueTranslation,
    Translation,
    language_of,
)
from marketplace.core.languages import SOURCE, Texts

REFERENCED_TYPES = {"COLLECTION": "Collection", "PAGE": "Page"}
ASSIGNED_USUAL = 100
"""So many attributes are answered where no limit is asked for, as in Saleor."""


class File(graphene.ObjectType):
    """A file to download."""

    url = graphene.String(required=True)
    content_type = graphene.String()


class Attribute(WithMetadataFields):
    """Something that products, variants or pages are known by."""

    class Meta:
        interfaces = (Node,)

    id = global_id("Attribute", key="no")
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    input_type = graphene.Field(AttributeInputTypeEnum, resolver=lambda root, _info: root.input_type.value)
    entity_type = graphene.Field(AttributeEntityTypeEnum)
    type = graphene.Field(AttributeTypeEnum, required=True, resolver=lambda root, _info: root.owner_type.value)
    with_choices = graphene.Boolean(required=True, resolver=lambda root, _info: root.has_choices)
    value_required = graphene.Boolean(required=True, resolver=lambda _root, _info: False)
    visible_in_storefront = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    filterable_in_storefront = graphene.Boolean(required=True, resolver=lambda root, _info: root.has_choices)
    translation = graphene.Field(AttributeTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_translation(
        root: AttributeFacts, _info: GraphQLResolveInfo, *, language_code: Any
    ) -> Translation | None:
        language = language_of(language_code)
        name = root.names.get(language)
        return None if name is None else Translation(root.no, Texts(language=language, name=name))


class AttributeValue(graphene.ObjectType):
    """One value of an attribute; which of the fields holds it, `inputType` says."""

    class Meta:
        interfaces = (Node,)

    id = global_id("AttributeValue", key="no")
    name = graphene.String()
    slug = graphene.String()
    value = graphene.String(description="The colour of a swatch, which this market has none of.")
    input_type = graphene.Field(AttributeInputTypeEnum, resolver=lambda root, _info: root.attribute.input_type.value)
    reference = graphene.ID()
    file = graphene.Field(File)
    rich_text = JSONString(description="Texts of attributes are plain here.", resolver=lambda _root, _info: None)
    plain_text = graphene.String()
    boolean = graphene.Boolean()
    date = graphene.Date(description="No attribute here is a day.", resolver=lambda _root, _info: None)
    date_time = graphene.DateTime(description="No attribute here is a moment.", resolver=lambda _root, _info: None)
    translation = graphene.Field(AttributeValueTranslation, language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_value(_root: Value, _info: GraphQLResolveInfo) -> None:
        return None

    @staticmethod
    def resolve_reference(root: Value, _info: GraphQLResolveInfo) -> str | None:
        if root.attribute.input_type is not InputType.SINGLE_REFERENCE:
            return None
        if root.attribute.entity_type == "PAGE":
            return to_global_id("Page", SHOP_PAGES_BEGIN + root.key)
        return to_global_id(REFERENCED_TYPES[str(root.attribute.entity_type)], root.key)

    @staticmethod
    def resolve_file(root: Value, _info: GraphQLResolveInfo) -> object:
        return root.value if root.attribute.input_type is InputType.FILE else None

    @staticmethod
    def resolve_plain_text(root: Value, _info: GraphQLResolveInfo) -> str | None:
        return str(root.value) if root.attribute.input_type is InputType.PLAIN_TEXT else None

    @staticmethod
    def resolve_boolean(root: Value, _info: GraphQLResolveInfo) -> bool | None:
        return bool(root.value) if root.attribute.input_type is InputType.BOOLEAN else None

    @staticmethod
    def resolve_translation(root: Value, _info: GraphQLResolveInfo, *, language_code: Any) -> Translation | None:
        language = language_of(language_code)
        name = name_in(root, language)
        if name is None:
            return None
        plain = name if root.attribute.input_type is InputType.PLAIN_TEXT else None
        return Translation(root.no, Texts(language=language, name=name, description=plain))


class SelectedAttribute(graphene.ObjectType):
    """An attribute of one thing with its values."""

    attribute = graphene.Field(Attribute, required=True)
    values = non_null_list(AttributeValue)


class AssignedAttribute(graphene.Interface):
    """An attribute of one thing; its value stands in the type for its kind."""

    attribute = graphene.Field(Attribute, required=True)

    @classmethod
    def resolve_type(cls, instance: Assigned, _info: GraphQLResolveInfo) -> Any:
        """The type for the kind of value."""
        return assigned_type(instance.attribute)


def the_value(root: Assigned, _info: GraphQLResolveInfo) -> Any:
    """What the one value of an attribute is."""
    return root.values[0].value


class _Assigned(graphene.ObjectType):
    """What all have."""

    attribute = graphene.Field(Attribute, required=True)


class AssignedBooleanAttribute(_Assigned):
    """Yes or no."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Boolean(resolver=the_value)


class AssignedNumericAttribute(_Assigned):
    """A number."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Float(resolver=the_value)


class AssignedFileAttribute(_Assigned):
    """A file; papers of goods are not public, so that no product has one."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Field(File, resolver=the_value)


class AssignedPlainTextAttribute(_Assigned):
    """A text."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.String(resolver=the_value)
    translation = graphene.String(language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_translation(root: Assigned, _info: GraphQLResolveInfo, *, language_code: Any) -> str | None:
        return name_in(root.values[0], language_of(language_code))


class AssignedChoiceAttributeValue(graphene.ObjectType):
    """One value out of a list."""

    name = graphene.String()
    slug = graphene.String()
    translation = graphene.String(language_code=LanguageCodeEnum(required=True))

    @staticmethod
    def resolve_translation(root: Value, _info: GraphQLResolveInfo, *, language_code: Any) -> str | None:
        return name_in(root, language_of(language_code))


class AssignedSingleChoiceAttribute(_Assigned):
    """One value out of a list."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Field(AssignedChoiceAttributeValue, resolver=lambda root, _info: root.values[0])


class AssignedMultiChoiceAttribute(_Assigned):
    """Several values out of a list."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = non_null_list(AssignedChoiceAttributeValue, limit=PositiveInt())

    @staticmethod
    def resolve_value(root: Assigned, _info: GraphQLResolveInfo, limit: int = ASSIGNED_USUAL) -> Sequence[Value]:
        return root.values[:limit]


class AssignedSingleCollectionReferenceAttribute(_Assigned):
    """A collection."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Field("marketplace.api.graphql.types.collections.Collection", resolver=the_value)


class AssignedSinglePageReferenceAttribute(_Assigned):
    """A page, such as a shop's."""

    class Meta:
        interfaces = (AssignedAttribute,)

    value = graphene.Field(
        "marketplace.api.graphql.types.pages.Page",
        resolver=lambda root, _info: page_of_vendor(root.values[0].value),
    )


ASSIGNED_TYPES = {
    InputType.BOOLEAN: AssignedBooleanAttribute,
    InputType.DROPDOWN: AssignedSingleChoiceAttribute,
    InputType.FILE: AssignedFileAttribute,
    InputType.MULTISELECT: AssignedMultiChoiceAttribute,
    InputType.NUMERIC: AssignedNumericAttribute,
    InputType.PLAIN_TEXT: AssignedPlainTextAttribute,
}
REFERENCE_TYPES = {
    "COLLECTION": AssignedSingleCollectionReferenceAttribute,
    "PAGE": AssignedSinglePageReferenceAttribute,
}
ALL_ASSIGNED_TYPES = (*ASSIGNED_TYPES.values(), *REFERENCE_TYPES.values())
"""The schema must be told of them: nothing but the interface names them."""


def assigned_type(attribute: AttributeFacts) -> Any:
    """Which type holds the value of an attribute."""
    if attribute.input_type is InputType.SINGLE_REFERENCE:
        return REFERENCE_TYPES[str(attribute.entity_type)]
    return ASSIGNED_TYPES[attribute.input_type]


class ObjectWithAttributes(graphene.Interface):
    """Something that attributes are assigned to."""

    assigned_attribute = graphene.Field(AssignedAttribute, slug=graphene.String(required=True))
    assigned_attributes = non_null_list(AssignedAttribute, limit=PositiveInt())


def name_in(value: Value, language: str) -> str | None:
    """What a value is called in a language; None where nobody translated it."""
    return value.name if language == SOURCE else value.other_names.get(language)


def named(assigned: Sequence[Assigned], slug: str) -> Assigned | None:
    """The one of this slug, if it is there."""
    return next((one for one in assigned if one.attribute.slug == slug), None)
