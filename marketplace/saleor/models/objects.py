from __future__ import annotations

from typing import ClassVar

from django.db import models

from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX, Installation


class SaleorObject(models.Model):
    """Which thing of ours is which thing at a Saleor, what was last said of it there, and what Saleor refused."""

    class Kind(models.TextChoices):
        VENDOR = "vendor"
        """A shop and its Page."""
        PRODUCT = "product"
        VARIANT = "variant"
        CATEGORY = "category"
        ATTRIBUTE = "attribute"
        """Our id is the attribute's slug."""
        ATTRIBUTE_VALUE = "value"
        PAGE_TYPE = "page_type"
        PRODUCT_TYPE = "product_type"
        WAREHOUSE = "warehouse"
        MEDIA = "media"
        CHANNEL = "channel"

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="objects_there")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    our_id = models.CharField(max_length=120)
    saleor_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX, blank=True)
    """Empty while Saleor has not made it yet."""
    photo_of = models.BigIntegerField(null=True, blank=True)
    """Our product, where it is a photo: those of a product are found together, also after one is gone here."""
    said = models.CharField(max_length=64, blank=True)
    """SHA-256, in hex, of what was last said of it there: the same again is not sent."""
    due_at = models.DateTimeField(null=True, blank=True)
    """Since when it is to be brought or looked after, or from when on again; null where nothing is to be done."""
    wanted = models.PositiveBigIntegerField(default=0)
    """Raised by every change: what was raised while it was being brought is brought once more."""
    said_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    """What Saleor refused of it, in Vietnamese, for its vendor."""
    is_hidden_there = models.BooleanField(default=False)
    """Whether Saleor's own staff hid it, or deleted it (then without `saleor_id`): theirs to say, not fought."""
    repairs = models.PositiveSmallIntegerField(default=0)
    """How often somebody there changed what is ours and it was put right, since `repairs_since`."""
    repairs_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "kind", "our_id"], name="saleor_object_once_here"),
            models.UniqueConstraint(
                fields=["installation", "kind", "saleor_id"],
                name="saleor_object_once_there",
                condition=~models.Q(saleor_id=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["installation", "photo_of"],
                name="saleor_object_photos",
                condition=models.Q(photo_of__isnull=False),
            ),
            models.Index(
                fields=["installation", "kind", "due_at"],
                name="saleor_object_due",
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.our_id} = {self.saleor_id or '?'}"


class StockThere(models.Model):
    """How many of a variant of ours a Saleor counts, as it last said, and what became of the difference.

    Free there is `quantity` less `allocated`. Where that falls without our having asked for it, Saleor sold, and our
    own stock falls by as much.
    """

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.CASCADE, related_name="stocks_there")
    variant = models.ForeignKey("catalog.ProductVariant", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    allocated = models.IntegerField(default=0)
    asked_quantity = models.IntegerField(null=True, blank=True)
    """What it was asked to count when no answer came yet; null once it answered."""
    sold_there = models.PositiveIntegerField(default=0)
    """Sold there and taken off our stock; only so many can come back."""
    short = models.PositiveIntegerField(default=0)
    """Sold there while nothing was left here: sold twice, and its vendor is told."""
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "variant"], name="saleor_stock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.quantity} - {self.allocated}"
