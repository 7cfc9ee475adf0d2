"""Stripe's events: checked, kept and done in one transaction, each once; what came too early is finished later.

Whatever was answered with 2xx is in the database with its effect. What cannot be kept is answered 503, and
Stripe sends it again, for three days.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from marketplace.orders.locks import lock_order
from payments.cards.configuration import cards_are_live, cards_are_on
from payments.cards.notices import is_authentic, read_notice
from payments.cards.values import (
    AccountTold,
    CardNotice,
    DisputeTold,
    RefundTold,
    SaleTold,
    Told,
    packed,
    unpacked,
)
from payments.models import CardEvent, CardSession
from payments.providers.base import NotItsShape
from payments.services.cards.accounts import follow_account
from payments.services.cards.booking import settle_sale
from payments.services.cards.sale import (
    CANNOT_BE_BOOKED,
    MORE_THAN_CAME,
    NOT_OURS,
    OTHER_ACCOUNT,
    OTHER_MODE,
    PAYMENT_UNKNOWN,
    Sale,
    Settled,
    State,
    close_review_if_settled,
)
from payments.services.keeping import NotKept, where_of
from payments.services.notices import NotAuthentic, NoticeTooLarge, UnknownFeed, UnreadableNotice
from payments.services.security import NOT_AUTHENTIC, count_security_event

CARD_BODY_BYTES_MAX: Final = 256 * 1024
WAITING_DAYS_MAX: Final = 30
"""A vendor may sell elsewhere by the same account: what speaks of none of our payments by then never will."""
SWEEP_AT_MOST: Final = 100
FROM_OTHER_ACCOUNT: Final = "card_event_of_other_account"
SUBJECT: Final = "cards:stripe"

log = logging.getLogger("market.cards")
OfSale = SaleTold | RefundTold | DisputeTold


def receive_card_notice(*, body: bytes, signature: str, now: datetime) -> None:
    """Take one body of Stripe's. Must not run inside a transaction: the answer comes after the commit.

    Checked in this order: whether cards are on, size, signature and its stamp, shape. Repeats have no effect;
    events of the other mode, of other accounts or of payments that are not ours are kept and have none; kinds that
    the market does not follow are not even kept. Raises `UnknownFeed`, `NoticeTooLarge`, `NotAuthentic`,
    `UnreadableNotice`, `NotKept`.
    """
    if not cards_are_on():
        raise UnknownFeed(_("Không có địa chỉ nhận thông báo này."))
    if len(body) > CARD_BODY_BYTES_MAX:
        raise NoticeTooLarge(_("Thông báo quá lớn."))
    if not is_authentic(body, signature, secrets=settings.MARKET_STRIPE_WEBHOOK_SECRETS, now=now):
        count_security_event(NOT_AUTHENTIC, subject=SUBJECT, now=now)
        raise NotAuthentic(_("Chữ ký của thông báo không đúng."))
    try:
        notice = read_notice(body)
    except NotItsShape as error:
        raise UnreadableNotice(_("Thông báo không đúng mẫu.")) from error
    if notice.told is None:
        return
    try:
        with transaction.atomic(durable=True):
            _keep(notice, notice.told, now=now)
    except (IntegrityError, DataError, OverflowError) as error:
        # It says what the books refuse, and would say it again at every try.
        log.error("an event of Stripe's cannot be booked: %s", where_of(error))
        _keep_for_person(notice, notice.told, now=now)
    except Exception as error:
        raise _not_kept(error) from error


def _not_kept(error: Exception) -> NotKept:
    log.error("an event of Stripe's could not be kept: %s", where_of(error))
    return NotKept(_("Máy chủ đang bận, xin gửi lại sau."))


def _keep_for_person(notice: CardNotice, told: Told, *, now: datetime) -> None:
    """Keep an event that can never be booked, and put its money before the vendor if it is of a payment of ours."""
    try:
        with transaction.atomic(durable=True):
            row = _row(notice, told, now=now)
            row.save(force_insert=True)
            session = None if isinstance(told, AccountTold) else _session_of(told)
            if session is not None and session.account.stripe_id == notice.account:
                row.session = session
                sale = _sale(session, happened_at=notice.happened_at, now=now)
                if not isinstance(told, AccountTold) and told.amount > 0:
                    sale.ask_vendor(told.amount)
            _decide(row, Settled(State.IGNORED, CANNOT_BE_BOOKED), now=now)
    except Exception as error:
        raise _not_kept(error) from error


def settle_told(session: CardSession, told: OfSale, *, now: datetime) -> None:
    """Do what Stripe answered when the market itself asked about a payment: the same as if it had sent it."""
    with transaction.atomic():
        sale = _sale(session, happened_at=now, now=now)
        settle_sale(sale, told)
        _settle_waiting(sale)
        close_review_if_settled(sale)


def finish_waiting(*, now: datetime, at_most: int = SWEEP_AT_MOST) -> int:
    """Do what came before its payment was known and still waits; let lie what waited too long. Returns how many.

    An event and its payment may be told at the same instant, neither seeing the other. Those that were tried longest
    ago come first, so that what cannot be done, or fails, keeps nothing behind it waiting.
    """
    waiting = CardEvent.objects.filter(state=State.WAITING)
    finished = sum(_finish(session, now=now) for session in _due(at_most, now=now))
    old = waiting.filter(received_at__lt=now - timedelta(days=WAITING_DAYS_MAX))
    with transaction.atomic():
        forgotten = old.update(state=State.IGNORED, decided_at=now)
    return finished + forgotten


def _due(at_most: int, *, now: datetime) -> list[CardSession]:
    """The known payments for which something waits, at most so many, noted as tried now."""
    waiting = CardEvent.objects.filter(state=State.WAITING).exclude(payment_intent="")
    of_known = waiting.filter(payment_intent__in=CardSession.objects.values("payment_intent"))
    turns = of_known.order_by().values("payment_intent").annotate(turn=Min(Coalesce("tried_at", "received_at")))
    intents = [row["payment_intent"] for row in turns.order_by("turn", "payment_intent")[:at_most]]
    if not intents:
        return []
    with transaction.atomic():
        waiting.filter(payment_intent__in=intents).update(tried_at=now)
    found = {session.payment_intent: session for session in CardSession.objects.filter(payment_intent__in=intents)}
    return [found[intent] for intent in intents]


def _finish(session: CardSession, *, now: datetime) -> int:
    try:
        with transaction.atomic():
            sale = _sale(session, happened_at=now, now=now)
            finished = _settle_waiting(sale)
            if finished:
                close_review_if_settled(sale)
    except Exception as error:
        log.error("what waits for card payment %s cannot be done: %s", session.pk, where_of(error))
        return 0
    return finished


def _keep(notice: CardNotice, told: Told, *, now: datetime) -> None:
    """Keep the event and do what it tells; one that is known already changes nothing.

    The unique key decides, never a look-up before: the same event may be coming in on fifty threads.
    """
    row = _row(notice, told, now=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not CardEvent.objects.filter(stripe_event_id=notice.event_id).exists():
            raise
        return
    if notice.livemode is not cards_are_live():
        _decide(row, Settled(State.IGNORED, OTHER_MODE), now=now)
    elif isinstance(told, AccountTold):
        ours = follow_account(told, account=notice.account, happened_at=notice.happened_at, now=now)
        _decide(row, Settled(State.DONE) if ours else Settled(State.IGNORED, NOT_OURS), now=now)
    else:
        _settle(row, told, now=now)


def _row(notice: CardNotice, told: Told, *, now: datetime) -> CardEvent:
    return CardEvent(
        stripe_event_id=notice.event_id,
        kind=notice.kind,
        account=notice.account,
        livemode=notice.livemode,
        payment_intent="" if isinstance(told, AccountTold) else told.payment_intent,
        told=packed(told),
        happened_at=notice.happened_at,
        received_at=now,
        state=State.WAITING,
    )


def _settle(row: CardEvent, told: OfSale, *, now: datetime) -> None:
    session = _session_of(told)
    if session is None:
        waits = not isinstance(told, SaleTold) and told.payment_intent
        _decide(row, Settled(State.WAITING, PAYMENT_UNKNOWN) if waits else Settled(State.IGNORED, NOT_OURS), now=now)
        return
    sale = _sale(session, happened_at=row.happened_at, now=now)
    if _do(row, told, sale) or isinstance(told, SaleTold):
        _settle_waiting(sale)
        close_review_if_settled(sale)


def _session_of(told: OfSale) -> CardSession | None:
    """The payment that is told of: by our own key where Stripe gives it back, else by its payment intent."""
    sessions = CardSession.objects.all()
    if not isinstance(told, SaleTold):
        return sessions.filter(payment_intent=told.payment_intent).exclude(payment_intent="").first()
    by_id = sessions.filter(stripe_id=told.session_id).first()
    key = _own_key(told.reference)
    return by_id or (sessions.filter(pk=key, stripe_id="").first() if key is not None else None)


def _own_key(reference: str) -> uuid.UUID | None:
    """The key of ours that Stripe gives back as it was given; None for anything else."""
    try:
        key = uuid.UUID(reference)
    except ValueError:
        return None
    return key if str(key) == reference else None


def _sale(session: CardSession, *, happened_at: datetime, now: datetime) -> Sale:
    order = lock_order(session.order_id)
    # Read again: everything about it changes under the order's lock only.
    fresh = CardSession.objects.select_related("account", "transaction").get(pk=session.pk)
    return Sale(session=fresh, order=order, happened_at=happened_at, now=now)


def _settle_waiting(sale: Sale) -> int:
    """Do what waits for this payment until nothing moves any more. Returns how many were finished."""
    finished = 0
    while (moved := _settle_waiting_once(sale)) > 0:
        finished += moved
    return finished


def _settle_waiting_once(sale: Sale) -> int:
    waiting = CardEvent.objects.filter(state=State.WAITING, payment_intent=sale.session.payment_intent)
    rows = list(waiting.exclude(payment_intent="").order_by("happened_at", "pk"))
    return sum(_do(row, unpacked(row.told), sale.at(row.happened_at)) for row in rows)


def _do(row: CardEvent, told: OfSale, sale: Sale) -> bool:
    """Do what one event tells of its payment. Answers whether it is finished."""
    if row.account != sale.session.account.stripe_id:
        count_security_event(FROM_OTHER_ACCOUNT, subject=SUBJECT, now=sale.now)
        settled = Settled(State.IGNORED, OTHER_ACCOUNT)
    else:
        row.session = sale.session
        settled = settle_sale(sale, told)
    if settled.why == MORE_THAN_CAME and row.why != MORE_THAN_CAME:
        sale.ask_vendor(told.amount)
    _decide(row, settled, now=sale.now)
    return row.state != State.WAITING


def _decide(row: CardEvent, settled: Settled, *, now: datetime) -> None:
    row.state, row.why = settled.state, settled.why
    row.decided_at = None if settled.state == State.WAITING else now
    row.save(update_fields=["state", "why", "session", "decided_at"])
