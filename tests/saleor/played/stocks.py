"""Stock, prices and pictures of products over GraphQL."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.saleor.played import catalogue
from tests.saleor.played.kinds import found
from tests.saleor.played.registry import Asking, Refusal, mutation, worked_out
from tests.saleor.played.rows import RowRefused, in_bulk
from tests.saleor.played.world import Thing, World


def _stock_of(world: World, variant: Thing, warehouse: Thing) -> Thing | None:
    return next((one for one in variant["stocks"] if one["warehouse"] is warehouse), None)


@mutation("stockBulkUpdate", "MANAGE_PRODUCTS")
def _stock_bulk_update(asking: Asking, stocks: list[Thing], errorPolicy: str | None = None) -> dict[str, Any]:
    world = asking.world

    def check(row: Thing) -> tuple[Thing, int]:
        variant = world.find(row.get("variantId"), "ProductVariant")
        warehouse = world.find(row.get("warehouseId"), "Warehouse")
        if row["quantity"] < 0:
            raise RowRefused("quantity", "INVALID", "Stock quantity cannot be negative.")
        stock = _stock_of(world, variant, warehouse) if variant and warehouse else None
        if stock is None:
            raise RowRefused("", "NOT_FOUND", "Stock was not found.")
        return stock, row["quantity"]

    def keep(checked: tuple[Thing, int]) -> Thing:
        stock, quantity = checked
        stock["quantity"] = quantity
        world.tell(
            "PRODUCT_VARIANT_STOCK_UPDATED", productVariant=stock["productVariant"], warehouse=stock["warehouse"]
        )
        return stock

    return in_bulk(stocks, check, keep, errorPolicy, "stock")


@mutation("productVariantStocksUpdate", "MANAGE_PRODUCTS")
def _stocks_update(
    asking: Asking, stocks: list[Thing], variantId: str | None = None, sku: str | None = None
) -> dict[str, Any]:
    world = asking.world
    variant = (
        world.first("ProductVariant", sku=sku) if sku else found(world, variantId, "ProductVariant", "variantId")
    )
    if variant is None:
        raise Refusal("sku", "NOT_FOUND", f"Couldn't resolve to a node: {sku}")
    for place, one in enumerate(stocks):
        if one["quantity"] < 0:
            raise Refusal("quantity", "INVALID", "Ensure this value is not negative.", index=place)
        warehouse = found(world, one["warehouse"], "Warehouse", "warehouse")
        stock = _stock_of(world, variant, warehouse)
        if stock is None:
            variant["stocks"].append(catalogue.new_stock(world, variant, warehouse, one["quantity"]))
        else:
            stock["quantity"] = one["quantity"]
    world.tell("PRODUCT_VARIANT_STOCK_UPDATED", productVariant=variant, warehouse=variant["stocks"][0]["warehouse"])
    return {"productVariant": variant}


@mutation("productVariantChannelListingUpdate", "MANAGE_PRODUCTS")
def _variant_prices(asking: Asking, input: list[Thing], id: str | None = None, **_other: Any) -> dict[str, Any]:
    world = asking.world
    variant = found(world, id, "ProductVariant")
    listed = [one["channel"] for one in variant["product"]["channelListings"]]
    for one in input:
        channel = found(world, one["channelId"], "Channel", "channelId")
        if channel not in listed:
            raise Refusal("input", "PRODUCT_NOT_ASSIGNED_TO_CHANNEL", "Product not available in channels.")
        if not isinstance(one["price"], int):
            raise Refusal("price", "INVALID", "Value cannot have more than 0 decimal places.")
        price = next((each for each in variant["channelListings"] if each["channel"] is channel), None)
        if price is None:
            variant["channelListings"].append(catalogue.new_price(world, channel, one["price"]))
        else:
            price["price"] = one["price"]
    world.tell("PRODUCT_VARIANT_UPDATED", productVariant=variant)
    return {"variant": variant}


@mutation("productMediaCreate", "MANAGE_PRODUCTS")
def _media_create(asking: Asking, input: Thing) -> dict[str, Any]:
    world = asking.world
    product = found(world, input["product"], "Product", "product")
    url = input.get("mediaUrl")
    if bool(url) == bool(input.get("image")):
        raise Refusal("input", "REQUIRED", "Image or external URL is required.")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise Refusal("mediaUrl", "INVALID", "Enter a valid URL.")
    media = world.add(
        "ProductMedia",
        alt=input.get("alt") or "",
        type="IMAGE",
        sortOrder=len(product["media"]),
        oembedData="{}",
        address=url or "",
        productId=product["id"],
    )
    product["media"].append(media)
    world.tell("PRODUCT_MEDIA_CREATED", productMedia=media)
    return {"product": product, "media": media}


@mutation("productMediaDelete", "MANAGE_PRODUCTS")
def _media_delete(asking: Asking, id: str) -> dict[str, Any]:
    world = asking.world
    media = found(world, id, "ProductMedia")
    product = found(world, media["productId"], "Product")
    product["media"] = [one for one in product["media"] if one is not media]
    world.remove(media)
    world.tell("PRODUCT_MEDIA_DELETED", productMedia=media)
    return {"product": product, "media": media}


@worked_out("ProductMedia", "url")
def _url(asking: Asking, media: Thing, size: int | None = None, **_format: Any) -> str:
    return f"{asking.world.url}/thumbnail/{media['id']}/{size or 4096}/"
