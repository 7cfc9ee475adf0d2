"""Why a notice waits for a person or lies: the words for programs, and the sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.matching import IgnoreReason, ReviewReason


class HeldReason(StrEnum):
    """Why money waits for a person although matching itself found no fault."""

    AMOUNT_NOT_WHOLE = "amount_not_whole"
    """The notice gave a part of a đồng; only the whole đồng are kept in the column."""
    PROVIDER_DOUBTS = "provider_doubts"
    """The provider itself does not call it a finished transfer in đồng."""
    SALE_CANNOT_BE_MADE = "sale_cannot_be_made"
    """The code leads to a checkout that cannot become an order any more, for example of withdrawn goods."""
    VOUCHER_USED_UP = "voucher_used_up"
    """The order had expired, and the use of its voucher has gone to another order."""
    BOOKING_FAILED = "booking_failed"
    """The market tried for `SWEEP_PATIENCE_S` and could not finish by itself."""


class Resolution(StrEnum):
    """How a review item was closed, where no person wrote it in their own words."""

    BOOKED = "booked"
    REFUNDED = "refunded"
    REPEAT = "repeat"
    NOT_FOR_GOODS = "not_for_goods"
    SOLD_ELSEWHERE = "sold_elsewhere"
    PAID_IN_FULL = "paid_in_full"
    NOTHING_LEFT_TO_REFUND = "nothing_left_to_refund"
    CARD_SETTLED = "card_settled"
    ORDER_CANCELLED = "order_cancelled"


RESOLUTIONS: Final[Mapping[str, Promise]] = {
    Resolution.BOOKED: _("Đã ghi vào đơn."),
    Resolution.REFUNDED: _("Đã trả lại khách."),
    Resolution.REPEAT: _("Là khoản đã báo trước đó, chỉ tính một lần."),
    Resolution.NOT_FOR_GOODS: _("Tiền riêng, không phải tiền hàng."),
    Resolution.SOLD_ELSEWHERE: _("Tiền hàng bán ngoài chợ này."),
    Resolution.PAID_IN_FULL: _("Đơn đã được trả đủ."),
    Resolution.NOTHING_LEFT_TO_REFUND: _("Không còn khoản nào phải hoàn."),
    Resolution.CARD_SETTLED: _("Đơn vị thẻ đã xử lý xong."),
    Resolution.ORDER_CANCELLED: _("Đơn đã hủy, không thu nữa."),
}

SENTENCES: Final[Mapping[str, Promise]] = {
    ReviewReason.NO_CODE: _("Nội dung chuyển khoản không có mã đơn."),
    ReviewReason.CUT_CODE: _("Mã đơn trong nội dung bị cắt cụt."),
    ReviewReason.STAND_CODE: _("Tiền khách quét mã dán ở sạp."),
    ReviewReason.MAY_BE_REPEAT: _("Có thể trùng với một khoản đã báo từ nguồn khác."),
    ReviewReason.TOLD_ELSEWHERE: _("Gian hàng khác cũng khai tài khoản này và đã được báo khoản này."),
    ReviewReason.SEVERAL_CODES: _("Nội dung chuyển khoản có nhiều mã đơn."),
    ReviewReason.UNKNOWN_CODE: _("Mã đơn trong nội dung không có ở chợ."),
    ReviewReason.OTHER_VENDORS_CODE: _("Mã đơn này là của gian hàng khác."),
    ReviewReason.ORDER_CANCELLED: _("Đơn đã hủy trước khi tiền tới."),
    ReviewReason.ORDER_ALREADY_PAID: _("Đơn đã được trả đủ trước đó."),
    ReviewReason.ORDER_EXPIRED_WITHOUT_STOCK: _("Đơn đã hết hạn và hàng đã hết."),
    ReviewReason.ORDER_EXPIRED_LONG_AGO: _("Đơn đã hết hạn từ lâu."),
    ReviewReason.TOO_LARGE: _("Số tiền lớn bất thường."),
    HeldReason.AMOUNT_NOT_WHOLE: _("Số tiền báo về có phần lẻ dưới một đồng."),
    HeldReason.PROVIDER_DOUBTS: _("Bên báo tiền chưa chắc khoản này đã chuyển xong."),
    HeldReason.SALE_CANNOT_BE_MADE: _("Giỏ hàng này không đặt thành đơn được nữa."),
    HeldReason.VOUCHER_USED_UP: _("Đơn đã hết hạn và mã giảm giá của đơn đã hết lượt."),
    HeldReason.BOOKING_FAILED: _("Máy chưa ghi được khoản này vào đơn."),
    IgnoreReason.TEST_EVENT: _("Thông báo thử."),
    IgnoreReason.OUTGOING: _("Tiền đi, không phải tiền bán hàng."),
    IgnoreReason.NOT_POSITIVE: _("Không có tiền vào."),
    IgnoreReason.SAME_TRANSFER: _("Trùng với một khoản đã báo từ nguồn khác."),
    IgnoreReason.FOREIGN_ACCOUNT: _("Tài khoản không phải của gian hàng này."),
}


def why_in_words(why: str) -> str:
    """The sentence for a notice's `why`, in the language of the moment; "" when there is no reason."""
    return str(SENTENCES.get(why, ""))


def as_clause(why: str) -> str:
    """The sentence for a notice's `why` as the end of another: without its capital and its full stop."""
    sentence = why_in_words(why).rstrip(".")
    return sentence[:1].lower() + sentence[1:]


def resolution_in_words(resolution: str) -> str:
    """How a review item ended, as people read it: the market's own sentence, or what the person wrote."""
    return str(RESOLUTIONS.get(resolution, resolution))
