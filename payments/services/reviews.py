"""What about money waits for a person of the vendor: opened and closed with the change that causes it.

Every function here runs inside the caller's transaction, with the order locked where there is one.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.journal import JsonValue
from marketplace.orders.models import Order
from payments.models import BankNotice, ReviewItem
from payments.reasons import Resolution


def hold_for_review(notice: BankNotice, *, order: Order | None, actor: Actor, now: datetime) -> ReviewItem:
    """Put money that could not be booked before its vendor; `order` is what its code leads to, as a help.

    The notice must name its vendor.
    """
    item = ReviewItem(
        vendor_id=_vendor_of(notice),
        kind=ReviewItem.Kind.UNMATCHED,
        notice=notice,
        order=order,
        amount_vnd=notice.amount_vnd,
        opened_at=now,
    )
    return _open(item, actor=actor, now=now)


def agree_with_balance(order: Order, *, actor: Actor, now: datetime) -> None:
    """Make the order's open items say what its balance says: a rest to be paid, or money to give back.

    A cancelled order costs nothing, so all that came is due back. A rest is nobody's task once the order was
    paid in full: what is missing then was given back.
    """
    due = 0 if order.status == Order.Status.CANCELED else order.total_vnd
    is_partly_paid = 0 < order.charged_vnd < due and order.fully_charged_at is None
    wanted = {
        ReviewItem.Kind.REFUND_DUE: max(0, order.charged_vnd - due),
        ReviewItem.Kind.PARTIAL: due - order.charged_vnd if is_partly_paid else 0,
    }
    open_items = ReviewItem.objects.filter(order=order, kind__in=wanted, notice__isnull=True, closed_at__isnull=True)
    by_kind = {item.kind: item for item in open_items.select_for_update(no_key=True)}
    for kind, amount_vnd in wanted.items():
        _agree(by_kind.get(kind), order, kind=kind, amount_vnd=amount_vnd, actor=actor, now=now)


def _agree(
    item: ReviewItem | None,
    order: Order,
    *,
    kind: ReviewItem.Kind,
    amount_vnd: int,
    actor: Actor,
    now: datetime,
) -> None:
    if item is None and amount_vnd:
        new = ReviewItem(vendor_id=order.vendor_id, kind=kind, order=order, amount_vnd=amount_vnd, opened_at=now)
        _open(new, actor=actor, now=now)
    elif item is not None and not amount_vnd:
        close(item, resolution=_how_it_ended(order, kind), actor=actor, now=now)
    elif item is not None and item.amount_vnd != amount_vnd:
        item.amount_vnd = amount_vnd
        item.save(update_fields=["amount_vnd"])


def _how_it_ended(order: Order, kind: ReviewItem.Kind) -> Resolution:
    """Why nothing is left of an item about an order's balance."""
    if kind == ReviewItem.Kind.REFUND_DUE:
        return Resolution.NOTHING_LEFT_TO_REFUND
    if order.status == Order.Status.CANCELED:
        return Resolution.ORDER_CANCELLED
    return Resolution.PAID_IN_FULL if not order.outstanding_vnd else Resolution.REFUNDED


def open_card_review(order: Order, *, amount_vnd: int, actor: Actor, now: datetime) -> ReviewItem:
    """Put card money of the order before its vendor: disputed, taken back, or paid for an order that ended.

    One open item an order: a second reason makes it only as large as the larger one.
    """
    item = _open_card_items(order).first()
    if item is None:
        kind = ReviewItem.Kind.DISPUTE
        new = ReviewItem(vendor_id=order.vendor_id, kind=kind, order=order, amount_vnd=amount_vnd, opened_at=now)
        return _open(new, actor=actor, now=now)
    if item.amount_vnd < amount_vnd:
        item.amount_vnd = amount_vnd
        item.save(update_fields=["amount_vnd"])
    return item


def close_card_review(order: Order, *, actor: Actor, now: datetime) -> None:
    """The card network has nothing open about the order any more."""
    for item in _open_card_items(order):
        close(item, resolution=Resolution.CARD_SETTLED, actor=actor, now=now)


def _open_card_items(order: Order) -> QuerySet[ReviewItem]:
    return ReviewItem.objects.filter(order=order, kind=ReviewItem.Kind.DISPUTE, closed_at__isnull=True)


def close(
    item: ReviewItem,
    *,
    resolution: str,
    actor: Actor,
    now: datetime,
    outcome: ReviewItem.Outcome = ReviewItem.Outcome.SETTLED,
    refund_method: str = "",
) -> None:
    """End an open item: `resolution` is a person's own words or a `Resolution`."""
    item.closed_at = now
    item.closed_by_id = actor.user_id
    item.resolution = resolution
    item.outcome = outcome
    item.refund_method = refund_method
    item.save(update_fields=["closed_at", "closed_by", "resolution", "outcome", "refund_method"])
    if outcome == ReviewItem.Outcome.REFUNDED:
        _journal("review.refunded", item, actor=actor, now=now)
    _journal("review.closed", item, actor=actor, now=now)


def open_again(item: ReviewItem, *, actor: Actor, now: datetime) -> None:
    """Let an item that ended wait again; the journal says how it had ended."""
    _journal("review.reopened", item, actor=actor, now=now)
    item.closed_at = None
    item.closed_by_id = None
    item.resolution = item.outcome = item.refund_method = ""
    item.save(update_fields=["closed_at", "closed_by", "resolution", "outcome", "refund_method"])


def _open(item: ReviewItem, *, actor: Actor, now: datetime) -> ReviewItem:
    item.save(force_insert=True)
    _journal("review.opened", item, actor=actor, now=now)
    return item


def _vendor_of(notice: BankNotice) -> int:
    if notice.vendor_id is None:
        raise ValueError("money of nobody's account is nobody's to review")
    return notice.vendor_id


def _journal(kind: str, item: ReviewItem, *, actor: Actor, now: datetime) -> None:
    data: dict[str, JsonValue] = {
        "review": item.pk,
        "vendor": item.vendor_id,
        "about": str(item.kind),
        "amount_vnd": item.amount_vnd,
        "order": item.order_id,
        "notice": item.notice_id,
        "outcome": str(item.outcome) or None,
        "refund_method": item.refund_method or None,
    }
    journal.record(kind=kind, aggregate_type="review", aggregate_id=item.pk, actor=actor, now=now, data=data)
