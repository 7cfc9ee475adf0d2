"""What does not agree between banks' words and our books in one shop's period. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, islice
from typing import Final

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.core.clock import vietnam_date
from marketplace.core.money import format_vnd
from payments.likeness import is_told_of
from payments.models import BankNotice, Confirmation, Feed, Statement, TransactionEvent
from payments.models.transactions import BANK_MOVES
from payments.services.facts import others_with_account
from payments.services.repeats import earlier_tellings, telling_of
from vendors.models import BankAccount, Vendor

DIFFERENCES_MAX: Final = 10_000
"""Of one shop's period: memory stays bounded, and a shop with more has one cause for all of them."""
_ROWS_A_TIME: Final = 500
_STATEMENT: Final = Feed.Provider.STATEMENT


class Kind(StrEnum):
    """What a difference is, for programs."""

    BOOKED_WITHOUT_EVENT = "booked_without_event"
    EVENT_WITHOUT_NOTICE = "event_without_notice"
    EVENT_SAYS_OTHERWISE = "event_says_otherwise"
    NOT_SETTLED = "not_settled"
    HELD_WITHOUT_REVIEW = "held_without_review"
    NOT_IN_STATEMENT = "not_in_statement"
    ONLY_IN_STATEMENT = "only_in_statement"
    TOLD_ELSEWHERE = "told_elsewhere"
    """Booked here, and told to another shop that has the same account, where it is booked or waits too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that does not agree: rows by their numbers, đồng, and a sentence without names."""

    kind: Kind
    day: date
    amount_vnd: int
    notice: int | None = None
    event: int | None = None
    sentence: str


def differences_of(
    vendor: Vendor, *, notices: QuerySet[BankNotice], events: QuerySet[TransactionEvent]
) -> tuple[Difference, ...]:
    """Everything that does not agree, at most `DIFFERENCES_MAX`, by day."""
    found = chain(
        _booked_without_event(notices),
        _events_of_no_notice(events),
        _events_that_say_otherwise(events),
        _not_settled(notices),
        _held_without_review(notices),
        _against_statements(vendor, notices),
        _told_elsewhere(vendor, notices),
    )
    return tuple(sorted(islice(found, DIFFERENCES_MAX), key=lambda one: (one.day, one.kind, one.notice or 0)))


def _of_notice(kind: Kind, notice: BankNotice, sentence: str) -> Difference:
    return Difference(
        kind=kind,
        day=notice.bank_date,
        amount_vnd=notice.amount_vnd,
        notice=notice.pk,
        sentence=sentence.format(notice=notice.pk, amount=format_vnd(notice.amount_vnd)),
    )


def _of_event(kind: Kind, event: TransactionEvent, sentence: str) -> Difference:
    return Difference(
        kind=kind,
        day=event.bank_date,
        amount_vnd=event.amount_vnd,
        notice=event.notice_id,
        event=event.pk,
        sentence=sentence.format(
            event=event.pk, notice=event.notice_id, order=event.order_id, amount=format_vnd(event.amount_vnd)
        ),
    )


def _booked_without_event(notices: QuerySet[BankNotice]) -> Iterator[Difference]:
    said = _("thông báo {notice} ({amount}) ghi là đã vào đơn mà không đơn nào có khoản này")
    for notice in _rows(notices.filter(state=BankNotice.State.BOOKED, booking__isnull=True)):
        yield _of_notice(Kind.BOOKED_WITHOUT_EVENT, notice, said)


def _events_of_no_notice(events: QuerySet[TransactionEvent]) -> Iterator[Difference]:
    said = _("đơn {order} có khoản {event} ({amount}) ghi là ngân hàng báo mà không thông báo nào nói")
    by_bank = events.filter(confirmation=Confirmation.BANK, type__in=BANK_MOVES, notice__isnull=True)
    for event in by_bank.order_by("pk").iterator(chunk_size=_ROWS_A_TIME):
        yield _of_event(Kind.EVENT_WITHOUT_NOTICE, event, said)


def _events_that_say_otherwise(events: QuerySet[TransactionEvent]) -> Iterator[Difference]:
    said = _("đơn {order} có khoản {event} ({amount}) khác với thông báo {notice}")
    agreeing = Q(
        notice__state=BankNotice.State.BOOKED,
        notice__amount_vnd=F("amount_vnd"),
        notice__order=F("order"),
        notice__vendor=F("vendor"),
        notice__bank_date=F("bank_date"),
    )
    for event in events.filter(notice__isnull=False).exclude(agreeing).order_by("pk").iterator(_ROWS_A_TIME):
        yield _of_event(Kind.EVENT_SAYS_OTHERWISE, event, said)


def _not_settled(notices: QuerySet[BankNotice]) -> Iterator[Difference]:
    said = _("thông báo {notice} ({amount}) máy chưa xử lý xong")
    for notice in _rows(notices.filter(state=BankNotice.State.RECEIVED)):
        yield _of_notice(Kind.NOT_SETTLED, notice, said)


def _held_without_review(notices: QuerySet[BankNotice]) -> Iterator[Difference]:
    said = _("thông báo {notice} ({amount}) chờ người xem mà không nằm trong danh sách nào")
    for notice in _rows(notices.filter(state=BankNotice.State.REVIEW, review_item__isnull=True)):
        yield _of_notice(Kind.HELD_WITHOUT_REVIEW, notice, said)


def _against_statements(vendor: Vendor, notices: QuerySet[BankNotice]) -> Iterator[Difference]:
    """Transfers that came on a day that a statement covers, and that only one of the two sides tells of.

    A transfer is the notice that told of it first, with those that are linked to it. Only money that came is
    compared: not every provider tells of what left.
    """
    is_covered = _covered_by_statement(vendor)
    hears_since = _first_day_of_live_feeds(vendor)
    told_again = BankNotice.objects.filter(same_as=OuterRef("pk"))
    in_statement = Q(feed__provider=_STATEMENT)
    firsts = notices.filter(is_incoming=True, amount_vnd__gt=0, same_as__isnull=True).annotate(
        in_statement=Q(in_statement) | Exists(told_again.filter(in_statement)),
        told_live=~Q(in_statement) | Exists(told_again.exclude(in_statement)),
    )
    missing = _("chợ được báo {amount} (thông báo {notice}) mà sao kê không có")
    unheard = _("sao kê có {amount} (thông báo {notice}) mà không nguồn nào báo cho chợ")
    for notice in _rows(firsts.filter(Q(in_statement=False) | Q(told_live=False))):
        day = notice.bank_date
        in_file: bool = notice.in_statement  # type: ignore[attr-defined]  # annotated above
        if not in_file and is_covered(notice.account_number, day):
            yield _of_notice(Kind.NOT_IN_STATEMENT, notice, missing)
        elif in_file and hears_since is not None and day > hears_since:
            yield _of_notice(Kind.ONLY_IN_STATEMENT, notice, unheard)


def _covered_by_statement(vendor: Vendor) -> Callable[[str, date], bool]:
    """Which days of which account the shop's statements tell of, from each file's first day to its last."""
    files = Statement.objects.filter(vendor=vendor, state=Statement.State.DONE)
    periods = files.values_list("account_number", "first_day", "last_day").distinct()
    known = [(number, first, last) for number, first, last in periods if first is not None and last is not None]
    return lambda account, day: any(number == account and first <= day <= last for number, first, last in known)


def _first_day_of_live_feeds(vendor: Vendor) -> date | None:
    """Since when a provider tells of the shop's accounts by itself; None where none does."""
    feeds = Feed.objects.exclude(provider=_STATEMENT)
    ours = Q(vendor=vendor)
    if vendor.market_site_id is not None:
        ours |= Q(market_site=vendor.market_site_id)
    first = feeds.filter(ours).aggregate(first=Min("made_at"))["first"]
    return vietnam_date(first) if first is not None else None


def _told_elsewhere(vendor: Vendor, notices: QuerySet[BankNotice]) -> Iterator[Difference]:
    """Money that two shops of one account may count as theirs. Nothing of the other shop is said."""
    said = _("thông báo {notice} ({amount}) cũng đã báo cho gian hàng khác dùng chung tài khoản: tiền chỉ về một lần")
    accounts = list(BankAccount.objects.filter(vendor=vendor).values_list("account_number", flat=True))
    for account in sorted(set(accounts)):
        others = others_with_account(account, vendor_id=vendor.pk)
        alike = BankNotice.objects.filter(
            vendor__in=others,
            state__in=[BankNotice.State.BOOKED, BankNotice.State.REVIEW],
            amount_vnd=OuterRef("amount_vnd"),
            bank_date=OuterRef("bank_date"),
        )
        booked = notices.filter(Exists(alike), account_number=account, state=BankNotice.State.BOOKED)
        for notice in _rows(booked.filter(is_incoming=True)):
            telling = telling_of(notice)
            if any(is_told_of(telling, earlier_tellings(notice, vendor_ids=[other])) for other in others):
                yield _of_notice(Kind.TOLD_ELSEWHERE, notice, said)


def _rows(notices: QuerySet[BankNotice]) -> Iterator[BankNotice]:
    return notices.order_by("pk").iterator(chunk_size=_ROWS_A_TIME)
