"""payOS's payment links: one for a payment code and the amount that is asked for, found again by its number.

payOS takes money only through links that it made. The question and its answer are apart in time, and either may be
lost, so a link is kept with its number before payOS is asked (decision 0010): whoever comes after a crash asks for
the same number again, learns whether the first question arrived, and never leaves two links for one amount.

payOS is asked outside any transaction and without any lock.
"""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict
from marketplace.core.payment_codes import PREFIX
from marketplace.core.secrets import UnreadableSecret
from marketplace.orders.locks import lock_code
from marketplace.orders.models import PaymentCode
from payments.apis.calling import CallFailed, Limits
from payments.apis.payos import DESCRIPTION_CHARACTERS_MAX, MadeLink, NumberTaken, PayOS, Rejected, caller_of
from payments.models import ORDER_CODE_MAX, BankNotice, Feed, FeedApi, PaymentLink
from payments.providers.base import NotItsShape

LINKS_A_CODE_MAX: Final = 20
"""So that nobody makes payOS's links without end by asking for ever other amounts."""
CLAIM_S: Final = 60
"""Longer than who asks payOS is at it at most: after this long he is taken for dead."""
REST_S: Final = 20
"""After a failure the feed's payOS is left alone this long: buyers who wait must not all wait for time-outs."""
WHILE_A_BUYER_WAITS: Final = Limits(tries=2)
CANCELLED_BECAUSE: Final = "khong can nua"

log = logging.getLogger("market.payments")


class LinkNotMade(Conflict):
    """payOS could not make the link just now; a little later it may."""

    code, status = "INVALID", 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a link is to be for."""

    code: PaymentCode
    amount_vnd: int
    expires_at: datetime | None


def code_of_link(feed: Feed, link_number: int) -> str:
    """The payment code behind a link of the feed's, as text; "" where the feed made no such link."""
    links = PaymentLink.objects.filter(feed=feed, order_code=link_number)
    return links.values_list("payment_code__code", flat=True).first() or ""


def receivers_by_link(notice: BankNotice) -> list[tuple[str, int]]:
    """The notice's accounts as those of the vendor whose link it paid: its money is that vendor's, wherever it lies.

    Empty for every feed but payOS's, and for money that came through no link of ours.
    """
    if notice.feed.provider != Feed.Provider.PAYOS or not notice.code_hint:
        return []
    links = PaymentLink.objects.filter(feed=notice.feed_id, payment_code__code=notice.code_hint)
    vendor_id = links.values_list("payment_code__vendor_id", flat=True).first()
    accounts = filter(None, (notice.account_number, notice.virtual_account))
    return [] if vendor_id is None else [(account, vendor_id) for account in accounts]


def feeds_with_links() -> QuerySet[Feed]:
    """Feeds through which a vendor takes money by links: active, payOS's, and with the keys to ask for them."""
    return Feed.objects.filter(provider=Feed.Provider.PAYOS, is_active=True, vendor__isnull=False, api__isnull=False)


def ensure_link(*, wanted: Wanted, now: datetime) -> PaymentLink:
    """The open link for this code and amount, made at payOS if there is none; the code's others are cancelled then.

    Any number of callers at once make one link. Must not run inside a transaction. Raises `LinkNotMade` where it is
    not there yet; ask again later.
    """
    known = _ready(wanted, now=now)
    if known is not None:
        return known
    feeds = feeds_with_links().filter(vendor=wanted.code.vendor_id).order_by("made_at", "pk")
    feed_id = feeds.values_list("pk", flat=True).first()
    is_over = wanted.expires_at is not None and wanted.expires_at <= now
    if feed_id is None or is_over or cache.get(_resting(feed_id)):
        raise link_not_made()
    with _asking(feed_id) as payos:
        made = _make(payos, feed_id, wanted=wanted, now=now)
        _cancel_others(payos, made)
    return made


def close_link(link: PaymentLink, *, state: PaymentLink.State) -> None:
    """Note that a link is open no more."""
    PaymentLink.objects.filter(pk=link.pk, state=PaymentLink.State.OPEN).update(state=state)


def link_not_made() -> LinkNotMade:
    """That there is no link just now, as a buyer reads it."""
    return LinkNotMade(_("Chưa tạo được mã trả tiền. Bạn chờ một phút rồi thử lại giúp."))


@contextmanager
def opened_payos(feed_api: FeedApi, *, limits: Limits) -> Iterator[PayOS]:
    """payOS under the keys of a feed."""
    with caller_of(client_id=feed_api.client_id, api_key=feed_api.api_key, limits=limits) as caller:
        yield PayOS(caller, checksum_key=feed_api.feed.secret)


@contextmanager
def _asking(feed_id: uuid.UUID) -> Iterator[PayOS]:
    """payOS for a buyer who waits. What goes wrong becomes `LinkNotMade`, and payOS is left alone for a while."""
    try:
        feed_api = FeedApi.objects.select_related("feed").get(pk=feed_id)
        with opened_payos(feed_api, limits=WHILE_A_BUYER_WAITS) as payos:
            yield payos
    except (CallFailed, NotItsShape, UnreadableSecret) as error:
        problem = error.problem if isinstance(error, CallFailed) else type(error).__name__
        log.warning("feed %s makes no link: %s", feed_id, problem)
        cache.set(_resting(feed_id), True, REST_S)
        FeedApi.objects.filter(pk=feed_id).update(problem=f"link: {problem}")
        raise link_not_made() from error


def _resting(feed_id: uuid.UUID) -> str:
    return f"payos-rests-{feed_id}"


def _ready(wanted: Wanted, *, now: datetime) -> PaymentLink | None:
    """The link that can be paid now for what is wanted, if it was made."""
    fitting = PaymentLink.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now),
        payment_code=wanted.code,
        amount_vnd=wanted.amount_vnd,
        state=PaymentLink.State.OPEN,
        feed__is_active=True,
    )
    return fitting.exclude(qr_payload="").order_by("-made_at").first()


def _make(payos: PayOS, feed_id: uuid.UUID, *, wanted: Wanted, now: datetime) -> PaymentLink:
    """Claim the link, ask payOS for it, keep its answer."""
    link = _claim(feed_id, wanted=wanted, now=now)
    if link.qr_payload:
        return link
    try:
        try:
            return _store(link, _create(payos, link, wanted=wanted), wanted=wanted)
        except NumberTaken:
            _take_back(payos, link, now=now)
        link = _claim(feed_id, wanted=wanted, now=now)
        return _store(link, _create(payos, link, wanted=wanted), wanted=wanted)
    except (CallFailed, NotItsShape):
        _held(link).update(made_at=now - timedelta(seconds=CLAIM_S))  # whoever asks next need not wait for us
        raise


def _claim(feed_id: uuid.UUID, *, wanted: Wanted, now: datetime) -> PaymentLink:
    """The link to ask payOS for, ours alone for `CLAIM_S`; or the one that another made meanwhile.

    Durable: a link that payOS is asked for must be in the database, whatever becomes of us.
    """
    with transaction.atomic(durable=True):
        lock_code(wanted.code.code)
        links = PaymentLink.objects.filter(payment_code=wanted.code)
        # Who keeps payOS's answer has no lock: looked for in this order, a link is seen before it is made or after,
        # and never missed between the two.
        unmade = links.filter(
            feed=feed_id, amount_vnd=wanted.amount_vnd, state=PaymentLink.State.OPEN, qr_payload=""
        ).first()
        known = _ready(wanted, now=now)
        if known is not None:
            return known
        if unmade is None and links.count() < LINKS_A_CODE_MAX:
            number = 1 + secrets.randbelow(ORDER_CODE_MAX)
            return links.create(
                feed_id=feed_id,
                payment_code=wanted.code,
                order_code=number,
                amount_vnd=wanted.amount_vnd,
                expires_at=wanted.expires_at,
                made_at=now,
            )
        if unmade is None or now - unmade.made_at < timedelta(seconds=CLAIM_S):
            raise link_not_made()
        unmade.made_at = now
        unmade.save(update_fields=["made_at"])
        return unmade


def _create(payos: PayOS, link: PaymentLink, *, wanted: Wanted) -> MadeLink:
    """Ask payOS for the link. Its words carry what fits of our code, for people; matching goes by the number."""
    return payos.create(
        order_code=link.order_code,
        amount_vnd=link.amount_vnd,
        description=wanted.code.code.removeprefix(PREFIX)[:DESCRIPTION_CHARACTERS_MAX],
        expires_at=wanted.expires_at,
        # The order's own address is its buyer's secret.
        back_to=f"{settings.MARKET_PUBLIC_URL}/",
    )


def _take_back(payos: PayOS, link: PaymentLink, *, now: datetime) -> None:
    """Cancel a link whose number is taken already: an earlier question arrived, and its answer was lost.

    payOS tells the account and the code once only, so that link is of no use, and a second one for the same amount
    must not stand beside it. Raises `LinkNotMade` where the one who asked earlier is still at it, or was answered.
    """
    if not _held(link).exists():
        raise link_not_made()
    try:
        payos.cancel(link.order_code, reason=CANCELLED_BECAUSE)
    except Rejected:
        if payos.look_up(link.order_code, now=now).is_open:
            raise
    close_link(link, state=PaymentLink.State.CANCELLED)


def _store(link: PaymentLink, made: MadeLink, *, wanted: Wanted) -> PaymentLink:
    """Keep payOS's answer. Raises `LinkNotMade` where the claim was lost meanwhile: then another sees to the link."""
    if not _held(link).update(**asdict(made), expires_at=wanted.expires_at):
        raise link_not_made()
    return PaymentLink.objects.get(pk=link.pk)


def _held(link: PaymentLink) -> QuerySet[PaymentLink]:
    """The link, as long as nobody made, closed or claimed it since."""
    return PaymentLink.objects.filter(pk=link.pk, state=PaymentLink.State.OPEN, qr_payload="", made_at=link.made_at)


def _cancel_others(payos: PayOS, made: PaymentLink) -> None:
    """Take the code's other links back, so that nobody pays an old amount. What fails here, the next poll does."""
    others = PaymentLink.objects.filter(payment_code=made.payment_code_id, state=PaymentLink.State.OPEN)
    for link in others.filter(feed=made.feed_id).exclude(pk=made.pk).exclude(qr_payload=""):
        try:
            payos.cancel(link.order_code, reason=CANCELLED_BECAUSE)
        except (CallFailed, NotItsShape) as error:
            log.warning("link %s stays open: %s", link.pk, type(error).__name__)
            return
        close_link(link, state=PaymentLink.State.CANCELLED)
