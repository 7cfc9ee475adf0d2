"""Attributes of a played Saleor, and the values that products and pages are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.saleor.played.connections import Sorted
from tests.saleor.played.registry import Asking, Refusal, mutation, query, worked_out
from tests.saleor.played.world import Thing, World

WITH_CHOICES = frozenset({"DROPDOWN", "MULTISELECT", "SWATCH", "NUMERIC"})
VALUE_KEYS = {
    "DROPDOWN": "dropdown",
    "NUMERIC": "numeric",
    "PLAIN_TEXT": "plainText",
    "RICH_TEXT": "richText",
    "BOOLEAN": "boolean",
    "SINGLE_REFERENCE": "reference",
    "REFERENCE": "references",
    "MULTISELECT": "multiselect",
    "DATE": "date",
}
NAME_CHARACTERS_MAX = 250


@mutation("attributeCreate", "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES", "MANAGE_PAGE_TYPES_AND_ATTRIBUTES")
def create_attribute(asking: Asking, input: Thing) -> dict[str, Any]:
    """Make an attribute. Raises `Refusal` for a slug or reference that is taken, and what its type does not allow."""
    world, kind = asking.world, input.get("inputType") or "DROPDOWN"
    needed = (
        "MANAGE_PAGE_TYPES_AND_ATTRIBUTES" if input["type"] == "PAGE_TYPE" else "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES"
    )
    if not asking.may(needed):
        raise Refusal("type", "INVALID", f"Needs {needed}.")
    _check_new(world, "Attribute", input)
    if (kind in ("REFERENCE", "SINGLE_REFERENCE")) != bool(input.get("entityType")):
        raise Refusal("entityType", "REQUIRED", "Entity type is required when REFERENCE input type is used.")
    if input.get("values") and kind not in WITH_CHOICES:
        raise Refusal("values", "INVALID", f"Values cannot be used with input type {kind}.")
    attribute = world.add(
        "Attribute",
        name=input["name"],
        slug=input.get("slug") or f"a-{world.number()}",
        type=input["type"],
        inputType=kind,
        entityType=input.get("entityType"),
        unit=input.get("unit"),
        externalReference=input.get("externalReference"),
        valueRequired=bool(input.get("valueRequired")),
        visibleInStorefront=input.get("visibleInStorefront", True),
        filterableInStorefront=bool(input.get("filterableInStorefront")),
        filterableInDashboard=bool(input.get("filterableInDashboard")),
        availableInGrid=bool(input.get("availableInGrid")),
        storefrontSearchPosition=input.get("storefrontSearchPosition") or 0,
        withChoices=kind in WITH_CHOICES,
        referenceTypes=[world.things[one] for one in input.get("referenceTypes") or ()],
        values=[],
    )
    for value in input.get("values") or ():
        _new_value(world, attribute, name=value["name"], externalReference=value.get("externalReference"))
    world.tell("ATTRIBUTE_CREATED", attribute=attribute)
    return {"attribute": attribute}


def given_values(
    world: World, allowed: Sequence[Thing], given: Sequence[Mapping[str, Any]], *, is_new: bool
) -> dict[str, list[Thing]]:
    """The values that an input gives, by the attribute's id. Raises `Refusal` as Saleor's checks do."""
    found: dict[str, list[Thing]] = {}
    by_id = {one["id"]: one for one in allowed} | {one["externalReference"]: one for one in allowed}
    for one in given:
        attribute = by_id.get(one.get("id") or one.get("externalReference"))
        if attribute is None:
            raise Refusal("attributes", "NOT_FOUND", f"Could not resolve to a node: ids={one.get('id')}")
        if attribute["id"] in found:
            raise Refusal(
                "attributes", "DUPLICATED_INPUT_ITEM", "Attribute given twice.", attributes=[attribute["id"]]
            )
        found[attribute["id"]] = _values(world, attribute, one)
    lacking = [one["id"] for one in allowed if one["valueRequired"] and not found.get(one["id"])]
    if lacking and is_new:
        raise Refusal("attributes", "REQUIRED", "Attribute expects a value but none were given", attributes=lacking)
    return found


def assign(thing: Thing, values: Mapping[str, list[Thing]]) -> None:
    """Give a product or page these values, keeping those of other attributes."""
    thing.setdefault("values", {}).update(values)


def _values(world: World, attribute: Thing, given: Mapping[str, Any]) -> list[Thing]:
    kind = attribute["inputType"]
    key = VALUE_KEYS[kind]
    foreign = set(given) - {"id", "externalReference", "values", key}
    if foreign:
        raise Refusal("attributes", "INVALID", f"Value of {attribute['slug']} given as {sorted(foreign)}.")
    value = given.get(key)
    if value in (None, "", []):
        return []
    if kind == "DROPDOWN":
        return [_choice(world, attribute, value)]
    if kind == "NUMERIC":
        return [_new_value(world, attribute, name=str(float(value)).removesuffix(".0"))]
    if kind == "BOOLEAN":
        return [_new_value(world, attribute, name=f"{attribute['name']}: {'Yes' if value else 'No'}", boolean=value)]
    if kind == "SINGLE_REFERENCE":
        page = world.find(value, "Page")
        if page is None or (attribute["referenceTypes"] and page["pageType"] not in attribute["referenceTypes"]):
            raise Refusal("attributes", "INVALID", "Invalid reference type.", attributes=[attribute["id"]])
        return [_new_value(world, attribute, name=page["title"], reference=page["id"])]
    return [_new_value(world, attribute, name=str(value)[:NAME_CHARACTERS_MAX], **{key: value})]


def _choice(world: World, attribute: Thing, given: Mapping[str, Any]) -> Thing:
    for name, field in (("id", "id"), ("externalReference", "externalReference"), ("value", "name")):
        if given.get(name):
            found = next((one for one in attribute["values"] if one[field] == given[name]), None)
            if found is not None:
                return found
    if given.get("id"):
        raise Refusal("attributes", "INVALID", "Attribute value doesn't exist.", attributes=[attribute["id"]])
    name = given.get("value") or ""
    if not name or len(name) > NAME_CHARACTERS_MAX:
        raise Refusal(
            "attributes", "INVALID", "Attribute value is missing or too long.", attributes=[attribute["id"]]
        )
    reference = given.get("externalReference")
    if reference and world.first("AttributeValue", externalReference=reference):
        raise Refusal("attributes", "INVALID", "Value with given externalReference belongs elsewhere.")
    return _new_value(world, attribute, name=name, externalReference=reference)


def _new_value(world: World, attribute: Thing, *, name: str, **fields: Any) -> Thing:
    blank: Thing = dict.fromkeys(
        ("externalReference", "reference", "plainText", "richText", "boolean", "date", "dateTime", "file")
    )
    value = world.add(
        "AttributeValue",
        name=name,
        slug=f"v-{world.number()}",
        value="",
        inputType=attribute["inputType"],
        **blank | fields,
    )
    if attribute["inputType"] in WITH_CHOICES:
        attribute["values"].append(value)
    return value


def _check_new(world: World, kind: str, given: Thing) -> None:
    for field in ("slug", "externalReference"):
        if given.get(field) and world.first(kind, **{field: given[field]}):
            raise Refusal(field, "UNIQUE", f"{kind} with this {field} already exists.")
    if "name" in given and not (given["name"] or "").strip():
        raise Refusal("name", "REQUIRED", "This field cannot be blank.")


@query("attribute")
def _attribute(asking: Asking, id: str | None = None, slug: str | None = None, **_other: Any) -> Thing | None:
    return asking.world.find(id, "Attribute") if id else asking.world.first("Attribute", slug=slug)


@query("attributes")
def _attributes(asking: Asking, filter: Thing | None = None, **_paging: Any) -> list[Thing]:
    return filtered(asking.world.kinds["Attribute"], filter)


def filtered(things: Sequence[Thing], wanted: Thing | None) -> list[Thing]:
    """Those with one of the wanted slugs and ids, in the order of their slugs."""
    given = dict(wanted or {})
    slugs, ids, kind = given.pop("slugs", None), given.pop("ids", None), given.pop("type", None)
    assert not given, f"a filter that is not played: {given}"
    return Sorted(
        [
            one
            for one in things
            if (slugs is None or one["slug"] in slugs)
            and (ids is None or one["id"] in ids)
            and (kind is None or one["type"] == kind)
        ],
        by=["slug"],
    )


@worked_out("Attribute", "choices")
def _choices(_asking: Asking, attribute: Thing, **_paging: Any) -> list[Thing] | None:
    return list(attribute["values"])


def _selected(allowed: Sequence[Thing], thing: Thing) -> list[Thing]:
    values = thing.get("values", {})
    return [{"attribute": one, "values": values.get(one["id"], [])} for one in allowed]


@worked_out("Product", "attributes")
def _product_attributes(_asking: Asking, product: Thing) -> list[Thing]:
    return _selected(product["productType"]["productAttributes"], product)


@worked_out("Page", "attributes")
def _page_attributes(_asking: Asking, page: Thing) -> list[Thing]:
    return _selected(page["pageType"]["attributes"], page)


@worked_out("Product", "attribute")
def _product_attribute(asking: Asking, product: Thing, slug: str) -> Thing | None:
    return next((one for one in _product_attributes(asking, product) if one["attribute"]["slug"] == slug), None)
