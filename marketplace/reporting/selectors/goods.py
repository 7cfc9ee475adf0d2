"""What was sold in a province in a month: by OCOP set, and the products that brought most."""

from __future__ import annotations

from datetime import date

from django.db.models import Sum

from catalog.models import Product
from marketplace.core.actors import Actor
from marketplace.places.models import Province
from marketplace.reporting.models import ProductMonth, SalesDay
from marketplace.reporting.selectors.asking import checked_month, month_after, require_province_reader
from marketplace.reporting.selectors.values import ProductSales, SetSales

PRODUCTS_MAX = 100


def province_sales(*, actor: Actor, province: Province, month: date, channel: str | None = None) -> list[SetSales]:
    """Goods sold in the month that the day `month` lies in, by OCOP set, over both channels or one.

    One statement. Raises `NotFound` for who may not read the province, `InvalidInput` outside 2020 to 2099.
    """
    require_province_reader(actor, province)
    first = checked_month(month)
    days = SalesDay.objects.filter(province_id=province.pk, day__gte=first, day__lt=month_after(first))
    if channel is not None:
        days = days.filter(channel=channel)
    sums = days.values("ocop_set").annotate(
        sum_orders=Sum("orders"), sum_lines=Sum("lines"), sum_quantity=Sum("quantity"), sum_vnd=Sum("amount_vnd")
    )
    return [
        SetSales(
            ocop_set=row["ocop_set"],
            orders=row["sum_orders"],
            lines=row["sum_lines"],
            quantity=row["sum_quantity"],
            amount_vnd=row["sum_vnd"],
        )
        for row in sums.order_by("ocop_set")
    ]


def best_products(*, actor: Actor, province: Province, month: date, at_most: int = 20) -> list[ProductSales]:
    """The products that brought most in the month that the day `month` lies in, at most `PRODUCTS_MAX`.

    Two statements. Raises as `province_sales`.
    """
    require_province_reader(actor, province)
    sold = ProductMonth.objects.filter(province_id=province.pk, month=checked_month(month))
    rows = list(sold.order_by("-amount_vnd", "product_number")[: max(0, min(at_most, PRODUCTS_MAX))])
    products = Product.objects.select_related("vendor").in_bulk([row.product_number for row in rows])
    return [_product_sales(row, products.get(row.product_number)) for row in rows]


def _product_sales(row: ProductMonth, product: Product | None) -> ProductSales:
    return ProductSales(
        product_number=row.product_number,
        product_name=product.name if product else None,
        vendor_name=product.vendor.name if product else None,
        orders=row.orders,
        quantity=row.quantity,
        amount_vnd=row.amount_vnd,
    )
