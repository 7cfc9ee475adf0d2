"""What a product and a kind of it are known by, as Saleor's attributes: pure functions over rows that are loaded.

An attribute here is a way to see what the columns hold; nothing is kept twice. The choices of one attribute are
numbered by what they stand for (a set's number, a place's code, a row's id), so that ids are stable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalog.categories import category_by_no
from catalog.collections import Collection, province_collection
from catalog.models import Product, ProductVariant
from catalog.slug_fields import slug_of_text
from marketplace.core.languages import ENGLISH, SOURCE
from marketplace.places.models import Commune, Province
from vendors.models import Vendor

NUMBER_STEP = 10**13
"""Above every key inside one attribute."""


class InputType(StrEnum):
    """What kind of value an attribute holds, in Saleor's words."""

    DROPDOWN = "DROPDOWN"
    MULTISELECT = "MULTISELECT"
    FILE = "FILE"
    SINGLE_REFERENCE = "SINGLE_REFERENCE"
    NUMERIC = "NUMERIC"
    PLAIN_TEXT = "PLAIN_TEXT"
    BOOLEAN = "BOOLEAN"


class OwnerType(StrEnum):
    """Of what things an attribute is."""

    PRODUCT = "PRODUCT_TYPE"
    PAGE = "PAGE_TYPE"


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """Something that products, their kinds, or pages are known by. Its number is unique over all of them."""

    no: int
    slug: str
    names: Mapping[str, str] = field(repr=False, hash=False)
    """By language."""
    input_type: InputType
    owner_type: OwnerType = OwnerType.PRODUCT
    entity_type: str | None = None
    """Of what a reference is, in Saleor's words: PAGE, COLLECTION."""
    tells_variants_apart: bool = False
    """Whether a buyer chooses a kind by it."""
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def name(self) -> str:
        """In Vietnamese."""
        return self.names[SOURCE]

    @property
    def has_choices(self) -> bool:
        """Whether its values come out of a list."""
        return self.input_type in {InputType.DROPDOWN, InputType.MULTISELECT}


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of an attribute."""

    attribute: Attribute
    key: int
    """Unique within the attribute."""
    value: Any
    """A text, a number, a boolean, what is referred to, or for a choice its name."""
    slug: str
    name: str
    other_names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By language; none in a language it was not translated into."""

    @property
    def no(self) -> int:
        """Unique over all attributes."""
        return self.attribute.no * NUMBER_STEP + self.key


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """An attribute of one thing with its values, in their order: one, but for several choices."""

    attribute: Attribute
    values: Sequence[Value]


def attribute_called(no: int, slug: str, input_type: InputType, vi: str, en: str, **more: Any) -> Attribute:
    """An attribute with its names in both languages; `more` are its other fields."""
    return Attribute(no=no, slug=slug, names={SOURCE: vi, ENGLISH: en}, input_type=input_type, **more)


OCOP_SET = attribute_called(1, "ocop-set", InputType.DROPDOWN, "Nhóm sản phẩm OCOP", "OCOP product set")
STARS = attribute_called(2, "stars", InputType.NUMERIC, "Số sao OCOP", "OCOP stars")
PROVINCE = attribute_called(3, "province", InputType.DROPDOWN, "Tỉnh, thành phố làm ra", "Province of origin")
COMMUNE = attribute_called(4, "commune", InputType.DROPDOWN, "Xã, phường làm ra", "Commune of origin")
VENDOR = attribute_called(5, "vendor", InputType.SINGLE_REFERENCE, "Gian hàng", "Shop", entity_type="PAGE")
PRODUCER = attribute_called(6, "producer", InputType.PLAIN_TEXT, "Người làm ra", "Producer")
BRAND = attribute_called(7, "brand", InputType.PLAIN_TEXT, "Nhãn hiệu", "Brand")
STORAGE = attribute_called(8, "storage", InputType.PLAIN_TEXT, "Cách bảo quản", "Storage")
SHELF_LIFE = attribute_called(9, "shelf-life", InputType.PLAIN_TEXT, "Hạn sử dụng", "Shelf life")
MATERIALS = attribute_called(10, "materials", InputType.PLAIN_TEXT, "Nguyên liệu", "Materials")
IS_ALCOHOL = attribute_called(11, "is-alcohol", InputType.BOOLEAN, "Đồ uống có cồn", "Alcohol")
IS_HEALTH_FOOD = attribute_called(12, "is-health-food", InputType.BOOLEAN, "Thực phẩm chức năng", "Health food")
SPECIALITIES = attribute_called(
    13, "specialities", InputType.SINGLE_REFERENCE, "Đặc sản của nơi làm ra", "Specialities of its province",
    entity_type="COLLECTION",
)  # fmt: skip
KIND = attribute_called(14, "kind", InputType.DROPDOWN, "Loại", "Kind", tells_variants_apart=True)
UNIT = attribute_called(15, "unit", InputType.DROPDOWN, "Đơn vị bán", "Unit")

TEXTS = {
    PRODUCER: "producer_name",
    BRAND: "brand",
    STORAGE: "storage_note",
    SHELF_LIFE: "shelf_life_note",
    MATERIALS: "materials_note",
}
"""Attributes that are a text of the product, by its column."""
PRODUCT_ATTRIBUTES = (
    OCOP_SET, STARS, PROVINCE, COMMUNE, VENDOR, PRODUCER, BRAND, STORAGE, SHELF_LIFE, MATERIALS, IS_ALCOHOL,
    IS_HEALTH_FOOD, SPECIALITIES,
)  # fmt: skip
VARIANT_ATTRIBUTES = (KIND, UNIT)
ATTRIBUTES = {one.slug: one for one in (*PRODUCT_ATTRIBUTES, *VARIANT_ATTRIBUTES)}
"""Every attribute of goods, by its slug."""


def product_attributes(product: Product, *, stars: int | None) -> list[Assigned]:
    """What a product is known by, in the order of `PRODUCT_ATTRIBUTES`; what it does not have is left out.

    `stars` are those that may be shown. Reads the product's shop and place, loaded beforehand for many.
    """
    commune = product.commune_of_origin
    values = [
        set_value(product.ocop_set),
        None if stars is None else stars_value(stars),
        province_value(commune.province),
        commune_value(commune),
        vendor_value(product.vendor),
        *(_text_value(product, attribute, column) for attribute, column in TEXTS.items()),
        boolean_value(IS_ALCOHOL, holds=product.is_alcohol),
        boolean_value(IS_HEALTH_FOOD, holds=product.is_health_food),
        _specialities_value(province_collection(commune.province)),
    ]
    return [Assigned(attribute=one.attribute, values=[one]) for one in values if one is not None]


def variant_attributes(variant: ProductVariant, *, is_one_of_several: bool) -> list[Assigned]:
    """What a kind of a product is known by. Its name tells it from the others where there are several."""
    kind = _variant_value(KIND, variant, variant.name or variant.unit, slug=variant.kind_slug, field="name")
    unit = _variant_value(UNIT, variant, variant.unit, slug=variant.unit_slug, field="unit")
    values = [kind, unit] if is_one_of_several else [unit]
    return [Assigned(attribute=one.attribute, values=[one]) for one in values]


def set_value(number: int) -> Value:
    """The choice of one of the 26 sets."""
    category = category_by_no(number)
    if category is None:
        raise ValueError(f"no OCOP set {number}")
    english = {ENGLISH: category.texts[ENGLISH].name}
    return Value(
        attribute=OCOP_SET, key=number, value=category.name, slug=category.slug, name=category.name,
        other_names=english,
    )  # fmt: skip


def stars_value(stars: int) -> Value:
    """So many stars."""
    return Value(attribute=STARS, key=stars, value=float(stars), slug=str(stars), name=str(stars))


def province_value(province: Province) -> Value:
    """The choice of a province, by its code."""
    return Value(
        attribute=PROVINCE, key=int(province.code), value=province.name, slug=province.code, name=province.name
    )


def commune_value(commune: Commune) -> Value:
    """The choice of a commune, by its code."""
    return Value(attribute=COMMUNE, key=int(commune.code), value=commune.name, slug=commune.code, name=commune.name)


def vendor_value(vendor: Vendor) -> Value:
    """The reference to a shop, which has a page."""
    return Value(attribute=VENDOR, key=vendor.pk, value=vendor, slug=vendor.slug, name=vendor.name)


def boolean_value(attribute: Attribute, *, holds: bool) -> Value:
    """Yes or no; the name says of what, as Saleor writes it."""
    words = {code: f"{name}: {_yes_or_no(code, holds=holds)}" for code, name in attribute.names.items()}
    return Value(
        attribute=attribute,
        key=int(holds),
        value=holds,
        slug=str(holds).lower(),
        name=words[SOURCE],
        other_names={code: name for code, name in words.items() if code != SOURCE},
    )


def _yes_or_no(language: str, *, holds: bool) -> str:
    words = ("Có", "Không") if language == SOURCE else ("Yes", "No")
    return words[0] if holds else words[1]


def _text_value(product: Product, attribute: Attribute, column: str) -> Value | None:
    text = getattr(product, column)
    if not text:
        return None
    return Value(
        attribute=attribute,
        key=product.pk,
        value=text,
        slug=slug_of_text(text),
        name=text,
        other_names=_translations(product, column),
    )


def _variant_value(attribute: Attribute, variant: ProductVariant, text: str, *, slug: str, field: str) -> Value:
    return Value(
        attribute=attribute,
        key=variant.pk,
        value=text,
        slug=slug,
        name=text,
        other_names=_translations(variant, field),
    )


def _translations(row: Product | ProductVariant, column: str) -> dict[str, str]:
    return {code: texts[column] for code, texts in row.translations.items() if texts.get(column)}


def _specialities_value(collection: Collection) -> Value:
    return Value(
        attribute=SPECIALITIES, key=collection.no, value=collection, slug=collection.slug, name=collection.name
    )
