"""What only a shop itself sees of its goods: its stock book, listings it began, files it brought.

Kept apart from `catalog.models`, which every page of the market reads, and exported there.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NOTE_CHARACTERS_MAX = 120
REFERENCE_CHARACTERS_MAX = 40
LAYOUT_CHARACTERS_MAX = 20


class StockMovement(models.Model):
    """One line of the stock book: how many came or went, why, and how many lay there afterwards.

    Written in the transaction of every change of `Stock.quantity`; never changed afterwards.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Số ban đầu")
        RECEIVED = "received", _("Nhập thêm")
        RETURNED = "returned", _("Khách trả lại")
        SOLD = "sold", _("Đã giao khách")
        SOLD_ELSEWHERE = "elsewhere", _("Bán ngoài chợ")
        SPOILED = "spoiled", _("Hỏng, hết hạn")
        USED = "used", _("Dùng, biếu")
        COUNTED = "counted", _("Kiểm lại")

    id = models.BigAutoField(primary_key=True)
    stock = models.ForeignKey("catalog.Stock", on_delete=models.PROTECT, related_name="movements")
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="+")
    """The shop, so that its whole book is one index away."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    change = models.IntegerField()
    """How many came (above 0) or went (below)."""
    quantity_after = models.IntegerField()
    note = models.CharField(max_length=NOTE_CHARACTERS_MAX, blank=True)
    reference = models.CharField(max_length=REFERENCE_CHARACTERS_MAX, blank=True)
    """The number of the order that took the goods."""
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    happened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dòng sổ kho")
        verbose_name_plural = _("sổ kho")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(change=0), name="movement_moves_something"),
            models.CheckConstraint(condition=Q(quantity_after__gte=0), name="movement_leaves_no_less_than_none"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stock", "-id"], name="movement_by_stock"),
            models.Index(fields=["vendor", "-id"], name="movement_by_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.change:+d} -> {self.quantity_after}"


class ListingDraft(models.Model):
    """A listing that somebody began: what was said so far, and the photo, until it becomes a product.

    A product has a name, a price and a set from its first moment; this has whatever there is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="listing_drafts")
    said = models.JSONField(default=dict)
    """The form's fields as they were typed."""
    photo = models.BinaryField(null=True, blank=True)
    """A JPEG made safe by `catalog.photos`."""
    made_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sản phẩm khai dở")
        verbose_name_plural = _("sản phẩm khai dở")
        indexes: ClassVar = [models.Index(fields=["vendor", "-updated_at"], name="listing_draft_by_vendor")]

    def __str__(self) -> str:
        return str(self.said.get("name", ""))


class GoodsImport(models.Model):
    """A file of goods that was brought: what each row would do, how far it is, what became of it.

    The file itself is not kept: `plan` holds what was read out of it.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="goods_imports")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    layout = models.CharField(max_length=LAYOUT_CHARACTERS_MAX)
    plan = models.JSONField(default=list)
    """One entry a product or a refused row, in the order of the file (`catalog.imports.plans.Step`)."""
    steps_count = models.PositiveIntegerField()
    errors_count = models.PositiveIntegerField(default=0)
    next_step = models.PositiveIntegerField(default=0)
    """How many steps were taken; moves in the transaction of what they did."""
    added_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tệp hàng đã gửi")
        verbose_name_plural = _("tệp hàng đã gửi")
        indexes: ClassVar = [
            models.Index(fields=["vendor", "-made_at"], name="goods_import_by_vendor"),
            models.Index(fields=["made_at"], name="goods_import_running", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.layout} {self.state}"
