"""What a product says at a Saleor, beside what it should say: only what differs is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marketplace.saleor.catalogue.attributes import ATTRIBUTES, PRODUCT_ATTRIBUTES, VENDOR, plain, told_value
from marketplace.saleor.catalogue.documents import text_of
from marketplace.saleor.catalogue.facts import ProductFacts, VariantFacts
from marketplace.saleor.catalogue.payloads import listing, new_variant, product_fields
from marketplace.saleor.catalogue.references import our_id_of
from marketplace.saleor.catalogue.shape import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What has to be sent so that a product there says what is said here; empty parts are not sent."""

    fields: dict[str, Any] = field(default_factory=dict)
    listing: dict[str, Any] = field(default_factory=dict)
    changed_variants: list[dict[str, Any]] = field(default_factory=list)
    new_variants: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.fields or self.listing or self.changed_variants or self.new_variants)


def differences(
    shape: Shape, facts: ProductFacts, told: dict[str, Any], *, page_id: str, may_show: bool, free: dict[int, int]
) -> Differences:
    """What differs between our facts and what Saleor told of the product (`CatalogueProduct`).

    `may_show`: whether a product that is hidden there may be shown again; Saleor's staff may have hidden it.
    """
    variants = {
        our_id_of(shape.market, "variant", edge["node"]["externalReference"]): edge["node"]
        for edge in told["productVariants"]["edges"]
    }
    wanted = {str(one.our_id): one for one in facts.variants}
    gone = [
        node["id"] for our_id, node in variants.items() if our_id not in wanted and _listing_in(node, shape.channel)
    ]
    return Differences(
        fields=_fields(shape, facts, told, page_id=page_id),
        listing=_listing(shape, facts, told, gone=gone, may_show=may_show),
        changed_variants=[
            changed
            for our_id, one in wanted.items()
            if our_id in variants and (changed := _variant(shape, one, variants[our_id]))
        ],
        new_variants=[
            new_variant(shape, one, free=free.get(one.our_id, 0))
            for our_id, one in wanted.items()
            if our_id not in variants
        ],
    )


def is_shown_there(told: dict[str, Any], channel: str) -> bool | None:
    """Whether a product is published in our channel there; None where it is not listed in it at all."""
    for one in told["channelListings"] or ():
        if one["channel"]["id"] == channel:
            return bool(one["isPublished"])
    return None


def _fields(shape: Shape, facts: ProductFacts, told: dict[str, Any], *, page_id: str) -> dict[str, Any]:
    ours = product_fields(shape, facts, page_id=page_id)
    category = told["category"]
    theirs = {
        "name": told["name"] == facts.name,
        "description": text_of(told["description"]) == facts.text,
        "category": bool(category) and category["id"] == ours["category"],
        "attributes": _values_there(told) == _values_here(facts, page_id=page_id),
    }
    return {key: ours[key] for key, is_same in theirs.items() if not is_same}


def _values_there(told: dict[str, Any]) -> dict[str, object]:
    found = {one["attribute"]["slug"]: one["values"] for one in told["attributes"]}
    return {one.slug: told_value(ATTRIBUTES[one.slug], found.get(one.slug) or []) for one in PRODUCT_ATTRIBUTES}


def _values_here(facts: ProductFacts, *, page_id: str) -> dict[str, object]:
    values = {**facts.values, VENDOR.slug: page_id}
    return {one.slug: plain(values[one.slug]) for one in PRODUCT_ATTRIBUTES}


def _listing(
    shape: Shape, facts: ProductFacts, told: dict[str, Any], *, gone: list[str], may_show: bool
) -> dict[str, Any]:
    shown = is_shown_there(told, shape.channel)
    wanted: dict[str, Any] = {}
    if shown is None and (facts.is_shown or facts.variants):
        wanted = {**listing(shape, is_shown=facts.is_shown and may_show), "visibleInListings": True}
    elif shown and not facts.is_shown:
        wanted = listing(shape, is_shown=False)
    elif shown is False and facts.is_shown and may_show:
        wanted = listing(shape, is_shown=True)
    if gone and facts.variants:
        wanted = {"channelId": shape.channel, **wanted, "removeVariants": gone}
    return {"updateChannels": [wanted]} if wanted else {}


def _variant(shape: Shape, facts: VariantFacts, told: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if told["name"] != facts.name:
        changed["name"] = facts.name
    if (told["sku"] or None) != facts.sku:
        changed["sku"] = facts.sku
    there = _listing_in(told, shape.channel)
    if there is None:
        changed["channelListings"] = {"create": [{"channelId": shape.channel, "price": facts.price_vnd}]}
    elif there["price"] is None or Decimal(str(there["price"]["amount"])) != facts.price_vnd:
        changed["channelListings"] = {"update": [{"channelListing": there["id"], "price": facts.price_vnd}]}
    return {"id": told["id"], **changed} if changed else {}


def _listing_in(told: dict[str, Any], channel: str) -> dict[str, Any] | None:
    return next((one for one in told["channelListings"] or () if one["channel"]["id"] == channel), None)
