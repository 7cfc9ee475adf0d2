"""Deciding what a stored notice is about and doing it, under locks, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import MarketError
from marketplace.core.statements import Given, Kept, update
from marketplace.orders.errors import InsufficientStock
from marketplace.orders.services.placing import place_paid_checkout
from payments.matching import (
    Book,
    Direction,
    Ignore,
    MatchingFacts,
    ReviewReason,
    Transfer,
    codes_in,
    decide,
)
from payments.models import BankNotice
from payments.reasons import SAME_TRANSFER, HeldReason
from payments.services.links import receivers_by_link
from payments.services.moving import Movement, charge, item_of_code
from payments.services.repeats import is_certain, told_before
from payments.services.reviews import hold_for_review
from payments.services.sales import Sale, lock_sales
from vendors.models import BankAccount

_DECIDED: Final = ("state", "why", "order", "vendor", "same_as", "decided_at")


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whose accounts, within its feed, a notice is about."""

    accounts: frozenset[str]
    vendor_ids: tuple[int, ...]
    """Those who receive there now first; several only where shops of one market site share an account."""


def settle(notice: BankNotice, *, now: datetime) -> None:
    """Book a notice, put it before its vendor, or let it lie: afterwards it is `received` no more.

    The caller holds the notice's row, new or locked. Whatever a sale refuses (no stock left, goods withdrawn)
    sends the money to review; any other exception is the caller's to handle, with nothing changed.
    """
    transfer = transfer_of(notice)
    receivers = _receivers(notice)
    # A notice that is about no sale of this feed's vendors locks nothing.
    codes = codes_in(transfer) if receivers.accounts and transfer.direction is Direction.IN else ()
    sales = lock_sales(codes)
    facts = MatchingFacts(
        accounts=receivers.accounts,
        codes=tuple(sale.facts(vendor_ids=receivers.vendor_ids, amount_vnd=transfer.amount) for sale in sales),
    )
    decision = decide(transfer, facts)
    if isinstance(decision, Ignore):
        _ignore(notice, decision, receivers=receivers, now=now)
        return
    if not sales:
        # Without a sale to lock, two feeds that tell of one transfer at once wait for each other here.
        _lock_accounts(receivers)
    if (first := told_before(notice, vendor_ids=receivers.vendor_ids)) is not None:
        _link(notice, first, receivers=receivers, sales=sales, now=now)
    elif notice.why:
        _hold(notice, notice.why, receivers=receivers, sales=sales, now=now)
    elif isinstance(decision, Book):
        sale = next(sale for sale in sales if sale.code.code == decision.code)
        _book(notice, sale, receivers=receivers, now=now)
    else:
        _hold(notice, decision.reason, receivers=receivers, sales=sales, now=now)


def give_to_person(notice: BankNotice, *, now: datetime) -> None:
    """Send a notice that cannot be settled by itself to its vendor's review list, unread. Row locked."""
    receivers = _receivers(notice)
    decision = decide(transfer_of(notice), MatchingFacts(accounts=receivers.accounts))
    if isinstance(decision, Ignore):
        _ignore(notice, decision, receivers=receivers, now=now)
    else:
        _hold(notice, HeldReason.BOOKING_FAILED, receivers=receivers, sales=(), now=now)


def transfer_of(notice: BankNotice) -> Transfer:
    """What matching reads of a notice."""
    return Transfer(
        direction=Direction.IN if notice.is_incoming else Direction.OUT,
        amount=notice.amount_vnd,
        accounts=_accounts(notice),
        content=notice.content,
        provider_codes=(notice.code_hint,),
        is_test=notice.is_test,
    )


def _accounts(notice: BankNotice) -> tuple[str, ...]:
    return tuple(filter(None, [notice.account_number, notice.virtual_account]))


def _receivers(notice: BankNotice) -> Receivers:
    """A vendor's feed speaks of that vendor's accounts only, a site's feed of the site's vendors'; past ones too."""
    feed = notice.feed
    named = {"one": notice.account_number, "other": notice.virtual_account or notice.account_number}
    ours = (
        _OF_VENDOR.all(vendor=feed.vendor_id, **named)
        if feed.vendor_id is not None
        else _OF_SITE.all(site=feed.market_site_id, **named)
    )
    found = [*((account.account_number, account.vendor_id) for account in ours), *receivers_by_link(notice)]
    return Receivers(frozenset(number for number, _ in found), tuple(dict.fromkeys(pk for _, pk in found)))


def _named_accounts() -> QuerySet[BankAccount]:
    named = Q(account_number=Given("one")) | Q(account_number=Given("other"))
    return BankAccount.objects.filter(named).only("account_number", "vendor_id").order_by("-is_active", "pk")


_OF_VENDOR: Kept[BankAccount] = Kept(lambda: _named_accounts().filter(vendor=Given("vendor")))
_OF_SITE: Kept[BankAccount] = Kept(lambda: _named_accounts().filter(vendor__market_site=Given("site")))


def _lock_accounts(receivers: Receivers) -> None:
    accounts = BankAccount.objects.filter(vendor_id__in=receivers.vendor_ids, account_number__in=receivers.accounts)
    list(accounts.order_by("pk").select_for_update(no_key=True))


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
    except MarketError:
        why = HeldReason.SALE_CANNOT_BE_MADE
    else:
        notice.order = order
        notice.vendor_id = sale.code.vendor_id
        _finish(notice, BankNotice.State.BOOKED, why="", now=now)
        return
    _hold(notice, why, receivers=receivers, sales=(sale,), now=now)


def _ignore(notice: BankNotice, decision: Ignore, *, receivers: Receivers, now: datetime) -> None:
    notice.vendor_id = next(iter(receivers.vendor_ids), None)
    _finish(notice, BankNotice.State.IGNORED, why=decision.reason, now=now)


def _link(
    notice: BankNotice, first: BankNotice, *, receivers: Receivers, sales: Sequence[Sale], now: datetime
) -> None:
    """One transfer that two feeds tell of is one transfer; where that is not certain, a person looks."""
    if not is_certain(notice, first):
        _hold(notice, HeldReason.MAY_BE_REPEAT, receivers=receivers, sales=sales, now=now)
        return
    notice.same_as = first
    notice.vendor_id = first.vendor_id
    _finish(notice, BankNotice.State.IGNORED, why=SAME_TRANSFER, now=now)


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
