"""What the values of choices are called in the operator's pages, where their models give them no words.

The models' own labels stay as they are: they stand in migrations, and whoever reads the interface reads the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Field

VALUE_NAMES: Final = {
    "agent": _("Tổ công nghệ số"),
    "api_key": _("Khóa API"),
    "bank": _("Ngân hàng"),
    "basic": _("Tên và mật khẩu"),
    "booked": _("Đã ghi sổ"),
    "card": _("Thẻ"),
    "cash": _("Tiền mặt"),
    "casso": "Casso",
    "charge_action_required": _("Chờ người mua làm tiếp"),
    "charge_back": _("Ngân hàng đòi lại tiền"),
    "charge_failure": _("Thu không được"),
    "charge_request": _("Đã nhờ thu"),
    "charge_success": _("Đã thu"),
    "closing": _("Đang đóng"),
    "commune": _("Cán bộ xã, phường"),
    "cooperative": _("Hợp tác xã"),
    "declared": _("Đã khai, chờ xác minh"),
    "dispute": _("Người mua khiếu nại với ngân hàng"),
    "done": _("Xong"),
    "enabled": _("Nhận được thẻ"),
    "enterprise": _("Doanh nghiệp"),
    "expired": _("Hết hạn"),
    "failed": _("Hỏng"),
    "held": _("Đang giữ tiền"),
    "hmac": _("Chữ ký HMAC"),
    "household": _("Hộ gia đình"),
    "ignored": _("Bỏ qua"),
    "info": _("Ghi chú"),
    "new": _("Mới"),
    "none": _("Chưa khai"),
    "ocop_point": _("Điểm bán OCOP"),
    "onboarding": _("Đang khai với Stripe"),
    "open": _("Đang mở"),
    "operator": _("Người vận hành"),
    "owner": _("Chủ gian hàng"),
    "paid": _("Đã trả"),
    "partial": _("Trả thiếu"),
    "payos": "payOS",
    "processing": _("Đang xử lý"),
    "province": _("Cán bộ tỉnh"),
    "received": _("Mới nhận"),
    "refund_due": _("Cần trả lại tiền"),
    "refund_failure": _("Hoàn không được"),
    "refund_request": _("Đã nhờ hoàn"),
    "refund_success": _("Đã hoàn"),
    "refunded": _("Đã trả lại tiền"),
    "repeat": _("Tin báo lặp lại"),
    "restricted": _("Bị Stripe hạn chế"),
    "review": _("Cần người xem"),
    "seller": _("Người bán"),
    "sepay": "SePay",
    "set_aside": _("Để riêng"),
    "settled": _("Đã khớp"),
    "shop": _("Tại gian hàng"),
    "stall": _("Tại sạp"),
    "statement": _("Sao kê"),
    "unmatched": _("Chưa biết của đơn nào"),
    "vendor": _("Gian hàng tự xác nhận"),
    "verified_by_staff": _("Cán bộ đã xác minh"),
    "vietqrvn": "VietQR.vn",
    "vneid": "VNeID",
    "waiting": _("Đang chờ"),
}


def words_of(field: Field[Any, Any], value: object) -> str:
    """The name of one value of a field with choices: its model's own where there is one, ours otherwise."""
    label = str(dict(field.flatchoices).get(value, value))
    without_words = label == str(value).replace("_", " ").title()
    return str(VALUE_NAMES.get(str(value), label)) if without_words else label


def choices_of(field: Field[Any, Any]) -> list[tuple[object, str]]:
    """Every value of the field with its name, for the operator's forms."""
    return [(value, words_of(field, value)) for value, _label in field.flatchoices]
