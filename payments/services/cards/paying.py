"""A buyer pays by card: on Stripe's page, straight into the vendor's own account there."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, MarketError, NotFound
from marketplace.core.money import format_vnd
from marketplace.orders.locks import lock_order, lock_order_by_token
from marketplace.orders.models import Order
from payments.cards.api import CardServiceRefused, close_sale, open_sale
from payments.cards.configuration import cards_are_on, require_cards
from payments.cards.values import SaleTold, SaleWanted
from payments.models import CardAccount, CardSession, TransactionEvent, TransactionItem
from payments.services.amounts import AmountOutOfRange, NothingToPay, require_outstanding
from payments.services.cards.accounts import takes_cards
from payments.services.cards.events import settle_told
from payments.services.cards.sale import Sale, note_down
from payments.services.moving import STRIPE_GATEWAY

CARD_VND_MIN: Final = 15_000
"""Half a US dollar, below which Stripe takes nothing (docs.stripe.com/currencies); other refusals it tells itself."""
CARD_VND_MAX: Final = 99_999_999
"""Stripe's amounts have at most eight digits (docs.stripe.com/currencies)."""
SESSION_S: Final = 45 * 60
STRIPE_SESSION_S_MIN: Final = 30 * 60
"""Stripe refuses a page that would close sooner."""
_ENDED: Final = frozenset({Order.Status.CANCELED, Order.Status.EXPIRED})
MARGIN_S: Final = 60
"""A page that closes sooner than this is not shown any more, and one is not asked for closer to Stripe's bound."""


class CardWay(StrEnum):
    """Whether an order can be paid by card."""

    NONE = "none"
    OFFERED = "offered"
    RUNNING = "running"
    """The buyer did their part already."""


class CardPaymentRunning(Conflict):
    """The buyer did their part, and the card network has not yet said whether the money comes."""


class CardsNotTaken(NotFound):
    """The vendor takes no cards (any more)."""


def card_amount(order: Order) -> int:
    """What a card would pay of the order, in đồng: all that is outstanding.

    Raises `NothingToPay`, and `AmountOutOfRange` below `CARD_VND_MIN` or above `CARD_VND_MAX`.
    """
    if order.status == Order.Status.EXPIRED:
        raise NothingToPay(_("Đơn này đã hết hạn. Bạn đặt lại giúp nhé."))
    amount = require_outstanding(order)
    if not CARD_VND_MIN <= amount <= CARD_VND_MAX:
        sentence = _("Thẻ chỉ trả được từ {least} đến {most}. Bạn quét mã VietQR giúp nhé.")
        raise AmountOutOfRange(format_lazy(sentence, least=format_vnd(CARD_VND_MIN), most=format_vnd(CARD_VND_MAX)))
    return amount


def card_way(order: Order) -> CardWay:
    """What the order's page says of cards: two statements at most, none where cards are off."""
    if not cards_are_on() or order.status in _ENDED or not order.outstanding_vnd:
        return CardWay.NONE
    if CardSession.objects.filter(order=order, state=CardSession.State.PROCESSING).exists():
        return CardWay.RUNNING
    fits = CARD_VND_MIN <= order.outstanding_vnd <= CARD_VND_MAX
    return CardWay.OFFERED if fits and takes_cards(order.vendor_id) else CardWay.NONE


def start_card_payment(*, token: uuid.UUID, now: datetime) -> CardSession:
    """Stripe's page for all that the order still costs: the one that is open already, else a new one.

    Tapping twice, or two people at once, gives the same page. Must not run inside a transaction: Stripe is asked
    between two. Raises `NotFound` (also where cards are off), `CardsNotTaken`, `NothingToPay`, `AmountOutOfRange`,
    `CardPaymentRunning`, `CardServiceAway`, `CardServiceRefused`.
    """
    require_cards()
    session, given_up = _claim(token, now=now)
    if given_up is not None:
        with suppress(MarketError):  # the sweep tries again
            close_at_stripe(given_up, now=now)
        # Asked anew: the page that was given up may have been paid in that moment.
        session, _given_up = _claim(token, now=now)
    if session.state == CardSession.State.OPEN:
        return session
    try:
        told = open_sale(_wanted(session))
    except CardServiceRefused:
        _give_up(session)
        raise
    return _opened(session, told)


def open_card_session(*, token: uuid.UUID, now: datetime) -> CardSession:
    """The page that is open for the order of a buyer's link. Raises `NotFound` where none is."""
    require_cards()
    open_now = CardSession.objects.filter(
        order__token=token, state=CardSession.State.OPEN, expires_at__gt=now + timedelta(seconds=MARGIN_S)
    )
    session = open_now.select_related("order__vendor").first()
    if session is None or session.order.outstanding_vnd != session.amount_vnd:
        raise NotFound(_("Trang trả bằng thẻ đã đóng. Bạn quay lại trang đơn giúp nhé."))
    return session


def close_at_stripe(session: CardSession, *, now: datetime) -> None:
    """Let nobody pay on a page that is not wanted any more. If it was paid in that moment, that is booked.

    Must not run inside a transaction. Raises `CardServiceAway`, `CardServiceRefused`; a sweep tries again then.
    """
    if session.stripe_id:
        told = close_sale(session.stripe_id, account=session.account.stripe_id)
        settle_told(session, told, now=now)


def _claim(token: uuid.UUID, *, now: datetime) -> tuple[CardSession, CardSession | None]:
    """The session to pay by, and the one it replaces where what is to be paid has changed."""
    with transaction.atomic():
        order = lock_order_by_token(token)
        amount = card_amount(order)
        account = CardAccount.objects.filter(vendor_id=order.vendor_id, charges_enabled=True).first()
        if account is None:
            raise CardsNotTaken(_("Gian hàng này chưa nhận thẻ."))
        live = CardSession.objects.filter(order=order, state__in=CardSession.LIVE).select_related("account").first()
        if live is not None and live.state == CardSession.State.PROCESSING:
            raise CardPaymentRunning(_("Đơn vị thẻ đang xử lý khoản trước. Bạn chờ thêm chút nhé."))
        if live is not None and _still_fits(live, amount, now=now):
            return live, None
        if live is not None:
            live.state = CardSession.State.CLOSING if live.stripe_id else CardSession.State.EXPIRED
            live.save(update_fields=["state"])
        return _new(order, account, amount_vnd=amount, now=now), live


def _still_fits(session: CardSession, amount_vnd: int, *, now: datetime) -> bool:
    """Whether this session asks for what is to be paid and is good for a while, or can still be asked for."""
    is_new = session.state == CardSession.State.NEW
    needed_s = MARGIN_S + (STRIPE_SESSION_S_MIN if is_new else 0)
    return session.amount_vnd == amount_vnd and session.expires_at >= now + timedelta(seconds=needed_s)


def _new(order: Order, account: CardAccount, *, amount_vnd: int, now: datetime) -> CardSession:
    key = uuid.uuid4()
    item = TransactionItem.objects.create(gateway=STRIPE_GATEWAY, order=order, psp_reference=str(key), made_at=now)
    session = CardSession.objects.create(
        id=key,
        order=order,
        account=account,
        transaction=item,
        amount_vnd=amount_vnd,
        made_at=now,
        expires_at=now + timedelta(seconds=SESSION_S),
    )
    sale = Sale(session=session, order=order, happened_at=now, now=now)
    note_down(sale, TransactionEvent.Type.CHARGE_ACTION_REQUIRED, amount_vnd=amount_vnd, reference=str(key))
    return session


def _wanted(session: CardSession) -> SaleWanted:
    """All from rows that do not change: Stripe refuses the same key with anything else."""
    return SaleWanted(
        reference=str(session.pk),
        account=session.account.stripe_id,
        amount_vnd=session.amount_vnd,
        order_number=session.order.number,
        return_url=f"{settings.MARKET_PUBLIC_URL}/orders/{session.order.token}/",
        expires_at=session.expires_at,
        language=session.order.language_code,
    )


def _opened(session: CardSession, told: SaleTold) -> CardSession:
    with transaction.atomic():
        lock_order(session.order_id)
        fresh = CardSession.objects.select_related("account", "order__vendor").get(pk=session.pk)
        if fresh.state == CardSession.State.NEW:
            fresh.state = CardSession.State.OPEN
        fresh.stripe_id, fresh.url = told.session_id, told.url
        fresh.save(update_fields=["state", "stripe_id", "url"])
        return fresh


def _give_up(session: CardSession) -> None:
    with transaction.atomic():
        lock_order(session.order_id)
        waiting = CardSession.objects.filter(pk=session.pk, state=CardSession.State.NEW)
        waiting.update(state=CardSession.State.FAILED)
