"""What a checkout or an order may refuse. Codes are Saleor's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, InvalidInput, MarketError, NotFound

SHORTFALLS_NAMED_MAX = 3


class NotForSale(MarketError):
    """The product is not shown to shoppers, its kind is not sold at present, or its shop may not sell."""

    code = "PRODUCT_NOT_PUBLISHED"


class AgeNotDeclared(NotForSale):
    """Alcohol, and the buyer did not say that they are of age."""


class OtherVendorsGoods(InvalidInput):
    """A checkout is one shop's; `subjects` holds the id of the right checkout where the basket has one."""

    def __init__(
        self,
        message: str | Promise,
        *,
        subjects: Sequence[object] = (),
        variant_ids: Sequence[int] = (),
        field: str = "variant_id",
    ) -> None:
        super().__init__(message, field=field, subjects=subjects)
        self.variant_ids = tuple(variant_ids)
        """The goods of other shops."""


class QuantityWrong(InvalidInput):
    """A quantity that is no whole number of at least one."""

    code = "ZERO_QUANTITY"


class QuantityTooLarge(InvalidInput):
    """More of one thing than a line may hold."""

    code = "QUANTITY_GREATER_THAN_LIMIT"


class TooManyLines(InvalidInput):
    """More lines, or more shops, than one basket may hold."""


class TotalTooLarge(InvalidInput):
    """More đồng than one order may cost."""


class CheckoutNotReady(InvalidInput):
    """Something is missing before the order can be placed; the code says what."""


class DeliveryNotOffered(InvalidInput):
    """The chosen way of delivery does not exist for this checkout and address."""

    code = "DELIVERY_METHOD_NOT_APPLICABLE"


class VoucherNotApplicable(InvalidInput):
    """The code is one of the shop's, and takes nothing off this checkout now; the sentence says why."""

    code = "VOUCHER_NOT_APPLICABLE"


class NoSuchVoucher(InvalidInput):
    """The shop has no such code. Another shop's code is none here, and is not told apart from one of nobody's."""


class VoucherUsedUp(Conflict):
    """Money came late for an order whose use of a voucher has gone to somebody else."""

    code = "VOUCHER_NOT_APPLICABLE"


class NoBankAccount(Conflict):
    """The shop has said no bank account, so that nobody could pay it."""

    code = "INVALID"


class OrderCancelled(Conflict):
    """Money came to an order that was cancelled."""

    code = "INVALID"


class CannotCancel(Conflict):
    """The order is paid (for its buyer), handed over or ended."""

    code = "CANNOT_CANCEL_ORDER"


class CannotFulfil(Conflict):
    """The order is not paid in full, or has nothing left to hand over."""

    code = "CANNOT_FULFILL_UNPAID_ORDER"


class CannotFulfilLine(InvalidInput):
    """A line is not the order's, or more of it than is left."""

    code = "FULFILL_ORDER_LINE"


class AmountWrong(InvalidInput):
    """An amount of money that is no whole number of đồng of at least one."""


class RefundTooLarge(InvalidInput):
    """More would go back than came."""

    code = "CANNOT_REFUND"


@dataclass(frozen=True)
class Shortfall:
    """A variant of which there is not enough, and how many are left."""

    variant_id: int | None
    name: str
    unit: str
    left: int

    @property
    def sentence(self) -> str | Promise:
        """What is said beside the line."""
        if self.left <= 0:
            return _("Đã hết hàng.")
        return format_lazy(_("Chỉ còn {left} {unit}."), left=self.left, unit=self.unit)

    @property
    def named_sentence(self) -> str | Promise:
        """What is said where several lines are meant."""
        if self.left <= 0:
            return format_lazy(_("{name}: đã hết hàng."), name=self.name)
        return format_lazy(_("{name}: chỉ còn {left} {unit}."), name=self.name, left=self.left, unit=self.unit)


class InsufficientStock(Conflict):
    """There is less than was asked for; `subjects` holds the variants' ids."""

    code = "INSUFFICIENT_STOCK"

    def __init__(self, shortfalls: Sequence[Shortfall], *, named: bool = True, field: str = "quantity") -> None:
        known = [shortfall.variant_id for shortfall in shortfalls if shortfall.variant_id is not None]
        super().__init__(_sentence(shortfalls, named=named), field=field, subjects=known)
        self.shortfalls = tuple(shortfalls)


def _sentence(shortfalls: Sequence[Shortfall], *, named: bool) -> str | Promise:
    if not shortfalls:
        return _("Không còn hàng cho đơn này.")
    if len(shortfalls) == 1 and not named:
        return shortfalls[0].sentence
    sentences = [shortfall.named_sentence for shortfall in shortfalls[:SHORTFALLS_NAMED_MAX]]
    return format_lazy(" ".join("{}" for _sentence in sentences), *sentences)


def no_such_checkout() -> NotFound:
    """The refusal of a checkout that is not there or no longer."""
    return NotFound(_("Giỏ hàng này không còn. Có thể bạn đã đặt hàng rồi."), field="checkout_id")


def no_such_complaint() -> NotFound:
    """The refusal of a complaint that is not there, or not for who asks."""
    return NotFound(_("Không tìm thấy khiếu nại này."))
