"""Photos of goods at a Saleor: it fetches each from our public address, and keeps a copy of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from catalog.models import ProductMedia
from catalog.pictures import LARGE_EDGE_PIXELS, picture_url
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.client import SaleorRefuses, TokenRefused
from marketplace.saleor.mapping import theirs
from marketplace.saleor.models import Installation, SaleorObject

REFUSALS_IN_A_ROW_MAX: Final = 5
"""A Saleor that cannot fetch this many one after another does not reach us at all: the rest waits for another day."""
_MEDIA = SaleorObject.Kind.MEDIA


def push_pictures(
    saleor: Patient, installation: Installation, product_ids: Collection[int], *, now: datetime
) -> set[int]:
    """Bring photos that are not there, and take away those that are gone here. Returns products that lack a photo.

    A product is sold without its photos rather than not at all.
    """
    there = theirs(installation, SaleorObject.Kind.PRODUCT, product_ids)
    wanted = defaultdict(list)
    photos = ProductMedia.objects.filter(product_id__in=[int(one) for one in there])
    for photo in photos.order_by("product_id", "position", "pk"):
        wanted[photo.product_id].append(photo)
    known = _known(installation, there)
    if _look_for_lost(saleor, installation, there, known):
        known = _known(installation, there)
    lacking: set[int] = set()
    refusals = 0
    for our_id, product_id in there.items():
        for photo in wanted[int(our_id)]:
            if photo_key(photo) in known or refusals >= REFUSALS_IN_A_ROW_MAX:
                lacking |= {int(our_id)} if known.get(photo_key(photo), "") == "" else set()
                continue
            is_there = _bring(saleor, installation, photo, product_id, now=now)
            refusals = 0 if is_there else refusals + 1
            lacking |= set() if is_there else {int(our_id)}
        _take_away(saleor, installation, our_id, {photo_key(photo) for photo in wanted[int(our_id)]}, known)
    return lacking


def learn_pictures(installation: Installation, product_id: int, told: list[dict[str, Any]]) -> None:
    """Write down which of a product's photos are which there, by their order, where that is not known.

    Photos whose answer was lost and all of a lost mapping; those that are not there after all are brought again.
    """
    photos = ProductMedia.objects.filter(product_id=product_id).order_by("position", "pk")
    keys = [photo_key(one) for one in photos]
    rows = things.rows_of(installation, _MEDIA, keys)
    known = {row.saleor_id for row in rows.values()}
    unknown = iter([one["id"] for one in told if one["id"] not in known])
    for key in keys:
        if key in rows and rows[key].saleor_id:
            continue
        media_id = next(unknown, None)
        if media_id is not None:
            things.expect(installation, _MEDIA, key, photo_of=product_id)
            things.keep(installation, _MEDIA, key, media_id)
        elif key in rows:
            rows[key].delete()


def photo_key(photo: ProductMedia) -> str:
    """Our id of a photo there: its product's first, so that a person sees which it is."""
    return f"{photo.product_id}:{photo.pk}"


def _known(installation: Installation, product_ids: Collection[str]) -> dict[str, str]:
    """Their ids, by our keys, of all photos of these products that are there or were asked for; one statement."""
    own = SaleorObject.objects.filter(installation=installation, photo_of__in=[int(one) for one in product_ids])
    return dict(own.filter(kind=_MEDIA).values_list("our_id", "saleor_id"))


def _look_for_lost(saleor: Patient, installation: Installation, there: dict[str, str], known: dict[str, str]) -> bool:
    """Photos that were asked for and not answered may be there. Returns whether there were any."""
    lost = {key.partition(":")[0] for key, media_id in known.items() if not media_id}
    for our_id in sorted(lost, key=int):
        told = saleor.ask("CatalogueProduct", {"id": there[our_id]})["product"]
        learn_pictures(installation, int(our_id), told["media"] if told else [])
    return bool(lost)


def _bring(
    saleor: Patient, installation: Installation, photo: ProductMedia, product_id: str, *, now: datetime
) -> bool:
    row, _was_there = things.expect(installation, _MEDIA, photo_key(photo), photo_of=photo.product_id)
    address = picture_url(photo, LARGE_EDGE_PIXELS)
    url = address if "://" in address else settings.MARKET_PUBLIC_URL + address
    asked = {"input": {"product": product_id, "alt": photo.alt, "mediaUrl": url}}
    try:
        media = saleor.make_counted("CataloguePictureMake", asked)["media"]
    except TokenRefused:
        raise
    except SaleorRefuses:
        row.delete()
        return False
    things.keep(installation, _MEDIA, photo_key(photo), media["id"])
    things.said(row, digest="", now=now)
    return True


def _take_away(
    saleor: Patient, installation: Installation, our_id: str, wanted: set[str], known: dict[str, str]
) -> None:
    for key, media_id in known.items():
        if key.partition(":")[0] == our_id and key not in wanted:
            if media_id:
                try:
                    saleor.change("CataloguePictureRemove", {"id": media_id})
                except TokenRefused:
                    raise
                except SaleorRefuses:
                    pass  # it is gone there as well
            SaleorObject.objects.filter(installation=installation, kind=_MEDIA, our_id=key).delete()
