"""A page for each of our shops at a Saleor."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from catalog.models import Product
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.catalogue.attributes import ATTRIBUTES, value_input
from marketplace.saleor.catalogue.documents import document_of
from marketplace.saleor.catalogue.facts import VendorFacts, digest, vendor_facts
from marketplace.saleor.catalogue.refusals import sentence
from marketplace.saleor.catalogue.shape import Shape
from marketplace.saleor.client import SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject
from vendors.models import Vendor

_VENDOR = SaleorObject.Kind.VENDOR


def find_shops(saleor: Patient, installation: Installation, shape: Shape) -> None:
    """Read which pages of shops are there, and write down whose they are: a lost mapping is whole again.

    A page that somebody deleted is made anew by `push_shops`.
    """
    slugs: dict[str, str] = {}
    after: str | None = None
    while True:
        pages = saleor.ask("CatalogueShops", {"pageType": shape.page_type, "after": after})["pages"]
        slugs |= {edge["node"]["slug"]: edge["node"]["id"] for edge in pages["edges"]}
        if not pages["pageInfo"]["hasNextPage"]:
            break
        after = pages["pageInfo"]["endCursor"]
    gone = SaleorObject.objects.filter(installation=installation, kind=_VENDOR).exclude(saleor_id__in=slugs.values())
    gone.exclude(saleor_id="").update(saleor_id="", said="")
    ours = [(vendor, vendor_facts(vendor).slug) for vendor in _vendors().iterator(chunk_size=500)]
    found = [(vendor.pk, slugs[slug]) for vendor, slug in ours if slug in slugs]
    things.keep_all(installation, _VENDOR, found)


def push_shops(
    saleor: Patient, installation: Installation, shape: Shape, vendor_ids: Collection[int], *, now: datetime
) -> int:
    """Say what these shops are; those whose page says so already are not asked about. Returns how many were told.

    A shop that may not sell and has no page gets none.
    """
    told = 0
    rows = things.rows_of(installation, _VENDOR, vendor_ids)
    for vendor in _vendors().filter(pk__in=vendor_ids).order_by("pk"):
        facts = vendor_facts(vendor)
        row = rows.get(str(vendor.pk))
        has_page = row is not None and row.saleor_id
        if (has_page and row is not None and row.said == digest(facts)) or not (has_page or facts.is_shown):
            continue
        _push(saleor, installation, shape, facts, now=now)
        told += 1
    return told


def _push(saleor: Patient, installation: Installation, shape: Shape, facts: VendorFacts, *, now: datetime) -> None:
    row, was_there = things.expect(installation, _VENDOR, facts.our_id)
    fields = _fields(shape, facts)
    try:
        if not (row.saleor_id and _is_said(saleor, row.saleor_id, fields)):
            _bring(saleor, installation, shape, facts, fields, was_asked_before=was_there, now=now)
    except TokenRefused:
        raise
    except SaleorRefuses as error:
        things.refused(row, sentence(error.code, field=error.field, message=str(error)))
        return
    things.said(row, digest=digest(facts), now=now)


def _is_said(saleor: Patient, page_id: str, fields: dict[str, Any]) -> bool:
    """Say it on the page that is there; False where somebody deleted it."""
    try:
        saleor.change("CatalogueShopChange", {"id": page_id, "input": fields})
    except SaleorRefuses as error:
        if error.code != "NOT_FOUND":
            raise
        return False
    return True


def _bring(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    facts: VendorFacts,
    fields: dict[str, Any],
    *,
    was_asked_before: bool,
    now: datetime,
) -> None:
    """Make the page, or find the one that a run which died has made and say it there. Its goods refer to it anew."""
    is_made = False

    def find() -> str | None:
        told = saleor.ask("CatalogueShop", {"pageType": shape.page_type, "slug": facts.slug})
        edges = told["pages"]["edges"]
        return str(edges[0]["node"]["id"]) if edges else None

    def make() -> str:
        nonlocal is_made
        more = {"slug": facts.slug, "pageType": shape.page_type}
        answer = saleor.make("CatalogueShopMake", {"input": fields | more})
        is_made = True
        return str(answer["page"]["id"])

    page_id = saleor.find_or_make(find=find, make=make, was_asked_before=was_asked_before)
    things.keep(installation, _VENDOR, facts.our_id, page_id)
    if not is_made:
        _is_said(saleor, page_id, fields)
    goods = Product.objects.filter(vendor_id=facts.our_id).values_list("pk", flat=True)
    rows = SaleorObject.objects.filter(installation=installation, kind=SaleorObject.Kind.PRODUCT)
    things.want(rows.filter(our_id__in=[str(one) for one in goods]).exclude(saleor_id=""), now=now)


def _fields(shape: Shape, facts: VendorFacts) -> dict[str, Any]:
    return {
        "title": facts.title,
        "content": document_of(facts.text),
        "isPublished": facts.is_shown,
        "attributes": [
            value_input(ATTRIBUTES[slug], shape.attributes[slug], value) for slug, value in facts.values.items()
        ],
    }


def _vendors() -> Any:
    return Vendor.objects.select_related("commune__province")
