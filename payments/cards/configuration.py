"""Whether this market takes cards at all, and with real money or Stripe's test money."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound


def cards_are_on() -> bool:
    """Whether the operator gave the market a key of Stripe's."""
    return bool(settings.MARKET_STRIPE_SECRET_KEY)


def cards_are_live() -> bool:
    """Whether the key moves real money: `sk_live_…` or a restricted `rk_live_…`."""
    return "_live_" in settings.MARKET_STRIPE_SECRET_KEY


def require_cards() -> None:
    """Raises `NotFound` where the market takes no cards: then nothing of them shows."""
    if not cards_are_on():
        raise NotFound(_("Chợ này chưa nhận thẻ."))
