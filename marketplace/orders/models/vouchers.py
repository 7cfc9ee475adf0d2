from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

VOUCHER_CODE_CHARACTERS_MIN, VOUCHER_CODE_CHARACTERS_MAX = 3, 20
VOUCHER_NAME_CHARACTERS_MAX = 80


class Voucher(models.Model):
    """A shop's promise of a lower price to whoever names its code. Saleor's Voucher, over a whole order.

    Is never deleted, since orders name it; it ends. Amounts are whole đồng, percentages whole per cent.
    """

    class ValueType(models.TextChoices):
        """Saleor's DiscountValueTypeEnum."""

        FIXED = "fixed", _("Giảm số tiền")
        PERCENTAGE = "percentage", _("Giảm phần trăm")

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="vouchers")
    name = models.CharField(max_length=VOUCHER_NAME_CHARACTERS_MAX)
    code = models.CharField(max_length=VOUCHER_CODE_CHARACTERS_MAX)
    """In capitals, as it is printed; what a buyer types is brought to the same form."""
    discount_value_type = models.CharField(max_length=10, choices=ValueType.choices)
    discount_value = models.BigIntegerField()
    min_spent_vnd = models.BigIntegerField(default=0)
    """From how much of goods, delivery apart, the code counts."""
    usage_limit = models.PositiveIntegerField(null=True, blank=True)
    """How many orders may use it; null: any number."""
    used = models.PositiveIntegerField(default=0)
    """Orders that use it and have not ended unpaid, and checkouts that hold a use for their payment."""
    apply_once_per_customer = models.BooleanField(default=False)
    """One order a phone number."""
    start_date = models.DateTimeField()
    end_date = models.DateTimeField(null=True, blank=True)
    """From when on it counts no more; null: until somebody ends it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the shop itself ended it."""
    made_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("phiếu giảm giá")
        verbose_name_plural = _("phiếu giảm giá")
        indexes: ClassVar = [models.Index(fields=["vendor", "-made_at"], name="voucher_by_vendor")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "code"], name="voucher_code_once_a_shop"),
            models.CheckConstraint(condition=Q(code=Upper("code")) & ~Q(code=""), name="voucher_code_in_capitals"),
            models.CheckConstraint(
                name="voucher_value_is_possible",
                condition=Q(discount_value_type="fixed", discount_value__gte=1)
                | Q(discount_value_type="percentage", discount_value__gte=1, discount_value__lte=100),
            ),
            models.CheckConstraint(condition=Q(min_spent_vnd__gte=0), name="voucher_least_not_negative"),
            models.CheckConstraint(
                name="voucher_used_within_its_limit",
                condition=Q(used__gte=0)
                & (Q(usage_limit__isnull=True) | Q(usage_limit__gte=1, used__lte=F("usage_limit"))),
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gt=F("start_date")),
                name="voucher_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.code
