"""Which variants may be put into a checkout, and why another may not."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from marketplace.core.errors import NotFound
from marketplace.core.statements import Among, Given, Kept
from marketplace.orders.checks import is_row_id, line_quantity
from marketplace.orders.errors import (
    AgeNotDeclared,
    NotForSale,
    OtherVendorsGoods,
    TooManyLines,
)
from marketplace.orders.models import Checkout

CHECKOUT_LINES_MAX = 100


@dataclass(frozen=True)
class LineWanted:
    """A variant's id and how many of it, and the texts that a program keeps with it."""

    variant_id: int
    quantity: int
    metadata: Mapping[str, str] = field(default_factory=dict)


def summed(lines: Sequence[LineWanted]) -> dict[int, int]:
    """How many of each variant, a variant named twice counted together.

    Raises `TooManyLines`, `NotFound` for an impossible id, `QuantityWrong`, `QuantityTooLarge`.
    """
    if len(lines) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    quantities: dict[int, int] = {}
    for line in lines:
        if not is_row_id(line.variant_id):
            raise unknown_variants([line.variant_id])
        together = quantities.get(line.variant_id, 0) + line_quantity(line.quantity)
        quantities[line.variant_id] = line_quantity(together)
    return quantities


def texts_of(lines: Sequence[LineWanted]) -> dict[int, dict[str, str]]:
    """What programs keep with the lines, by variant; of one that is named twice, all of it."""
    texts: dict[int, dict[str, str]] = {}
    for line in lines:
        if line.metadata:
            texts.setdefault(line.variant_id, {}).update(line.metadata)
    return texts


# Long texts that nobody sells by come when they are asked for.
_GOODS: Kept[ProductVariant] = Kept(
    lambda: (
        ProductVariant.objects.filter(Among("pk", Given("wanted")))
        .select_related("product__vendor__commune")
        .defer(
            *("metadata", "private_metadata", "translations"),
            *(f"product__{name}" for name in ("metadata", "private_metadata", "translations", "description")),
            *(f"product__vendor__{name}" for name in ("metadata", "private_metadata", "translations", "story")),
        )
    )
)


def goods(variant_ids: Iterable[int]) -> dict[int, ProductVariant]:
    """The variants with their products and shops, by id; one statement. Raises `NotFound` naming the unknown."""
    wanted = set(variant_ids)
    by_id = {variant.pk: variant for variant in _GOODS.all(wanted=sorted(wanted))}
    if missing := sorted(wanted - by_id.keys()):
        raise unknown_variants(missing)
    return by_id


def require_for_sale(variant: ProductVariant, *, age_declared: bool) -> None:
    """Raises `NotForSale` unless shoppers may buy this now, `AgeNotDeclared` for alcohol without a declared age.

    Alcohol is for those of 18 and over (Law 44/2019/QH14, article 5).
    """
    product = variant.product
    if product.listing != Product.Listing.PUBLISHED:
        raise NotForSale(_not_sold(product), field="variant_id", subjects=[variant.pk])
    if not (variant.is_active and product.vendor.may_sell):
        raise NotForSale(
            _not_sold(product),
            field="variant_id",
            code="UNAVAILABLE_VARIANT_IN_CHANNEL",
            subjects=[variant.pk],
        )
    if product.is_alcohol and not age_declared:
        raise AgeNotDeclared(
            _("Rượu bia chỉ bán cho người từ 18 tuổi. Bạn xác nhận tuổi trước nhé."),
            field="age_declared",
            subjects=[variant.pk],
        )


def require_own_goods(checkout: Checkout, variants: Iterable[ProductVariant]) -> None:
    """Raises `OtherVendorsGoods` when one of them is not of the checkout's shop, naming the right checkout."""
    foreign = [variant for variant in variants if variant.product.vendor_id != checkout.vendor_id]
    if not foreign:
        return
    shop = foreign[0].product.vendor
    beside = _checkouts_beside(checkout, shop.pk)
    sentence = (
        _("Mỗi đơn chỉ gồm hàng của một gian hàng. Giỏ hàng của {shop} có rồi, bạn thêm món này vào đó nhé.")
        if beside
        else _("Mỗi đơn chỉ gồm hàng của một gian hàng. Bạn tạo giỏ hàng mới cho {shop} nhé.")
    )
    raise OtherVendorsGoods(
        format_lazy(sentence, shop=shop.name), subjects=beside, variant_ids=[variant.pk for variant in foreign]
    )


def _checkouts_beside(checkout: Checkout, vendor_id: int) -> list[uuid.UUID]:
    if checkout.basket is None:
        return []
    beside = Checkout.objects.filter(basket=checkout.basket, vendor_id=vendor_id)
    return list(beside.values_list("pk", flat=True))


def unknown_variants(variant_ids: Sequence[object]) -> NotFound:
    """The refusal of variants that do not exist."""
    return NotFound(_("Không tìm thấy sản phẩm này."), field="variant_id", subjects=variant_ids)


def too_many_lines() -> TooManyLines:
    """The refusal of more lines than a checkout holds."""
    sentence = _("Một đơn chỉ gồm tối đa {most} món.")
    return TooManyLines(format_lazy(sentence, most=CHECKOUT_LINES_MAX), field="lines")


def _not_sold(product: Product) -> Promise:
    return format_lazy(_("{name} hiện không bán."), name=product.name)
