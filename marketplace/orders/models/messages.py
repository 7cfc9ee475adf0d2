from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MESSAGE_CHARACTERS_MAX = 300


class OrderMessage(models.Model):
    """What a shop tells the buyer about an order, shown on the order's page. Never changed."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="messages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    text = models.CharField(max_length=MESSAGE_CHARACTERS_MAX)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lời nhắn của gian hàng")
        verbose_name_plural = _("lời nhắn của gian hàng")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"about {self.order_id}"
