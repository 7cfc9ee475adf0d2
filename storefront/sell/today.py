"""The shop's day at a glance: what was taken, what came last, and what needs a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.certificate_rules import EXPIRING_DAYS
from catalog.models import OcopCertificate, Product
from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from marketplace.orders.models import Order
from payments.models import ReviewItem
from payments.selectors import DayTakings, Receipt, day_takings, receipts
from storefront.sell.desk import Desk
from vendors.models import Vendor
from vendors.selectors import active_account

RECEIPTS_SHOWN_MAX = 10
TO_HAND_OVER: dict[str, Promise] = {
    Order.Status.UNFULFILLED: gettext_lazy("%(count)s đơn chờ giao"),
    Order.Status.PARTIALLY_FULFILLED: gettext_lazy("%(count)s đơn mới giao một phần"),
}


@dataclass(frozen=True)
class Task:
    """Something that needs a person, and the one thing to do about it."""

    sentence: str
    url: str
    action: str
    sign: str = "warning"


@dataclass(frozen=True)
class TodaySight:
    """Everything the page of today shows at one moment."""

    vendor: Vendor
    day: date
    takings: DayTakings
    receipts: list[Receipt]
    tasks: list[Task]

    @property
    def etag(self) -> str:
        """Changes with everything that is shown."""
        shown = (self.vendor.pk, self.day, self.takings, self.receipts, self.tasks, get_language())
        return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'

    @property
    def announcement(self) -> str:
        """What a screen reader says when the page has changed by itself."""
        if not self.receipts:
            return ""
        last = self.receipts[0]
        words = _("Đã trả lại %(amount)s") if last.is_refund else _("Đã nhận %(amount)s")
        return words % {"amount": format_vnd(last.amount_vnd)}


def today_at(desk: Desk, *, now: datetime) -> TodaySight:
    """The shop's day as it is now; seven statements, however much was sold."""
    day = vietnam_date(now)
    return TodaySight(
        vendor=desk.vendor,
        day=day,
        takings=day_takings(actor=desk.actor, vendor=desk.vendor, day=day),
        receipts=receipts(actor=desk.actor, vendor=desk.vendor, at_most=RECEIPTS_SHOWN_MAX),
        tasks=tasks_of(desk, today=day),
    )


def tasks_of(desk: Desk, *, today: date) -> list[Task]:
    """What needs a person of the shop, the most pressing first."""
    return [*_about_the_shop(desk), *_about_money_and_orders(desk.vendor), *_about_goods(desk.vendor, today=today)]


def _about_the_shop(desk: Desk) -> list[Task]:
    tasks = []
    vendor = desk.vendor
    if vendor.refusal_reason and not vendor.may_sell:
        sentence = _("Xã chưa nhận gian hàng: %(reason)s") % {"reason": vendor.refusal_reason}
        tasks.append(Task(sentence, reverse("sell_shop"), _("Xem cần làm gì"), "stop"))
    elif not vendor.may_sell:
        sentence = _("Gian hàng đang chờ xã xác minh. Xác minh xong bạn mới bán được.")
        tasks.append(Task(sentence, reverse("sell_shop"), _("Xem cần làm gì"), "wait"))
    if desk.is_owner and active_account(vendor) is None:
        sentence = _("Chưa có tài khoản ngân hàng để nhận tiền.")
        tasks.append(Task(sentence, reverse("sell_account"), _("Khai tài khoản"), "bank"))
    return tasks


def _about_money_and_orders(vendor: Vendor) -> list[Task]:
    tasks = []
    waiting = ReviewItem.objects.filter(vendor=vendor, closed_at__isnull=True).count()
    if waiting:
        sentence = _("%(count)s khoản tiền cần xem") % {"count": waiting}
        tasks.append(Task(sentence, reverse("sell_review"), _("Xem")))
    to_hand_over = Order.objects.filter(vendor=vendor, status__in=TO_HAND_OVER).order_by()
    counted = dict(to_hand_over.values_list("status").annotate(orders=Count("pk")))
    for status, words in TO_HAND_OVER.items():
        if count := counted.get(status):
            url = f"{reverse('sell_orders')}?status={status}"
            tasks.append(Task(str(words) % {"count": count}, url, _("Giao hàng"), "truck"))
    return tasks


def _about_goods(vendor: Vendor, *, today: date) -> list[Task]:
    tasks = []
    rejected = Product.objects.filter(vendor=vendor, listing=Product.Listing.REJECTED).count()
    if rejected:
        sentence = _("%(count)s sản phẩm cần sửa") % {"count": rejected}
        url = f"{reverse('sell_products')}?state={Product.Listing.REJECTED}"
        tasks.append(Task(sentence, url, _("Sửa"), "edit"))
    soon = Q(expires_on__range=(today, today + timedelta(days=EXPIRING_DAYS)))
    verified = OcopCertificate.objects.filter(soon, product__vendor=vendor, state=OcopCertificate.State.VERIFIED)
    expiring = verified.aggregate(count=Count("pk"))["count"]
    if expiring:
        sentence = _("%(count)s giấy OCOP sắp hết hạn") % {"count": expiring}
        tasks.append(Task(sentence, reverse("sell_products"), _("Xem"), "wait"))
    return tasks
