"""What waits for people, as lists: a vendor's review queue, what it set aside, and how much waits in a commune."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.orders.checks import is_row_id
from marketplace.places.models import Commune
from payments.models import BankNotice, ReviewItem
from vendors.access import hand_in, require_commune_staff, require_seller
from vendors.models import Vendor

ITEMS_A_PAGE: Final = 20
ENDED_WITHOUT_ORDER: Final = (
    ReviewItem.Outcome.SET_ASIDE,
    ReviewItem.Outcome.REFUNDED,
    ReviewItem.Outcome.REPEAT,
)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of a vendor's items, each with notice and order, and `told_by`: the provider that told of it."""

    items: Sequence[ReviewItem]
    page: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCount:
    """How much money waits for a person of one shop: counts and age, never amounts or contents."""

    vendor_id: int
    name: str
    count: int
    oldest: datetime


def waiting_items(*, actor: Actor, vendor: Vendor, page: int = 1) -> ReviewPage:
    """What waits for a person of the vendor, the newest first: one statement. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    waiting = ReviewItem.objects.filter(vendor=vendor, closed_at__isnull=True)
    return _page(waiting.order_by("-opened_at", "-pk"), page)


def items_without_order(*, actor: Actor, vendor: Vendor, page: int = 1) -> ReviewPage:
    """What people of the vendor set aside, gave back, or called told before, the last first: one statement.

    Nothing is dropped. What is money without an order can be taken up again (`reviewing.may_be_taken_up`); what was
    set aside about an order (a rest, a surplus, a dispute) is listed too, and stays as it is. Raises `NotFound` for
    strangers.
    """
    require_seller(actor, vendor)
    ended = ReviewItem.objects.filter(vendor=vendor, outcome__in=ENDED_WITHOUT_ORDER)
    return _page(ended.order_by("-closed_at", "-pk"), page)


def review_item_in_hand(actor: Actor, item_id: int) -> tuple[Actor, ReviewItem]:
    """What waits, or waited, for a person of a shop that the actor works in or helps in, with who they are there.

    Raises `NotFound`, also for another shop's.
    """
    items = ReviewItem.objects.select_related("notice", "order", "vendor__commune")
    item = items.filter(pk=item_id).first() if is_row_id(item_id) else None
    hand = None if item is None else hand_in(actor, item.vendor_id)
    if item is None or hand is None:
        raise NotFound(_("Không tìm thấy khoản này."))
    return hand, item


def review_items_of_shops(shops: Collection[int], *, is_open: bool | None) -> QuerySet[ReviewItem]:
    """What waits for people of several shops, what is settled, or both; in no order, with notice and order."""
    items = ReviewItem.objects.filter(vendor__in=shops).select_related("notice", "order")
    return items if is_open is None else items.filter(closed_at__isnull=is_open)


def bank_notices_of_shops(shops: Collection[int]) -> QuerySet[BankNotice]:
    """What banks told of several shops' accounts, in no order, with the order that each was booked on."""
    return BankNotice.objects.filter(vendor__in=shops).select_related("order")


def waiting_counts(*, actor: Actor, commune: Commune) -> list[WaitingCount]:
    """The commune's shops whose money waits for them, the longest waiting first: one statement.

    An officer may call them up; what came, and how much, is the shops' own business. Raises `NotFound` for staff of
    elsewhere.
    """
    require_commune_staff(actor, commune.pk)
    waiting = ReviewItem.objects.filter(vendor__commune=commune, closed_at__isnull=True).order_by()
    rows = waiting.values("vendor_id", "vendor__name").annotate(count=Count("pk"), oldest=Min("opened_at"))
    return [
        WaitingCount(vendor_id=row["vendor_id"], name=row["vendor__name"], count=row["count"], oldest=row["oldest"])
        for row in rows.order_by("oldest", "vendor_id")
    ]


def _page(items: QuerySet[ReviewItem], page: int) -> ReviewPage:
    start = (max(1, page) - 1) * ITEMS_A_PAGE
    # The feed is not read with them: its secret is nobody's here.
    rows = items.select_related("notice", "order").annotate(told_by=F("notice__feed__provider"))
    found = list(rows[start : start + ITEMS_A_PAGE + 1])
    return ReviewPage(found[:ITEMS_A_PAGE], page, len(found) > ITEMS_A_PAGE)
