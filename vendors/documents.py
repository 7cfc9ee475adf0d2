"""A shop's papers and when they end."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from vendors.access import require_owner, require_seller
from vendors.models import ShopDocument, Vendor
from vendors.recording import record_vendor

NUMBER_CHARACTERS_MAX = 60
ISSUER_CHARACTERS_MAX = 160
DOCUMENTS_MAX = 50
"""How many papers one shop may keep."""
REMINDED_DAYS = 30
"""How long before its end a shop is reminded of a paper."""
DAY_MIN, DAY_MAX = date(1990, 1, 1), date(2100, 1, 1)


class DocumentWrong(InvalidInput):
    """A paper whose days cannot be."""


class TooManyDocuments(Conflict):
    """A shop keeps as many papers as it may."""


class PaperStanding(StrEnum):
    """What a paper is worth on a day."""

    GOOD = "good"
    ENDING = "ending"
    ENDED = "ended"


def paper_standing(document: ShopDocument, *, today: date) -> PaperStanding:
    """Whether the paper is good, ends within `REMINDED_DAYS`, or has ended; its last day is still good."""
    if document.expires_on is None or document.expires_on > today + timedelta(days=REMINDED_DAYS):
        return PaperStanding.GOOD
    return PaperStanding.ENDING if document.expires_on >= today else PaperStanding.ENDED


def needs_renewal(today: date) -> Q:
    """Papers that have ended or are about to."""
    return Q(removed_at__isnull=True, expires_on__lte=today + timedelta(days=REMINDED_DAYS))


def kept_documents(vendor: Vendor) -> QuerySet[ShopDocument]:
    """The shop's papers, the one that ends first on top; for members and for who verifies the shop."""
    ordered = ShopDocument.objects.order_by(F("expires_on").asc(nulls_last=True), "pk")
    return ordered.filter(vendor=vendor, removed_at__isnull=True)


def documents_of(*, actor: Actor, vendor: Vendor) -> list[ShopDocument]:
    """As `kept_documents`, for who works in the shop. Raises `NotFound` for a stranger."""
    require_seller(actor, vendor)
    return list(kept_documents(vendor)[:DOCUMENTS_MAX])


def document_for_owner(*, actor: Actor, vendor: Vendor, document_id: int) -> ShopDocument:
    """One of the shop's papers, to be changed. Raises `NotFound`, and `NotAllowed` for a seller."""
    require_owner(actor, vendor)
    found = kept_documents(vendor).filter(pk=document_id).first() if document_id < 2**63 else None
    if found is None:
        raise NotFound(_("Không tìm thấy giấy tờ này."))
    return found


def save_document(
    *,
    actor: Actor,
    vendor: Vendor,
    kind: str,
    number: str,
    now: datetime,
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    document_id: int | None = None,
    client_id: uuid.UUID | None = None,
) -> ShopDocument:
    """Note a paper down, or what has changed about the one of this id, such as its new end. Owner only.

    The same `client_id` again answers the same paper. Raises `NotFound`, `NotAllowed`, `DocumentWrong`,
    `TooManyDocuments`, `BadText`.
    """
    require_owner(actor, vendor)
    _require_days(issued_on, expires_on)
    if kind not in ShopDocument.Kind.values:
        raise DocumentWrong(_("Bạn chọn loại giấy tờ."), field="kind")
    values: dict[str, object] = {
        "kind": kind,
        "number": clean_line(number, characters_max=NUMBER_CHARACTERS_MAX, field="number", required=True),
        "issuer": clean_line(issuer, characters_max=ISSUER_CHARACTERS_MAX, field="issuer"),
        "issued_on": issued_on,
        "expires_on": expires_on,
    }

    def work() -> str:
        document = _to_be_saved(actor, vendor, document_id=document_id, now=now)
        for field, value in values.items():
            setattr(document, field, value)
        document.save()
        record_vendor("vendor.document_saved", vendor, actor=actor, now=now, document=document.pk)
        return str(document.pk)

    owner = f"vendor:{vendor.pk}"
    answer = once(work, action="vendor.document", owner=owner, client_id=client_id, asked=values, now=now)
    return ShopDocument.objects.get(pk=int(answer))


def _to_be_saved(actor: Actor, vendor: Vendor, *, document_id: int | None, now: datetime) -> ShopDocument:
    Vendor.objects.select_for_update().get(pk=vendor.pk)
    if document_id is not None:
        return document_for_owner(actor=actor, vendor=vendor, document_id=document_id)
    if kept_documents(vendor).count() >= DOCUMENTS_MAX:
        raise TooManyDocuments(_("Gian hàng đã ghi đủ giấy tờ. Bạn bỏ bớt giấy cũ giúp."))
    return ShopDocument(vendor=vendor, made_at=now)


def remove_document(*, actor: Actor, vendor: Vendor, document_id: int, now: datetime) -> None:
    """Take a paper off the shop's list; it stays on record. Owner only. Raises `NotFound`, `NotAllowed`."""
    with transaction.atomic():
        document = document_for_owner(actor=actor, vendor=vendor, document_id=document_id)
        document.removed_at = now
        document.save(update_fields=["removed_at"])
        record_vendor("vendor.document_removed", vendor, actor=actor, now=now, document=document.pk)


def _require_days(issued_on: date | None, expires_on: date | None) -> None:
    for field, day in (("issued_on", issued_on), ("expires_on", expires_on)):
        if day is not None and not DAY_MIN <= day < DAY_MAX:
            raise DocumentWrong(_("Ngày này chưa đúng. Bạn xem lại năm giúp."), field=field)
    if issued_on is not None and expires_on is not None and expires_on <= issued_on:
        raise DocumentWrong(_("Ngày hết hạn phải sau ngày cấp."), field="expires_on")
