"""payOS has no list of transactions: the links that may have been paid are asked one after another, in rounds.

A link is one page. A round goes through those that are open; once an hour it takes those that were closed within
the last days too, since money may come late and its notice may be lost.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db.models import Q

from marketplace.orders.models import Order, PaymentCode
from payments.apis.calling import CallFailed
from payments.apis.listing import Page, number_in, state_in, written
from payments.apis.payos import LinkStatus, PayOS, Rejected, SeenLink
from payments.models import Feed, PaymentLink
from payments.providers.base import NotItsShape
from payments.services.links import CANCELLED_BECAUSE, close_link

CLOSED_ASKED_EVERY_S: Final = 3600
CLOSED_ASKED_DAYS: Final = 2
"""payOS books some transfers of the night on the next day."""
UNMADE_LEFT_S: Final = 600
"""A link that its asker has not had an answer for this long is looked for, and taken back."""

log = logging.getLogger("market.payments")


class LinkRounds:
    """The links of one feed, as a list of transactions.

    What the cursor keeps: the greatest number asked in this round (`last`), whether the round takes closed links too
    (`whole`), and when the last such round `began` (unix seconds).
    """

    def __init__(self, payos: PayOS, *, feed: Feed) -> None:
        self._payos = payos
        self._feed = feed

    def page(self, cursor: str, *, now: datetime) -> Page:
        """The next link of the round. Raises `CallFailed`."""
        state = _round(state_in(cursor), now=now)
        link = self._next(last=number_in(state, "last"), whole=bool(state["whole"]), now=now)
        if link is None:
            return Page(rows=(), cursor=written({**state, "last": 0}), is_last=True)
        following = written({**state, "last": link.order_code})
        try:
            seen = self._payos.look_up(link.order_code, now=now)
        except NotItsShape:
            return Page(rows=(), cursor=following, is_last=False, unreadable=1)
        except Rejected:
            return self._unknown(link, cursor=following)
        then = partial(self._close_or_cancel, link, seen)
        return Page(rows=seen.rows, cursor=following, is_last=False, unreadable=seen.unreadable, when_kept=then)

    def _next(self, *, last: int, whole: bool, now: datetime) -> PaymentLink | None:
        asked = Q(state=PaymentLink.State.OPEN)
        if whole:
            asked |= Q(made_at__gte=now - timedelta(days=CLOSED_ASKED_DAYS))
        links = PaymentLink.objects.filter(asked, feed=self._feed, order_code__gt=last)
        being_made = Q(qr_payload="", made_at__gt=now - timedelta(seconds=UNMADE_LEFT_S))
        return links.exclude(being_made).select_related("payment_code__order").order_by("order_code").first()

    def _unknown(self, link: PaymentLink, *, cursor: str) -> Page:
        """payOS has no such link: it never heard of it if we have no answer either; otherwise that is odd."""
        if link.qr_payload:
            return Page(rows=(), cursor=cursor, is_last=False, unreadable=1)
        close_link(link, state=PaymentLink.State.CANCELLED)
        return Page(rows=(), cursor=cursor, is_last=False)

    def _close_or_cancel(self, link: PaymentLink, seen: SeenLink) -> None:
        """Once its transfers are kept: close here what is closed there, and take back what nobody should pay."""
        if not seen.is_open:
            is_paid = seen.status is LinkStatus.PAID
            close_link(link, state=PaymentLink.State.PAID if is_paid else PaymentLink.State.CANCELLED)
        elif is_needless(link):
            try:
                self._payos.cancel(link.order_code, reason=CANCELLED_BECAUSE)
            except (CallFailed, NotItsShape) as error:
                log.warning("link %s stays open: %s", link.pk, type(error).__name__)
                return
            close_link(link, state=PaymentLink.State.CANCELLED)


def is_needless(link: PaymentLink) -> bool:
    """Whether nobody should pay this link any more: lost in the making, closed here, replaced, or nothing is owed."""
    if not link.qr_payload or link.state != PaymentLink.State.OPEN or _owes_nothing(link.payment_code):
        return True
    later = PaymentLink.objects.filter(payment_code=link.payment_code_id, made_at__gt=link.made_at)
    return later.filter(state=PaymentLink.State.OPEN).exclude(qr_payload="").exists()


def _owes_nothing(code: PaymentCode) -> bool:
    if code.order is None:
        return not code.is_live or code.checkout_id is None
    has_ended = code.order.status in (Order.Status.CANCELED, Order.Status.EXPIRED)
    return not code.is_live or has_ended or not code.order.outstanding_vnd


def _round(state: dict[str, object], *, now: datetime) -> dict[str, object]:
    """The round that is under way, or a new one; every hour a whole one."""
    if number_in(state, "last"):
        return {"whole": False, **state}
    began = number_in(state, "began")
    whole = now.timestamp() - began >= CLOSED_ASKED_EVERY_S
    return {"last": 0, "whole": whole, "began": int(now.timestamp()) if whole else began}
