"""JSON as JavaScript writes it: Casso and payOS sign such text, not the bytes that they send.

Source: ECMA-262, Number::toString and JSON.stringify.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Final

from payments.providers.base import NotItsShape

SAFE_INTEGER_MAX: Final = 2**53
"""Whole numbers up to here are exact in JavaScript."""
PLAIN_DIGITS_MAX: Final = 21
"""From here on JavaScript writes a number with an exponent."""
PLAIN_ZEROS_MAX: Final = 6
DEPTH_MAX: Final = 32
"""What is nested deeper is no notice; real ones have two levels."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def js_json(value: object, *, depth: int = 0) -> str:
    """`value`, as `reading.json_object` gives it, in JSON without blanks, keys sorted at every level.

    Raises `NotItsShape` for what is nested deeper than `DEPTH_MAX` and for numbers that JavaScript has not.
    """
    if depth > DEPTH_MAX:
        raise NotItsShape("nested beyond reason")
    if isinstance(value, dict):
        pairs = (f"{_js_text(key)}:{js_json(value[key], depth=depth + 1)}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(js_json(one, depth=depth + 1) for one in value) + "]"
    if isinstance(value, str):
        return _js_text(value)
    return js_scalar(value)


def js_scalar(value: object) -> str:
    """A number, true, false or null, as JavaScript writes it. Raises `NotItsShape` for what is none of them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return js_number(value)
    if value is None:
        return "null"
    raise NotItsShape("no JSON value")


def js_number(value: int | Decimal) -> str:
    """A number as JavaScript writes it: 1.0 is 1, 1e21 is 1e+21. Raises `NotItsShape` beyond its numbers."""
    if isinstance(value, int) and abs(value) <= SAFE_INTEGER_MAX:
        return str(value)
    try:
        nearest = float(value)
    except OverflowError:
        nearest = math.inf
    if not math.isfinite(nearest):
        raise NotItsShape("a number beyond JavaScript's")
    if not nearest:
        return "0"
    # Python and JavaScript both take the fewest digits that lead back to the same number; only the form differs.
    parts = Decimal(repr(abs(nearest))).normalize().as_tuple()
    digits = "".join(map(str, parts.digits))
    point = len(digits) + int(parts.exponent)
    return ("-" if nearest < 0 else "") + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """`digits` with the decimal point behind the first `point` of them."""
    if len(digits) <= point <= PLAIN_DIGITS_MAX:
        return digits + "0" * (point - len(digits))
    if 0 < point <= PLAIN_DIGITS_MAX:
        return f"{digits[:point]}.{digits[point:]}"
    if -PLAIN_ZEROS_MAX < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def _js_text(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
