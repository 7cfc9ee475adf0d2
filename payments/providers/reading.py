"""Reading JSON that anybody may have shaped: every value is checked, cleaned and bounded before it is kept.

An authentic notice is money that came in, so what can be understood is kept, however odd; only a body that does
not say what moved, how much, which way and where is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from marketplace.core.clock import VIETNAM
from marketplace.core.text import nfc
from payments.models import ACCOUNT_CHARACTERS_MAX, TX_ID_CHARACTERS_MAX
from payments.providers.base import NotItsShape

AMOUNT_DIGITS_MAX: Final = 13
"""What EMVCo's field of an amount holds; an instant transfer is below half a billion đồng, a company's a few hundred
billion. The sum of 900,000 such amounts still fits a whole number column, which SQLite does not forgive."""
_ID_DIGITS_MAX: Final = 18
TX_ID_CHARACTERS_READ_MAX: Final = 65_536
DAYS_AHEAD_MAX: Final = 1
OLDEST_YEAR: Final = 2000

_UNKEEPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, NUL (which PostgreSQL refuses) and lone surrogates (which UTF-8 has no bytes for)."""
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_NOT_ACCOUNT_CHARACTER = re.compile("[^0-9A-Z]+")


def json_object(body: bytes) -> dict[str, object]:
    """The object that `body` is. Fractions become `Decimal`; a key that comes twice makes the body ambiguous.

    Raises `NotItsShape` for anything else: no UTF-8, no JSON, NaN, nested beyond reason, an array, a text.
    """
    try:
        found: object = json.loads(
            body.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise NotItsShape("not JSON") from error
    if not isinstance(found, dict):
        raise NotItsShape("not an object")
    return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError("a number beyond reason") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def dong(value: object) -> tuple[int, bool]:
    """The đồng of a number or of a text that is one, cut to a whole, and whether nothing was cut off.

    Raises `NotItsShape` for what is no number, and for amounts of more than `AMOUNT_DIGITS_MAX` digits.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    # `type() is`: True is an int to Python.
    number = Decimal(value) if type(value) is int else value
    if not isinstance(number, Decimal) or (number and number.adjusted() >= AMOUNT_DIGITS_MAX):
        raise NotItsShape("no amount")
    whole = int(number)
    return whole, whole == number


def text(value: object, *, characters_max: int) -> str:
    """A text or whole number as one line that any database keeps, cut to its column; anything else is ""."""
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        return ""
    return " ".join(nfc(_UNKEEPABLE.sub(" ", value)).split())[:characters_max]


def account(value: object) -> str:
    """An account number as it is compared: 0-9 and A-Z only, since providers group digits by blanks or dashes."""
    written = text(value, characters_max=4 * ACCOUNT_CHARACTERS_MAX)
    return _NOT_ACCOUNT_CHARACTER.sub("", written.upper())[:ACCOUNT_CHARACTERS_MAX]


def accounts(*values: object) -> tuple[str, ...]:
    """The different accounts among `values`, in their order. Raises `NotItsShape` where there is none."""
    named = tuple(dict.fromkeys(filter(None, map(account, values))))
    if not named:
        raise NotItsShape("no account")
    return named


def tx_id(value: object) -> str:
    """A provider's id as a text: 92704 and "92704" are one id; "" when there is none.

    One that is too long for the column stands as its hash, so that two long ones never become one.
    """
    if isinstance(value, Decimal):
        is_whole = value.adjusted() < _ID_DIGITS_MAX and value == int(value)
        value = str(int(value) if is_whole else value)
    plain = text(value, characters_max=TX_ID_CHARACTERS_READ_MAX)
    return plain if len(plain) <= TX_ID_CHARACTERS_MAX else f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"


def tx_id_or_likeness(value: object, *, reference: str, parts: Sequence[object], otherwise: bytes) -> str:
    """The provider's id; without one the hash of the bank's reference and what else tells transfers apart.

    Without a reference either, the hash of `otherwise`: the bytes that told of this transfer.
    """
    if own := tx_id(value):
        return own
    likeness = [reference, *(str(part).strip().lower() for part in parts)]
    key = "\n".join(likeness).encode(errors="replace") if reference else otherwise
    return f"sha256:{hashlib.sha256(key).hexdigest()}"


def moment(value: object, *, now: datetime) -> datetime:
    """When the bank dates a transfer, in UTC; a time without zone is Vietnam's.

    A date that cannot be (none at all, 30 February, tomorrow's tomorrow, before 2000) gives `now`: the money is
    there all the same, and the day it was told of is the nearest to the truth.
    """
    try:
        read = datetime.fromisoformat(value.strip()) if isinstance(value, str) else now
        aware = read if read.tzinfo else read.replace(tzinfo=VIETNAM)
        happened = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return now
    is_possible = happened.year >= OLDEST_YEAR and happened <= now + timedelta(days=DAYS_AHEAD_MAX)
    return happened if is_possible else now
