from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

COMPLAINT_CHARACTERS_MAX = 1000


class Complaint(models.Model):
    """What a buyer says is wrong with an order, until it is settled. At most one of an order is open.

    Found by the order's token for its buyer. Shop and commune staff both read and answer it.
    """

    class Kind(models.TextChoices):
        NOT_ARRIVED = "not_arrived", _("Hàng chưa đến")
        DAMAGED = "damaged", _("Hàng hỏng, vỡ, quá hạn")
        WRONG = "wrong", _("Thiếu hàng, nhầm hàng")
        NOT_AS_DESCRIBED = "not_as_described", _("Không đúng như giới thiệu")
        MONEY = "money", _("Tiền: trả rồi chưa ghi, chưa được trả lại")
        OTHER = "other", _("Việc khác")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ trả lời")
        ANSWERED = "answered", _("Đã trả lời")
        CLOSED = "closed", _("Đã xong")

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("Người mua báo đã ổn")
        AGREED = "agreed", _("Hai bên đã thỏa thuận")
        UPHELD = "upheld", _("Người mua đúng, gian hàng phải khắc phục")
        UNFOUNDED = "unfounded", _("Không có căn cứ")
        LAPSED = "lapsed", _("Người mua không nhắn thêm")

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="complaints")
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="complaints")
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="+")
    """Where the shop was when it was opened: whose staff see to it."""
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    first_answered_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    """Since when the buyer waits for an answer; null while nobody is waited for."""
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    message_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("khiếu nại")
        verbose_name_plural = _("khiếu nại")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], name="one_open_complaint_an_order", condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="complaint_state_agrees",
                condition=Q(state="waiting", waiting_since__isnull=False, closed_at__isnull=True, outcome="")
                | Q(
                    state="answered",
                    waiting_since__isnull=True,
                    first_answered_at__isnull=False,
                    closed_at__isnull=True,
                    outcome="",
                )
                | (Q(state="closed", waiting_since__isnull=True, closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "state", "-updated_at"], name="complaint_by_vendor"),
            models.Index(fields=["commune", "state", "-updated_at"], name="complaint_by_commune"),
            models.Index(fields=["commune", "opened_at"], name="complaint_by_day"),
            models.Index(fields=["updated_at"], name="complaint_answered", condition=Q(state="answered")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.order_id}"

    @property
    def was_answered_in_time(self) -> bool:
        """Whether the first answer came before it was due."""
        return self.first_answered_at is not None and self.first_answered_at <= self.answer_due_at

    def is_late(self, now: datetime) -> bool:
        """Whether the first answer is due and has not come."""
        return self.state == self.State.WAITING and self.first_answered_at is None and self.answer_due_at < now


class ComplaintMessage(models.Model):
    """What the buyer, the shop or the commune's staff said, at most with one photo. Never changed."""

    class Author(models.TextChoices):
        BUYER = "buyer", _("Người mua")
        VENDOR = "vendor", _("Gian hàng")
        STAFF = "staff", _("Cán bộ xã")

    id = models.BigAutoField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages")
    author = models.CharField(max_length=6, choices=Author.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    """Who wrote it; null for a buyer, whose right is the order's link."""
    text = models.CharField(max_length=COMPLAINT_CHARACTERS_MAX)
    photo = models.CharField(max_length=80, blank=True, db_index=True)
    """The name of its largest file; shown only to those who may read the complaint."""
    photo_width = models.PositiveIntegerField(default=0)
    photo_height = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lời trong khiếu nại")
        verbose_name_plural = _("lời trong khiếu nại")

    def __str__(self) -> str:
        return f"{self.author} in {self.complaint_id}"
