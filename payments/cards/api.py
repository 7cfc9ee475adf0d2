"""Asking Stripe for something, with its own library: bounded in time, repeatable, with errors of ours.

Never call any of these inside a transaction or under a lock: Stripe may take `ANSWER_S_MAX` seconds to answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stripe import (
    APIConnectionError,
    APIError,
    AuthenticationError,
    RateLimitError,
    RequestsClient,
    StripeClient,
    StripeError,
    StripeObject,
)

from marketplace.core.errors import Conflict, MarketError
from payments.cards.reading import REFERENCE_KEY, account_told, address_told, refund_told, sale_told
from payments.cards.values import VND, AccountTold, RefundTold, SaleTold, SaleWanted
from payments.providers.base import NotItsShape

CONNECT_S_MAX: Final = 2
ANSWER_S_MAX: Final = 10
RETRIES_MAX: Final = 1
"""The library waits half a second, with jitter, before it; a person waits meanwhile. Sweeps try again later."""

log = logging.getLogger("market.cards")
Value = TypeVar("Value")


class CardServiceAway(MarketError):
    """Stripe could not be reached, was too slow or busy, or does not know our key: try again later."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("Chưa nối được với đơn vị thẻ. Bạn thử lại sau ít phút."))


class CardServiceRefused(Conflict):
    """Stripe understood and said no; `reason` is its word for it, such as `amount_too_small`."""

    code = "INVALID"

    def __init__(self, reason: str) -> None:
        super().__init__(_("Đơn vị thẻ không nhận yêu cầu này."))
        self.reason = reason


def create_account(*, vendor_id: int, repeat_key: str) -> AccountTold:
    """A new account of the vendor's own; the same `repeat_key` answers the same account."""
    with _client() as client:
        made = _asked(
            lambda: client.v1.accounts.create(
                params={"type": "standard", "metadata": {REFERENCE_KEY: f"vendor:{vendor_id}"}},
                options={"idempotency_key": repeat_key},
            )
        )
    return _understood(account_told, made)


def read_account(account: str) -> AccountTold:
    """What the account may do now."""
    with _client() as client:
        found = _asked(lambda: client.v1.accounts.retrieve(account))
    return _understood(account_told, found)


def onboarding_url(account: str, *, return_url: str, refresh_url: str) -> str:
    """Where the vendor tells Stripe about themselves: an address good for once and a few minutes."""
    with _client() as client:
        made = _asked(
            lambda: client.v1.account_links.create(
                params={
                    "account": account,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                }
            )
        )
    return _understood(address_told, made)


def open_sale(wanted: SaleWanted) -> SaleTold:
    """Stripe's page for one payment, on the vendor's own account; asked again with the same key, the same page."""
    metadata = {REFERENCE_KEY: wanted.reference, "order": wanted.order_number}
    with _client() as client:
        made = _asked(
            lambda: client.v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "payment_method_types": ["card"],
                    "client_reference_id": wanted.reference,
                    "metadata": metadata,
                    "payment_intent_data": {"metadata": metadata},
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": VND,
                                "unit_amount": wanted.amount_vnd,
                                "product_data": {"name": f"Chợ 4.0 · {wanted.order_number}"},
                            },
                        }
                    ],
                    "success_url": wanted.return_url,
                    "cancel_url": wanted.return_url,
                    "expires_at": int(wanted.expires_at.timestamp()),
                    "locale": "vi" if wanted.language == "vi" else "en",
                },
                options={"stripe_account": wanted.account, "idempotency_key": f"sale-{wanted.reference}"},
            )
        )
    _understood(address_told, made)
    return _understood(sale_told, made)


def read_sale(session_id: str, *, account: str) -> SaleTold:
    """How a payment stands now."""
    with _client() as client:
        found = _asked(lambda: client.v1.checkout.sessions.retrieve(session_id, options={"stripe_account": account}))
    return _understood(sale_told, found)


def close_sale(session_id: str, *, account: str) -> SaleTold:
    """Let nobody pay on this page any more; one that is paid already is answered as it stands."""
    with _client() as client:
        try:
            closed = _asked(
                lambda: client.v1.checkout.sessions.expire(session_id, options={"stripe_account": account})
            )
        except CardServiceRefused:
            return read_sale(session_id, account=account)  # Stripe closes open ones only
    return _understood(sale_told, closed)


def ask_refund(*, reference: str, account: str, payment_intent: str, amount_vnd: int) -> RefundTold:
    """Send money back to the card; asked again with the same `reference`, the same refund."""
    with _client() as client:
        made = _asked(
            lambda: client.v1.refunds.create(
                params={
                    "payment_intent": payment_intent,
                    "amount": amount_vnd,
                    "metadata": {REFERENCE_KEY: reference},
                },
                options={"stripe_account": account, "idempotency_key": f"refund-{reference}"},
            )
        )
    return _understood(refund_told, made)


def read_refund(refund_id: str, *, account: str) -> RefundTold:
    """How a refund stands now."""
    with _client() as client:
        found = _asked(lambda: client.v1.refunds.retrieve(refund_id, options={"stripe_account": account}))
    return _understood(refund_told, found)


@contextmanager
def _client() -> Iterator[StripeClient]:
    """A client for one errand. Errands are rare and far apart, so its connections are not kept."""
    with transaction.atomic(durable=True):
        pass  # raises `RuntimeError` inside a transaction, but for the one that a test runs in
    http = RequestsClient(timeout=(CONNECT_S_MAX, ANSWER_S_MAX))
    try:
        yield StripeClient(
            settings.MARKET_STRIPE_SECRET_KEY,
            base_addresses={"api": settings.MARKET_STRIPE_API_URL},
            max_network_retries=RETRIES_MAX,
            http_client=http,
        )
    finally:
        http.close()  # type: ignore[no-untyped-call]  # Stripe's library, which types the rest


def _asked(ask: Callable[[], StripeObject]) -> Mapping[str, object]:
    """What Stripe answers. Raises `CardServiceAway` where asking again may help, else `CardServiceRefused`."""
    try:
        return ask().to_dict()
    except (APIConnectionError, APIError, AuthenticationError, RateLimitError) as error:
        # Its message may hold what was sent; its kind and Stripe's own number for the request say enough.
        log.warning("stripe is away: %s %s", type(error).__name__, error.request_id or "")
        raise CardServiceAway from error
    except StripeError as error:
        reason = str(error.code or type(error).__name__)
        log.warning("stripe refused: %s %s", reason, error.request_id or "")
        raise CardServiceRefused(reason) from error


def _understood(read: Callable[[Mapping[str, object]], Value], answer: Mapping[str, object]) -> Value:
    try:
        return read(answer)
    except NotItsShape as error:
        log.error("stripe answered with %s", error)
        raise CardServiceAway from error
