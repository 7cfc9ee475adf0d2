"""What may be asked about money: a vendor's takings, receipts and review list; an order's state of payment."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.orders.checks import is_row_id
from marketplace.orders.models import Order
from payments.models import (
    MONEY_IN,
    MONEY_MOVES,
    MONEY_OUT,
    CardRefund,
    Confirmation,
    Feed,
    FeedApi,
    GrantedRefund,
    ReviewItem,
    TransactionEvent,
    TransactionItem,
)
from vendors.access import hand_in, require_owner, require_seller
from vendors.models import Vendor

LIST_ROWS_MAX: Final = 100
_Item = TypeVar("_Item", bound=TransactionItem)

_CHARGE = Q(type__in=MONEY_IN)
_REFUND = Q(type__in=MONEY_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTakings:
    """What one vendor took on one day of Vietnam's, in đồng, by who says so; refunds apart."""

    total_vnd: int
    """All charges less refunds."""
    bank_vnd: int
    card_vnd: int
    vendor_vnd: int
    cash_vnd: int
    refunds_vnd: int
    count: int
    """How many charges."""

    @property
    def confirmed_vnd(self) -> int:
        """What a bank or the card network said; the rest is the vendor's own word."""
        return self.bank_vnd + self.card_vnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One movement of a vendor's money, without the buyer."""

    event_id: int
    order_id: int
    order_number: str
    amount_vnd: int
    """Always positive; `is_refund` says which way."""
    is_refund: bool
    confirmation: str
    channel: str
    happened_at: datetime
    bank_date: date

    @property
    def is_confirmed(self) -> bool:
        """Whether a bank or the card network says so."""
        return self.confirmation in (Confirmation.BANK, Confirmation.CARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentState:
    """How far an order is paid, as its page shows it."""

    charge_status: str
    charged_vnd: int
    outstanding_vnd: int
    confirmed_vnd: int
    """Of the charges, what a bank or the card network said."""
    card_vnd: int
    """Of those, what the card network said."""
    by_hand_vnd: int
    refunded_vnd: int
    last_paid_at: datetime | None
    last_event_id: int
    """Grows with every movement: a version for ETags. 0 before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionSums:
    """The money of one transaction, in đồng, as Saleor's TransactionItem shows it."""

    charged_vnd: int
    refunded_vnd: int
    asked_vnd: int
    """What the buyer was last asked to pay."""


def day_takings(*, actor: Actor, vendor: Vendor, day: date) -> DayTakings:
    """What the vendor took on a day: one statement. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    sums = TransactionEvent.objects.filter(vendor=vendor, bank_date=day, type__in=MONEY_MOVES).aggregate(
        **{name: Sum("amount_vnd", filter=_CHARGE & Q(confirmation=name), default=0) for name in Confirmation.values},
        refunds=Sum("amount_vnd", filter=_REFUND, default=0),
        count=Count("pk", filter=_CHARGE),
    )
    return DayTakings(
        total_vnd=sum(sums[name] for name in Confirmation.values) - sums["refunds"],
        bank_vnd=sums[Confirmation.BANK],
        card_vnd=sums[Confirmation.CARD],
        vendor_vnd=sums[Confirmation.VENDOR],
        cash_vnd=sums[Confirmation.CASH],
        refunds_vnd=sums["refunds"],
        count=sums["count"],
    )


def receipts(
    *, actor: Actor, vendor: Vendor, day: date | None = None, after_id: int = 0, at_most: int = LIST_ROWS_MAX
) -> list[Receipt]:
    """The vendor's movements of money, the newest first: of one day, or of all; only those after `after_id`.

    One statement. Raises `NotFound` for strangers.
    """
    require_seller(actor, vendor)
    events = TransactionEvent.objects.filter(vendor=vendor, type__in=MONEY_MOVES, pk__gt=after_id)
    if day is not None:
        events = events.filter(bank_date=day)
    rows = events.order_by("-pk")[: _bounded(at_most)]
    return [_receipt(event) for event in rows]


def open_review_items(*, actor: Actor, vendor: Vendor, at_most: int = LIST_ROWS_MAX) -> list[ReviewItem]:
    """What waits for a person of the vendor, the newest first, with notice and order: one statement.

    Raises `NotFound` for strangers.
    """
    require_seller(actor, vendor)
    waiting = ReviewItem.objects.filter(vendor=vendor, closed_at__isnull=True)
    return list(waiting.select_related("notice", "order").order_by("-opened_at", "-pk")[: _bounded(at_most)])


def payment_state(order: Order) -> PaymentState:
    """How far the order is paid, read anew: two statements. The caller asked whether it may be seen."""
    fresh = Order.objects.get(pk=order.pk)
    confirmed = _CHARGE & Q(confirmation__in=[Confirmation.BANK, Confirmation.CARD])
    events = TransactionEvent.objects.filter(order=fresh, type__in=MONEY_MOVES)
    sums = events.aggregate(
        confirmed=Sum("amount_vnd", filter=confirmed, default=0),
        card=Sum("amount_vnd", filter=_CHARGE & Q(confirmation=Confirmation.CARD), default=0),
        charges=Sum("amount_vnd", filter=_CHARGE, default=0),
        refunds=Sum("amount_vnd", filter=_REFUND, default=0),
    )
    last = events.filter(_CHARGE).order_by("-pk").first()
    newest = events.order_by("-pk").values_list("pk", flat=True).first()
    return PaymentState(
        charge_status=fresh.charge_status,
        charged_vnd=fresh.charged_vnd,
        outstanding_vnd=fresh.outstanding_vnd,
        confirmed_vnd=sums["confirmed"],
        card_vnd=sums["card"],
        by_hand_vnd=sums["charges"] - sums["confirmed"],
        refunded_vnd=sums["refunds"],
        last_paid_at=last.happened_at if last else None,
        last_event_id=newest or 0,
    )


def granted_refunds(order: Order) -> list[GrantedRefund]:
    """What the vendor promised to give back for an order, in order: one statement. The caller asked whether it may
    be seen."""
    return list(GrantedRefund.objects.filter(order=order).order_by("pk")[:LIST_ROWS_MAX])


def granted_refunds_of_orders(order_ids: Iterable[int]) -> dict[int, list[GrantedRefund]]:
    """What was promised back of several orders, in order; one statement."""
    found: dict[int, list[GrantedRefund]] = {}
    for granted in GrantedRefund.objects.filter(order__in=list(order_ids)).order_by("pk"):
        found.setdefault(granted.order_id, []).append(granted)
    return found


def balance_vnd(order: Order, granted: Iterable[GrantedRefund]) -> int:
    """Saleor's total balance of an order with what was promised back of it, in đồng: below 0 the buyer owes.

    What came less what it still has to be: the price without what goes or went back. A promise that was taken back
    counts no more.
    """
    back_vnd = sum(one.amount_vnd for one in granted if one.status != GrantedRefund.Status.FAILURE)
    return order.charged_vnd - (order.total_vnd - back_vnd)


def granted_refund_of(order: Order, granted_id: int) -> GrantedRefund:
    """One promise of an order: one statement. The caller asked whether the order may be seen. Raises `NotFound`."""
    known = GrantedRefund.objects.filter(order=order)
    granted = known.filter(pk=granted_id).first() if is_row_id(granted_id) else None
    if granted is None:
        raise NotFound(_("Không tìm thấy khoản hứa trả này."))
    granted.order = order
    return granted


def granted_refund_in_hand(actor: Actor, granted_id: int) -> tuple[Actor, GrantedRefund]:
    """A promise of a shop that the actor works in or helps in, with who they are there. Raises `NotFound`."""
    known = GrantedRefund.objects.select_related("order__vendor__commune")
    granted = known.filter(pk=granted_id).first() if is_row_id(granted_id) else None
    hand = None if granted is None else hand_in(actor, granted.order.vendor_id)
    if granted is None or hand is None:
        raise NotFound(_("Không tìm thấy khoản hứa trả này."))
    return hand, granted


def promised_vnd(order: Order) -> int:
    """The đồng of an order that the vendor promised back and has not given back yet: one statement."""
    waiting = GrantedRefund.objects.filter(order=order, status=GrantedRefund.Status.NONE)
    return int(waiting.aggregate(vnd=Sum("amount_vnd", default=0))["vnd"])


def going_back_by_card_vnd(order: Order) -> int:
    """The đồng of the order's balance that Stripe was asked to send back to a card and has not sent yet."""
    unfinished = CardRefund.objects.filter(
        session__order=order,
        session__charge_event__isnull=False,
        state__in=[CardRefund.State.ASKED, CardRefund.State.PENDING],
    )
    return int(unfinished.aggregate(vnd=Sum("amount_vnd", default=0))["vnd"])


def transactions_of_order(order: Order) -> QuerySet[TransactionItem]:
    """The order's transactions, the first one made first; also those whose code came with the checkout."""
    ours = Q(order=order) | Q(payment_code__order=order)
    return TransactionItem.objects.filter(ours).select_related("payment_code").order_by("made_at", "pk")


def transactions_of_orders(order_ids: Iterable[int]) -> dict[int, list[TransactionItem]]:
    """The transactions of several orders with their events, by order; two statements."""
    wanted = list(order_ids)
    ours = Q(order__in=wanted) | Q(payment_code__order__in=wanted)
    items = TransactionItem.objects.filter(ours).select_related("order")
    found: dict[int, list[TransactionItem]] = {}
    for item in _with_events(items.annotate(of_order=Coalesce("order_id", "payment_code__order_id"))):
        found.setdefault(item.of_order, []).append(item)
    return found


def transactions_of_checkout(checkout_id: uuid.UUID) -> list[TransactionItem]:
    """What the buyer of a checkout was asked to pay before there is an order, with its events; two statements."""
    return list(_with_events(TransactionItem.objects.filter(checkout=checkout_id)))


def _with_events(items: QuerySet[_Item]) -> QuerySet[_Item]:
    return items.prefetch_related("events").order_by("made_at", "pk")


def sums_of(item: TransactionItem) -> TransactionSums:
    """What moved and was asked for in one transaction: one statement, none where its events are at hand."""
    events = sorted(item.events.all(), key=lambda event: event.pk)
    asked = [event for event in events if event.type == TransactionEvent.Type.CHARGE_ACTION_REQUIRED]
    return TransactionSums(
        charged_vnd=sum(event.amount_vnd for event in events if event.type in MONEY_IN),
        refunded_vnd=sum(event.amount_vnd for event in events if event.type in MONEY_OUT),
        asked_vnd=asked[-1].amount_vnd if asked else 0,
    )


def feeds_of_vendor(*, actor: Actor, vendor: Vendor) -> list[Feed]:
    """The vendor's own feeds, the first one made first, those of its statements left out. Owner only.

    Raises `NotFound`, `NotAllowed`.
    """
    require_owner(actor, vendor)
    notified = Feed.objects.filter(vendor=vendor).exclude(provider=Feed.Provider.STATEMENT)
    return list(notified.order_by("made_at", "pk")[:LIST_ROWS_MAX])


def problems_of_apis(feeds: Sequence[Feed]) -> dict[uuid.UUID, str]:
    """Why each feed's provider could not be asked last time, "" where it could; feeds never asked are not in it."""
    apis = FeedApi.objects.filter(feed__in=feeds, is_polled=True)
    return dict(apis.values_list("feed_id", "problem"))


def _bounded(at_most: int) -> int:
    return max(0, min(at_most, LIST_ROWS_MAX))


def _receipt(event: TransactionEvent) -> Receipt:
    order_id = event.order_id or 0
    return Receipt(
        event_id=event.pk,
        order_id=order_id,
        order_number=str(order_id),
        amount_vnd=event.amount_vnd,
        is_refund=event.type in MONEY_OUT,
        confirmation=event.confirmation,
        channel=event.channel,
        happened_at=event.happened_at,
        bank_date=event.bank_date,
    )
