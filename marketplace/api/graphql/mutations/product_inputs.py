"""What the inputs of goods say, read into what the catalogue's services ask: Saleor's inputs, as far as they fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import graphene
from django.utils.translation import gettext as _

from catalog.attributes import (
    ATTRIBUTES,
    IS_ALCOHOL,
    IS_HEALTH_FOOD,
    KIND,
    SHELF_LIFE,
    STORAGE,
    UNIT,
    Attribute,
)
from catalog.product_types import gates_of
from marketplace.api.graphql.ids import integer_of, to_global_id
from marketplace.api.graphql.mutations.refusals import in_field
from marketplace.api.graphql.types.channels import CHANNEL_NUMBERS
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.scalars import JSONString, PositiveDecimal
from marketplace.api.graphql.types.texts import plain_text_of
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.models import Channel

NO_FRACTION: Final = "Value cannot have more than 0 decimal places."
"""Saleor's sentence for a currency without fractions."""
NO_PRICE_IS_SO_LARGE: Final = Decimal(10**15)
_BY_NUMBER: Final = {one.no: one for one in ATTRIBUTES.values()}
_OF_PRODUCT: Final[Mapping[Attribute, str]] = {
    STORAGE: "storage_note",
    SHELF_LIFE: "shelf_life_note",
    IS_ALCOHOL: "is_alcohol",
    IS_HEALTH_FOOD: "is_health_food",
}
_OF_VARIANT: Final[Mapping[Attribute, str]] = {KIND: "name", UNIT: "unit"}
_BOOLEANS: Final = frozenset({IS_ALCOHOL, IS_HEALTH_FOOD})

Given = Mapping[str, Any]


class NotAssignable(InvalidInput):
    """An attribute that a shop does not write: it follows from something else, or belongs to other things."""

    code = "ATTRIBUTE_CANNOT_BE_ASSIGNED"


class AttributeValueInput(graphene.InputObjectType):
    """An attribute, by its id, and its value: a text, or one of `values`; yes or no for `boolean`."""

    id = graphene.ID()
    values = non_null_items(graphene.String)
    plain_text = graphene.String()
    boolean = graphene.Boolean()


class BulkAttributeValueInput(graphene.InputObjectType):
    """As `AttributeValueInput`, of a row of many."""

    id = graphene.ID()
    values = non_null_items(graphene.String)
    plain_text = graphene.String()
    boolean = graphene.Boolean()


class StockInput(graphene.InputObjectType):
    """How many lie at a place of the shop, those sold and not handed over included."""

    warehouse = graphene.ID(required=True)
    quantity = graphene.Int(required=True)


class ProductVariantChannelListingAddInput(graphene.InputObjectType):
    """What a variant costs. One price holds in every channel."""

    channel_id = graphene.ID(required=True)
    price = PositiveDecimal(required=True)


def product_facts(given: Given, *, has_type: bool) -> dict[str, Any]:
    """What a product's input says, by the names of the catalogue's services. Raises `InvalidInput`, `NotFound`."""
    facts: dict[str, Any] = {}
    if given.get("name") is not None:
        facts["name"] = given["name"]
    if given.get("description") is not None:
        facts["description"] = plain_text_of(given["description"], field="description")
    if given.get("category") is not None:
        facts["ocop_set"] = in_field("category", integer_of, given["category"], type_name="Category")
    if has_type:
        facts |= _required_facts(given, facts)
    return facts | assigned(given.get("attributes") or (), _OF_PRODUCT)


def _required_facts(given: Given, facts: Given) -> dict[str, Any]:
    for field in ("name", "category"):
        if given.get(field) is None:
            raise InvalidInput(_("Mục này cần được điền."), field=field, code="REQUIRED")
    number = in_field("productType", integer_of, given["product_type"], type_name="ProductType")
    return gates_of(number, set_no=facts["ocop_set"])


def variant_facts(given: Given) -> dict[str, Any]:
    """What a variant's input says: `name`, `unit`, `sku`. Raises `InvalidInput`."""
    facts = assigned(given.get("attributes") or (), _OF_VARIANT)
    for field in ("name", "sku"):
        if given.get(field) is not None:
            facts[field] = given[field]
    return facts


def assigned(attributes: Sequence[Given], columns: Mapping[Attribute, str]) -> dict[str, Any]:
    """The values of attributes by the name that services have for each. Raises `NotAssignable`, `InvalidInput`."""
    facts: dict[str, Any] = {}
    for one in attributes:
        if one.get("id") is None:
            raise InvalidInput(_("Bạn ghi mã của thuộc tính ở mục id."), field="attributes", code="REQUIRED")
        number = in_field("attributes", integer_of, one["id"], type_name="Attribute")
        attribute = _BY_NUMBER.get(number)
        if attribute is None or attribute not in columns:
            sentence = _("Thuộc tính này không ghi được ở đây.")
            raise NotAssignable(sentence, field="attributes", subjects=[to_global_id("Attribute", number)])
        facts[columns[attribute]] = _value(one, attribute)
    return facts


def _value(given: Given, attribute: Attribute) -> str | bool:
    if attribute in _BOOLEANS:
        if given.get("boolean") is None:
            raise InvalidInput(_("Thuộc tính này cần giá trị có hoặc không."), field="attributes", code="REQUIRED")
        return bool(given["boolean"])
    texts = [given["plain_text"]] if given.get("plain_text") is not None else list(given.get("values") or ())
    if len(texts) != 1:
        raise InvalidInput(_("Thuộc tính này cần đúng một giá trị."), field="attributes", code="REQUIRED")
    return str(texts[0])


def price_in_dong(amount: Decimal, *, field: str = "price") -> int:
    """A price as services take it. Raises `InvalidInput` in Saleor's words for a part of a đồng."""
    if amount > NO_PRICE_IS_SO_LARGE:
        raise InvalidInput(_("Giá này lớn quá."), field=field)
    if amount != amount.to_integral_value():
        raise InvalidInput(NO_FRACTION, field=field)
    return int(amount)


def price_of_listings(listings: Sequence[Given]) -> int:
    """The one price of the channels that are named, in đồng. Raises `InvalidInput`, `NotFound`."""
    for one in listings:
        channel_of(one["channel_id"])
    prices = {price_in_dong(one["price"]) for one in listings}
    if not prices:
        raise InvalidInput(_("Bạn ghi giá bán."), field="price", code="REQUIRED")
    if len(prices) > 1:
        raise InvalidInput(_("Một loại hàng có một giá ở mọi kênh."), field="price")
    return prices.pop()


def channel_of(id: str, *, field: str = "channelId") -> str:
    """The channel of a global id. Raises `NotFound`, `UnreadableId`."""
    number = in_field(field, integer_of, id, type_name="Channel")
    slug = next((name for name, its_number in CHANNEL_NUMBERS.items() if its_number == number), None)
    if slug is None:
        raise NotFound(_("Không có kênh bán này."), field=field)
    return slug


def online_channel_of(id: str, *, field: str = "channelId") -> str:
    """As `channel_of`, but only what shoppers see is shown or hidden. Raises `InvalidInput` besides."""
    slug = channel_of(id, field=field)
    if slug != Channel.ONLINE:
        raise InvalidInput(_("Chỉ kênh online có hàng đăng cho khách xem."), field=field)
    return slug


def stocks_wanted(stocks: Sequence[Given]) -> list[tuple[int, int]]:
    """The places and quantities of an input. Raises `UnreadableId`."""
    return [
        (in_field("warehouse", integer_of, one["warehouse"], type_name="Warehouse"), int(one["quantity"]))
        for one in stocks
    ]


class ProductInput(graphene.InputObjectType):
    """What a product's page says."""

    attributes = non_null_items(AttributeValueInput)
    category = graphene.ID()
    description = JSONString()
    name = graphene.String()


class ProductCreateInput(ProductInput):
    """A product to begin; `category` is one of the 26 OCOP sets."""

    product_type = graphene.ID(required=True)
    slug = graphene.String()
    vendor = graphene.ID(description="Whose product; need not be said by who works in one shop only.")
