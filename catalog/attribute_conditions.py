"""Conditions on the attributes of products, and the order by one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from catalog.attributes import (
    ATTRIBUTES,
    COMMUNE,
    IS_ALCOHOL,
    IS_HEALTH_FOOD,
    KIND,
    OCOP_SET,
    PROVINCE,
    SPECIALITIES,
    STARS,
    TEXTS,
    UNIT,
    VENDOR,
    Attribute,
)
from catalog.categories import category_by_slug
from catalog.collections import GRADES, has_stars, province_collection
from catalog.conditions import EVERYTHING, NOTHING, Viewer
from catalog.models import OcopCertificate, ProductVariant
from catalog.ocop_sets import all_sets
from marketplace.places.models import Province

BOOLEANS = {IS_ALCOHOL: "is_alcohol", IS_HEALTH_FOOD: "is_health_food"}
COLUMNS = {
    PROVINCE: ("commune_of_origin__province", "commune_of_origin__province__name"),
    COMMUNE: ("commune_of_origin", "commune_of_origin__name"),
    VENDOR: ("vendor__slug", "vendor__name"),
    **{attribute: (column, column) for attribute, column in TEXTS.items()},
}
"""Where the slug of a value and its name stand."""
ORDERS: Mapping[Attribute, str] = {
    OCOP_SET: "ocop_set",
    PROVINCE: "commune_of_origin__province__sort_key",
    COMMUNE: "commune_of_origin__sort_key",
    VENDOR: "vendor__sort_key",
    SPECIALITIES: "commune_of_origin__province__sort_key",
    **TEXTS,
}
KIND_SLUGS = {KIND: "kind_slug", UNIT: "unit_slug"}
"""Where the slugs of what a product's variants are known by stand."""
NUMBERED = frozenset({OCOP_SET, STARS})
"""Those whose order goes by a number; the others go by a text."""


@dataclass(frozen=True, kw_only=True)
class AttributeWish:
    """What somebody wants of an attribute; None asks for nothing. All that is given must hold."""

    slug: str
    slugs: Sequence[str] | None = None
    """Of its values; of a text of the product, which is no choice, the text itself."""
    names: Sequence[str] | None = None
    numbers: Sequence[float] | None = None
    least: float | None = None
    most: float | None = None
    boolean: bool | None = None
    is_of_time: bool = False
    """No attribute of goods is a day or a moment."""


def with_attribute(wish: AttributeWish, viewer: Viewer) -> Q:
    """The product has the attribute, with what is wanted of it. An attribute that is not there holds for none."""
    attribute = ATTRIBUTES.get(wish.slug)
    if attribute is None or wish.is_of_time:
        return NOTHING
    found = _has(attribute, viewer)
    if wish.slugs is not None:
        found &= _valued(attribute, wish.slugs, viewer)
    if wish.names is not None:
        found &= _called(attribute, wish.names, viewer)
    if wish.numbers is not None:
        found &= _starred(attribute, lambda stars: stars in (wish.numbers or ()), viewer)
    if wish.least is not None or wish.most is not None:
        least, most = wish.least or 0, GRADES[0] if wish.most is None else wish.most
        found &= _starred(attribute, lambda stars: least <= stars <= most, viewer)
    if wish.boolean is not None:
        found &= _valued(attribute, [str(wish.boolean).lower()], viewer) if attribute in BOOLEANS else NOTHING
    return found


def order_of(attribute: Attribute, viewer: Viewer) -> Combinable | None:
    """What products are sorted by for an attribute; what has none of it comes first. None for no order."""
    if attribute == STARS:
        shown = OcopCertificate.objects.filter(
            product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, expires_on__gte=viewer.today
        )
        return Coalesce(Subquery(shown.values("stars")[:1]), Value(0))
    column = ORDERS.get(attribute)
    return None if column is None else F(column)


def _has(attribute: Attribute, viewer: Viewer) -> Q:
    """Everything has an attribute, but for stars and texts."""
    if attribute == STARS:
        return _starred(attribute, lambda _stars: True, viewer)
    return ~Q(**{TEXTS[attribute]: ""}) if attribute in TEXTS else EVERYTHING


def _valued(attribute: Attribute, slugs: Sequence[str], viewer: Viewer) -> Q:
    """One of these slugs is the value's."""
    if attribute in COLUMNS:
        return Q(**{f"{COLUMNS[attribute][0]}__in": slugs})
    if attribute in BOOLEANS:
        found = [holds for holds in (True, False) if str(holds).lower() in slugs]
        return Q(**{f"{BOOLEANS[attribute]}__in": found})
    if attribute == OCOP_SET:
        sets = [one for one in map(category_by_slug, slugs) if one is not None and one.no in one.set_numbers]
        return Q(ocop_set__in=[one.no for one in sets])
    if attribute == SPECIALITIES:
        return _special(lambda slug, _name: slug in slugs)
    if attribute == STARS:
        return _starred(attribute, lambda stars: str(stars) in slugs, viewer)
    return _of_a_kind(attribute, Q(**{f"{KIND_SLUGS[attribute]}__in": slugs}))


def _called(attribute: Attribute, names: Sequence[str], viewer: Viewer) -> Q:
    """One of these is the value's name."""
    if attribute in COLUMNS:
        return Q(**{f"{COLUMNS[attribute][1]}__in": names})
    if attribute == OCOP_SET:
        return Q(ocop_set__in=[one.no for one in all_sets() if one.name in names])
    if attribute == SPECIALITIES:
        return _special(lambda _slug, name: name in names)
    if attribute == UNIT:
        return _of_a_kind(attribute, Q(unit__in=names))
    if attribute == KIND:
        return _of_a_kind(attribute, Q(name__in=names) | Q(name="", unit__in=names))
    return NOTHING if attribute in BOOLEANS else _valued(attribute, names, viewer)


def _starred(attribute: Attribute, holds: Callable[[int], bool], viewer: Viewer) -> Q:
    if attribute != STARS:
        return NOTHING
    found = [stars for stars in GRADES if holds(stars)]
    return Q(has_stars(found, today=viewer.today)) if found else NOTHING


def _special(holds: Callable[[str, str], bool]) -> Q:
    """From a province whose collection is wanted; one statement, for their names."""
    collections = map(province_collection, Province.objects.all())
    return Q(commune_of_origin__province__in=[one.value for one in collections if holds(one.slug, one.name)])


def _of_a_kind(attribute: Attribute, wanted: Q) -> Q:
    """Some variant on sale is as `wanted`; a kind is one of several, as `variant_attributes` has it."""
    on_sale = ProductVariant.objects.filter(product=OuterRef("pk"), is_active=True)
    found = Q(Exists(on_sale.filter(wanted)))
    return found & Q(Exists(on_sale[1:2])) if attribute == KIND else found
