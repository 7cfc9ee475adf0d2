"""Which photos and PDFs of papers there are, and who may open them; always one statement for many papers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import CertificateFile, OcopCertificate, Product, ProductDocument
from catalog.selectors.own import certificate_for_staff, product_for_member, product_for_staff
from catalog.selectors.visible import ID_MAX, product_by_slug
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.core.kept_papers import KeptPaper
from vendors.models import DocumentFile, ShopDocument, Vendor

Row = TypeVar("Row", bound=KeptPaper)


def files_of_documents(documents: Iterable[ShopDocument]) -> dict[int, list[DocumentFile]]:
    """The files of a shop's papers by the paper, in the order in which they came; the caller asked who reads."""
    found: dict[int, list[DocumentFile]] = {document.pk: [] for document in documents}
    for file in DocumentFile.objects.filter(document__in=found).order_by("pk"):
        found[file.document_id].append(file)
    return found


def files_of_certificate(certificate: OcopCertificate) -> list[CertificateFile]:
    """The files of a certificate in the order in which they came; the caller asked who reads."""
    return list(CertificateFile.objects.filter(certificate=certificate).order_by("pk"))


def documents_of_product(product: Product) -> list[ProductDocument]:
    """The documents that go with a product, in the order in which they came; the caller asked who reads."""
    return list(ProductDocument.objects.filter(product=product).order_by("pk"))


def document_file(*, actor: Actor, file_id: int) -> DocumentFile:
    """A file of a paper on the list of a shop: for its members and for staff of its commune. Raises `NotFound`."""
    file = _found(
        DocumentFile.objects.filter(document__removed_at__isnull=True).select_related("document__vendor"), file_id
    )
    vendor: Vendor = file.document.vendor
    if not (actor.may_sell_for(vendor.pk) or actor.may_administer_commune(vendor.commune_id)):
        raise _not_found()
    return file


def certificate_of_member(*, actor: Actor, product_id: int, certificate_id: int) -> OcopCertificate:
    """A certificate of one of the actor's products, in any state. Raises `NotFound`."""
    product = product_for_member(actor=actor, product_id=product_id)
    row = OcopCertificate.objects.filter(product=product, pk=certificate_id if certificate_id <= ID_MAX else 0)
    certificate = row.first()
    if certificate is None:
        raise NotFound(_("Không tìm thấy giấy chứng nhận này."))
    certificate.product = product
    return certificate


def certificate_file_of_member(
    *, actor: Actor, product_id: int, certificate_id: int, file_id: int
) -> CertificateFile:
    """A file of a certificate, for its shop. Raises `NotFound`."""
    own = certificate_of_member(actor=actor, product_id=product_id, certificate_id=certificate_id)
    return _found(CertificateFile.objects.filter(certificate=own), file_id)


def certificate_file_for_staff(*, actor: Actor, certificate_id: int, file_id: int) -> CertificateFile:
    """A file of a certificate, for staff of its shop's commune. Raises `NotFound`."""
    seen = certificate_for_staff(actor=actor, certificate_id=certificate_id)
    return _found(CertificateFile.objects.filter(certificate=seen), file_id)


def product_document_of_member(*, actor: Actor, product_id: int, document_id: int) -> ProductDocument:
    """A document of a product in any state, for its shop. Raises `NotFound`."""
    own = product_for_member(actor=actor, product_id=product_id)
    return _found(ProductDocument.objects.filter(product=own), document_id)


def product_document_for_staff(*, actor: Actor, product_id: int, document_id: int) -> ProductDocument:
    """A document of a product in any state, for staff of its shop's commune. Raises `NotFound`."""
    seen = product_for_staff(actor=actor, product_id=product_id)
    return _found(ProductDocument.objects.filter(product=seen), document_id)


def product_document_by_slug(slug: str, *, document_id: int, age_declared: bool) -> ProductDocument:
    """A document of a product that shoppers may see. Raises `NotFound`, `AgeNotDeclared`."""
    shown = product_by_slug(slug, age_declared=age_declared)
    return _found(ProductDocument.objects.filter(product=shown), document_id)


def _found(rows: QuerySet[Row], row_id: int) -> Row:
    row = rows.filter(pk=row_id).first() if 0 < row_id <= ID_MAX else None
    if row is None:
        raise _not_found()
    return row


def _not_found() -> NotFound:
    return NotFound(_("Không tìm thấy tệp này."))
