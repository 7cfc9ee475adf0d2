"""Which attributes our shops and goods have at a Saleor, and their values as it takes and tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from catalog.ocop_sets import all_sets
from marketplace.saleor.catalogue.references import shared_reference
from vendors.models import Vendor


class Input(StrEnum):
    """Saleor's AttributeInputTypeEnum, as far as it is used."""

    DROPDOWN = "DROPDOWN"
    NUMERIC = "NUMERIC"
    PLAIN_TEXT = "PLAIN_TEXT"
    BOOLEAN = "BOOLEAN"
    SINGLE_REFERENCE = "SINGLE_REFERENCE"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of ours there; its slug is our id of it."""

    slug: str
    name: str
    input: Input
    choices: tuple[tuple[str, str], ...] = ()
    """Key and name of the choices it has from the beginning; others come with the goods that need them."""


KINDS: Final[Mapping[str, str]] = {
    Vendor.Kind.HOUSEHOLD: "Hộ kinh doanh",
    Vendor.Kind.COOPERATIVE: "Hợp tác xã",
    Vendor.Kind.ENTERPRISE: "Doanh nghiệp",
}
SHOP_PROVINCE: Final = Attribute("shop-province", "Tỉnh, thành phố", Input.DROPDOWN)
SHOP_COMMUNE: Final = Attribute("shop-commune", "Xã, phường", Input.DROPDOWN)
SHOP_KIND: Final = Attribute("shop-kind", "Loại gian hàng", Input.DROPDOWN, tuple(KINDS.items()))
SHOP_VERIFIED: Final = Attribute("shop-verified", "Đã xác minh", Input.BOOLEAN)
SHOP_LINK: Final = Attribute("shop-link", "Trang gian hàng", Input.PLAIN_TEXT)
PAGE_ATTRIBUTES: Final = (SHOP_PROVINCE, SHOP_COMMUNE, SHOP_KIND, SHOP_VERIFIED, SHOP_LINK)

VENDOR: Final = Attribute("vendor", "Gian hàng", Input.SINGLE_REFERENCE)
OCOP_SET: Final = Attribute(
    "ocop-set", "Nhóm sản phẩm OCOP", Input.DROPDOWN, tuple((str(one.no), one.name) for one in all_sets())
)
OCOP_STARS: Final = Attribute("ocop-stars", "Số sao OCOP", Input.NUMERIC)
OCOP_CERTIFICATE: Final = Attribute("ocop-certificate", "Giấy chứng nhận OCOP", Input.PLAIN_TEXT)
ORIGIN_PROVINCE: Final = Attribute("origin-province", "Tỉnh, thành phố làm ra", Input.DROPDOWN)
ORIGIN_COMMUNE: Final = Attribute("origin-commune", "Xã, phường làm ra", Input.DROPDOWN)
PRODUCER: Final = Attribute("goods-producer", "Người làm ra", Input.PLAIN_TEXT)
STORAGE: Final = Attribute("goods-storage", "Cách bảo quản", Input.PLAIN_TEXT)
SHELF_LIFE: Final = Attribute("goods-shelf-life", "Hạn sử dụng", Input.PLAIN_TEXT)
MATERIALS: Final = Attribute("goods-materials", "Nguyên liệu", Input.PLAIN_TEXT)
PRODUCT_ATTRIBUTES: Final = (
    VENDOR, OCOP_SET, OCOP_STARS, OCOP_CERTIFICATE, ORIGIN_PROVINCE, ORIGIN_COMMUNE, PRODUCER, STORAGE, SHELF_LIFE,
    MATERIALS,
)  # fmt: skip
ATTRIBUTES: Final = {one.slug: one for one in (*PAGE_ATTRIBUTES, *PRODUCT_ATTRIBUTES)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a dropdown: our key for it, and its name."""

    key: str
    name: str


Value = str | bool | Choice | None
"""A text, a number in text, yes or no, a choice, the id of a page there; None for what a thing does not have."""


def value_input(attribute: Attribute, attribute_id: str, value: Value) -> dict[str, Any]:
    """Saleor's AttributeValueInput; None takes the value away."""
    match attribute.input:
        case Input.DROPDOWN:
            return {"id": attribute_id, "dropdown": None if value is None else _choice_input(attribute, value)}
        case Input.NUMERIC:
            return {"id": attribute_id, "numeric": value}
        case Input.PLAIN_TEXT:
            return {"id": attribute_id, "plainText": value}
        case Input.BOOLEAN:
            return {"id": attribute_id, "boolean": value}
        case Input.SINGLE_REFERENCE:
            return {"id": attribute_id, "reference": value}


def _choice_input(attribute: Attribute, value: Value) -> dict[str, Any]:
    if not isinstance(value, Choice):
        raise TypeError(f"{attribute.slug} is chosen from a list")
    return {"externalReference": shared_reference(attribute.slug, value.key), "value": value.name}


def plain(value: Value) -> str | bool | None:
    """A value as it is compared with what Saleor tells of it: a choice by its name."""
    return value.name if isinstance(value, Choice) else value


def told_value(attribute: Attribute, values: list[dict[str, Any]]) -> str | bool | None:
    """What Saleor tells of a value, as `plain` has ours."""
    if not values:
        return None
    first = values[0]
    match attribute.input:
        case Input.DROPDOWN:
            return str(first.get("name") or "")
        case Input.NUMERIC:
            return _whole(str(first.get("name") or ""))
        case Input.PLAIN_TEXT:
            return str(first.get("plainText") or "") or None
        case Input.BOOLEAN:
            return bool(first.get("boolean"))
        case Input.SINGLE_REFERENCE:
            return str(first.get("reference") or "")


def _whole(told: str) -> str:
    """ "4.0" and "4" are the same number of stars."""
    return told.removesuffix(".0")
