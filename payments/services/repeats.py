"""The earlier notices of a transfer that another feed tells of now, looked up for `payments.likeness`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from heapq import nsmallest
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from marketplace.core.statements import Given, Kept
from payments import likeness
from payments.likeness import Repeat, Telling, repeat_of
from payments.matching import Direction, ReviewReason, Transfer, codes_in
from payments.models import BankNotice

LOOKED_BACK: Final = timedelta(days=2)
"""So that an index finds the days' notices: two dates a day apart are less than two days apart by the clock."""
_SETTLED: Final = (BankNotice.State.BOOKED, BankNotice.State.REVIEW)


def transfer_of(notice: BankNotice) -> Transfer:
    """What matching reads of a notice."""
    return Transfer(
        direction=Direction.IN if notice.is_incoming else Direction.OUT,
        amount=notice.amount_vnd,
        accounts=accounts_of(notice),
        content=notice.content,
        provider_codes=(notice.code_hint,),
        is_test=notice.is_test,
    )


def accounts_of(notice: BankNotice) -> tuple[str, ...]:
    """The account, and the virtual one if the money came through one."""
    return tuple(filter(None, [notice.account_number, notice.virtual_account]))


def telling_of(notice: BankNotice, *, linked: Sequence[str] = ()) -> Telling:
    """A notice as likeness compares it; `linked` are the other feeds whose notices were linked to it."""
    return Telling(
        key=notice.pk,
        told_by=frozenset({str(notice.feed_id), *linked}),
        is_incoming=notice.is_incoming,
        amount=notice.amount_vnd,
        accounts=accounts_of(notice),
        bank_date=notice.bank_date,
        happened_at=notice.happened_at,
        reference=notice.bank_reference,
        content=notice.content,
        codes=codes_in(transfer_of(notice)),
        names_others_sale=notice.state == BankNotice.State.REVIEW and notice.why == ReviewReason.OTHER_VENDORS_CODE,
    )


def earlier_tellings(notice: BankNotice, *, vendor_ids: Sequence[int]) -> tuple[Telling, ...]:
    """Settled notices of other feeds with the same amount, of that day or the days beside it.

    At most one more than are compared, and none that another notice of this feed was linked to: each stands for one.
    One quick statement a vendor, and two more where another feed told of as much. Asked under the lock of the sale,
    so that of two feeds speaking at once the second sees the first. What was let lie is no first telling.
    """
    if not any(_another_feed_told(notice, vendor_id) for vendor_id in vendor_ids):
        return ()
    found = list(_alike(notice, vendor_ids=vendor_ids)[: likeness.EARLIER_COMPARED_MAX + 1])
    linked = _linked([first.pk for first in found]) if found else {}
    return tuple(telling_of(first, linked=linked.get(first.pk, ())) for first in found)


class EarlierOfMany:
    """`earlier_tellings` for many notices of one feed about the same vendors: two statements, however many they are.

    For the dry run of a statement, which writes nothing and needs no lock. The notices need not be stored.
    """

    def __init__(self, notices: Sequence[BankNotice], *, vendor_ids: Sequence[int]) -> None:
        found = _of_others(notices, vendor_ids=vendor_ids) if notices and vendor_ids else BankNotice.objects.none()
        self._linked = _linked(found.values_list("pk", flat=True))
        self._by_day: dict[tuple[int, bool, date], list[BankNotice]] = defaultdict(list)
        for first in found:
            self._by_day[first.amount_vnd, first.is_incoming, first.bank_date].append(first)
        self._tellings: dict[int, Telling] = {}

    def of(self, notice: BankNotice, *, linked: Collection[int] = ()) -> tuple[Telling, ...]:
        """The same tellings, in the same order, as `earlier_tellings` reads for one of the notices.

        `linked` are those that another of the notices would have been linked to by now.
        """
        since, until = notice.happened_at - LOOKED_BACK, notice.happened_at + LOOKED_BACK
        firsts = [
            first
            for days in (-1, 0, 1)
            for first in self._by_day.get(
                (notice.amount_vnd, notice.is_incoming, notice.bank_date + timedelta(days=days)), ()
            )
            if since <= first.happened_at <= until and first.pk not in linked
        ]

        def turn(first: BankNotice) -> tuple[bool, bool, bool, int]:
            is_of_the_day = first.bank_date == notice.bank_date
            has_words = is_of_the_day and first.content == notice.content
            return first.bank_reference != notice.bank_reference, not has_words, not is_of_the_day, -first.pk

        return tuple(map(self._telling, nsmallest(likeness.EARLIER_COMPARED_MAX + 1, firsts, key=turn)))

    def _telling(self, first: BankNotice) -> Telling:
        if first.pk not in self._tellings:
            self._tellings[first.pk] = telling_of(first, linked=self._linked.get(first.pk, ()))
        return self._tellings[first.pk]


def _of_others(notices: Sequence[BankNotice], *, vendor_ids: Sequence[int]) -> QuerySet[BankNotice]:
    """What other feeds than theirs told of as much money as any of the notices, in all their days."""
    moments = [notice.happened_at for notice in notices]
    return (
        BankNotice.objects.filter(
            vendor_id__in=vendor_ids,
            state__in=_SETTLED,
            happened_at__range=(min(moments) - LOOKED_BACK, max(moments) + LOOKED_BACK),
            amount_vnd__in={notice.amount_vnd for notice in notices},
        )
        .exclude(feed=notices[0].feed_id)
        .exclude(told_again__feed=notices[0].feed_id)
    )


def _linked(firsts: Iterable[int]) -> dict[int, list[str]]:
    """The other feeds whose notices were linked to each of these."""
    found: dict[int, list[str]] = {}
    again = BankNotice.objects.filter(same_as__in=firsts).order_by("pk")
    for first_id, feed_id in again.values_list("same_as_id", "feed_id"):
        found.setdefault(first_id or 0, []).append(str(feed_id))
    return found


_OF_OTHER_FEED: Kept[BankNotice] = Kept(
    lambda: (
        BankNotice.objects.filter(
            vendor=Given("vendor"),
            amount_vnd=Given("amount"),
            happened_at__range=(Given("since"), Given("until")),
        )
        .exclude(feed=Given("feed"))
        .only("pk")[:1]
    )
)


def _another_feed_told(notice: BankNotice, vendor_id: int) -> bool:
    """Whether another feed told of as much money of this vendor's in those days: of nearly all, none did."""
    since, until = notice.happened_at - LOOKED_BACK, notice.happened_at + LOOKED_BACK
    found = _OF_OTHER_FEED.one(
        vendor=vendor_id, amount=notice.amount_vnd, since=since, until=until, feed=notice.feed_id
    )
    return found is not None


def first_told(notice: BankNotice) -> tuple[BankNotice, Repeat] | None:
    """The notice that told, or may have told, of a vendor's held notice before it; None where there is none.

    One that is booked, or that was kept earlier: two that wait never stand for each other.
    """
    tellings = earlier_tellings(notice, vendor_ids=list(filter(None, [notice.vendor_id])))
    stands = Q(state=BankNotice.State.BOOKED) | Q(pk__lt=notice.pk)
    firsts = BankNotice.objects.filter(stands, pk__in=[one.key for one in tellings]).in_bulk()
    repeat = repeat_of(telling_of(notice), [one for one in tellings if one.key in firsts])
    return None if repeat is None else (firsts[repeat.first], repeat)


def _alike(notice: BankNotice, *, vendor_ids: Sequence[int]) -> QuerySet[BankNotice]:
    day = timedelta(days=1)
    has_reference = Case(
        When(bank_reference=notice.bank_reference, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    is_of_the_day = Case(
        When(bank_date=notice.bank_date, content=notice.content, then=Value(0)),
        When(bank_date=notice.bank_date, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        BankNotice.objects.filter(
            vendor_id__in=vendor_ids,
            state__in=_SETTLED,
            happened_at__range=(notice.happened_at - LOOKED_BACK, notice.happened_at + LOOKED_BACK),
            bank_date__range=(notice.bank_date - day, notice.bank_date + day),
            amount_vnd=notice.amount_vnd,
            is_incoming=notice.is_incoming,
        )
        .exclude(feed=notice.feed_id)
        .exclude(told_again__feed=notice.feed_id)
        .order_by(has_reference, is_of_the_day, "-pk")
    )
