"""Figures kept ready: derived from the journal, and rebuildable from it to the same number.

No finer grain is kept (at ten million orders a year the full grain would be as long as the orders), and no row
for the whole country: every sale would wait for it. Provinces and the country are summed from these.
"""

from __future__ import annotations

from itertools import product
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.orders.models import Channel
from payments.models import Confirmation

NO_OCOP_SET = 0
NO_PRODUCT = 0
OCOP_SET_MAX = 26
DOCUMENT_CHARACTERS_MAX = 160


def takings_column(what: str, confirmation: str, channel: str) -> str:
    """The column of `TakingsDay` for `what` (charges, charged, refunds, refunded), for example
    `charged_bank_online_vnd`."""
    unit = "_vnd" if what in ("charged", "refunded") else ""
    return f"{what}_{confirmation}_{channel}{unit}"


TAKINGS_COLUMNS = (
    *(
        takings_column(*names)
        for names in product(("charges", "charged", "refunds", "refunded"), Confirmation.values, Channel.values)
    ),
    *(f"paid_orders_{channel}" for channel in Channel.values),
)
SALES_COLUMNS = ("orders", "lines", "quantity", "amount_vnd")
PRODUCT_COLUMNS = ("orders", "quantity", "amount_vnd")


def _count() -> models.BigIntegerField[int, int]:
    # The database's own default lets an upsert name only the columns that one sale moves.
    return models.BigIntegerField(default=0, db_default=0)


def _never_negative(columns: tuple[str, ...]) -> Q:
    return Q(**{f"{column}__gte": 0 for column in columns})


class TakingsDay(models.Model):
    """Money that came in and went back in one commune on one day of Vietnam.

    Charges (`charges_…` counts them, `charged_…_vnd` sums them) and refunds, by who confirmed them and by
    channel, on the bank's date kept with the event, in the commune the vendor was in then. `paid_orders_…`
    counts orders on the day that first paid them in full: each once in its life.
    """

    id = models.BigAutoField(primary_key=True)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    charges_bank_online = _count()
    charges_bank_stall = _count()
    charges_card_online = _count()
    charges_card_stall = _count()
    charges_vendor_online = _count()
    charges_vendor_stall = _count()
    charges_cash_online = _count()
    charges_cash_stall = _count()
    charged_bank_online_vnd = _count()
    charged_bank_stall_vnd = _count()
    charged_card_online_vnd = _count()
    charged_card_stall_vnd = _count()
    charged_vendor_online_vnd = _count()
    charged_vendor_stall_vnd = _count()
    charged_cash_online_vnd = _count()
    charged_cash_stall_vnd = _count()
    refunds_bank_online = _count()
    refunds_bank_stall = _count()
    refunds_card_online = _count()
    refunds_card_stall = _count()
    refunds_vendor_online = _count()
    refunds_vendor_stall = _count()
    refunds_cash_online = _count()
    refunds_cash_stall = _count()
    refunded_bank_online_vnd = _count()
    refunded_bank_stall_vnd = _count()
    refunded_card_online_vnd = _count()
    refunded_card_stall_vnd = _count()
    refunded_vendor_online_vnd = _count()
    refunded_vendor_stall_vnd = _count()
    refunded_cash_online_vnd = _count()
    refunded_cash_stall_vnd = _count()
    paid_orders_online = _count()
    paid_orders_stall = _count()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commune", "day"], name="takings_once_a_commune_and_day"),
            models.CheckConstraint(condition=_never_negative(TAKINGS_COLUMNS), name="takings_not_negative"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="takings_by_day")]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.day}"


class SalesDay(models.Model):
    """Goods sold in one province on one day through one channel, by OCOP product set.

    A sale counts when its order is first paid in full, once. `orders` are those with at least one line of the
    set: an order over two sets is in two rows, so it may be summed over days and channels, never over sets.
    """

    id = models.BigAutoField(primary_key=True)
    province = models.ForeignKey("places.Province", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=8)
    ocop_set = models.PositiveSmallIntegerField()
    """1 to 26, or 0 for what belongs to no set, such as an amount typed at the stall."""
    orders = _count()
    lines = _count()
    quantity = _count()
    amount_vnd = _count()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province", "day", "channel", "ocop_set"], name="sales_once_a_province_day_channel_set"
            ),
            models.CheckConstraint(
                condition=_never_negative(SALES_COLUMNS) & Q(ocop_set__lte=OCOP_SET_MAX), name="sales_are_possible"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="sales_by_day")]

    def __str__(self) -> str:
        return f"{self.province_id} {self.day} {self.channel} {self.ocop_set}"


class ProductMonth(models.Model):
    """What was sold of one product in one province in one month of Vietnam.

    The product is kept by its number and not by a foreign key: figures outlive what they count.
    """

    id = models.BigAutoField(primary_key=True)
    province = models.ForeignKey("places.Province", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    """The first day of the month."""
    product_number = models.BigIntegerField()
    """The product's key, or 0 for an amount sold without one."""
    orders = _count()
    quantity = _count()
    amount_vnd = _count()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province", "month", "product_number"], name="product_once_a_province_and_month"
            ),
            models.CheckConstraint(
                condition=_never_negative(PRODUCT_COLUMNS) & Q(month__day=1), name="product_month_is_possible"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["month"], name="product_by_month")]

    def __str__(self) -> str:
        return f"{self.province_id} {self.month:%Y-%m} {self.product_number}"


class CommuneTarget(models.Model):
    """What a commune is to reach in a year, set by its province with the document that says so."""

    class Indicator(models.TextChoices):
        TAKINGS = "takings_vnd", _("Tiền bán cả năm (₫)")
        SHOPS_ACTIVE = "shops_active", _("Gian có bán trong tháng")
        BANK_SHARE = "bank_percent", _("Ngân hàng xác nhận (%)")
        OCOP_PRODUCTS = "ocop_products", _("Sản phẩm OCOP đang bán")

    id = models.BigAutoField(primary_key=True)
    commune = models.ForeignKey("places.Commune", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=16, choices=Indicator.choices)
    value = models.BigIntegerField()
    document = models.CharField(max_length=DOCUMENT_CHARACTERS_MAX, blank=True)
    """Number and date of the decision or plan that sets it."""
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commune", "year", "indicator"], name="target_once_a_year"),
            models.CheckConstraint(
                condition=Q(value__gt=0) & (~Q(indicator="bank_percent") | Q(value__lte=100)),
                name="target_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.year} {self.indicator}"
