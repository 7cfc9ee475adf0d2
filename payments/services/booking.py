"""Deciding what a stored notice is about and doing it, under locks, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import MarketError
from marketplace.core.statements import update
from marketplace.orders.errors import InsufficientStock, VoucherUsedUp
from marketplace.orders.services.placing import place_paid_checkout
from payments.matching import Book, Ignore, Kind, MatchingFacts, Review, ReviewReason, decide
from payments.models import BankNotice, ReviewItem
from payments.reasons import HeldReason
from payments.services.facts import Receivers, find, receivers_of
from payments.services.moving import Movement, charge, item_of_code
from payments.services.repeats import transfer_of
from payments.services.reviews import hold_for_review
from payments.services.sales import Sale
from payments.services.told_again import book_first_telling

_DECIDED: Final = ("state", "why", "order", "vendor", "same_as", "decided_at")


def settle(notice: BankNotice, *, now: datetime) -> None:
    """Book a notice, put it before its vendor, or let it lie: afterwards it is `received` no more.

    The caller holds the notice's row, new or locked. Whatever a sale refuses (no stock left, goods withdrawn)
    sends the money to review; any other exception is the caller's to handle, with nothing changed.
    """
    found = find(notice)
    decision = decide(found.transfer, found.facts, now=now)
    if isinstance(decision, Ignore):
        book_first_telling(decision, found, doubt=notice.why, now=now)
        _ignore(notice, decision, receivers=found.receivers, sales=found.sales, now=now)
        return
    doubt = notice.why
    if isinstance(decision, Review):
        # That it was perhaps booked before is what a person must know first.
        is_suspect = decision.kind is Kind.DUPLICATE_SUSPECT
        doubt = decision.reason if is_suspect or not doubt else doubt
    if isinstance(decision, Book) and not doubt:
        _book(notice, found.sale(decision.code), receivers=found.receivers, now=now)
    else:
        _hold(notice, doubt, receivers=found.receivers, sales=found.sales, now=now)


def give_to_person(notice: BankNotice, *, now: datetime) -> None:
    """Send a notice that cannot be settled by itself to its vendor's review list, unread. Row locked."""
    receivers = receivers_of(notice)
    decision = decide(transfer_of(notice), MatchingFacts(accounts=receivers.accounts), now=now)
    if isinstance(decision, Ignore):
        _ignore(notice, decision, receivers=receivers, sales=(), now=now)
    else:
        _hold(notice, HeldReason.BOOKING_FAILED, receivers=receivers, sales=(), now=now)


def _book(notice: BankNotice, sale: Sale, *, receivers: Receivers, now: datetime) -> None:
    try:
        with transaction.atomic(savepoint=sale.may_refuse):
            order = sale.order
            if order is None and sale.checkout_id is not None:
                order = place_paid_checkout(checkout_id=sale.checkout_id, now=now)
            if order is None:
                raise ValueError("a code that leads nowhere is never booked")
            item = item_of_code(sale.code, order=order, now=now)
            charge(order, item, movement=Movement.of_notice(notice), actor=SYSTEM, now=now)
    except InsufficientStock:
        why: str = ReviewReason.ORDER_EXPIRED_WITHOUT_STOCK
    except VoucherUsedUp:
        why = HeldReason.VOUCHER_USED_UP
    except MarketError:
        why = HeldReason.SALE_CANNOT_BE_MADE
    else:
        notice.order = order
        notice.vendor_id = sale.code.vendor_id
        _finish(notice, BankNotice.State.BOOKED, why="", now=now)
        return
    _hold(notice, why, receivers=receivers, sales=(sale,), now=now)


def _ignore(
    notice: BankNotice, decision: Ignore, *, receivers: Receivers, sales: Sequence[Sale], now: datetime
) -> None:
    """Keep the notice and do nothing; one transfer that two feeds tell of is one transfer, linked to the first."""
    notice.vendor_id = next(iter(receivers.vendor_ids), None)
    if decision.first is not None:
        first = BankNotice.objects.get(pk=decision.first)
        notice.same_as, notice.vendor_id = first, first.vendor_id
        _lead_to_order(first, sales, vendor_ids=receivers.vendor_ids)
    _finish(notice, BankNotice.State.IGNORED, why=decision.reason, now=now)


def _lead_to_order(first: BankNotice, sales: Sequence[Sale], *, vendor_ids: Collection[int]) -> None:
    """Where the first telling waits for a person and this one names its order, show that order beside it."""
    named = _only_sale(sales, vendor_ids=vendor_ids)
    if named is not None and named.order is not None:
        waiting = ReviewItem.objects.filter(notice=first, order__isnull=True, closed_at__isnull=True)
        waiting.update(order=named.order)


def _hold(notice: BankNotice, why: str, *, receivers: Receivers, sales: Sequence[Sale], now: datetime) -> None:
    named = _only_sale(sales, vendor_ids=receivers.vendor_ids)
    notice.vendor_id = named.code.vendor_id if named else receivers.vendor_ids[0]
    _finish(notice, BankNotice.State.REVIEW, why=why, now=now)
    hold_for_review(notice, order=named.order if named else None, actor=SYSTEM, now=now)


def _only_sale(sales: Sequence[Sale], *, vendor_ids: Collection[int]) -> Sale | None:
    """The one sale of these vendors that a transfer names; another vendor's order is not theirs to see."""
    own = [sale for sale in sales if sale.code.vendor_id in vendor_ids]
    return own[0] if len(own) == 1 else None


def _finish(notice: BankNotice, state: BankNotice.State, *, why: str, now: datetime) -> None:
    notice.state = state
    notice.why = why
    notice.decided_at = now
    update(notice, _DECIDED)
