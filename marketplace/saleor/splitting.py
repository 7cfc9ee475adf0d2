"""One sale of a Saleor, split by vendor: to the đồng what the Saleor computed, whatever it took off or put on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from marketplace.core.errors import Conflict
from marketplace.orders.discounts import shares
from marketplace.orders.services.agreed import AgreedLine
from marketplace.saleor.sources import SourceLine, SourceSale
from vendors.models import Vendor


class NotOurGoods(Conflict):
    """A line's goods belong to no vendor of this market. `subjects` holds the lines' ids at the Saleor."""

    code = "NOT_FOUND"


class NothingToSell(Conflict):
    """The sale has no lines, costs nothing, or its amounts do not fit together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorShare:
    """What of a sale is one vendor's: its lines, its share of the delivery, and what both cost."""

    vendor: Vendor
    lines: Sequence[AgreedLine]
    line_ids: Sequence[str]
    """The Saleor's ids of `lines`, in their order."""
    shipping_vnd: int

    @property
    def total_vnd(self) -> int:
        """What the vendor is to be paid, in đồng."""
        return sum(line.total_vnd for line in self.lines) + self.shipping_vnd


@dataclass(frozen=True, slots=True)
class Split:
    """A sale's parts; `others_vnd` is what is left for the Saleor's own goods, 0 where it has none."""

    shares: Sequence[VendorShare]
    others_vnd: int


def split_by_vendor(sale: SourceSale, variants: Mapping[str, ProductVariant]) -> list[VendorShare]:
    """The sale's vendors in the order of its lines, each with its share; the shares add up to the sale's total.

    `variants` are those of the sale's that are ours (`mapping.our_variants`). What the lines do not explain of the
    total (a discount on the whole order, gift cards, tax on top) falls on them in proportion; so does the delivery on
    the vendors. A vendor whose share comes to nothing is left out. Raises `NotOurGoods`, `NothingToSell`.
    """
    foreign = [line for line in sale.lines if line.variant_id not in variants]
    if foreign:
        names = ", ".join(line.product_name for line in foreign)
        raise NotOurGoods(
            _("Đơn có món không bán ở chợ này nên không trả bằng VietQR được: {names}").format(names=names),
            subjects=[line.id for line in foreign],
        )
    paid = [share for share in split(sale, variants).shares if share.total_vnd]
    if not paid:
        raise NothingToSell(_("Đơn này không phải trả tiền."), code="INVALID")
    return paid


def split(sale: SourceSale, variants: Mapping[str, ProductVariant]) -> Split:
    """As `split_by_vendor`, where the Saleor's own goods may be among the lines: their share is nobody's of ours."""
    shipping_vnd = min(sale.shipping_vnd, sale.total_vnd)
    totals = _line_totals([line.total_vnd for line in sale.lines], sale.total_vnd - shipping_vnd)
    by_vendor: dict[int, list[tuple[SourceLine, AgreedLine]]] = {}
    others_vnd = 0
    for line, total_vnd in zip(sale.lines, totals, strict=True):
        variant = variants.get(line.variant_id)
        if variant is None:
            others_vnd += total_vnd
        else:
            by_vendor.setdefault(variant.product.vendor_id, []).append((line, _agreed(line, variant, total_vnd)))
    goods = [sum(agreed.total_vnd for _line, agreed in own) for own in by_vendor.values()]
    *parts, others_shipping_vnd = _shipping_parts(shipping_vnd, [*goods, others_vnd])
    found = [
        VendorShare(
            vendor=own[0][1].variant.product.vendor,
            lines=[agreed for _line, agreed in own],
            line_ids=[line.id for line, _agreed_line in own],
            shipping_vnd=part_vnd,
        )
        for own, part_vnd in zip(by_vendor.values(), parts, strict=True)
    ]
    return Split(shares=found, others_vnd=others_vnd + others_shipping_vnd)


def _line_totals(told: Sequence[int], goods_vnd: int) -> list[int]:
    """What the lines cost so that together they cost `goods_vnd`."""
    missing_vnd = goods_vnd - sum(told)
    if missing_vnd and not any(told):
        raise NothingToSell(_("Các khoản của đơn hàng không khớp nhau."), code="INVALID")
    parts = shares(abs(missing_vnd), of=told)
    sign = 1 if missing_vnd > 0 else -1
    return [one + sign * part for one, part in zip(told, parts, strict=True)]


def _shipping_parts(shipping_vnd: int, goods: Sequence[int]) -> list[int]:
    """The delivery by vendors; all of it the first one's where the goods cost nothing."""
    if any(goods):
        return shares(shipping_vnd, of=goods)
    return [shipping_vnd if place == 0 else 0 for place in range(len(goods))]


def _agreed(line: SourceLine, variant: ProductVariant, total_vnd: int) -> AgreedLine:
    # Where tax comes on top, one thing costs more than its own price; a price may not be below what is paid for it.
    least_unit_vnd = -(-total_vnd // line.quantity)
    return AgreedLine(
        variant=variant,
        product_name=line.product_name,
        variant_name=line.variant_name,
        quantity=line.quantity,
        unit_price_vnd=max(line.unit_price_vnd, least_unit_vnd),
        total_vnd=total_vnd,
    )
