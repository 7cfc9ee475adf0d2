"""The shop's day at a glance: what was taken, what came last, and what needs a person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.renewals import certificates_to_renew
from marketplace.core.clock import vietnam_date
from marketplace.core.money import amount_in_words, format_vnd
from marketplace.orders.models import Complaint, Order
from marketplace.orders.selectors.stages import AT_STAGE, Stage
from payments.models import ReviewItem, TransactionEvent
from payments.selectors import DayTakings, Receipt, day_takings, receipts
from storefront.sell.books import RevenueSight, revenue_sight
from storefront.sell.desk import Desk
from vendors.documents import needs_renewal
from vendors.models import BankAccount, SeenNotice, ShopDocument, Vendor

RECEIPTS_SHOWN_MAX = 10
TO_LOOK_AT = ngettext_lazy("%(count)s khoản tiền cần xem", "%(count)s khoản tiền cần xem", "count")
ASKED_BY_BUYERS = ngettext_lazy(
    "%(count)s khách báo vấn đề, chờ bạn trả lời", "%(count)s khách báo vấn đề, chờ bạn trả lời", "count"
)
TO_CHANGE = ngettext_lazy("%(count)s sản phẩm cần sửa", "%(count)s sản phẩm cần sửa", "count")
CERTIFICATES_END = ngettext_lazy(
    "%(count)s giấy OCOP sắp hoặc đã hết hạn", "%(count)s giấy OCOP sắp hoặc đã hết hạn", "count"
)
PAPERS_END = ngettext_lazy("%(count)s giấy tờ sắp hoặc đã hết hạn", "%(count)s giấy tờ sắp hoặc đã hết hạn", "count")
TO_PACK = ngettext_lazy("%(count)s đơn chờ gói", "%(count)s đơn chờ gói", "count")
PACKED = ngettext_lazy("%(count)s đơn đã gói, chờ giao", "%(count)s đơn đã gói, chờ giao", "count")
ON_THE_DESK = {
    Stage.TO_PACK: (TO_PACK, gettext_lazy("Gói hàng"), "box"),
    Stage.PACKED: (PACKED, gettext_lazy("Giao hàng"), "truck"),
}
"""What is said of the orders at each stage, the one thing to do about them, and its sign."""


@dataclass(frozen=True)
class Task:
    """Something that needs a person, and the one thing to do about it."""

    sentence: str
    url: str
    action: str
    sign: str = "warning"


@dataclass(frozen=True)
class Pulse:
    """All that the page of today hangs on, read in one statement: while it stands, so does the page."""

    last_event_id: int
    """The shop's newest movement of money; 0 before the first."""
    waiting: int
    """Money that waits for a person."""
    to_pack: int
    packed: int
    rejected: int
    expiring: int
    """OCOP certificates that have ended or end soon, and that no newer one stands in for."""
    has_account: bool
    complaints: int
    """Buyers who wait for an answer."""
    papers: int
    """The shop's own papers that have ended or end soon."""
    notices_seen: int
    """How many notices its owner has read: one that is read is asked for no longer."""


@dataclass(frozen=True)
class TodaySight:
    """Everything the page of today shows at one moment."""

    vendor: Vendor
    day: date
    takings: DayTakings
    receipts: list[Receipt]
    tasks: list[Task]
    etag: str
    """Changes with everything that is shown."""

    @property
    def announcement(self) -> str:
        """What a screen reader says when the page has changed by itself."""
        if not self.receipts:
            return ""
        last = self.receipts[0]
        words = _("Đã trả lại %(amount)s") if last.is_refund else _("Đã nhận %(amount)s")
        return words % {"amount": format_vnd(last.amount_vnd)}

    @property
    def newest_in_words(self) -> str:
        """The newest amount as it is said, so that a misread nought is noticed; "" before the first."""
        return amount_in_words(self.receipts[0].amount_vnd, capitalised=True) if self.receipts else ""


def pulse_of(vendor: Vendor, *, today: date) -> Pulse:
    """The shop's pulse: one statement by index, since every open page asks for it every second or so."""
    asked = TransactionEvent.Type.CHARGE_ACTION_REQUIRED
    events = TransactionEvent.objects.filter(vendor=OuterRef("pk")).exclude(type=asked)
    orders = Order.objects.filter(vendor=OuterRef("pk"))
    row = Vendor.objects.filter(pk=vendor.pk).values_list(
        Coalesce(Subquery(events.order_by("-pk").values("pk")[:1]), 0),
        _count(ReviewItem.objects.filter(vendor=OuterRef("pk"), closed_at__isnull=True), by="vendor"),
        _count(orders.filter(AT_STAGE[Stage.TO_PACK]), by="vendor"),
        _count(orders.filter(AT_STAGE[Stage.PACKED]), by="vendor"),
        _count(Product.objects.filter(vendor=OuterRef("pk"), listing=Product.Listing.REJECTED), by="vendor"),
        _count(certificates_to_renew(today=today).filter(product__vendor=OuterRef("pk")), by="product__vendor"),
        Exists(BankAccount.objects.filter(vendor=OuterRef("pk"), is_active=True)),
        _count(Complaint.objects.filter(vendor=OuterRef("pk"), state=Complaint.State.WAITING), by="vendor"),
        _count(ShopDocument.objects.filter(needs_renewal(today), vendor=OuterRef("pk")), by="vendor"),
        _count(SeenNotice.objects.filter(vendor=OuterRef("pk")), by="vendor"),
    )
    return Pulse(*row.get())


def _count(rows: QuerySet[Any], *, by: str) -> Coalesce:
    counted = rows.order_by().values(group=F(by)).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def etag_at(desk: Desk, pulse: Pulse, *, now: datetime) -> str:
    """Changes with everything that the page shows; made of the pulse alone, so that an unchanged page is cheap."""
    shop = desk.vendor
    shown = (shop.pk, shop.may_sell, shop.refusal_reason, desk.is_owner, vietnam_date(now), pulse, get_language())
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'


def today_at(desk: Desk, pulse: Pulse, *, now: datetime) -> TodaySight:
    """The shop's day as it is now; at most four statements besides the pulse, however much was sold."""
    day = vietnam_date(now)
    return TodaySight(
        vendor=desk.vendor,
        day=day,
        takings=day_takings(actor=desk.actor, vendor=desk.vendor, day=day),
        receipts=receipts(actor=desk.actor, vendor=desk.vendor, at_most=RECEIPTS_SHOWN_MAX),
        tasks=tasks_of(desk, pulse, sight=revenue_sight(desk, year=day.year)),
        etag=etag_at(desk, pulse, now=now),
    )


def tasks_of(desk: Desk, pulse: Pulse, *, sight: RevenueSight | None) -> list[Task]:
    """What needs a person of the shop, the most pressing first."""
    return [
        *_about_the_shop(desk, pulse),
        *_about_money_and_orders(pulse),
        *_about_goods(pulse),
        *_about_papers(pulse, sight),
    ]


def _about_the_shop(desk: Desk, pulse: Pulse) -> list[Task]:
    tasks = []
    vendor = desk.vendor
    if vendor.refusal_reason and not vendor.may_sell:
        sentence = _("Xã chưa nhận gian hàng: %(reason)s") % {"reason": vendor.refusal_reason}
        tasks.append(Task(sentence, reverse("sell_shop"), _("Xem cần làm gì"), "stop"))
    elif not vendor.may_sell:
        sentence = _("Gian hàng đang chờ xã xác minh. Xác minh xong bạn mới bán được.")
        tasks.append(Task(sentence, reverse("sell_shop"), _("Xem cần làm gì"), "wait"))
    if desk.is_owner and not pulse.has_account:
        sentence = _("Chưa có tài khoản ngân hàng để nhận tiền.")
        tasks.append(Task(sentence, reverse("sell_account"), _("Khai tài khoản"), "bank"))
    return tasks


def _about_money_and_orders(pulse: Pulse) -> list[Task]:
    tasks = []
    if pulse.waiting:
        tasks.append(Task(TO_LOOK_AT % {"count": pulse.waiting}, reverse("sell_review"), _("Xem")))
    if pulse.complaints:
        sentence = ASKED_BY_BUYERS % {"count": pulse.complaints}
        tasks.append(Task(sentence, f"{reverse('sell_complaints')}?state={Complaint.State.WAITING}", _("Trả lời")))
    counted = {Stage.TO_PACK: pulse.to_pack, Stage.PACKED: pulse.packed}
    for stage, (words, action, sign) in ON_THE_DESK.items():
        if count := counted[stage]:
            url = f"{reverse('sell_orders')}?stage={stage}"
            tasks.append(Task(words % {"count": count}, url, str(action), sign))
    return tasks


def _about_goods(pulse: Pulse) -> list[Task]:
    tasks = []
    if pulse.rejected:
        sentence = TO_CHANGE % {"count": pulse.rejected}
        url = f"{reverse('sell_products')}?state={Product.Listing.REJECTED}"
        tasks.append(Task(sentence, url, _("Sửa"), "edit"))
    if pulse.expiring:
        sentence = CERTIFICATES_END % {"count": pulse.expiring}
        tasks.append(Task(sentence, f"{reverse('sell_documents')}#ocop", _("Xem"), "wait"))
    return tasks


def _about_papers(pulse: Pulse, sight: RevenueSight | None) -> list[Task]:
    tasks = []
    if pulse.papers:
        sentence = PAPERS_END % {"count": pulse.papers}
        tasks.append(Task(sentence, reverse("sell_documents"), _("Xem"), "paper"))
    if sight is not None and sight.asks:
        said = {"year": sight.revenue.year, "percent": sight.revenue.percent}
        sentence = _("Doanh thu năm %(year)s đã bằng %(percent)s%% mốc 1 tỷ đồng") % said
        tasks.append(Task(sentence, f"{reverse('sell_book_months')}#revenue", _("Xem cần làm gì"), "chart"))
    return tasks
