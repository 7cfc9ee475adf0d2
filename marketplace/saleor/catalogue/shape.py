"""What a Saleor needs before it can take our goods: a channel in đồng, a warehouse, and the shape of shops and goods.

The channel and its warehouse are the operator's to make: prices of delivery, taxes and the country are decisions, and
making them would need rights over the whole shop. Everything else is made here, once, and found again by its slug.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.categories import all_categories
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.catalogue.attributes import ATTRIBUTES, PAGE_ATTRIBUTES, PRODUCT_ATTRIBUTES, VENDOR, Attribute
from marketplace.saleor.catalogue.errors import NoChannel, NoWarehouse, ShapeTaken
from marketplace.saleor.catalogue.facts import NAME_OF_TYPE, SERVICES_TYPE
from marketplace.saleor.catalogue.references import shared_reference
from marketplace.saleor.models import Installation, SaleorObject, StockThere

CURRENCY: Final = "VND"
COUNTRY: Final = "VN"
SHOP_PAGE_TYPE: Final = "gian-hang"
CHANNEL_ROW: Final = "channel"
WAREHOUSE_ROW: Final = "warehouse"
Kind = SaleorObject.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The ids there of what our goods hang on."""

    market: uuid.UUID
    """Whose goods they are: `Installation.market`."""
    channel: str
    warehouse: str
    page_type: str
    product_types: Mapping[str, str]
    """By slug."""
    attributes: Mapping[str, str]
    """By slug."""
    categories: Mapping[int, str]
    """By our number."""


def kept_shape(installation: Installation) -> Shape | None:
    """The shape as the last sync found it, without asking; None before the first."""
    kinds = (Kind.CHANNEL, Kind.WAREHOUSE, Kind.PAGE_TYPE, Kind.PRODUCT_TYPE, Kind.ATTRIBUTE, Kind.CATEGORY)
    known: dict[str, dict[str, str]] = {kind: {} for kind in kinds}
    rows = SaleorObject.objects.filter(installation=installation, kind__in=kinds).exclude(saleor_id="")
    for kind, our_id, saleor_id in rows.values_list("kind", "our_id", "saleor_id"):
        known[kind][our_id] = saleor_id
    wanted = (1, 1, 1, len(NAME_OF_TYPE), len(ATTRIBUTES), len(all_categories()))
    if any(len(known[kind]) < count for kind, count in zip(kinds, wanted, strict=True)):
        return None
    return Shape(
        market=installation.market,
        channel=known[Kind.CHANNEL][CHANNEL_ROW],
        warehouse=known[Kind.WAREHOUSE][WAREHOUSE_ROW],
        page_type=known[Kind.PAGE_TYPE][SHOP_PAGE_TYPE],
        product_types=known[Kind.PRODUCT_TYPE],
        attributes=known[Kind.ATTRIBUTE],
        categories={int(our_id): saleor_id for our_id, saleor_id in known[Kind.CATEGORY].items()},
    )


def ensure_shape(saleor: Patient, installation: Installation, *, channel_slug: str) -> Shape:
    """Find the shape and make what lacks. `channel_slug`: the channel the operator named, "" for the only one.

    Raises `NoChannel`, `NoWarehouse`, `ShapeTaken`, and what asking raises.
    """
    found = _look(saleor)
    channel = _channel(found["channels"] or [], channel_slug or installation.channel)
    things.keep(installation, Kind.CHANNEL, CHANNEL_ROW, channel["id"])
    warehouse_id = _warehouse(channel)
    things.keep(installation, Kind.WAREHOUSE, WAREHOUSE_ROW, warehouse_id)
    Installation.objects.filter(pk=installation.pk).update(channel=channel["slug"])
    if not found["pageTypes"]["edges"]:
        _forget_what_was_there(installation)
    made = _Maker(saleor, installation, found)
    page_attributes = [made.attribute(one, page_type=None) for one in PAGE_ATTRIBUTES]
    page_type = made.page_type(page_attributes)
    product_attributes = [made.attribute(one, page_type=page_type) for one in PRODUCT_ATTRIBUTES]
    types = {slug: made.product_type(slug, name, product_attributes) for slug, name in NAME_OF_TYPE.items()}
    slugs = [one.slug for one in (*PAGE_ATTRIBUTES, *PRODUCT_ATTRIBUTES)]
    return Shape(
        market=installation.market,
        channel=channel["id"],
        warehouse=warehouse_id,
        page_type=page_type,
        product_types=types,
        attributes=dict(zip(slugs, [*page_attributes, *product_attributes], strict=True)),
        categories=made.categories(),
    )


def _look(saleor: Patient) -> dict[str, Any]:
    return saleor.ask(
        "CatalogueShape",
        {
            "attributes": list(ATTRIBUTES),
            "pageTypes": [SHOP_PAGE_TYPE],
            "productTypes": list(NAME_OF_TYPE),
            "categories": [one.slug for one in all_categories()],
        },
    )


def _channel(channels: list[dict[str, Any]], slug: str) -> dict[str, Any]:
    """The channel to sell in. An operator that has several names one: nobody guesses where prices go."""
    in_dong = [one for one in channels if one["currencyCode"] == CURRENCY and one["isActive"]]
    if slug:
        for one in in_dong:
            if one["slug"] == slug:
                return one
        raise NoChannel(
            format_lazy(_("Saleor không có kênh bán “{slug}” đang mở, tính bằng VND."), slug=slug), field="channel"
        )
    if not in_dong:
        raise NoChannel(
            _("Saleor chưa có kênh bán nào tính bằng VND. Hãy tạo một kênh rồi chạy lại."),
            field="channel",
        )
    if len(in_dong) > 1:
        slugs = ", ".join(sorted(one["slug"] for one in in_dong))
        raise NoChannel(
            format_lazy(_("Saleor có nhiều kênh tính bằng VND: {slugs}. Hãy chọn một bằng --channel."), slugs=slugs),
            field="channel",
        )
    return in_dong[0]


def _warehouse(channel: dict[str, Any]) -> str:
    """The first warehouse of the channel that delivers within Vietnam by a zone of the channel."""
    for warehouse in channel["warehouses"]:
        zones = [edge["node"] for edge in warehouse["shippingZones"]["edges"]]
        for zone in zones:
            serves = COUNTRY in {country["code"] for country in zone["countries"]}
            if serves and channel["id"] in {one["id"] for one in zone["channels"]}:
                return str(warehouse["id"])
    raise NoWarehouse(
        format_lazy(
            _("Kênh “{slug}” chưa có kho nào giao trong Việt Nam. Hãy tạo kho và vùng giao hàng."),
            slug=channel["slug"],
        ),
        field="warehouse",
    )


def _forget_what_was_there(installation: Installation) -> None:
    """The Saleor at this address lacks our page type: it was begun anew, and knows nothing of what was brought.

    Without this, every product would look as if staff there had deleted it.
    """
    SaleorObject.objects.filter(installation=installation).exclude(kind__in=(Kind.CHANNEL, Kind.WAREHOUSE)).delete()
    StockThere.objects.filter(installation=installation).delete()


class _Maker:
    """Makes what `CatalogueShape` did not find, each thing once."""

    def __init__(self, saleor: Patient, installation: Installation, found: dict[str, Any]) -> None:
        self._saleor = saleor
        self._installation = installation
        self._found = found

    def attribute(self, one: Attribute, *, page_type: str | None) -> str:
        """The id of an attribute there. Of a product where the shops' `page_type` is known, else of a page."""
        known = _by_slug(self._found, "attributes").get(one.slug)
        of = "PAGE_TYPE" if page_type is None else "PRODUCT_TYPE"
        if known and (known["inputType"], known["type"]) != (one.input, of):
            raise ShapeTaken(
                format_lazy(
                    _("Saleor đã có thuộc tính “{slug}” thuộc loại khác. Hãy đổi slug của nó."),
                    slug=one.slug,
                ),
                field=one.slug,
            )
        fields: dict[str, Any] = {
            "name": one.name,
            "slug": one.slug,
            "type": of,
            "inputType": one.input,
            "externalReference": shared_reference("attribute", one.slug),
            "visibleInStorefront": True,
            "values": [
                {"name": name, "externalReference": shared_reference(one.slug, key)} for key, name in one.choices
            ],
        }
        if one is VENDOR:
            fields |= {"entityType": "PAGE", "referenceTypes": [page_type]}
        return self._made("attributes", Kind.ATTRIBUTE, one.slug, "CatalogueAttributeMake", {"input": fields})

    def page_type(self, attributes: list[str]) -> str:
        """The id of the shops' page type, which has these attributes."""
        fields = {"name": "Gian hàng", "slug": SHOP_PAGE_TYPE, "addAttributes": attributes}
        made = self._made("pageTypes", Kind.PAGE_TYPE, SHOP_PAGE_TYPE, "CataloguePageTypeMake", {"input": fields})
        known = _by_slug(self._found, "pageTypes").get(SHOP_PAGE_TYPE)
        if known and (lacks := _lacking(known["attributes"], attributes)):
            self._saleor.change("CataloguePageTypeAssign", {"pageTypeId": made, "attributeIds": lacks})
        return made

    def product_type(self, slug: str, name: str, attributes: list[str]) -> str:
        """The id of a product type, which has these attributes."""
        fields = {
            "name": name,
            "slug": slug,
            "kind": "NORMAL",
            "hasVariants": True,
            "isShippingRequired": slug != SERVICES_TYPE,
            "productAttributes": attributes,
        }
        made = self._made("productTypes", Kind.PRODUCT_TYPE, slug, "CatalogueProductTypeMake", {"input": fields})
        known = _by_slug(self._found, "productTypes").get(slug)
        if known and (lacks := _lacking(known["productAttributes"], attributes)):
            operations = [{"id": one, "type": "PRODUCT"} for one in lacks]
            self._saleor.change("CatalogueProductTypeAssign", {"productTypeId": made, "operations": operations})
        return made

    def categories(self) -> dict[int, str]:
        """The ids of all categories, each group before its sets."""
        ids: dict[int, str] = {}
        for one in all_categories():
            fields = {"name": one.name, "slug": one.slug}
            parent = None if one.parent_no is None else ids[one.parent_no]
            asked = {"input": fields, "parent": parent}
            ids[one.no] = self._made(
                "categories", Kind.CATEGORY, one.slug, "CatalogueCategoryMake", asked, our_id=one.no
            )
        return ids

    def _made(
        self, where: str, kind: Kind, slug: str, name: str, asked: dict[str, Any], *, our_id: object = ""
    ) -> str:
        def find() -> str | None:
            self._found = _look(self._saleor)
            again = _by_slug(self._found, where).get(slug)
            return str(again["id"]) if again else None

        def make() -> str:
            [thing] = [value for key, value in self._saleor.make(name, asked).items() if key != "errors"]
            return str(thing["id"])

        known = _by_slug(self._found, where).get(slug)
        # Just looked for, by `ensure_shape`: also what a run that died may have made.
        made = str(known["id"]) if known else self._saleor.find_or_make(find=find, make=make, was_asked_before=False)
        things.keep(self._installation, kind, our_id or slug, made)
        return made


def _by_slug(found: dict[str, Any], where: str) -> dict[str, dict[str, Any]]:
    return {edge["node"]["slug"]: edge["node"] for edge in found[where]["edges"]}


def _lacking(has: list[dict[str, Any]] | None, wanted: list[str]) -> list[str]:
    have = {one["id"] for one in has or ()}
    return [one for one in wanted if one not in have]
