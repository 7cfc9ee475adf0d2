"""payOS's notices: one paid link a body, signed inside the body.

Source: payOS's developer pages and its packages. `signature` = hex HMAC-SHA256(checksum key, "k1=v1&k2=v2…") over
the sorted keys of `data`; null (and the words null and undefined) count as empty, arrays and objects as JSON.
The signature is checked on the object as it was sent: fields that are new to us are signed too.

Nothing in it says when it was signed, so a notice played back is stopped by its id alone, which is kept for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.matching import Direction, Transfer
from payments.models import BANK_REFERENCE_CHARACTERS_MAX, ORDER_CODE_MAX, Feed
from payments.providers import reading
from payments.providers.base import Credentials, NotItsShape, PlainAnswers, Reported
from payments.providers.javascript import js_json, js_scalar
from payments.providers.signing import any_equal, hex_hmac
from payments.reasons import HeldReason

SUCCESS: Final = "00"
CURRENCY: Final = "VND"
TEST_REFERENCE: Final = "TF230204212323"
TEST_LINK_ID: Final = "124c33293c43417ab7879e14c8d9eb18"
"""What payOS sends when somebody saves the address: the sample of its documentation, signed with the real key."""

_EMPTY_WORDS = ("null", "undefined")


class PayOS(PlainAnswers):
    """payOS as a provider of notices."""

    auths = frozenset({Feed.Auth.HMAC.value})
    auths_with_given_secret = frozenset({Feed.Auth.HMAC.value})

    def is_authentic(
        self, body: bytes, headers: Mapping[str, str], *, credentials: Credentials, now: datetime
    ) -> bool:
        """Whether the body's signature fits its data under one of the secrets. In constant time."""
        try:
            fields = reading.json_object(body)
            data = _data(fields)
            expected = [signature(secret, data) for secret in credentials.secrets]
        except NotItsShape:
            return False
        given = fields.get("signature")
        return any_equal(given.lower() if isinstance(given, str) else "", expected)

    def read(self, body: bytes, *, now: datetime) -> tuple[Reported, ...]:
        """The one transfer that `body` tells of. Raises `NotItsShape`."""
        data = _data(reading.json_object(body))
        amount, is_whole = reading.dong(data.get("amount"))
        reference = reading.text(data.get("reference"), characters_max=BANK_REFERENCE_CHARACTERS_MAX)
        link_id = reading.tx_id(data.get("paymentLinkId"))
        transfer = Transfer(
            direction=Direction.IN,
            amount=amount,
            accounts=reading.accounts(data.get("accountNumber"), data.get("virtualAccountNumber")),
            content=reading.text(data.get("description"), characters_max=CONTENT_CHARACTERS_MAX),
            is_test=(reference, link_id) == (TEST_REFERENCE, TEST_LINK_ID),
        )
        reported = Reported(
            provider_tx_id=transaction_id(reference, link_id) if reference else _likeness(data),
            transfer=transfer,
            bank_reference=reference,
            happened_at=reading.moment(data.get("transactionDateTime"), now=now),
            link_number=_link_number(data.get("orderCode")),
            doubt=_doubt(data, is_whole=is_whole),
        )
        return (reported,)


def transaction_id(reference: str, link_id: str) -> str:
    """The id of a transfer: the bank's reference, and the link that it paid. One link may be paid twice."""
    return reading.tx_id(f"{reference}:{link_id}")


def signature(secret: str, data: Mapping[str, object]) -> str:
    """The `signature` for `data` under the checksum key. Raises `NotItsShape` for what cannot be signed."""
    return hex_hmac(secret, signed_text(data).encode(errors="replace"))


def signed_text(data: Mapping[str, object]) -> str:
    """What payOS signs of `data`, which is as `reading.json_object` gives it."""
    return "&".join(f"{key}={_signed_value(data[key])}" for key in sorted(data))


def _signed_value(value: object) -> str:
    if value is None or value in _EMPTY_WORDS:
        return ""
    if isinstance(value, str):
        return value
    return js_json(value) if isinstance(value, dict | list) else js_scalar(value)


def _data(fields: Mapping[str, object]) -> Mapping[str, object]:
    data = fields.get("data")
    if not isinstance(data, dict):
        raise NotItsShape("no data")
    return data


def _likeness(data: Mapping[str, object]) -> str:
    return reading.tx_id_or_likeness(
        None, reference="", parts=(), otherwise=signed_text(data).encode(errors="replace")
    )


def _link_number(value: object) -> int | None:
    """The orderCode, as the database can keep one; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[: len(str(ORDER_CODE_MAX)) + 1])
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    return value if type(value) is int and 1 <= value <= ORDER_CODE_MAX else None


def _doubt(data: Mapping[str, object], *, is_whole: bool) -> str:
    """A link that was not paid to the end, or not in đồng, is for a person to judge."""
    is_plain = data.get("code", SUCCESS) in (SUCCESS, None) and data.get("currency", CURRENCY) in (CURRENCY, None)
    if not is_plain:
        return HeldReason.PROVIDER_DOUBTS
    return "" if is_whole else HeldReason.AMOUNT_NOT_WHOLE
