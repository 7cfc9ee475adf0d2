"""Listings that were begun: nothing that a person said is lost because something else is still missing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import ListingDraft, Product, ProductMedia
from catalog.photos import read_photo
from catalog.pictures import LARGE_EDGE_PIXELS, Form
from catalog.services.photos import add_photo
from catalog.values import DESCRIPTION_CHARACTERS_MAX
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.text import clean_text
from vendors.access import require_seller
from vendors.models import Vendor

DRAFTS_A_VENDOR_MAX: Final = 20
KEPT_FOR: Final = timedelta(days=90)
FIELDS: Final = (
    "name",
    "ocop_set",
    "price_vnd",
    "unit",
    "quantity",
    "description",
    "storage_note",
    "shelf_life_note",
)


class TooManyListingDrafts(Conflict):
    """The shop began as many listings as it may without finishing one."""


def keep_listing_draft(
    *,
    actor: Actor,
    vendor: Vendor,
    draft_id: uuid.UUID,
    said: Mapping[str, str],
    photo: bytes | None,
    now: datetime,
) -> ListingDraft:
    """Keep what was said so far under this id, the form's own: sent twice it is kept once.

    Of `said` the fields in `FIELDS` count, as they were typed, in the order of a text. A new `photo` stands in for
    the one before. Raises `NotFound` for strangers and for a draft of another shop, `BadText`,
    `TooManyListingDrafts`, and what `catalog.photos.read_photo` raises.
    """
    require_seller(actor, vendor)
    texts = {
        name: clean_text(said[name], characters_max=DESCRIPTION_CHARACTERS_MAX, field=name)
        for name in FIELDS
        if said.get(name)
    }
    jpeg = read_photo(photo).files[LARGE_EDGE_PIXELS, Form.JPEG] if photo is not None else None
    with transaction.atomic():
        kept = ListingDraft.objects.select_for_update().filter(pk=draft_id).first()
        if kept is None:
            if ListingDraft.objects.filter(vendor=vendor).count() >= DRAFTS_A_VENDOR_MAX:
                raise TooManyListingDrafts(_("Bạn đang có 20 sản phẩm khai dở. Hãy khai xong hoặc bỏ bớt trước."))
            kept = ListingDraft(pk=draft_id, vendor=vendor, made_at=now)
        if kept.vendor_id != vendor.pk:
            raise NotFound(_("Không tìm thấy sản phẩm này."))
        kept.said = texts
        kept.photo = jpeg or kept.photo
        kept.updated_at = now
        kept.save()
    return kept


def listing_drafts_of(*, actor: Actor, vendor: Vendor) -> QuerySet[ListingDraft]:
    """The shop's unfinished listings, the latest first, without their photos. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    return ListingDraft.objects.filter(vendor=vendor).defer("photo").order_by("-updated_at", "pk")


def listing_draft_of(*, actor: Actor, vendor: Vendor, draft_id: uuid.UUID) -> ListingDraft:
    """One of them, with its photo. Raises `NotFound`."""
    require_seller(actor, vendor)
    found = ListingDraft.objects.filter(pk=draft_id, vendor=vendor).first()
    if found is None:
        raise NotFound(_("Không tìm thấy sản phẩm này."))
    return found


def finish_listing_draft(*, actor: Actor, draft: ListingDraft, product: Product, now: datetime) -> None:
    """Give the draft's photo to the product that it became, unless it has one, and let the draft go."""
    require_seller(actor, draft.vendor)
    if draft.photo is not None and not ProductMedia.objects.filter(product=product).exists():
        add_photo(actor=actor, product=product, content=bytes(draft.photo), alt=product.name, now=now)
    draft.delete()


def discard_listing_draft(*, actor: Actor, vendor: Vendor, draft_id: uuid.UUID) -> None:
    """Throw an unfinished listing away; a second time changes nothing. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    ListingDraft.objects.filter(pk=draft_id, vendor=vendor).delete()


def forget_listing_drafts(*, now: datetime) -> int:
    """Delete listings that nobody went on with for `KEPT_FOR`. Returns how many."""
    return ListingDraft.objects.filter(updated_at__lt=now - KEPT_FOR).delete()[0]
