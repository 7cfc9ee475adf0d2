"""Complaints in the demo market: one that waits, one that was answered, one that is over; all invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.core.actors import SYSTEM
from marketplace.demo.persons import owners_shop
from marketplace.orders.models import Complaint, Order
from marketplace.orders.services.complaints import answer_as_vendor, open_complaint, settle_own_complaint
from marketplace.orders.services.messages import tell_buyer


@dataclass(frozen=True)
class Trouble:
    """What went wrong with one order, how long ago it was said, and what the shop answered."""

    kind: str
    words: str
    ago: timedelta
    answer: str = ""
    is_over: bool = False


TROUBLES = (
    Trouble("damaged", "Một gói bị rách, trà vương ra thùng. Bác xem giúp cháu.", timedelta(hours=1)),
    Trouble(
        "not_arrived",
        "Ba ngày rồi chưa thấy hàng, bưu tá cũng chưa gọi.",
        timedelta(days=1),
        answer="Dạ bên em vừa hỏi bưu điện, hàng tới bưu cục rồi, mai bác nhận được ạ.",
    ),
    Trouble(
        "wrong",
        "Tôi đặt hai gói, trong thùng có một.",
        timedelta(days=6),
        answer="Em xin lỗi bác, em gửi bù một gói ngay chiều nay.",
        is_over=True,
    ),
)
ANSWERED_AFTER = timedelta(minutes=50)
OVER_AFTER = timedelta(days=2)


def leave_complaints(*, now: datetime) -> None:
    """Complain of the newest orders of the demo's owner, unless that was done before."""
    shop = owners_shop()
    if Complaint.objects.filter(vendor=shop).exists():
        return
    paid = Order.objects.filter(vendor=shop, is_demo=True, fully_charged_at__isnull=False)
    for order, trouble in zip(paid.order_by("-placed_at")[: len(TROUBLES)], TROUBLES, strict=False):
        said_at = now - trouble.ago
        made = open_complaint(token=order.token, kind=trouble.kind, text=trouble.words, now=said_at)
        if trouble.answer:
            answer_as_vendor(actor=SYSTEM, complaint_id=made.pk, text=trouble.answer, now=said_at + ANSWERED_AFTER)
            tell_buyer(actor=SYSTEM, order=order, text=trouble.answer, now=said_at + ANSWERED_AFTER)
        if trouble.is_over:
            settle_own_complaint(token=order.token, complaint_id=made.pk, now=said_at + OVER_AFTER)
