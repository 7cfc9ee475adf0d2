"""How a product fares in another shop system that shows it too.

Kept apart from `catalog.models`, which every page of the market reads, and exported there.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

PLACE_CHARACTERS_MAX = 120
PROBLEM_CHARACTERS_MAX = 500


class ListingElsewhere(models.Model):
    """One product at one other system: whether it can be bought there, and if not, why, for its shop to read.

    Written by whatever brings goods there; nothing here decides by it.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("Đang bán")
        WAITING = "waiting", _("Đang đưa sang")
        HIDDEN = "hidden", _("Bên đó đang ẩn")
        DELETED = "deleted", _("Bên đó đã gỡ")
        WITHDRAWN = "withdrawn", _("Đã ngừng bán")
        REFUSED = "refused", _("Chưa nhận")

    id = models.BigAutoField(primary_key=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="listings_elsewhere")
    place = models.CharField(max_length=PLACE_CHARACTERS_MAX)
    """The other system as people know it: the host of its address."""
    state = models.CharField(max_length=9, choices=State.choices)
    problem = models.CharField(max_length=PROBLEM_CHARACTERS_MAX, blank=True)
    """What its shop has to know or do, in Vietnamese; empty while all is well."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "place"], name="elsewhere_once_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.place}: {self.state}"
