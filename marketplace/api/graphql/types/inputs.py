"""Saleor's inputs that ask for a value, one of several, or a range."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.scalars import Decimal


def non_null_items(of: object) -> graphene.List:
    """An input of type `[Of!]`."""
    return graphene.List(graphene.NonNull(of))


class MetadataFilter(graphene.InputObjectType):
    """What is kept under a key; without a value, that anything is."""

    key = graphene.String(required=True)
    value = graphene.String()


class PriceRangeInput(graphene.InputObjectType):
    """Amounts in đồng, both ends included."""

    gte = graphene.Float()
    lte = graphene.Float()


class IntRangeInput(graphene.InputObjectType):
    """Whole numbers, both ends included."""

    gte = graphene.Int()
    lte = graphene.Int()


class DateRangeInput(graphene.InputObjectType):
    """Days, both ends included."""

    gte = graphene.Date()
    lte = graphene.Date()


class DateTimeRangeInput(graphene.InputObjectType):
    """Moments, both ends included."""

    gte = graphene.DateTime()
    lte = graphene.DateTime()


class DecimalRangeInput(graphene.InputObjectType):
    """Numbers, both ends included."""

    gte = Decimal()
    lte = Decimal()


class StringFilterInput(graphene.InputObjectType):
    """A text, or one of several."""

    eq = graphene.String()
    one_of = non_null_items(graphene.String)


class GlobalIDFilterInput(graphene.InputObjectType):
    """An id, or one of several."""

    eq = graphene.ID()
    one_of = non_null_items(graphene.ID)


class DecimalFilterInput(graphene.InputObjectType):
    """A number, one of several, or a range."""

    eq = Decimal()
    one_of = non_null_items(Decimal)
    range = DecimalRangeInput()


class DateTimeFilterInput(graphene.InputObjectType):
    """A moment, one of several, or a range."""

    eq = graphene.DateTime()
    one_of = non_null_items(graphene.DateTime)
    range = DateTimeRangeInput()


class ContainsFilterInput(graphene.InputObjectType):
    """Any of these, or all of them."""

    contains_any = non_null_items(graphene.String)
    contains_all = non_null_items(graphene.String)


class AssignedAttributeReferenceInput(graphene.InputObjectType):
    """What an attribute refers to."""

    referenced_ids = ContainsFilterInput(name="referencedIds")
    page_slugs = ContainsFilterInput()
    product_slugs = ContainsFilterInput()
    product_variant_skus = ContainsFilterInput()
    category_slugs = ContainsFilterInput()
    collection_slugs = ContainsFilterInput()


class AssignedAttributeValueInput(graphene.InputObjectType):
    """The value of an attribute, by its kind."""

    slug = StringFilterInput()
    name = StringFilterInput()
    numeric = DecimalFilterInput()
    date = DateRangeInput()
    date_time = DateTimeRangeInput()
    boolean = graphene.Boolean()
    reference = AssignedAttributeReferenceInput()


class AttributeInput(graphene.InputObjectType):
    """An attribute, and what its value must be."""

    slug = graphene.String()
    value = AssignedAttributeValueInput()
    values = non_null_items(graphene.String)
    values_range = IntRangeInput()
    date_time = DateTimeRangeInput()
    date = DateRangeInput()
    boolean = graphene.Boolean()


class ProductStockFilterInput(graphene.InputObjectType):
    """How many a new buyer can get, at some places or anywhere."""

    warehouse_ids = non_null_items(graphene.ID)
    quantity = IntRangeInput()
