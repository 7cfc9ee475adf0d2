"""Files of papers: of a shop's own papers, of OCOP certificates, and the documents that buyers may read.

The first two are for the shop and for staff of its commune. What is here of a shop's paper lies above `vendors`,
since the code that makes photos safe does.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import CertificateFile, OcopCertificate, Product, ProductDocument
from catalog.paper_files import OnDisk, Paper, delete_file, facts_of, papers_on_disk
from catalog.paper_models import DOCUMENT_NAME_CHARACTERS_MAX
from catalog.services.certificates import WrongCertificateState
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.kept_papers import KeptPaper
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from vendors.access import require_owner, require_seller
from vendors.documents import document_for_owner, remove_document, save_document
from vendors.models import DocumentFile, ShopDocument, Vendor
from vendors.recording import record_vendor

FILES_A_PAPER_MAX = 6
DOCUMENTS_A_PRODUCT_MAX = 5
PAPERS_OF_A_SHOP_BYTES_MAX = 500 * 1024 * 1024
"""All files of a shop's papers together, those of papers taken off its list too: they stay on record."""
Row = TypeVar("Row", bound=KeptPaper)


class TooManyFiles(Conflict):
    """The paper has as many photos and PDFs as one may."""


class PapersTooLarge(Conflict):
    """The files of the shop's papers take as much room as they may."""


class TooManyProductDocuments(Conflict):
    """The product has as many documents as one may."""


class UnknownDocumentKind(InvalidInput):
    """No kind of document that goes with a product."""


def save_document_with_files(
    *,
    actor: Actor,
    vendor: Vendor,
    papers: Sequence[Paper],
    now: datetime,
    document_id: int | None = None,
    client_id: uuid.UUID | None = None,
    **values: Any,
) -> None:
    """Note a paper of the shop's down, or what changed about one, with further photos or PDFs of it: all or nothing.

    `values` are what `vendors.documents.save_document` takes. Owner only. The same `client_id` again changes nothing.
    Raises what `save_document` raises, `TooManyFiles`, `PapersTooLarge`.
    """
    require_owner(actor, vendor)

    def keep(files: OnDisk) -> None:
        own = save_document(actor=actor, vendor=vendor, document_id=document_id, now=now, **values)
        if not papers:
            return
        require_room(DocumentFile.objects.filter(document=own).count() + len(papers))
        for name, paper in zip(files.names, papers, strict=True):
            DocumentFile.objects.create(document=own, **facts_of(paper, name=name, now=now))
        more = {"document": own.pk, "files": len(papers)}
        record_vendor("vendor.document_files_added", vendor, actor=actor, now=now, **more)

    _keep_once(
        keep,
        papers,
        action="papers.document",
        owner=f"vendor:{vendor.pk}",
        client_id=client_id,
        now=now,
        said={"document": document_id, **values},
        vendor_id=vendor.pk,
    )


def remove_document_with_files(*, actor: Actor, vendor: Vendor, document_id: int, now: datetime) -> None:
    """Take a paper off the shop's list: what it said stays on record, its photos and PDFs go for good, since nobody
    could open them any more. Owner only. Raises `NotFound`, `NotAllowed`."""
    with transaction.atomic():
        remove_document(actor=actor, vendor=vendor, document_id=document_id, now=now)
        for row in DocumentFile.objects.filter(document_id=document_id):
            _remove(row)


def remove_document_file(*, actor: Actor, document: ShopDocument, file_id: int, now: datetime) -> None:
    """Take one photo or PDF away; it goes for good. Owner only. Raises `NotFound`, `NotAllowed`."""
    with transaction.atomic():
        own = document_for_owner(actor=actor, vendor=document.vendor, document_id=document.pk)
        _remove(DocumentFile.objects.filter(document=own, pk=_row_id(file_id)).first())
        record_vendor(
            "vendor.document_file_removed", document.vendor, actor=actor, now=now, document=own.pk, file=file_id
        )


def add_certificate_files(
    *,
    actor: Actor,
    certificate: OcopCertificate,
    papers: Sequence[Paper],
    now: datetime,
    client_id: uuid.UUID | None = None,
) -> None:
    """Keep photos or PDFs of a certificate that waits for staff, all or none. For the shop, and for that staff.

    Once it was decided on they are what was seen, and stay so: another paper is declared anew, as a certificate that
    changed is. The same `client_id` again adds nothing. Raises `NotFound`, `WrongCertificateState`, `TooManyFiles`,
    `PapersTooLarge`.
    """

    def keep(files: OnDisk) -> None:
        product, locked = _waiting_certificate(certificate, actor=actor)
        require_room(CertificateFile.objects.filter(certificate=locked).count() + len(papers))
        for name, paper in zip(files.names, papers, strict=True):
            CertificateFile.objects.create(certificate=locked, **facts_of(paper, name=name, now=now))
        more = {"certificate": locked.pk, "files": len(papers)}
        journal_product(product, "certificate.files_added", actor=actor, now=now, **more)

    _keep_once(
        keep,
        papers,
        action="papers.certificate",
        owner=f"certificate:{certificate.pk}",
        client_id=client_id,
        now=now,
        vendor_id=certificate.product.vendor_id,
    )


def remove_certificate_file(*, actor: Actor, certificate: OcopCertificate, file_id: int, now: datetime) -> None:
    """Take a photo or PDF of a waiting certificate away. Raises `NotFound`, `WrongCertificateState`."""
    with transaction.atomic():
        product, locked = _waiting_certificate(certificate, actor=actor)
        _remove(CertificateFile.objects.filter(certificate=locked, pk=_row_id(file_id)).first())
        more = {"certificate": locked.pk, "file": file_id}
        journal_product(product, "certificate.file_removed", actor=actor, now=now, **more)


def add_product_document(
    *,
    actor: Actor,
    product: Product,
    kind: str,
    name: str,
    paper: Paper,
    now: datetime,
    client_id: uuid.UUID | None = None,
) -> None:
    """A document that buyers may read: a product on sale goes back to review, since nothing is shown unseen.

    The same `client_id` again adds nothing. Raises `NotFound`, `UnknownDocumentKind`, `BadText`,
    `TooManyProductDocuments`, `PapersTooLarge`.
    """
    require_seller(actor, product.vendor)
    if kind not in ProductDocument.Kind.values:
        raise UnknownDocumentKind(_("Bạn chọn loại giấy tờ."), field="kind")
    words = clean_line(name, characters_max=DOCUMENT_NAME_CHARACTERS_MAX, field="name", required=True)

    def keep(files: OnDisk) -> None:
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        if ProductDocument.objects.filter(product=locked).count() >= DOCUMENTS_A_PRODUCT_MAX:
            raise TooManyProductDocuments(_("Mỗi sản phẩm có nhiều nhất 5 giấy tờ. Bạn bỏ bớt giấy cũ trước nhé."))
        facts = facts_of(paper, name=files.names[0], now=now)
        made = ProductDocument.objects.create(product=locked, kind=kind, name=words, **facts)
        keep_changed(locked, now=now)
        journal_product(locked, "product.document_added", actor=actor, now=now, document=made.pk)
        back_to_review(locked, actor=actor, now=now)

    _keep_once(
        keep,
        [paper],
        action="papers.product",
        owner=f"product:{product.pk}",
        client_id=client_id,
        now=now,
        said={"kind": kind, "name": words},
        vendor_id=product.vendor_id,
    )


def remove_product_document(*, actor: Actor, product: Product, document_id: int, now: datetime) -> None:
    """Take a document off a product; one on sale goes back to review, as with a photo less. Raises `NotFound`."""
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        _remove(ProductDocument.objects.filter(product=locked, pk=_row_id(document_id)).first())
        keep_changed(locked, now=now)
        journal_product(locked, "product.document_removed", actor=actor, now=now, document=document_id)
        back_to_review(locked, actor=actor, now=now)


def no_such_file() -> NotFound:
    """It is not there, or not yours to see."""
    return NotFound(_("Không tìm thấy tệp này."))


def _keep_once(
    keep: Callable[[OnDisk], None],
    papers: Sequence[Paper],
    *,
    action: str,
    owner: str,
    client_id: uuid.UUID | None,
    now: datetime,
    vendor_id: int,
    said: Mapping[str, object] | None = None,
) -> None:
    """The disk comes before the transaction: writers of the database wait for each other.

    Raises what `keep` raises, and `PapersTooLarge`.
    """
    with papers_on_disk(papers) as files:
        own: list[bool] = []

        def work() -> str:
            keep(files)
            _require_space(vendor_id, papers)
            own.append(True)
            return ""

        asked = {"papers": [paper.fingerprint for paper in papers], **(said or {})}
        once(work, action=action, owner=owner, client_id=client_id, asked=asked, now=now)
        files.is_kept = bool(own)


def require_room(wanted: int) -> None:
    """Raises `TooManyFiles` beyond `FILES_A_PAPER_MAX`."""
    if wanted > FILES_A_PAPER_MAX:
        sentence = _("Mỗi giấy có nhiều nhất {most} ảnh hoặc tệp PDF.")
        raise TooManyFiles(format_lazy(sentence, most=FILES_A_PAPER_MAX), field="papers")


def _require_space(vendor_id: int, papers: Sequence[Paper]) -> None:
    """Raises `PapersTooLarge` where the shop's files, new ones among them, take more room than they may."""
    if not papers:
        return
    theirs = (
        DocumentFile.objects.filter(document__vendor=vendor_id),
        CertificateFile.objects.filter(certificate__product__vendor=vendor_id),
        ProductDocument.objects.filter(product__vendor=vendor_id),
    )
    together = sum(rows.aggregate(bytes=Sum("bytes_count"))["bytes"] or 0 for rows in theirs)
    if together > PAPERS_OF_A_SHOP_BYTES_MAX:
        sentence = _("Ảnh và tệp giấy tờ của gian hàng đã đầy 500 MB. Bạn bỏ bớt tệp cũ, hoặc gửi ảnh nhẹ hơn.")
        raise PapersTooLarge(sentence, field="papers")


def _waiting_certificate(certificate: OcopCertificate, *, actor: Actor) -> tuple[Product, OcopCertificate]:
    product = lock_product(certificate.product_id)
    if not actor.may_administer_commune(product.vendor.commune_id):
        require_seller(actor, product.vendor)
    locked = OcopCertificate.objects.get(pk=certificate.pk)
    if locked.state != OcopCertificate.State.DECLARED:
        raise WrongCertificateState(_("Giấy này xã đã xem rồi, ảnh giữ nguyên. Giấy khác thì bạn khai lần nữa."))
    return product, locked


def _row_id(number: int) -> int:
    return number if 0 < number < 2**63 else 0


def _remove(row: Row | None) -> None:
    """Delete a file's row, and its file once that is certain. Raises `NotFound`."""
    if row is None:
        raise no_such_file()
    row.delete()
    transaction.on_commit(partial(delete_file, row.file))
