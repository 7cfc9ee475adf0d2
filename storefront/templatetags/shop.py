"""What the shoppers' templates need beside `market`: `{% load shop %}`."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import ProductMedia
from catalog.pictures import SMALL_EDGE_PIXELS, picture_url
from marketplace.orders.models import Address, Complaint, Order
from payments.selectors import PaymentState
from storefront.shop.order_pages import Phase
from storefront.web import FORM_ID_FIELD
from vendors.models import Vendor

VENDOR_KINDS: dict[str, str | Promise] = {
    Vendor.Kind.HOUSEHOLD: gettext_lazy("Hộ kinh doanh"),
    Vendor.Kind.COOPERATIVE: gettext_lazy("Hợp tác xã"),
    Vendor.Kind.ENTERPRISE: gettext_lazy("Doanh nghiệp"),
}
VERIFICATIONS: dict[str, str | Promise] = {
    Vendor.Verification.VERIFIED_BY_STAFF: gettext_lazy("Cán bộ xã đã xác minh người bán"),
    Vendor.Verification.VNEID: gettext_lazy("Người bán đã xác minh bằng VNeID"),
}
Badge = tuple[str, str, str | Promise]
"""Tone, sign and words."""
UNPAID_BADGES: dict[Phase, Badge] = {
    Phase.PAY: ("amber", "wait", gettext_lazy("Chờ trả tiền")),
    Phase.PAY_THE_REST: ("amber", "warning", gettext_lazy("Trả chưa đủ")),
    Phase.GIVEN_BACK: ("muted", "money", gettext_lazy("Đã trả lại tiền")),
    Phase.EXPIRED: ("lacquer", "stop", gettext_lazy("Hết hạn")),
    Phase.CANCELLED: ("muted", "stop", gettext_lazy("Đã hủy")),
}

COMPLAINTS: dict[str, tuple[str, str]] = {
    Complaint.State.WAITING: ("amber", "wait"),
    Complaint.State.ANSWERED: ("leaf", "answer"),
    Complaint.State.CLOSED: ("muted", "check"),
}

register = template.Library()


@register.simple_tag
def client_id() -> SafeString:
    """The form's own id: a form that the browser sends twice works once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_ID_FIELD, uuid.uuid4())


@register.filter
def vendor_kind(vendor: Vendor) -> str | Promise:
    """What kind of seller this is, in words."""
    return VENDOR_KINDS.get(vendor.kind, "")


@register.filter
def vendor_verification(vendor: Vendor) -> str | Promise:
    """Who checked the seller's identity, in words."""
    return VERIFICATIONS.get(vendor.verification, "")


@register.filter
def small_picture(media: ProductMedia) -> str:
    """The address of a photo's small file."""
    return picture_url(media, SMALL_EDGE_PIXELS)


@register.inclusion_tag("storefront/parts/badge.html")
def order_badge(order: Order, phase: Phase) -> dict[str, object]:
    """How far the order is, in an icon and a word."""
    tone, sign, text = _badge(order, phase)
    return {"tone": tone, "sign": sign, "text": text}


@register.inclusion_tag("storefront/parts/badge.html")
def complaint_badge(complaint: Complaint) -> dict[str, object]:
    """Where a complaint stands."""
    tone, sign = COMPLAINTS[complaint.state]
    return {"tone": tone, "sign": sign, "text": complaint.get_state_display()}


@register.simple_tag
def is_late(complaint: Complaint, now: datetime) -> bool:
    """Whether the first answer to a complaint is overdue."""
    return complaint.is_late(now)


def _badge(order: Order, phase: Phase) -> Badge:
    if phase is not Phase.PAID:
        return UNPAID_BADGES[phase]
    if order.status == Order.Status.FULFILLED:
        return "leaf", "done", _("Đã nhận hàng") if order.pick_up_at_id else _("Đã giao")
    if order.status == Order.Status.PARTIALLY_FULFILLED:
        return "amber", "truck", _("Đã giao một phần")
    if order.packed_at is not None:
        return "amber", "box", _("Đã gói, mời bạn đến lấy") if order.pick_up_at_id else _("Đã gói, sắp gửi đi")
    return "amber", "wait", _("Chờ bạn đến lấy") if order.pick_up_at_id else _("Chờ giao hàng")


@register.filter
def confirmed_by(payment: PaymentState) -> str:
    """Who says that the money came: the bank, the card network, the seller, or each a part."""
    if not payment.by_hand_vnd:
        return _confirmed_by(payment)
    if not payment.confirmed_vnd:
        return _("Người bán xác nhận đã nhận tiền")
    if payment.card_vnd:
        return _("%(who)s một phần, phần còn lại người bán xác nhận") % {"who": _confirmed_by(payment)}
    return _("Ngân hàng đã báo một phần, phần còn lại người bán xác nhận")


def _confirmed_by(payment: PaymentState) -> str:
    if not payment.card_vnd:
        return _("Ngân hàng đã báo")
    if payment.card_vnd == payment.confirmed_vnd:
        return _("Đã trả bằng thẻ, đơn vị thẻ đã báo")
    return _("Ngân hàng và đơn vị thẻ đã báo")


@register.filter
def delivery_words(order: Order) -> str:
    """How the goods come to the buyer: the kept name is Vietnamese, the page's language may be another."""
    if order.pick_up_at is not None:
        return _("Đến lấy tại %(place)s") % {"place": order.pick_up_at.name}
    return _(order.delivery_name) if order.delivery_name else _("Nhận tại chỗ")


@register.filter
def address_words(address: Address) -> str:
    """An address on one line: who, street, commune and province."""
    place = address.commune.label if address.commune is not None else ""
    return ", ".join(part for part in (address.name, address.street_address_1, place) if part)
