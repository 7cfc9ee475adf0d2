"""Listings that were begun: which one a page goes on with, and keeping what a form brings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.models import ListingDraft
from catalog.services.listing_drafts import (
    DRAFTS_A_VENDOR_MAX,
    FIELDS,
    keep_listing_draft,
    listing_draft_of,
    listing_drafts_of,
)
from marketplace.core.errors import InvalidInput, MarketError, NotFound
from storefront.sell.desk import Desk
from storefront.sell.fields import photo_bytes
from storefront.web import parse_uuid


@dataclass(frozen=True)
class DraftShown:
    """A listing that waits to be gone on with."""

    draft: ListingDraft
    has_photo: bool

    @property
    def name(self) -> str:
        """Its name, or that it has none yet."""
        return str(self.draft) or _("Chưa có tên")


def drafts_shown(desk: Desk) -> list[DraftShown]:
    """The shop's unfinished listings, the latest first; one statement, photos not read."""
    has_photo = ExpressionWrapper(Q(photo__isnull=False), output_field=BooleanField())
    found = listing_drafts_of(actor=desk.actor, vendor=desk.vendor).annotate(has_photo=has_photo)
    return [DraftShown(draft, draft.has_photo) for draft in found[:DRAFTS_A_VENDOR_MAX]]


def draft_asked_for(desk: Desk, request: HttpRequest) -> ListingDraft | None:
    """The one that the form or the address names; None for none, and for one that was finished meanwhile."""
    draft_id = parse_uuid(request.POST.get("draft") or request.GET.get("draft"))
    try:
        return listing_draft_of(actor=desk.actor, vendor=desk.vendor, draft_id=draft_id) if draft_id else None
    except NotFound:
        return None


def keep_for_later(
    desk: Desk, request: HttpRequest, begun: ListingDraft | None, *, draft_id: uuid.UUID, now: datetime
) -> ListingDraft:
    """Keep what a form says, whatever is missing. Raises `InvalidInput` for an empty form or for no photo."""
    said = {name: request.POST.get(name, "") for name in FIELDS}
    photo = _photo(request)
    if begun is None and photo is None and not any(text.strip() for text in said.values()):
        raise InvalidInput(_("Bạn chụp ảnh hoặc ghi tên trước đã."))
    kept_id = begun.pk if begun is not None else draft_id
    return keep_listing_draft(actor=desk.actor, vendor=desk.vendor, draft_id=kept_id, said=said, photo=photo, now=now)


def keep_photo(
    desk: Desk, request: HttpRequest, begun: ListingDraft | None, *, draft_id: uuid.UUID, now: datetime
) -> ListingDraft | None:
    """Keep a form that was refused if it brought a photo: browsers do not send a file again by themselves."""
    if _photo(request) is None:
        return begun
    try:
        return keep_for_later(desk, request, begun, draft_id=draft_id, now=now)
    except MarketError:
        return begun


def _photo(request: HttpRequest) -> bytes | None:
    return photo_bytes(request.FILES) or None
