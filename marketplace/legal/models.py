"""The versions of each text. What was once published never changes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

TITLE_CHARACTERS_MAX = 120
BODY_CHARACTERS_MAX = 30_000
CHANGES_CHARACTERS_MAX = 300


class Kind(models.TextChoices):
    """What a text is about; the value stands in its address. The law asks a platform for each of them."""

    RULES = "rules", _("Quy chế hoạt động")
    PRIVACY = "privacy", _("Bảo vệ thông tin cá nhân")
    RETURNS = "returns", _("Giá, giao hàng, trả hàng")
    COMPLAINTS = "complaints", _("Giải quyết khiếu nại")
    RANKING = "ranking", _("Cách xếp thứ tự hàng")
    OPERATOR = "operator", _("Đơn vị vận hành")


class LegalVersion(models.Model):
    """One version of one text in both languages, in force from a day on until the next version is.

    The Vietnamese text is the binding one. Rows are never changed nor deleted, which the database sees to.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveIntegerField()
    effective_on = models.DateField()
    """The first day in Vietnam on which it is in force."""
    title_vi = models.CharField(max_length=TITLE_CHARACTERS_MAX)
    title_en = models.CharField(max_length=TITLE_CHARACTERS_MAX)
    body_vi = models.TextField()
    body_en = models.TextField()
    changes_vi = models.CharField(max_length=CHANGES_CHARACTERS_MAX, blank=True)
    """What differs from the version before, for readers who know that one."""
    changes_en = models.CharField(max_length=CHANGES_CHARACTERS_MAX, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for the first version, which comes with the market."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="legal_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="legal_version_begins_with_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
