"""What the templates of sellers and staff need beside `market` and `shop`: `{% load work %}`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.certificate_rules import Standing, standing_of
from catalog.models import OcopCertificate, Product
from catalog.ocop_sets import ocop_set
from marketplace.core import clock
from marketplace.core.money import amount_in_words, format_vnd, in_groups
from marketplace.core.phone import mask_phone
from marketplace.orders.discounts import VoucherState
from marketplace.orders.models import Channel, Order, Voucher
from marketplace.orders.services.charging import PAID
from marketplace.orders.services.fulfilling import OPEN
from payments.models import Confirmation, ReviewItem
from payments.reasons import resolution_in_words, why_in_words
from storefront.commune.growth import in_sentence
from storefront.dates import month_text
from storefront.sell.books import comparison_words
from storefront.templatetags.market import icon
from vendors.documents import PaperStanding, paper_standing
from vendors.models import Membership, ShopDocument, Vendor

HOUR_S, DAY_S = 3600, 24 * 3600
CONFIRMATIONS: dict[str, str | Promise] = {
    Confirmation.BANK: gettext_lazy("Ngân hàng báo"),
    Confirmation.CARD: gettext_lazy("Thẻ báo"),
    Confirmation.VENDOR: gettext_lazy("Người bán ghi"),
    Confirmation.CASH: gettext_lazy("Tiền mặt"),
}
CHANNELS: dict[str, str | Promise] = {
    Channel.ONLINE: gettext_lazy("Trên mạng"),
    Channel.STALL: gettext_lazy("Tại sạp"),
}
LISTINGS = {
    Product.Listing.DRAFT: ("muted", "edit"),
    Product.Listing.IN_REVIEW: ("amber", "wait"),
    Product.Listing.PUBLISHED: ("leaf", "done"),
    Product.Listing.REJECTED: ("lacquer", "warning"),
    Product.Listing.WITHDRAWN: ("muted", "stop"),
}
ORDERS = {
    Order.Status.UNCONFIRMED: ("amber", "wait"),
    Order.Status.UNFULFILLED: ("amber", "truck"),
    Order.Status.PARTIALLY_FULFILLED: ("amber", "truck"),
    Order.Status.FULFILLED: ("leaf", "done"),
    Order.Status.CANCELED: ("muted", "stop"),
    Order.Status.EXPIRED: ("muted", "stop"),
}
STANDINGS: dict[Standing, tuple[str, str, str | Promise]] = {
    Standing.WAITING: ("amber", "wait", gettext_lazy("Chờ xã xem giấy")),
    Standing.REFUSED: ("lacquer", "stop", gettext_lazy("Không được xác nhận")),
    Standing.VALID: ("leaf", "done", gettext_lazy("Còn hạn")),
    Standing.EXPIRING: ("amber", "wait", gettext_lazy("Sắp hết hạn")),
    Standing.EXPIRED: ("lacquer", "stop", gettext_lazy("Đã hết hạn")),
    Standing.WITHDRAWN: ("muted", "stop", gettext_lazy("Đã thu hồi")),
}
PAPERS: dict[PaperStanding, tuple[str, str, str | Promise]] = {
    PaperStanding.GOOD: ("leaf", "done", gettext_lazy("Còn hạn")),
    PaperStanding.ENDING: ("amber", "wait", gettext_lazy("Sắp hết hạn")),
    PaperStanding.ENDED: ("lacquer", "stop", gettext_lazy("Đã hết hạn")),
}
VOUCHERS: dict[VoucherState, tuple[str, str, str | Promise]] = {
    VoucherState.COMING: ("amber", "wait", gettext_lazy("Chưa đến ngày")),
    VoucherState.RUNNING: ("leaf", "done", gettext_lazy("Đang dùng được")),
    VoucherState.USED_UP: ("muted", "check", gettext_lazy("Đã hết lượt")),
    VoucherState.OVER: ("muted", "stop", gettext_lazy("Đã kết thúc")),
}
REVIEWS: dict[str, str | Promise] = {
    ReviewItem.Kind.UNMATCHED: gettext_lazy("Tiền vào chưa rõ của đơn nào"),
    ReviewItem.Kind.REFUND_DUE: gettext_lazy("Khách trả thừa, cần trả lại"),
    ReviewItem.Kind.PARTIAL: gettext_lazy("Khách trả còn thiếu"),
    ReviewItem.Kind.DISPUTE: gettext_lazy("Tiền thẻ cần bạn xem"),
}
BADGE = "storefront/parts/badge.html"

register = template.Library()
register.filter("masked", mask_phone)
register.filter("month_text", month_text)
register.filter("in_sentence", in_sentence)
register.filter("comparison_words", comparison_words)
register.filter("why_words", why_in_words)
register.filter("resolution_words", resolution_in_words)


@register.filter
def confirmation_words(confirmation: str) -> str | Promise:
    """Who says that money moved."""
    return CONFIRMATIONS.get(confirmation, "")


@register.simple_tag
def received_sign(confirmation: str) -> SafeString:
    """The sign before money that came: the tick is only for what a bank or the card network said."""
    if confirmation in (Confirmation.BANK, Confirmation.CARD):
        return format_html('<span class="leaf">{}</span>', icon("done"))
    return format_html(
        '<span class="muted">{}</span>', icon("money" if confirmation == Confirmation.CASH else "person")
    )


@register.filter
def channel_words(channel: str) -> str | Promise:
    """Where something was sold."""
    return CHANNELS.get(channel, "")


@register.filter
def review_words(item: ReviewItem) -> str | Promise:
    """What a thing that waits for a person is about."""
    return REVIEWS.get(item.kind, "")


@register.filter
def set_name(number: int) -> str:
    """The name of an OCOP set."""
    return ocop_set(number).shown_name


@register.filter
def spoken_vnd(amount: int) -> str:
    """An amount as a voice reads it: `sáu mươi nghìn đồng`. In words, since old phones read "60.000" as sixty."""
    return amount_in_words(amount)


@register.filter
def number(count: int) -> str:
    """A count in groups of three: `1.250`."""
    return in_groups(count)


@register.filter
def since(moment: datetime) -> str:
    """How long ago, in the largest whole unit of hours or days: `3 ngày`."""
    return hours_or_days(max(0, int((clock.now() - moment).total_seconds())))


def hours_or_days(seconds: int) -> str:
    """A time in its largest whole unit of hours or days."""
    if seconds >= DAY_S:
        return ngettext("%(count)s ngày", "%(count)s ngày", seconds // DAY_S) % {"count": seconds // DAY_S}
    if seconds >= HOUR_S:
        return ngettext("%(count)s giờ", "%(count)s giờ", seconds // HOUR_S) % {"count": seconds // HOUR_S}
    return _("chưa đến 1 giờ")


@register.filter
def moment_short(moment: datetime) -> str:
    """The hour in Vietnam of something of today, else the date: lists are read at a glance."""
    here = moment.astimezone(clock.VIETNAM)
    return here.strftime("%H:%M" if here.date() == clock.vietnam_date(clock.now()) else "%d/%m/%Y")


@register.filter
def day_short(day: date) -> str:
    """A day where the month is known: `22/11`."""
    return day.strftime("%d/%m")


@register.filter
def month_words(month: date) -> str:
    """A month as people say it: `tháng 11/2026`."""
    return _("tháng %(month)s/%(year)s") % {"month": month.month, "year": month.year}


@register.inclusion_tag(BADGE)
def listing_badge(product: Product) -> dict[str, object]:
    """Where a product stands between draft and sale."""
    tone, sign = LISTINGS[Product.Listing(product.listing)]
    return {"tone": tone, "sign": sign, "text": product.get_listing_display()}


@register.inclusion_tag(BADGE)
def sale_badge(order: Order) -> dict[str, object]:
    """Where an order stands, as its seller sees it."""
    if order.status == Order.Status.UNCONFIRMED and order.charged_vnd:
        return {"tone": "amber", "sign": "warning", "text": _("Trả chưa đủ")}
    if order.packed_at is not None and order.status in OPEN:
        words = _("Đã gói, chờ lấy") if order.pick_up_at_id else _("Đã gói, chờ gửi")
        return {"tone": "amber", "sign": "box", "text": words}
    if order.status == Order.Status.UNFULFILLED and order.charge_status in PAID:
        return {"tone": "amber", "sign": "box", "text": _("Chờ gói")}
    tone, sign = ORDERS[Order.Status(order.status)]
    return {"tone": tone, "sign": sign, "text": order.get_status_display()}


@register.inclusion_tag(BADGE)
def certificate_badge(certificate: OcopCertificate) -> dict[str, object]:
    """What a certificate is worth today."""
    tone, sign, text = STANDINGS[standing_of(certificate, today=clock.vietnam_date(clock.now()))]
    return {"tone": tone, "sign": sign, "text": text}


@register.inclusion_tag(BADGE)
def vendor_badge(vendor: Vendor) -> dict[str, object]:
    """Whether a shop may sell."""
    if vendor.may_sell:
        return {"tone": "leaf", "sign": "done", "text": _("Đã xác minh")}
    if vendor.refusal_reason:
        return {"tone": "lacquer", "sign": "stop", "text": _("Đã trả lại")}
    return {"tone": "amber", "sign": "wait", "text": _("Chờ xác minh")}


@register.inclusion_tag(BADGE)
def paper_badge(document: ShopDocument) -> dict[str, object]:
    """What a paper of the shop's is worth today."""
    tone, sign, text = PAPERS[paper_standing(document, today=clock.vietnam_date(clock.now()))]
    return {"tone": tone, "sign": sign, "text": text}


@register.inclusion_tag(BADGE)
def voucher_badge(state: VoucherState) -> dict[str, object]:
    """Where a voucher stands."""
    tone, sign, text = VOUCHERS[state]
    return {"tone": tone, "sign": sign, "text": text}


@register.filter
def voucher_words(voucher: Voucher) -> str:
    """What a voucher gives."""
    if voucher.discount_value_type == Voucher.ValueType.PERCENTAGE:
        return _("Giảm %(percent)s%% tiền hàng") % {"percent": voucher.discount_value}
    return _("Giảm %(amount)s tiền hàng") % {"amount": format_vnd(voucher.discount_value)}


@register.filter
def last_day(moment: datetime) -> date:
    """The last day in Vietnam before a moment that is no longer counted."""
    return clock.vietnam_date(moment - timedelta(seconds=1))


@register.inclusion_tag(BADGE)
def member_badge(member: Membership) -> dict[str, object]:
    """What a person is in the shop."""
    if member.role == Membership.RoleInShop.OWNER:
        return {"tone": "leaf", "sign": "shop", "text": _("Chủ gian hàng")}
    return {"tone": "muted", "sign": "person", "text": _("Người bán")}
