"""Making and changing products over GraphQL, many at once too."""

from __future__ import annotations

from typing import Any

from tests.saleor.played import catalogue, metadata
from tests.saleor.played.attributes import assign, given_values
from tests.saleor.played.kinds import check_slug, found
from tests.saleor.played.registry import Asking, Refusal, mutation
from tests.saleor.played.rows import RowRefused, in_bulk, once
from tests.saleor.played.variants import check_variant, new_variant
from tests.saleor.played.world import Thing, World

NAME_CHARACTERS_MAX = 250
LISTING_FIELDS = (
    "isPublished",
    "publishedAt",
    "visibleInListings",
    "isAvailableForPurchase",
    "availableForPurchaseAt",
)


@mutation("productBulkCreate", "MANAGE_PRODUCTS")
def _product_bulk_create(asking: Asking, products: list[Thing], errorPolicy: str | None = None) -> dict[str, Any]:
    world = asking.world
    seen: set[tuple[str, str]] = set()

    def check(row: Thing) -> Thing:
        product_type = found(world, row["productType"], "ProductType", "productType")
        _check_product(world, row)
        for field in ("slug", "externalReference"):
            once(seen, field, row.get(field))
        values = given_values(world, product_type["productAttributes"], row.get("attributes") or (), is_new=True)
        listed = [
            found(world, one["channelId"], "Channel", "channelListings") for one in row.get("channelListings") or ()
        ]
        for place, variant in enumerate(row.get("variants") or ()):
            check_variant(world, variant, listed, f"variants.{place}.", seen)
        return {"row": row, "type": product_type, "values": values}

    def keep(checked: Thing) -> Thing:
        row = checked["row"]
        product = catalogue.new_product(world, name=row.get("name") or "", productType=checked["type"])
        _set_fields(world, product, row)
        assign(product, checked["values"])
        for one in row.get("channelListings") or ():
            product["channelListings"].append(_listing(world, one))
        for variant in row.get("variants") or ():
            new_variant(world, product, variant)
        world.tell("PRODUCT_CREATED", product=product, category=product["category"])
        return product

    return in_bulk(products, check, keep, errorPolicy, "product")


@mutation("productUpdate", "MANAGE_PRODUCTS")
def _product_update(
    asking: Asking, input: Thing, id: str | None = None, externalReference: str | None = None
) -> dict[str, Any]:
    world = asking.world
    product = (
        found(world, id, "Product")
        if id
        else world.first("Product", externalReference=externalReference) or found(world, None, "Product")
    )
    try:
        _check_product(world, input, own=product)
    except RowRefused as refused:
        path = refused.error.pop("path")
        raise Refusal(**refused.error | {"field": path}) from refused
    values = given_values(
        world, product["productType"]["productAttributes"], input.get("attributes") or (), is_new=False
    )
    _set_fields(world, product, input)
    assign(product, values)
    product["updatedAt"] = world.moment()
    world.tell("PRODUCT_UPDATED", product=product, category=product["category"])
    return {"product": product}


@mutation("productDelete", "MANAGE_PRODUCTS")
def _product_delete(asking: Asking, id: str | None = None, **_other: Any) -> dict[str, Any]:
    product = found(asking.world, id, "Product")
    catalogue.remove_product(asking.world, product)
    return {"product": product}


@mutation("productChannelListingUpdate", "MANAGE_PRODUCTS")
def _product_channel_listing_update(asking: Asking, id: str, input: Thing) -> dict[str, Any]:
    world = asking.world
    product = found(world, id, "Product")
    for one in input.get("updateChannels") or ():
        channel = found(world, one["channelId"], "Channel", "updateChannels")
        listing = next((each for each in product["channelListings"] if each["channel"] is channel), None)
        if one.get("isPublished") and product["category"] is None:
            raise Refusal(
                "isPublished", "PRODUCT_WITHOUT_CATEGORY", "You must select a category to be able to publish."
            )
        if listing is None:
            product["channelListings"].append(_listing(world, one))
        else:
            wanted = {name: one[name] for name in LISTING_FIELDS if name in one}
            listing.update(wanted)
        for variant_id in one.get("removeVariants") or ():
            variant = found(world, variant_id, "ProductVariant", "removeVariants")
            variant["channelListings"] = [
                each for each in variant["channelListings"] if each["channel"] is not channel
            ]
        for variant_id in one.get("addVariants") or ():
            variant = found(world, variant_id, "ProductVariant", "addVariants")
            if not any(each["channel"] is channel for each in variant["channelListings"]):
                variant["channelListings"].append(catalogue.new_price(world, channel, None))
    gone = {found(world, one, "Channel", "removeChannels")["id"] for one in input.get("removeChannels") or ()}
    product["channelListings"] = [each for each in product["channelListings"] if each["channel"]["id"] not in gone]
    world.tell("PRODUCT_UPDATED", product=product, category=product["category"])
    return {"product": product}


def _check_product(world: World, row: Thing, *, own: Thing | None = None) -> None:
    check_slug(world, "Product", row, own=own)
    if (own is None or "name" in row) and not (row.get("name") or "").strip():
        raise RowRefused("name", "REQUIRED", "This field cannot be blank.")
    if len(row.get("name") or "") > NAME_CHARACTERS_MAX:
        raise RowRefused("name", "MAX_LENGTH", "Ensure this value has at most 250 characters.")
    if row.get("category"):
        found(world, row["category"], "Category", "category")


def _set_fields(world: World, product: Thing, row: Thing) -> None:
    plain = ("name", "slug", "description", "externalReference", "rating", "weight", "chargeTaxes")
    product.update({name: row[name] for name in plain if row.get(name) is not None})
    if "category" in row:
        product["category"] = found(world, row["category"], "Category") if row["category"] else None
    metadata.put(product, row.get("metadata"))
    metadata.put(product, row.get("privateMetadata"), is_private=True)


def _listing(world: World, given: Thing) -> Thing:
    """A product in a channel; unless it says otherwise, not published and not for sale."""
    stated = {
        "isPublished": False,
        "publishedAt": None,
        "isAvailableForPurchase": False,
        "availableForPurchaseAt": None,
    }
    fields = stated | {name: given[name] for name in LISTING_FIELDS if given.get(name) is not None}
    return catalogue.new_product_listing(world, found(world, given["channelId"], "Channel"), **fields)
