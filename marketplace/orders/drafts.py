"""A checkout as it would become an order now: its lines at their prices, its delivery, its sums, what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductVariant
from marketplace.core.money import format_vnd
from marketplace.core.statements import Given, Kept
from marketplace.orders.checks import AMOUNT_VND_MAX
from marketplace.orders.discounts import Discount, discount_of, shares
from marketplace.orders.errors import CheckoutNotReady, TotalTooLarge, VoucherNotApplicable
from marketplace.orders.goods import require_for_sale
from marketplace.orders.models import Address, Channel, Checkout, CheckoutDelivery, CheckoutLine
from vendors.models import Vendor

# Long texts that nobody prices come when they are asked for.
_LINES: Kept[CheckoutLine] = Kept(
    lambda: (
        CheckoutLine.objects.filter(checkout=Given("checkout"))
        .select_related("variant__product__vendor")
        .defer(
            *(f"variant__{name}" for name in ("metadata", "private_metadata", "translations")),
            *(
                f"variant__product__{name}"
                for name in ("metadata", "private_metadata", "translations", "description")
            ),
            *(
                f"variant__product__vendor__{name}"
                for name in ("metadata", "private_metadata", "translations", "story")
            ),
        )
        .order_by("made_at", "pk")
    )
)


@dataclass(frozen=True)
class DraftLine:
    """A checkout's line with what one of it costs, in đồng."""

    line: CheckoutLine
    unit_price_vnd: int

    @classmethod
    def of(cls, line: CheckoutLine, *, held: bool) -> DraftLine:
        """The line at its variant's price, or while `held` at the one its buyer was asked to pay."""
        if held and line.held_price_vnd is not None:
            return cls(line, line.held_price_vnd)
        return cls(line, line.variant.price_vnd)

    @property
    def variant(self) -> ProductVariant:
        return self.line.variant

    @property
    def total_vnd(self) -> int:
        """Price times quantity, in đồng."""
        return self.unit_price_vnd * self.line.quantity


@dataclass(frozen=True)
class Draft:
    """A checkout priced at one moment."""

    checkout: Checkout
    lines: tuple[DraftLine, ...]
    delivery: CheckoutDelivery | None
    discount: Discount | None = None
    typed_vnd: int = 0
    """An amount that the seller typed at the stall, beside the goods or instead of them, in đồng."""

    @property
    def subtotal_vnd(self) -> int:
        """The goods at their prices and what was typed at the stall, in đồng."""
        return sum(line.total_vnd for line in self.lines) + self.typed_vnd

    @property
    def discount_vnd(self) -> int:
        """What the voucher takes off the goods, in đồng."""
        return self.discount.amount_vnd if self.discount is not None else 0

    @property
    def line_discounts_vnd(self) -> list[int]:
        """Each line's share of the discount, in đồng."""
        return shares(self.discount_vnd, of=[line.total_vnd for line in self.lines])

    @property
    def shipping_vnd(self) -> int:
        """The delivery, in đồng; 0 while none is chosen."""
        return self.delivery.price_vnd if self.delivery is not None else 0

    @property
    def total_vnd(self) -> int:
        """What the buyer pays, in đồng."""
        return self.subtotal_vnd - self.discount_vnd + self.shipping_vnd


def is_held(checkout: Checkout, *, now: datetime) -> bool:
    """Whether stock and prices are held for this checkout's payment at this moment."""
    return checkout.reserved_until is not None and now < checkout.reserved_until


def draft_of(checkout: Checkout, *, now: datetime) -> Draft:
    """The checkout at the prices of this moment, or at those its buyer was asked to pay while it is held.

    One statement for the lines, one for the delivery and one for a voucher. Checks nothing.
    """
    held = is_held(checkout, now=now)
    lines = tuple(DraftLine.of(line, held=held) for line in _LINES.all(checkout=checkout.pk))
    subtotal_vnd = sum(line.total_vnd for line in lines)
    discount = discount_of(checkout, subtotal_vnd=subtotal_vnd, held=held, now=now)
    return Draft(checkout, lines, checkout.delivery, discount)


def require_ready(draft: Draft) -> None:
    """Raises what keeps this draft from becoming an order.

    `NotForSale` and `AgeNotDeclared` for its goods, `VoucherNotApplicable`, `TotalTooLarge`, and `CheckoutNotReady`
    with the code NO_LINES, SHIPPING_METHOD_NOT_SET, SHIPPING_ADDRESS_NOT_SET, MISSING_ADDRESS_DATA or EMAIL_NOT_SET.
    Stock is another matter, and so is whether its buyer used the voucher before.
    """
    if not (draft.lines or draft.typed_vnd):
        raise _nothing_in_it()
    for line in draft.lines:
        require_for_sale(line.variant, age_declared=draft.checkout.age_declared)
    if draft.discount is not None and draft.discount.problem is not None:
        raise VoucherNotApplicable(draft.discount.problem, field="promo_code")
    if draft.total_vnd > AMOUNT_VND_MAX:
        sentence = _("Đơn hàng lớn quá, tối đa {most}.")
        raise TotalTooLarge(format_lazy(sentence, most=format_vnd(AMOUNT_VND_MAX)), field="lines")
    if draft.checkout.channel == Channel.ONLINE:
        _require_delivery(draft)
        _require_whole_addresses(draft)
        _require_contact(draft.checkout)


def shop_of(checkout: Checkout) -> Vendor:
    """Whose goods are in a checkout. Raises `CheckoutNotReady` (NO_LINES) while nothing was ever put in."""
    if checkout.vendor is None:
        raise _nothing_in_it()
    return checkout.vendor


def _nothing_in_it() -> CheckoutNotReady:
    return CheckoutNotReady(_("Giỏ hàng đang trống."), field="lines", code="NO_LINES")


def _require_delivery(draft: Draft) -> None:
    if draft.delivery is None:
        raise CheckoutNotReady(_("Bạn chọn cách nhận hàng nhé."), field="delivery", code="SHIPPING_METHOD_NOT_SET")
    if draft.delivery.pick_up_at_id is None and draft.checkout.shipping_address is None:
        raise CheckoutNotReady(
            _("Bạn điền địa chỉ nhận hàng nhé."), field="shipping_address", code="SHIPPING_ADDRESS_NOT_SET"
        )


def _require_whole_addresses(draft: Draft) -> None:
    """A program may keep an address in parts until the order is placed."""
    checkout = draft.checkout
    goes_there = draft.delivery is not None and draft.delivery.pick_up_at_id is None
    of_fields = {
        "shipping_address": checkout.shipping_address if goes_there else None,
        "billing_address": checkout.billing_address,
    }
    for field, address in of_fields.items():
        if address is not None and not address.is_complete:
            raise CheckoutNotReady(
                _("Địa chỉ còn thiếu số nhà, tên đường hoặc xã, phường."), field=field, code="MISSING_ADDRESS_DATA"
            )


def _require_contact(checkout: Checkout) -> None:
    if not (checkout.email or contact_phone(checkout)):
        raise CheckoutNotReady(
            _("Bạn để lại số điện thoại để gian hàng liên hệ nhé."), field="phone", code="EMAIL_NOT_SET"
        )


def contact_phone(checkout: Checkout) -> str:
    """The buyer's phone: the checkout's own, or that of an address; empty where none is known."""
    addresses: Iterable[Address | None] = (checkout.shipping_address, checkout.billing_address)
    phones = (address.phone for address in addresses if address is not None)
    return checkout.phone or next((phone for phone in phones if phone), "")
