"""Looking an order up by number and phone, at a bounded number of tries: numbers run on, phones are known.

Counted in the cache by phone and by address, so that neither one phone's orders nor many phones can be tried out.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound, TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.orders.models import Order
from marketplace.orders.selectors import order_by_number_and_phone
from marketplace.people.sign_in import normal_login

MISSES_OF_A_PHONE_MAX = 10
MISSES_OF_AN_ADDRESS_MAX = 60
"""A whole village may share one address."""
MISSES_KEPT_S = 15 * 60


class TooManyMisses(TooMany):
    """Too many orders were looked up that are not there; wait."""


def find_order(*, number: str, phone: str, address: str) -> Order:
    """The order with this number that was placed with this phone, for somebody at a network `address`.

    Raises `NotFound` (the same for a wrong number and a wrong phone), `TooManyMisses`.
    """
    limits = {
        _key("phone", normal_login(phone)): MISSES_OF_A_PHONE_MAX,
        key_of_address("order-lookup", address): MISSES_OF_AN_ADDRESS_MAX,
    }
    misses = cache.get_many(limits)
    if any(misses.get(key, 0) >= most for key, most in limits.items()):
        raise TooManyMisses(
            _("Bạn đã tra sai nhiều lần. Đợi 15 phút rồi thử lại, hoặc gọi số hỗ trợ."), retry_after_s=MISSES_KEPT_S
        )
    try:
        return order_by_number_and_phone(number, phone)
    except NotFound:
        for key in limits:
            count_try(key, kept_s=MISSES_KEPT_S)
        raise


def _key(kind: str, value: str) -> str:
    return f"order-lookup:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"
