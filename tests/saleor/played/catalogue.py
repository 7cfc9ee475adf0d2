"""Products of a played Saleor as a test makes them, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.saleor.played.registry import Asking, guarded, query, worked_out
from tests.saleor.played.world import Thing, World


def make_product(
    world: World,
    name: str,
    price_vnd: int,
    *,
    variants: Mapping[str, int] | None = None,
    stock: int = 100,
    **fields: Any,
) -> Thing:
    """A published product. `variants`: names and prices, else one variant at the price."""
    product = new_product(world, name=name, productType=_a_product_type(world), **fields)
    for channel in world.kinds["Channel"][:1]:
        product["channelListings"].append(new_product_listing(world, channel))
    for variant_name, price in (variants or {"": price_vnd}).items():
        variant = new_variant(world, product, name=variant_name)
        for channel in world.kinds["Channel"][:1]:
            variant["channelListings"].append(new_price(world, channel, price))
        for warehouse in world.kinds["Warehouse"][:1]:
            variant["stocks"].append(new_stock(world, variant, warehouse, stock))
    return product


def new_product(world: World, *, name: str, productType: Thing, **fields: Any) -> Thing:
    """A product without variants, prices and channels."""
    given: Thing = {
        "slug": f"p-{world.number()}",
        "description": None,
        "category": None,
        "created": world.moment(),
        "updatedAt": world.moment(),
        "chargeTaxes": True,
        "weight": None,
        "externalReference": None,
        "attributes": [],
        "channelListings": [],
        "media": [],
        "variants": [],
        "collections": [],
        "seoTitle": None,
        "seoDescription": None,
        "rating": None,
    }
    return world.add("Product", name=name, productType=productType, **given | fields)


def new_variant(world: World, product: Thing, **fields: Any) -> Thing:
    """A variant of a product; without a name its own id is its name, as in Saleor."""
    given: Thing = {
        "sku": None,
        "trackInventory": True,
        "quantityLimitPerCustomer": None,
        "weight": None,
        "externalReference": None,
        "attributes": [],
        "channelListings": [],
        "stocks": [],
        "media": [],
        "created": world.moment(),
        "updatedAt": world.moment(),
        "preorder": None,
    }
    variant = world.add("ProductVariant", product=product, **{"name": ""} | given | fields)
    variant["name"] = variant["name"] or variant["id"]
    product["variants"].append(variant)
    return variant


def new_product_listing(world: World, channel: Thing, **fields: Any) -> Thing:
    """A product in a channel, published and for sale."""
    given: Thing = {
        "isPublished": True,
        "publishedAt": world.moment(),
        "visibleInListings": True,
        "isAvailableForPurchase": True,
        "availableForPurchaseAt": world.moment(),
    }
    return world.add("ProductChannelListing", channel=channel, **given | fields)


def new_price(world: World, channel: Thing, price_vnd: int | None) -> Thing:
    """What a variant costs in a channel."""
    return world.add(
        "ProductVariantChannelListing", channel=channel, price=price_vnd, priorPrice=None, costPrice=None, margin=None
    )


def new_stock(world: World, variant: Thing, warehouse: Thing, quantity: int) -> Thing:
    """How many of a variant are in a warehouse."""
    return world.add(
        "Stock",
        warehouse=warehouse,
        quantity=quantity,
        quantityAllocated=0,
        quantityReserved=0,
        productVariant=variant,
    )


def set_stock(world: World, variant: Thing, quantity: int) -> None:
    """Somebody counts a variant's first stock anew there."""
    variant["stocks"][0]["quantity"] = quantity
    world.tell("PRODUCT_VARIANT_STOCK_UPDATED", productVariant=variant, warehouse=variant["stocks"][0]["warehouse"])


def change_product(world: World, product: Thing, **fields: Any) -> None:
    """Staff changes a product there."""
    product.update(fields, updatedAt=world.moment())
    world.tell("PRODUCT_UPDATED", product=product, category=product["category"])


def change_variant(world: World, variant: Thing, **fields: Any) -> None:
    """Staff changes a variant there; `price_vnd` is its price in its first channel."""
    price = fields.pop("price_vnd", None)
    if price is not None:
        variant["channelListings"][0]["price"] = price
    variant.update(fields, updatedAt=world.moment())
    world.tell("PRODUCT_VARIANT_UPDATED", productVariant=variant)


def remove_product(world: World, product: Thing) -> None:
    """Staff deletes a product there."""
    for variant in product["variants"]:
        world.remove(variant)
        world.tell("PRODUCT_VARIANT_DELETED", productVariant=variant)
    world.remove(product)
    world.tell("PRODUCT_DELETED", product=product, category=product["category"])


def _a_product_type(world: World) -> Thing:
    return world.first("ProductType", slug="hang") or world.add(
        "ProductType",
        name="Hàng",
        slug="hang",
        hasVariants=True,
        isShippingRequired=True,
        isDigital=False,
        kind="NORMAL",
        productAttributes=[],
        variantAttributes=[],
    )


@query("product")
def _product(
    asking: Asking,
    id: str | None = None,
    slug: str | None = None,
    externalReference: str | None = None,
    **_other: Any,
) -> Thing | None:
    if id is not None:
        return asking.world.find(id, "Product")
    if slug is not None:
        return asking.world.first("Product", slug=slug)
    return asking.world.first("Product", externalReference=externalReference)


@query("productVariant")
def _product_variant(
    asking: Asking, id: str | None = None, sku: str | None = None, externalReference: str | None = None, **_other: Any
) -> Thing | None:
    if id is not None:
        return asking.world.find(id, "ProductVariant")
    if sku is not None:
        return asking.world.first("ProductVariant", sku=sku)
    return asking.world.first("ProductVariant", externalReference=externalReference)


@worked_out("Product", "productVariants")
def _product_variants(_asking: Asking, product: Thing, **_paging: Any) -> list[Thing]:
    return list(product["variants"])


@worked_out("Product", "defaultVariant")
def _default_variant(_asking: Asking, product: Thing) -> Thing | None:
    return product["variants"][0] if product["variants"] else None


@worked_out("ProductVariant", "quantityAvailable")
def _quantity_available(_asking: Asking, variant: Thing, **_where: Any) -> int:
    return max(sum(one["quantity"] - one["quantityAllocated"] for one in variant["stocks"]), 0)


guarded("ProductVariant", "stocks", needs=("MANAGE_PRODUCTS", "MANAGE_ORDERS"))
guarded("ProductVariant", "channelListings", needs=("MANAGE_PRODUCTS", "MANAGE_ORDERS"))
guarded("Stock", "quantity", "quantityAllocated", needs=("MANAGE_PRODUCTS", "MANAGE_ORDERS"))
