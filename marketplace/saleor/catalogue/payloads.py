"""Our facts as Saleor's inputs take them."""

from __future__ import annotations

from typing import Any

from marketplace.saleor.catalogue.attributes import ATTRIBUTES, VENDOR, value_input
from marketplace.saleor.catalogue.documents import document_of
from marketplace.saleor.catalogue.facts import ProductFacts, VariantFacts
from marketplace.saleor.catalogue.references import reference
from marketplace.saleor.catalogue.shape import Shape


def new_product(shape: Shape, facts: ProductFacts, *, page_id: str, free: dict[int, int]) -> dict[str, Any]:
    """A ProductBulkCreateInput with its variants, prices and stock; `free` is what can still be given, by variant."""
    return {
        **product_fields(shape, facts, page_id=page_id),
        "slug": facts.slug,
        "productType": shape.product_types[facts.type_slug],
        "externalReference": reference(shape.market, "product", facts.our_id),
        "channelListings": [{**listing(shape, is_shown=facts.is_shown), "visibleInListings": True}],
        "variants": [new_variant(shape, one, free=free.get(one.our_id, 0)) for one in facts.variants],
    }


def product_fields(shape: Shape, facts: ProductFacts, *, page_id: str) -> dict[str, Any]:
    """The fields of a ProductInput that are ours."""
    values = {**facts.values, VENDOR.slug: page_id}
    return {
        "name": facts.name,
        "description": document_of(facts.text),
        "category": shape.categories[facts.set_no],
        "attributes": [
            value_input(ATTRIBUTES[slug], shape.attributes[slug], value) for slug, value in values.items()
        ],
    }


def listing(shape: Shape, *, is_shown: bool) -> dict[str, Any]:
    """Whether a product is seen and bought in our channel; whether lists show it is Saleor's own to say."""
    return {"channelId": shape.channel, "isPublished": is_shown, "isAvailableForPurchase": is_shown}


def new_variant(shape: Shape, facts: VariantFacts, *, free: int) -> dict[str, Any]:
    """A ProductVariantBulkCreateInput. Prices are whole đồng, which Saleor takes as a decimal."""
    return {
        "name": facts.name,
        "sku": facts.sku,
        "externalReference": reference(shape.market, "variant", facts.our_id),
        "trackInventory": True,
        "attributes": [],
        "channelListings": [{"channelId": shape.channel, "price": facts.price_vnd}],
        "stocks": [{"warehouse": shape.warehouse, "quantity": free}],
    }
