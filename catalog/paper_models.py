"""Papers about products: photos of OCOP certificates, for who checks them, and documents that buyers may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.kept_papers import KeptPaper

DOCUMENT_NAME_CHARACTERS_MAX = 120


class CertificateFile(KeptPaper):
    """A photo or a PDF of the decision that gave a product its stars, for its shop and for staff of the commune."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey("catalog.OcopCertificate", on_delete=models.CASCADE, related_name="files")

    class Meta:
        verbose_name = _("ảnh giấy chứng nhận OCOP")
        verbose_name_plural = _("ảnh giấy chứng nhận OCOP")
        indexes: ClassVar = [models.Index(fields=["certificate", "id"], name="certificate_file_by_paper")]

    def __str__(self) -> str:
        return str(self.pk)


class ProductDocument(KeptPaper):
    """A document that goes with a product, for every buyer once the listing was reviewed with it."""

    class Kind(models.TextChoices):
        SELF_DECLARATION = "self_declaration", _("Bản tự công bố sản phẩm")
        """Decree 15/2018/NĐ-CP, article 4."""
        TEST_REPORT = "test_report", _("Phiếu kiểm nghiệm")
        CERTIFICATE = "certificate", _("Bản sao giấy chứng nhận")
        OTHER = "other", _("Giấy tờ khác")

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=DOCUMENT_NAME_CHARACTERS_MAX)
    """What it is, in the shop's words: "Phiếu kiểm nghiệm tháng 10/2026"."""

    class Meta:
        verbose_name = _("giấy tờ của sản phẩm")
        verbose_name_plural = _("giấy tờ của sản phẩm")
        indexes: ClassVar = [models.Index(fields=["product", "id"], name="product_document_by_product")]

    def __str__(self) -> str:
        return self.name
