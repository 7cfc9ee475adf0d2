"""How the operator's admin looks and what its side bar leads to (django-unfold); nothing of another host."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _entry(title: Any, icon: str, model: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


UNFOLD: Final[dict[str, Any]] = {
    "SITE_TITLE": "Chợ 4.0",
    "SITE_HEADER": _("Chợ 4.0 – Vận hành"),
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "#F3F6FB",
            "100": "#E3EAF5",
            "200": "#C8D5EA",
            "300": "#9DB8E8",
            "400": "#6F93CF",
            "500": "#4A70AC",
            "600": "#23406E",
            "700": "#1D365D",
            "800": "#182C4C",
            "900": "#13233D",
            "950": "#0C1728",
        },
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": [
            {
                "title": _("Người và vai trò"),
                "items": [
                    _entry(_("Người dùng"), "person", "people_user"),
                    _entry(_("Vai trò"), "badge", "people_role"),
                    _entry(_("Đồng ý được giúp"), "handshake", "people_helpconsent"),
                ],
            },
            {
                "title": _("Tiền"),
                "items": [
                    _entry(_("Nguồn báo tiền"), "sensors", "payments_feed"),
                    _entry(_("Tin báo của ngân hàng"), "receipt_long", "payments_banknotice"),
                    _entry(_("Khoản cần xem"), "rule", "payments_reviewitem"),
                ],
            },
            {
                "title": _("Chợ"),
                "items": [
                    _entry(_("Gian hàng"), "storefront", "vendors_vendor"),
                    _entry(_("Đơn hàng"), "shopping_basket", "orders_order"),
                    _entry(_("Chợ, điểm trưng bày"), "location_on", "places_marketsite"),
                ],
            },
            {
                "title": _("Sổ sách và quy định"),
                "items": [
                    _entry(_("Nhật ký"), "history", "core_journalevent"),
                    _entry(_("Việc báo chưa xong"), "pending_actions", "core_journaldelivery"),
                    _entry(_("Quy định của chợ"), "gavel", "legal_legalversion"),
                    {
                        "title": _("Thiết lập đang dùng"),
                        "icon": "settings",
                        "link": reverse_lazy("admin:settings_in_force"),
                    },
                ],
            },
        ],
    },
}
"""Icons are names in the font that unfold brings along."""
