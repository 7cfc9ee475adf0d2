"""Codes on posters and stands: one for a shop, one for each of its places, for any number of payments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.core.payment_codes import CODE_CHARACTERS, MEMO_PREFIX_CHARACTERS_MAX
from vendors.banks import ACCOUNT_CHARACTERS_MAX

HOLDER_CHARACTERS_MAX = 60


class StandCode(models.Model):
    """What a payer's transfer carries when it was made from a shop's own poster, with the account printed there.

    Looks like a payment code and is none: it names no order. The snapshot never changes; a shop whose account
    changed makes another, and the one before is `replaced_at`. Findable for ever, since posters stay on walls.
    """

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=CODE_CHARACTERS, unique=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="stand_codes")
    place = models.ForeignKey(
        "vendors.Warehouse", on_delete=models.PROTECT, null=True, blank=True, related_name="stand_codes"
    )
    """Where it stands; null for the shop itself."""
    bin = models.CharField(max_length=6)
    account_number = models.CharField(max_length=ACCOUNT_CHARACTERS_MAX)
    account_name = models.CharField(max_length=HOLDER_CHARACTERS_MAX)
    memo_prefix = models.CharField(max_length=MEMO_PREFIX_CHARACTERS_MAX, blank=True)
    service = models.CharField(max_length=10)
    """NAPAS' service of the code: a transfer to an account."""
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vendor"],
                name="one_live_stand_a_vendor",
                condition=Q(place__isnull=True, replaced_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["vendor", "place"],
                name="one_live_stand_a_place",
                condition=Q(place__isnull=False, replaced_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def memo(self) -> str:
        """What goes into the transfer: the account's prefix, if its bank wants one, and the code."""
        return f"{self.memo_prefix}{self.code}"
