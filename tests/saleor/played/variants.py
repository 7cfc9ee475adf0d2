"""Variants of products over GraphQL: made and changed many at once, each with its prices and stock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.saleor.played import catalogue
from tests.saleor.played.kinds import found
from tests.saleor.played.registry import Asking, mutation
from tests.saleor.played.rows import RowRefused, in_bulk
from tests.saleor.played.world import Thing, World

PRICE_MAX = 999_999_999  # 12 digits, of which 3 are decimal places
PLAIN_FIELDS = ("name", "sku", "externalReference", "trackInventory", "quantityLimitPerCustomer")


@mutation("productVariantBulkCreate", "MANAGE_PRODUCTS")
def _variant_bulk_create(
    asking: Asking, product: str, variants: list[Thing], errorPolicy: str | None = None
) -> dict[str, Any]:
    world = asking.world
    of = found(world, product, "Product", "productId")
    listed = [one["channel"] for one in of["channelListings"]]
    seen: set[tuple[str, str]] = set()

    def check(row: Thing) -> Thing:
        check_variant(world, row, listed, "", seen)
        return row

    def keep(row: Thing) -> Thing:
        variant = new_variant(world, of, row)
        world.tell("PRODUCT_VARIANT_CREATED", productVariant=variant)
        return variant

    done = in_bulk(variants, check, keep, errorPolicy, "productVariant")
    made = [one["productVariant"] for one in done["results"] if one["productVariant"]]
    return {**done, "productVariants": made}


@mutation("productVariantBulkUpdate", "MANAGE_PRODUCTS")
def _variant_bulk_update(
    asking: Asking, product: str, variants: list[Thing], errorPolicy: str | None = None
) -> dict[str, Any]:
    world = asking.world
    of = found(world, product, "Product", "product")
    listed = [one["channel"] for one in of["channelListings"]]

    def check(row: Thing) -> Thing:
        variant = world.find(row["id"], "ProductVariant")
        if variant is None or variant["product"] is not of:
            raise RowRefused("id", "INVALID", "Variant doesn't exist.")
        _check_names(world, row, "", own=variant)
        prices = row.get("channelListings") or {}
        for one in prices.get("create") or ():
            _check_price(world, one, listed, "channelListings.create.")
        for one in prices.get("update") or ():
            if all(one["channelListing"] != each["id"] for each in variant["channelListings"]):
                raise RowRefused("channelListings.update", "NOT_FOUND", "Listing does not exist.")
            if one.get("price") is not None:
                _check_amount(one["price"], "channelListings.update.0.price")
        return row

    def keep(row: Thing) -> Thing:
        variant = found(world, row["id"], "ProductVariant")
        variant.update({name: row[name] for name in PLAIN_FIELDS if name in row})
        prices, stocks = row.get("channelListings") or {}, row.get("stocks") or {}
        for one in prices.get("create") or ():
            channel = found(world, one["channelId"], "Channel")
            variant["channelListings"].append(catalogue.new_price(world, channel, one["price"]))
        for one in prices.get("update") or ():
            found(world, one["channelListing"], "ProductVariantChannelListing").update(price=one.get("price"))
        for one in stocks.get("create") or ():
            warehouse = found(world, one["warehouse"], "Warehouse")
            variant["stocks"].append(catalogue.new_stock(world, variant, warehouse, one["quantity"]))
        for one in stocks.get("update") or ():
            found(world, one["stock"], "Stock")["quantity"] = one["quantity"]
        variant["updatedAt"] = world.moment()
        world.tell("PRODUCT_VARIANT_UPDATED", productVariant=variant)
        return variant

    return in_bulk(variants, check, keep, errorPolicy, "productVariant")


def check_variant(world: World, row: Thing, listed: Sequence[Thing], path: str, seen: set[tuple[str, str]]) -> None:
    """Raise `RowRefused` for what a new variant may not have; `listed` are its product's channels."""
    _check_names(world, row, path)
    for field in ("sku", "externalReference"):
        if row.get(field) and (field, row[field]) in seen:
            raise RowRefused(f"{path}{field}", "UNIQUE", f"Duplicated {field}.")
        seen.add((field, row.get(field) or ""))
    for place, one in enumerate(row.get("channelListings") or ()):
        _check_price(world, one, listed, f"{path}channelListings.{place}.")
    for place, one in enumerate(row.get("stocks") or ()):
        if world.find(one["warehouse"], "Warehouse") is None:
            raise RowRefused(f"{path}stocks.{place}.warehouse", "NOT_FOUND", "Not existing warehouse ID.")
        if one["quantity"] < 0:
            raise RowRefused(f"{path}stocks.{place}.quantity", "INVALID", "Ensure this value is not negative.")


def _check_names(world: World, row: Thing, path: str, *, own: Thing | None = None) -> None:
    for field in ("sku", "externalReference"):
        taken = world.first("ProductVariant", **{field: row[field]}) if row.get(field) else None
        if taken is not None and taken is not own:
            raise RowRefused(f"{path}{field}", "UNIQUE", f"Product variant with this {field} already exists.")


def _check_price(world: World, one: Thing, listed: Sequence[Thing], path: str) -> None:
    channel = world.find(one["channelId"], "Channel")
    if channel is None:
        raise RowRefused(f"{path}channelId", "NOT_FOUND", "Not existing channel ID.")
    if channel not in listed:
        message = "Product not available in channels."
        raise RowRefused(f"{path}channelId", "PRODUCT_NOT_ASSIGNED_TO_CHANNEL", message, channels=[channel["id"]])
    _check_amount(one["price"], f"{path}price")


def _check_amount(price: Any, path: str) -> None:
    if not isinstance(price, int):
        raise RowRefused(path, "INVALID_PRICE", "Value cannot have more than 0 decimal places.")
    if price > PRICE_MAX:
        raise RowRefused(path, "INVALID_PRICE", "Ensure that there are no more than 12 digits in total.")


def new_variant(world: World, product: Thing, row: Thing) -> Thing:
    """Make a variant of a checked row."""
    given = {name: row[name] for name in PLAIN_FIELDS if row.get(name) is not None}
    variant = catalogue.new_variant(world, product, **given)
    for one in row.get("channelListings") or ():
        channel = found(world, one["channelId"], "Channel")
        variant["channelListings"].append(catalogue.new_price(world, channel, one["price"]))
    for one in row.get("stocks") or ():
        warehouse = found(world, one["warehouse"], "Warehouse")
        variant["stocks"].append(catalogue.new_stock(world, variant, warehouse, one["quantity"]))
    return variant
