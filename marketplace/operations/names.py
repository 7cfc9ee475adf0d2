"""What features and tables are called in the operator's admin, where their own names are a programmer's."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

APP_NAMES: Final = {
    "catalog": _("Hàng hóa"),
    "core": _("Sổ sách"),
    "legal": _("Quy định"),
    "orders": _("Mua bán"),
    "payments": _("Tiền"),
    "people": _("Người và vai trò"),
    "places": _("Địa bàn"),
    "reporting": _("Số liệu"),
    "vendors": _("Gian hàng"),
}
MODEL_NAMES: Final = {
    "core.JournalDelivery": _("Việc báo chưa xong"),
    "core.JournalEvent": _("Nhật ký"),
    "legal.LegalVersion": _("Quy định của chợ"),
    "payments.BankNotice": _("Tin báo của ngân hàng"),
    "payments.CardAccount": _("Gian hàng nhận thẻ"),
    "payments.CardEvent": _("Tin báo của Stripe"),
    "payments.CardSession": _("Lần trả bằng thẻ"),
    "payments.Feed": _("Nguồn báo tiền"),
    "payments.ReviewItem": _("Khoản cần xem"),
    "payments.TransactionEvent": _("Tiền vào, tiền ra"),
    "people.HelpConsent": _("Đồng ý được giúp"),
    "people.Role": _("Vai trò"),
    "people.User": _("Người dùng"),
    "reporting.ProductMonth": _("Hàng bán theo tháng"),
    "reporting.SalesDay": _("Hàng bán theo ngày"),
    "reporting.TakingsDay": _("Tiền thu theo ngày"),
    "vendors.Vendor": _("Gian hàng"),
}
