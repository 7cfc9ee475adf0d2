"""One transfer, told of by two feeds: a shop's own and its market's, or two of one shop's.

Within one feed the provider's id decides, and two equal transfers are two. Between feeds the bank's reference
does; without one, a likeness is for a person to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from marketplace.core.statements import Given, Kept
from payments.models import BankNotice

LOOKED_BACK: Final = timedelta(days=1)
"""So that an index finds the day's notices; the day itself is compared besides."""


def told_before(notice: BankNotice, *, vendor_ids: Sequence[int]) -> BankNotice | None:
    """The settled notice of another feed that tells of this transfer, or may; None when there is none.

    The same account, direction, amount and day, and not two different references of the bank. Asked under the
    lock of the sale, so that of two feeds speaking at once the second sees the first.
    """
    if not any(_another_feed_told(notice, vendor_id) for vendor_id in vendor_ids):
        return None
    alike = BankNotice.objects.filter(
        vendor_id__in=vendor_ids,
        state__in=[BankNotice.State.BOOKED, BankNotice.State.REVIEW],
        happened_at__range=(notice.happened_at - LOOKED_BACK, notice.happened_at + LOOKED_BACK),
        bank_date=notice.bank_date,
        amount_vnd=notice.amount_vnd,
        is_incoming=notice.is_incoming,
        account_number=notice.account_number,
    ).exclude(feed=notice.feed_id)
    found = [first for first in alike.order_by("pk") if is_certain(notice, first) or _may_be(notice, first)]
    return min(found, key=lambda first: not is_certain(notice, first), default=None)


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


def is_certain(notice: BankNotice, first: BankNotice) -> bool:
    """Whether both carry the bank's own reference, the same one."""
    return bool(notice.bank_reference) and notice.bank_reference == first.bank_reference


def _may_be(notice: BankNotice, first: BankNotice) -> bool:
    has_both = bool(notice.bank_reference and first.bank_reference)
    return not has_both and notice.content == first.content
