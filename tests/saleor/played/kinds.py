"""Kinds of things in a played Saleor: page types and pages, product types, categories."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.attributes import assign, filtered, given_values
from tests.saleor.played.connections import Sorted
from tests.saleor.played.registry import Asking, Refusal, mutation, query
from tests.saleor.played.world import Thing, World


def check_slug(world: World, kind: str, given: Thing, *, own: Thing | None = None) -> None:
    """Raise `Refusal` where the slug or the outer reference is another one's."""
    for field in ("slug", "externalReference"):
        taken = world.first(kind, **{field: given[field]}) if given.get(field) else None
        if taken is not None and taken is not own:
            raise Refusal(field, "UNIQUE", f"{kind} with this {field.capitalize()} already exists.")


def found(world: World, thing_id: str | None, kind: str, field: str = "id") -> Thing:
    """The thing with this id. Raises `Refusal` NOT_FOUND."""
    thing = world.find(thing_id, kind)
    if thing is None:
        raise Refusal(field, "NOT_FOUND", f"Couldn't resolve to a node: {thing_id}")
    return thing


def _attributes(world: World, ids: list[str] | None, kind: str, field: str) -> list[Thing]:
    attributes = [found(world, one, "Attribute", field) for one in ids or ()]
    if any(one["type"] != kind for one in attributes):
        raise Refusal(field, "INVALID", f"Only attributes of type {kind} can be added.")
    return attributes


@mutation("pageTypeCreate", "MANAGE_PAGE_TYPES_AND_ATTRIBUTES")
def _page_type_create(asking: Asking, input: Thing) -> dict[str, Any]:
    world = asking.world
    check_slug(world, "PageType", input)
    made = world.add(
        "PageType",
        name=input.get("name") or "",
        slug=input.get("slug") or f"pt-{world.number()}",
        attributes=_attributes(world, input.get("addAttributes"), "PAGE_TYPE", "addAttributes"),
        hasPages=False,
    )
    world.tell("PAGE_TYPE_CREATED", pageType=made)
    return {"pageType": made}


@mutation("pageAttributeAssign", "MANAGE_PAGE_TYPES_AND_ATTRIBUTES")
def _page_attribute_assign(asking: Asking, pageTypeId: str, attributeIds: list[str]) -> dict[str, Any]:
    page_type = found(asking.world, pageTypeId, "PageType", "pageTypeId")
    for attribute in _attributes(asking.world, attributeIds, "PAGE_TYPE", "attributeIds"):
        if attribute in page_type["attributes"]:
            raise Refusal("attributeIds", "ATTRIBUTE_ALREADY_ASSIGNED", "Already assigned.")
        page_type["attributes"].append(attribute)
    return {"pageType": page_type}


@mutation("pageCreate", "MANAGE_PAGES")
def _page_create(asking: Asking, input: Thing) -> dict[str, Any]:
    world = asking.world
    check_slug(world, "Page", input)
    page_type = found(world, input["pageType"], "PageType", "pageType")
    if not (input.get("title") or "").strip():
        raise Refusal("title", "REQUIRED", "This field cannot be blank.")
    values = given_values(world, page_type["attributes"], input.get("attributes") or (), is_new=True)
    page = world.add(
        "Page",
        pageType=page_type,
        slug=input.get("slug") or f"page-{world.number()}",
        title=input["title"],
        content=input.get("content"),
        isPublished=bool(input.get("isPublished")),
        publishedAt=input.get("publishedAt"),
        created=world.moment(),
        seoTitle=None,
        seoDescription=None,
    )
    assign(page, values)
    page_type["hasPages"] = True
    world.tell("PAGE_CREATED", page=page)
    return {"page": page}


@mutation("pageUpdate", "MANAGE_PAGES")
def _page_update(asking: Asking, id: str, input: Thing) -> dict[str, Any]:
    world = asking.world
    page = found(world, id, "Page")
    check_slug(world, "Page", input, own=page)
    values = given_values(world, page["pageType"]["attributes"], input.get("attributes") or (), is_new=False)
    page.update({name: value for name, value in input.items() if name not in ("attributes", "seo")})
    assign(page, values)
    world.tell("PAGE_UPDATED", page=page)
    return {"page": page}


@mutation("productTypeCreate", "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES")
def _product_type_create(asking: Asking, input: Thing) -> dict[str, Any]:
    world = asking.world
    check_slug(world, "ProductType", input)
    made = world.add(
        "ProductType",
        name=input.get("name") or "",
        slug=input.get("slug") or f"type-{world.number()}",
        kind=input.get("kind") or "NORMAL",
        hasVariants=input.get("hasVariants", True),
        isShippingRequired=input.get("isShippingRequired", True),
        isDigital=False,
        productAttributes=_attributes(world, input.get("productAttributes"), "PRODUCT_TYPE", "productAttributes"),
        variantAttributes=_attributes(world, input.get("variantAttributes"), "PRODUCT_TYPE", "variantAttributes"),
    )
    world.tell("PRODUCT_TYPE_CREATED", productType=made)
    return {"productType": made}


@mutation("productAttributeAssign", "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES")
def _product_attribute_assign(asking: Asking, productTypeId: str, operations: list[Thing]) -> dict[str, Any]:
    product_type = found(asking.world, productTypeId, "ProductType", "productTypeId")
    for one in operations:
        [attribute] = _attributes(asking.world, [one["id"]], "PRODUCT_TYPE", "operations")
        if attribute in (*product_type["productAttributes"], *product_type["variantAttributes"]):
            raise Refusal("operations", "ATTRIBUTE_ALREADY_ASSIGNED", "Already assigned.")
        product_type["variantAttributes" if one["type"] == "VARIANT" else "productAttributes"].append(attribute)
    return {"productType": product_type}


@mutation("categoryCreate", "MANAGE_PRODUCTS")
def _category_create(asking: Asking, input: Thing, parent: str | None = None) -> dict[str, Any]:
    world = asking.world
    check_slug(world, "Category", input)
    above = found(world, parent, "Category", "parent") if parent else None
    made = world.add(
        "Category",
        name=input.get("name") or "",
        slug=input.get("slug") or f"c-{world.number()}",
        description=input.get("description"),
        parent=above,
        level=above["level"] + 1 if above else 0,
        updatedAt=world.moment(),
        seoTitle=None,
        seoDescription=None,
    )
    world.tell("CATEGORY_CREATED", category=made)
    return {"category": made}


@query("page")
def _page(asking: Asking, id: str | None = None, slug: str | None = None, **_other: Any) -> Thing | None:
    return asking.world.find(id, "Page") if id else asking.world.first("Page", slug=slug)


@query("pages")
def _pages(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    wanted = dict(filter or {})
    types = wanted.pop("pageTypes", None)
    pages = [one for one in asking.world.kinds["Page"] if types is None or one["pageType"]["id"] in types]
    return filtered(pages, wanted)


@query("pageTypes")
def _page_types(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    return filtered(asking.world.kinds["PageType"], filter)


@query("productTypes")
def _product_types(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    return filtered(asking.world.kinds["ProductType"], filter)


@query("categories")
def _categories(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    return filtered(asking.world.kinds["Category"], filter)


@query("category")
def _category(asking: Asking, id: str | None = None, slug: str | None = None, **_other: Any) -> Thing | None:
    return asking.world.find(id, "Category") if id else asking.world.first("Category", slug=slug)


@query("products")
def _products(
    asking: Asking,
    filter: Thing | None = None,
    where: Thing | None = None,
    channel: str | None = None,
    **_paging: Any,
) -> list[Thing]:
    wanted = dict(filter or {}) | dict(where or {})
    types, categories = wanted.pop("productTypes", None), wanted.pop("categories", None)
    slugs, ids = wanted.pop("slugs", None), wanted.pop("ids", None)
    updated = wanted.pop("updatedAt", None)
    assert not wanted, f"products by {sorted(wanted)} are not played"
    return Sorted(
        [
            one
            for one in asking.world.kinds["Product"]
            if (types is None or one["productType"]["id"] in types)
            and (categories is None or (one["category"] or {}).get("id") in categories)
            and (slugs is None or one["slug"] in slugs)
            and (ids is None or one["id"] in ids)
            and (updated is None or updated.get("gte") is None or one["updatedAt"] >= updated["gte"])
            and (channel is None or any(part["channel"]["slug"] == channel for part in one["channelListings"]))
        ],
        by=["slug"],
    )


@query("productVariants")
def _product_variants(asking: Asking, ids: list[str] | None = None, **_paging: Any) -> list[Thing]:
    return Sorted([one for one in asking.world.kinds["ProductVariant"] if ids is None or one["id"] in ids])
