"""Many products of a shop in one request, each row answered for itself: Saleor's `productBulkCreate`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from catalog.services.bulk import ErrorPolicy, RowDone, RowWanted, create_many
from marketplace.api.graphql.context import client_id_of, context
from marketplace.api.graphql.mutations.hands import MANAGE_PRODUCTS, require_shop_worker, shop_of_input
from marketplace.api.graphql.mutations.product_inputs import (
    BulkAttributeValueInput,
    Given,
    ProductCreateInput,
    ProductVariantChannelListingAddInput,
    StockInput,
    online_channel_of,
    price_of_listings,
    product_facts,
    stocks_wanted,
)
from marketplace.api.graphql.mutations.refusals import code_among, field_name, told_as
from marketplace.api.graphql.mutations.variants import required_variant_facts
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import ErrorPolicyEnum, ProductBulkCreateErrorCode
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.products import Product
from marketplace.core.errors import InvalidInput, MarketError


class ProductBulkCreateError(graphene.ObjectType):
    """Why a part of a row was refused; `path` leads to it within the row."""

    path = graphene.String()
    message = graphene.String()
    code = graphene.Field(ProductBulkCreateErrorCode, required=True)


class ProductBulkResult(graphene.ObjectType):
    """What became of one row."""

    product = graphene.Field(Product)
    errors = graphene.List(graphene.NonNull(ProductBulkCreateError))


class ProductChannelListingCreateInput(graphene.InputObjectType):
    """Whether the product is sent to review at once."""

    channel_id = graphene.ID(required=True)
    is_published = graphene.Boolean()


class ProductVariantBulkCreateInput(graphene.InputObjectType):
    """A kind with its unit among the attributes, its price among the listings, and how many lie where."""

    attributes = graphene.List(graphene.NonNull(BulkAttributeValueInput), required=True)
    channel_listings = non_null_items(ProductVariantChannelListingAddInput)
    name = graphene.String()
    sku = graphene.String()
    stocks = non_null_items(StockInput)


class ProductBulkCreateInput(ProductCreateInput):
    """A product with its kinds."""

    channel_listings = non_null_items(ProductChannelListingCreateInput)
    variants = non_null_items(ProductVariantBulkCreateInput)


class ProductBulkCreate(graphene.Mutation):
    """Begin up to 100 products with their kinds. Without a policy one refusal leaves nothing of any."""

    class Arguments:
        products = graphene.List(graphene.NonNull(ProductBulkCreateInput), required=True)
        error_policy = ErrorPolicyEnum()

    count = graphene.Int(required=True)
    results = non_null_list(ProductBulkResult)
    errors = non_null_list(ProductBulkCreateError)

    @staticmethod
    @told_as(ProductBulkCreateErrorCode, blank={"count": 0, "results": []})
    def mutate(
        _root: None, info: GraphQLResolveInfo, products: Sequence[Given], error_policy: Any = None
    ) -> dict[str, Any]:
        require_shop_worker(info, MANAGE_PRODUCTS)
        policy = ErrorPolicy.REJECT_EVERYTHING if error_policy is None else ErrorPolicy(error_policy.value)
        rows = [_row(given, info) for given in products]
        done = create_many(rows=rows, policy=policy, now=context(info).now, client_id=client_id_of(info))
        results = [{"product": one.product, "errors": _errors(one)} for one in done]
        return {"count": sum(one.product is not None for one in done), "results": results}


def _row(given: Given, info: GraphQLResolveInfo) -> RowWanted:
    """A row as the catalogue takes it, with the refusals of what cannot even be read."""
    found = _read(lambda: shop_of_input(given.get("vendor"), info))
    shop = found if isinstance(found, MarketError) else found[1]
    actor = context(info).actor if isinstance(found, MarketError) else found[0].actor
    shown = _read(lambda: _is_shown(given))
    facts = shown if isinstance(shown, MarketError) else _read(lambda: _facts(given))
    variants = [_read(lambda one=one: _variant(one)) for one in given.get("variants") or ()]  # type: ignore[misc]  # bound at once
    return RowWanted(vendor=shop, actor=actor, facts=facts, variants=variants, is_shown=shown is True)


def _read(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except MarketError as refusal:
        return refusal


def _facts(given: Given) -> dict[str, Any]:
    return product_facts(given, has_type=True) | {"slug": given.get("slug") or None}


def _is_shown(given: Given) -> bool:
    listings: Sequence[Given] = given.get("channel_listings") or ()
    for number, one in enumerate(listings):
        with _inside(f"channelListings.{number}"):
            online_channel_of(one["channel_id"])
    return any(one.get("is_published") for one in listings)


def _variant(given: Given) -> dict[str, Any]:
    return {
        **required_variant_facts(given),
        "price_vnd": _price(given.get("channel_listings") or ()),
        "stocks": [_stock(one, number) for number, one in enumerate(given.get("stocks") or ())],
    }


def _price(listings: Sequence[Given]) -> int:
    """The one price of the listings; a refusal leads to the first that is at fault or costs other than the first."""
    if not listings:
        raise InvalidInput(_("Bạn ghi giá bán."), field="channel_listings", code="REQUIRED")
    for number, one in enumerate(listings):
        with _inside(f"channelListings.{number}"):
            price_of_listings([listings[0], one])
    return price_of_listings(listings[:1])


def _stock(given: Given, number: int) -> tuple[int, int]:
    with _inside(f"stocks.{number}"):
        return stocks_wanted([given])[0]


@contextmanager
def _inside(path: str) -> Iterator[None]:
    """What is refused inside is told with the path of its part of the input."""
    try:
        yield
    except MarketError as refusal:
        refusal.field = ".".join(filter(None, (path, field_name(refusal))))
        raise


def _errors(done: RowDone) -> list[dict[str, Any]]:
    known = frozenset(ProductBulkCreateErrorCode._meta.enum.__members__)
    return [
        {
            "path": _path(part, refusal),
            "message": str(refusal),
            "code": code_among(refusal, known),
        }
        for part, refusal in done.refusals
    ]


def _path(part: str, refusal: MarketError) -> str | None:
    """Where in a row a refusal's cause stands: of a variant, its price among the listings and its stock in a list."""
    field, place = field_name(refusal), getattr(refusal, "index", None)
    if part.startswith("variants.") and place is not None:
        field = f"stocks.{place}.{field}"
    elif part.startswith("variants.") and field == "price":
        field = "channelListings.0.price"
    return ".".join(filter(None, (part, field))) or None


class BulkProductMutations(graphene.ObjectType):
    """What a shop may do with many products at once."""

    product_bulk_create = ProductBulkCreate.Field()
