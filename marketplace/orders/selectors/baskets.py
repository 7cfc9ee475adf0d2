"""What is in a basket or a checkout now: lines at their prices, and what stands against buying them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch, QuerySet, Sum
from django.utils.functional import Promise

from catalog.models import Product, ProductMedia, ProductVariant
from marketplace.core.errors import MarketError
from marketplace.core.statements import Given, Kept
from marketplace.orders.checks import known_uuid
from marketplace.orders.discounts import Discount, discount_of, shares
from marketplace.orders.drafts import DraftLine, is_held, shop_of
from marketplace.orders.errors import Shortfall, no_such_checkout
from marketplace.orders.goods import require_for_sale
from marketplace.orders.models import Checkout, CheckoutLine, Reservation
from marketplace.orders.selectors.stock import left_by_variant
from vendors.models import Vendor

BASKET_SHOPS_SHOWN_MAX = 100


@dataclass(frozen=True)
class BasketLine:
    """A line with what one costs in đồng, how many can be had, and what stands against buying it."""

    line: CheckoutLine
    unit_price_vnd: int
    left: int
    problem: str | Promise | None
    discount_vnd: int = 0
    """Its share of what a voucher takes off."""
    is_for_sale: bool = True
    """Whether its kind may be bought at all at present, by this buyer, however many are left."""

    @property
    def variant(self) -> ProductVariant:
        return self.line.variant

    @property
    def product(self) -> Product:
        return self.line.variant.product

    @property
    def metadata(self) -> Mapping[str, object]:
        """What programs keep with the line."""
        return dict(self.line.metadata)

    @property
    def private_metadata(self) -> Mapping[str, object]:
        """What only the shop's programs see of that."""
        return dict(self.line.private_metadata)

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def total_vnd(self) -> int:
        """Price times quantity, in đồng."""
        return self.unit_price_vnd * self.line.quantity

    @property
    def paid_vnd(self) -> int:
        """What will be paid for the line, in đồng."""
        return self.total_vnd - self.discount_vnd

    @property
    def picture(self) -> ProductMedia | None:
        """The product's first photo."""
        return next(iter(self.product.media.all()), None)


@dataclass(frozen=True)
class BasketShop:
    """One shop's part of a basket: what becomes one order."""

    checkout: Checkout
    lines: tuple[BasketLine, ...]
    discount: Discount | None = None

    @property
    def vendor(self) -> Vendor:
        """Whose goods these are. Raises `CheckoutNotReady` while nothing was put in."""
        return shop_of(self.checkout)

    @property
    def metadata(self) -> Mapping[str, object]:
        """What programs keep with the checkout."""
        return dict(self.checkout.metadata)

    @property
    def private_metadata(self) -> Mapping[str, object]:
        """What only the shop's programs see of that."""
        return dict(self.checkout.private_metadata)

    @property
    def subtotal_vnd(self) -> int:
        """The goods at their prices, in đồng."""
        return sum(line.total_vnd for line in self.lines)

    @property
    def goods_vnd(self) -> int:
        """The goods as they will be paid, in đồng: what a voucher takes off is off."""
        return self.subtotal_vnd - (self.discount.amount_vnd if self.discount is not None else 0)

    @property
    def item_count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def has_problems(self) -> bool:
        """Whether a line or the voucher must be changed before this part can be ordered."""
        voucher_fails = self.discount is not None and self.discount.problem is not None
        return voucher_fails or any(line.problem is not None for line in self.lines)


@dataclass(frozen=True)
class BasketView:
    """A basket's shops that have something in them, the first one added first."""

    basket: uuid.UUID | None
    shops: tuple[BasketShop, ...]

    @property
    def total_vnd(self) -> int:
        """All goods, in đồng, deliveries apart."""
        return sum(shop.goods_vnd for shop in self.shops)

    @property
    def item_count(self) -> int:
        return sum(shop.item_count for shop in self.shops)


def basket_contents(basket: uuid.UUID | None, *, now: datetime) -> BasketView:
    """What is in the basket; an unknown one is empty. Five statements, however many shops and lines."""
    checkouts = _checkouts().filter(basket=basket) if isinstance(basket, uuid.UUID) else Checkout.objects.none()
    shops = _viewed(checkouts.order_by("made_at", "pk")[:BASKET_SHOPS_SHOWN_MAX], now=now)
    return BasketView(basket, tuple(shop for shop in shops if shop.lines))


def checkout_contents(checkout_id: uuid.UUID, *, now: datetime, stock: bool = True) -> BasketShop:
    """What is in one checkout: two statements, and one or two for what is left of its goods.

    Without `stock` nothing is asked about that, and no line is short. Photos come when they are asked for. Raises
    `NotFound`.
    """
    checkout = _WHOLE.one(pk=known_uuid(checkout_id))
    if checkout is None:
        raise no_such_checkout()
    return contents_of(checkout, now=now, stock=stock)


def contents_of(checkout: Checkout, *, now: datetime, stock: bool = True) -> BasketShop:
    """The same of a checkout that was read or changed just now; one statement fewer."""
    lines = _LINES.all(checkout=checkout.pk)
    for line in lines:
        if line.variant.product.vendor_id == checkout.vendor_id:
            line.variant.product.vendor = shop_of(checkout)
    left: Mapping[int, int] = left_by_variant(line.variant_id for line in lines) if stock else {}
    held = _held([checkout]) if stock else {}
    viewed = tuple(
        _viewed_line(
            checkout,
            line,
            left=left[line.variant_id] + held.get(line.pk, 0) if stock else line.quantity,
            now=now,
        )
        for line in lines
    )
    return _viewed_shop(checkout, viewed, now=now)


def basket_count(basket: uuid.UUID | None) -> int:
    """How many things are in the basket; one statement."""
    if not isinstance(basket, uuid.UUID):
        return 0
    counted = CheckoutLine.objects.filter(checkout__basket=basket).aggregate(things=Sum("quantity"))
    return counted["things"] or 0


def checkout_by_id(checkout_id: uuid.UUID) -> Checkout:
    """The checkout with its shop, addresses, delivery, lines and their products. Raises `NotFound`."""
    checkout = _checkouts().filter(pk=known_uuid(checkout_id)).first()
    if checkout is None:
        raise no_such_checkout()
    return checkout


def _whole() -> QuerySet[Checkout]:
    return Checkout.objects.select_related(
        "vendor__commune__province",
        "delivery",
        "voucher",
        "shipping_address__commune__province",
        "billing_address__commune__province",
    )


def _lines() -> QuerySet[CheckoutLine]:
    return CheckoutLine.objects.order_by("made_at", "pk")


_WHOLE: Kept[Checkout] = Kept(lambda: _whole().filter(pk=Given("pk")))
# All goods of a checkout are its shop's, which comes with the checkout.
_LINES: Kept[CheckoutLine] = Kept(
    lambda: _lines().select_related("variant__product").filter(checkout=Given("checkout"))
)


def _checkouts() -> QuerySet[Checkout]:
    media = ProductMedia.objects.order_by("position", "pk")
    lines = _lines().select_related("variant__product__vendor")
    return _whole().prefetch_related(Prefetch("lines", lines), Prefetch("lines__variant__product__media", media))


def _viewed(checkouts: QuerySet[Checkout], *, now: datetime) -> list[BasketShop]:
    rows = list(checkouts)
    variant_ids = {line.variant_id for checkout in rows for line in checkout.lines.all()}
    left = left_by_variant(variant_ids)
    held = _held(rows)
    return [
        _viewed_shop(
            checkout,
            tuple(
                _viewed_line(checkout, line, left=left[line.variant_id] + held.get(line.pk, 0), now=now)
                for line in checkout.lines.all()
            ),
            now=now,
        )
        for checkout in rows
    ]


def _viewed_shop(checkout: Checkout, lines: tuple[BasketLine, ...], *, now: datetime) -> BasketShop:
    subtotal_vnd = sum(line.total_vnd for line in lines)
    held = is_held(checkout, now=now)
    discount = discount_of(checkout, subtotal_vnd=subtotal_vnd, held=held, now=now)
    if discount is not None:
        falls = shares(discount.amount_vnd, of=[line.total_vnd for line in lines])
        lines = tuple(replace(line, discount_vnd=share) for line, share in zip(lines, falls, strict=True))
    return BasketShop(checkout, lines, discount)


def _held(checkouts: Sequence[Checkout]) -> dict[uuid.UUID, int]:
    """How many are held for each line already: free to its own checkout."""
    holding = [checkout.pk for checkout in checkouts if checkout.reserved_until is not None]
    if not holding:
        return {}
    held = Reservation.objects.filter(checkout_line__checkout_id__in=holding).values_list("checkout_line_id")
    return dict(held.annotate(held=Sum("quantity")))


def _viewed_line(checkout: Checkout, line: CheckoutLine, *, left: int, now: datetime) -> BasketLine:
    priced = DraftLine.of(line, held=is_held(checkout, now=now))
    refusal = _refusal(checkout, line)
    problem = _shortage(line, left=left) if refusal is None else refusal
    return BasketLine(line, priced.unit_price_vnd, left, problem, is_for_sale=refusal is None)


def _refusal(checkout: Checkout, line: CheckoutLine) -> str | Promise | None:
    try:
        require_for_sale(line.variant, age_declared=checkout.age_declared)
    except MarketError as refusal:
        return refusal.message
    return None


def _shortage(line: CheckoutLine, *, left: int) -> str | Promise | None:
    variant = line.variant
    if line.quantity > left:
        return Shortfall(variant.pk, variant.product.name, variant.unit, left).sentence
    return None
