"""Money as a Saleor says it: a JSON number that may have a decimal point, and must be whole đồng."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

CURRENCY: Final = "VND"
EXACT_VND_MAX: Final = 2**53
"""Up to here every whole number is exact as a JSON number that some program on the way read as a float."""


class NotWholeDong(ValueError):
    """Not an amount in whole đồng: a part of one, less than nothing, no number, or too large to be exact."""


def vnd_of(amount: object) -> int:
    """The whole đồng of an amount out of Saleor's JSON, 0 to `EXACT_VND_MAX`. Raises `NotWholeDong`.

    A text is no amount, and neither is `true`. Written back, an amount is this integer as it stands.
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal):
        raise NotWholeDong(f"an amount of kind {type(amount).__name__}")
    exact = Decimal(amount)
    if not exact.is_finite() or not 0 <= exact <= EXACT_VND_MAX:
        raise NotWholeDong("an amount that is out of range")
    if exact != exact.to_integral_value():
        raise NotWholeDong("a part of a đồng")
    return int(exact)
