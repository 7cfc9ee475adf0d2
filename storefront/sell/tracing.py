"""The form of what a product tells of where it comes from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.values import TRACE_CHARACTERS_MAX
from storefront.settling import AskingForm


def _field(name: str, label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=TRACE_CHARACTERS_MAX[name], strip=True
    )


class TraceForm(AskingForm):
    """What Circular 02/2024/TT-BKHCN has buyers told; all of it may stay empty. Names are the service's."""

    brand = _field("brand", _("Nhãn hiệu"), _("Tên ghi trên bao bì, nếu có."))
    producer_name = _field("producer_name", _("Người làm ra"), _("Để trống nếu chính gian hàng làm ra."))
    producer_address = _field("producer_address", _("Địa chỉ nơi làm"), _("Ví dụ: xóm Bản Giốc, xã Đàm Thủy."))
    materials_note = _field(
        "materials_note", _("Nguyên liệu"), _("Làm từ gì, lấy ở đâu. Ví dụ: củ dong riềng trồng ở Phia Đén.")
    )
    made_note = _field("made_note", _("Làm ra lúc"), _("Ngày hoặc mùa làm. Ví dụ: vụ tháng 10/2026."))
    lot_number = _field("lot_number", _("Số lô"), _("Số ghi trên bao bì của đợt hàng này."))
    trace_code = _field("trace_code", _("Mã truy xuất"), _("Mã in dưới tem truy xuất nguồn gốc, nếu có."))
