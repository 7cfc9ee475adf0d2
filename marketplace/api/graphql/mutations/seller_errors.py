"""Saleor's errors of the mutations of shops and staff."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types import enums


class ProductError(graphene.ObjectType):
    """Why nothing of a product was changed."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.ProductErrorCode, required=True)
    attributes = graphene.List(graphene.NonNull(graphene.ID))


class ProductChannelListingError(graphene.ObjectType):
    """Why a product is shown as before, or costs what it did."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.ProductErrorCode, required=True)


class BulkStockError(graphene.ObjectType):
    """Why no stock was changed, and by which row of the input."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.ProductErrorCode, required=True)
    index = graphene.Int()


class OrderError(graphene.ObjectType):
    """Why nothing of an order was changed."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.OrderErrorCode, required=True)


class OrderGrantRefundCreateError(graphene.ObjectType):
    """Why no refund was promised."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.OrderGrantRefundCreateErrorCode, required=True)


class VendorError(graphene.ObjectType):
    """Why nothing of a shop was changed."""

    field = graphene.String(description="What is at fault.")
    message = graphene.String(description="For people.")
    code = graphene.Field(enums.VendorErrorCode, required=True, description="For programs.")


class OcopCertificateError(graphene.ObjectType):
    """Why nothing of a certificate was changed."""

    field = graphene.String(description="What is at fault.")
    message = graphene.String(description="For people.")
    code = graphene.Field(enums.OcopCertificateErrorCode, required=True, description="For programs.")


class ReviewItemError(graphene.ObjectType):
    """Why money stands as it stood."""

    field = graphene.String(description="What is at fault.")
    message = graphene.String(description="For people.")
    code = graphene.Field(enums.ReviewItemErrorCode, required=True, description="For programs.")
