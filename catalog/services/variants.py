"""Sizes and kinds of a product, their prices, and how many lie where."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant, Stock, StockMovement
from catalog.search import index_products
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from catalog.services.listing import first_warehouse
from catalog.services.movements import Moved, write_movements
from catalog.values import (
    check_price,
    check_quantity,
    clean_sku,
    clean_unit,
    clean_variant_name,
)
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from vendors.access import require_seller
from vendors.models import Warehouse

VARIANTS_A_PRODUCT_MAX = 20


class TooManyVariants(Conflict):
    """The product has as many kinds as one product may."""


class SameVariantTwice(InvalidInput):
    """Two kinds of one product have the same name."""


class SkuTaken(InvalidInput):
    """Another variant of the shop has this code."""

    code = "UNIQUE"


class LastVariant(Conflict):
    """A product keeps at least one kind on sale; to end its sale it is withdrawn."""


class BelowWhatIsSold(Conflict):
    """Fewer than are sold and not handed over yet, or held for a checkout."""


def add_variant(
    *,
    actor: Actor,
    product: Product,
    name: str,
    unit: str,
    price_vnd: int,
    now: datetime,
    sku: str = "",
    quantity: int | None = None,
) -> ProductVariant:
    """A size or kind, with its price in đồng for `unit`; only the first of a product may go without a `name`.

    `quantity` of it lie at the shop's first place; without one nothing lies anywhere until `set_stock` says so.
    Raises `NotFound` for strangers, `BadText`, `BadPrice`, `BadQuantity`, `SameVariantTwice`, `SkuTaken`,
    `TooManyVariants`, `NoWarehouse`.
    """
    opening = None if quantity is None else check_quantity(quantity)
    variant = ProductVariant(
        name=clean_variant_name(name, required=False),
        unit=clean_unit(unit),
        sku=clean_sku(sku),
        price_vnd=check_price(price_vnd),
    )
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        others = ProductVariant.objects.filter(product=locked)
        if others.count() >= VARIANTS_A_PRODUCT_MAX:
            raise TooManyVariants(_("Mỗi sản phẩm có nhiều nhất 20 loại."))
        clean_variant_name(name, required=others.exists())
        variant.product = locked
        variant.vendor_id = locked.vendor_id
        variant.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
        _save(variant)
        if opening is not None:
            place = first_warehouse(locked.vendor)
            stock = Stock.objects.create(variant=variant, warehouse=place, quantity=opening)
            moved = Moved(stock, StockMovement.Kind.OPENING, opening)
            write_movements([moved], vendor_id=locked.vendor_id, actor=actor, now=now)
        _keep_changed(locked, now=now)
        back_to_review(locked, actor=actor, now=now)
        journal_product(locked, "variant.added", actor=actor, now=now, variant=variant.pk, price_vnd=price_vnd)
    return variant


def update_variant(
    *,
    actor: Actor,
    variant: ProductVariant,
    now: datetime,
    name: str | None = None,
    unit: str | None = None,
    price_vnd: int | None = None,
    sku: str | None = None,
    is_active: bool | None = None,
) -> ProductVariant:
    """Change a variant; None leaves a thing as it is, an empty `sku` removes it.

    Other words (`name`, `unit`) take a product on sale back to review; a price does not.

    Orders keep the price they were placed at; checkouts read it anew. Raises `NotFound`, `BadText`, `BadPrice`,
    `SameVariantTwice`, `SkuTaken`, `LastVariant`.
    """
    wanted: dict[str, object] = {
        "name": None if name is None else clean_variant_name(name, required=False),
        "unit": None if unit is None else clean_unit(unit),
        "price_vnd": None if price_vnd is None else check_price(price_vnd),
        "is_active": is_active,
    }
    with transaction.atomic():
        locked = lock_product(variant.product_id)
        require_seller(actor, locked.vendor)
        kept = ProductVariant.objects.get(pk=variant.pk)
        price_before = kept.price_vnd
        words_before = (kept.name, kept.unit)
        for field, value in wanted.items():
            if value is not None:
                setattr(kept, field, value)
        kept.sku = kept.sku if sku is None else clean_sku(sku)
        _refuse_last(kept)
        _save(kept)
        _keep_changed(locked, now=now)
        if (kept.name, kept.unit) != words_before:
            back_to_review(locked, actor=actor, now=now)
        prices = {"price_vnd": kept.price_vnd, "price_before_vnd": price_before}
        journal_product(locked, "variant.updated", actor=actor, now=now, variant=kept.pk, **prices)
    return kept


def set_stock(*, actor: Actor, variant: ProductVariant, warehouse: Warehouse, quantity: int, now: datetime) -> Stock:
    """Say how many of a variant lie at a place of the shop, those already sold but not handed over included.

    Raises `NotFound` for strangers and for a place of another shop, `BadQuantity`, `BelowWhatIsSold`.
    """
    check_quantity(quantity)
    with transaction.atomic():
        locked = lock_product(variant.product_id)
        require_seller(actor, locked.vendor)
        if warehouse.vendor_id != locked.vendor_id:
            raise NotFound(_("Không tìm thấy nơi để hàng này."), field="warehouse")
        stock, is_new = _locked_stock(variant, warehouse=warehouse)
        require_not_below_sold(stock, quantity)
        before, stock.quantity = stock.quantity, quantity
        stock.save(update_fields=["quantity"])
        kind = StockMovement.Kind.OPENING if is_new else StockMovement.Kind.COUNTED
        moved = Moved(stock, kind, quantity - before)
        write_movements([moved], vendor_id=locked.vendor_id, actor=actor, now=now)
        keep_changed(locked, now=now)
        quantities = {"quantity": quantity, "quantity_before": before}
        ids = {"variant": variant.pk, "warehouse": warehouse.pk}
        journal_product(locked, "stock.set", actor=actor, now=now, **ids, **quantities)
    return stock


def _keep_changed(product: Product, *, now: datetime) -> None:
    """What follows from changed variants: the price in lists, the words it is found by."""
    on_sale = ProductVariant.objects.filter(product=product, is_active=True)
    product.price_from_vnd = on_sale.aggregate(least=Min("price_vnd"))["least"]
    index_products([product])
    keep_changed(product, now=now, fields=("price_from_vnd",))


def require_not_below_sold(stock: Stock, quantity: int) -> None:
    """Raises `BelowWhatIsSold` where fewer would lie there than are sold and not handed over, or held."""
    spoken_for = stock.allocated + stock.reserved
    if quantity < spoken_for:
        sentence = _(
            "Đã có {count} đơn vị đặt mua chưa giao hoặc đang giữ để trả tiền, nên số lượng không thể ít hơn."
        )
        raise BelowWhatIsSold(format_lazy(sentence, count=spoken_for), field="quantity")


def _locked_stock(variant: ProductVariant, *, warehouse: Warehouse) -> tuple[Stock, bool]:
    """The row of this place and whether it was made: the product's lock keeps a second maker waiting."""
    _row, is_new = Stock.objects.get_or_create(variant=variant, warehouse=warehouse)
    return Stock.objects.select_for_update(no_key=True).get(variant=variant, warehouse=warehouse), is_new


def _refuse_last(variant: ProductVariant) -> None:
    others = ProductVariant.objects.filter(product_id=variant.product_id, is_active=True).exclude(pk=variant.pk)
    if not variant.is_active and not others.exists():
        raise LastVariant(_("Sản phẩm cần ít nhất một loại đang bán. Nếu ngừng bán, hãy ngừng cả sản phẩm."))


def _save(variant: ProductVariant) -> None:
    same = ProductVariant.objects.filter(product_id=variant.product_id, name=variant.name).exclude(pk=variant.pk)
    if same.exists():
        raise SameVariantTwice(_("Sản phẩm đã có loại mang tên này. Hãy đặt tên khác nhau."), field="name")
    try:
        with transaction.atomic():
            variant.save()
    except IntegrityError as error:
        own = ProductVariant.objects.filter(vendor_id=variant.vendor_id, sku=variant.sku)
        if not own.exclude(pk=variant.pk).exists():
            raise
        raise SkuTaken(_("Gian hàng đã dùng mã hàng này rồi."), field="sku") from error
