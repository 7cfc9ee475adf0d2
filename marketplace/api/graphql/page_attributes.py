"""What a shop's page says in attributes, where Saleor's clients look for it: who the shop is and where it stands."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db.models import Q

from catalog.attribute_conditions import AttributeWish
from catalog.attributes import Assigned, Attribute, InputType, OwnerType, Value, attribute_called
from catalog.conditions import NOTHING
from catalog.slug_fields import slug_of_text
from marketplace.core.languages import ENGLISH, SOURCE
from marketplace.places.models import Commune, MarketSite, Province
from vendors.models import Vendor

KIND_NUMBERS: Final = {Vendor.Kind.HOUSEHOLD: 1, Vendor.Kind.COOPERATIVE: 2, Vendor.Kind.ENTERPRISE: 3}
KIND_NAMES: Final = {
    Vendor.Kind.HOUSEHOLD: {SOURCE: "Hộ kinh doanh", ENGLISH: "Household business"},
    Vendor.Kind.COOPERATIVE: {SOURCE: "Hợp tác xã", ENGLISH: "Cooperative"},
    Vendor.Kind.ENTERPRISE: {SOURCE: "Doanh nghiệp", ENGLISH: "Enterprise"},
}


_attribute = partial(attribute_called, owner_type=OwnerType.PAGE)

KIND = _attribute(101, "vendor-kind", InputType.DROPDOWN, "Loại hình", "Kind of shop")
PROVINCE = _attribute(102, "vendor-province", InputType.DROPDOWN, "Tỉnh, thành phố", "Province")
COMMUNE = _attribute(103, "vendor-commune", InputType.DROPDOWN, "Xã, phường", "Commune")
MARKET_SITE = _attribute(104, "market-site", InputType.DROPDOWN, "Chợ", "Market")
STALL = _attribute(105, "stall", InputType.PLAIN_TEXT, "Sạp", "Stall")
ADDRESS = _attribute(106, "address", InputType.PLAIN_TEXT, "Địa chỉ", "Address")
PHONE = _attribute(107, "phone", InputType.PLAIN_TEXT, "Điện thoại", "Phone")
REGISTRATION = _attribute(108, "registration-number", InputType.PLAIN_TEXT, "Mã số đăng ký", "Registration number")

TEXTS: Final = {STALL: "stall_label", ADDRESS: "address_line", PHONE: "phone", REGISTRATION: "registration_number"}
"""Attributes that are a text of the shop, by its column."""
COLUMNS: Final = {
    PROVINCE: ("commune__province", "commune__province__name"),
    COMMUNE: ("commune", "commune__name"),
    MARKET_SITE: ("market_site__slug", "market_site__name"),
    **{attribute: (column, column) for attribute, column in TEXTS.items()},
}
"""Where the slug of a value and its name stand; the slug of a text is taken to be the text."""
SHOP_ATTRIBUTES: Final = (KIND, PROVINCE, COMMUNE, MARKET_SITE, STALL, ADDRESS, PHONE, REGISTRATION)
_BY_SLUG: Final = {one.slug: one for one in SHOP_ATTRIBUTES}


def shop_attributes(vendor: Vendor) -> list[Assigned]:
    """What a shop is known by, in the order of `SHOP_ATTRIBUTES`; what it does not have is left out.

    All of it is public: the law asks sellers to name themselves. Reads the shop's places, loaded with it.
    """
    site = vendor.market_site
    values = [
        _kind(vendor),
        _place(PROVINCE, vendor.commune.province),
        _place(COMMUNE, vendor.commune),
        None if site is None else _site(site),
        *(_text(attribute, vendor) for attribute in TEXTS),
    ]
    return [Assigned(attribute=one.attribute, values=[one]) for one in values if one is not None]


def shops_with(wish: AttributeWish) -> Q:
    """The condition on shops to have an attribute and, where values are named, one of these."""
    attribute = _BY_SLUG.get(wish.slug)
    of_another_type = (wish.numbers, wish.least, wish.most, wish.boolean)
    if attribute is None or wish.is_of_time or any(one is not None for one in of_another_type):
        return NOTHING
    if attribute is KIND:
        return _of_kinds(wish)
    slug_column, name_column = COLUMNS[attribute]
    found = Q(market_site__isnull=False) if attribute is MARKET_SITE else Q()
    if attribute in TEXTS:
        found &= ~Q(**{name_column: ""})
    if wish.slugs is not None:
        found &= Q(**{f"{slug_column}__in": list(wish.slugs)})
    if wish.names is not None:
        found &= Q(**{f"{name_column}__in": list(wish.names)})
    return found


def _of_kinds(wish: AttributeWish) -> Q:
    kinds = set(KIND_NAMES)
    if wish.slugs is not None:
        kinds &= set(wish.slugs)
    if wish.names is not None:
        kinds = {kind for kind in kinds if KIND_NAMES[kind][SOURCE] in wish.names}
    return Q(kind__in=sorted(kinds))


def _kind(vendor: Vendor) -> Value:
    kind = Vendor.Kind(vendor.kind)
    name = KIND_NAMES[kind][SOURCE]
    others = {ENGLISH: KIND_NAMES[kind][ENGLISH]}
    key = KIND_NUMBERS[kind]
    return Value(attribute=KIND, key=key, value=name, slug=kind.value, name=name, other_names=others)


def _place(attribute: Attribute, place: Province | Commune) -> Value:
    return Value(attribute=attribute, key=int(place.code), value=place.name, slug=place.code, name=place.name)


def _site(site: MarketSite) -> Value:
    return Value(attribute=MARKET_SITE, key=site.pk, value=site.name, slug=site.slug, name=site.name)


def _text(attribute: Attribute, vendor: Vendor) -> Value | None:
    text = str(getattr(vendor, TEXTS[attribute]))
    slug = slug_of_text(text)
    return Value(attribute=attribute, key=vendor.pk, value=text, slug=slug, name=text) if text else None
