"""Photos of a shop's products, brought as files of a multipart request."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from catalog.services import add_photo
from marketplace.api.graphql.mutations.hands import own_product
from marketplace.api.graphql.mutations.product_inputs import Given
from marketplace.api.graphql.mutations.refusals import told_as
from marketplace.api.graphql.mutations.seller_errors import ProductError
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import ProductErrorCode
from marketplace.api.graphql.types.media import ProductMedia
from marketplace.api.graphql.types.products import Product
from marketplace.api.graphql.types.scalars import Upload
from marketplace.core.errors import InvalidInput


class ProductMediaCreateInput(graphene.InputObjectType):
    """A photo as JPEG, PNG or WebP, and what it shows."""

    alt = graphene.String()
    image = Upload()
    product = graphene.ID(required=True)


class ProductMediaCreate(graphene.Mutation):
    """Add a photo to a product. It is encoded anew, without metadata; what is on sale goes back to review."""

    class Arguments:
        input = ProductMediaCreateInput(required=True)

    product = graphene.Field(Product)
    media = graphene.Field(ProductMedia)
    errors = non_null_list(ProductError)

    @staticmethod
    @told_as(ProductErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given) -> dict[str, Any]:
        hand, product = own_product(input["product"], info, field="product")
        if input.get("image") is None:
            raise InvalidInput(_("Bạn gửi kèm tệp ảnh ở mục image."), field="image", code="REQUIRED")
        image = input["image"]
        image.seek(0)  # one file may stand in several variables, and each reads all of it
        content = image.read()
        added = add_photo(
            actor=hand.actor,
            product=product,
            content=content,
            alt=input.get("alt") or "",
            client_id=hand.client_id,
            now=hand.now,
        )
        return {"product": added.product, "media": added}


class MediaMutations(graphene.ObjectType):
    """What a shop may do with its photos."""

    product_media_create = ProductMediaCreate.Field()
