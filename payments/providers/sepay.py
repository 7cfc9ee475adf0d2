"""SePay's notices: one transfer a body, signed by HMAC or by a key in a header.

Source: SePay's developer pages on webhooks. The signature is `X-SePay-Signature: sha256=<hex>` with
hex = HMAC-SHA256(secret, `X-SePay-Timestamp` + "." + raw body); the key is `Authorization: Apikey <key>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.matching import Direction, Transfer
from payments.models import BANK_REFERENCE_CHARACTERS_MAX, CODE_HINT_CHARACTERS_MAX, Feed
from payments.providers import reading
from payments.providers.base import Credentials, NotItsShape, PlainAnswers, Reported
from payments.providers.signing import any_equal, credential, hex_hmac, is_recent
from payments.reasons import HeldReason

SIGNATURE_HEADER: Final = "X-SePay-Signature"
TIMESTAMP_HEADER: Final = "X-SePay-Timestamp"
SIGNATURE_SCHEME: Final = "sha256="
KEY_SCHEME: Final = "Apikey"

_UNIX_SECONDS = re.compile("[0-9]{1,12}")
_DIRECTIONS = {"in": Direction.IN, "out": Direction.OUT}


class SePay(PlainAnswers):
    """SePay as a provider of notices."""

    auths = frozenset({Feed.Auth.HMAC.value, Feed.Auth.API_KEY.value})
    auths_with_given_secret: frozenset[str] = frozenset()

    def is_authentic(
        self, body: bytes, headers: Mapping[str, str], *, credentials: Credentials, now: datetime
    ) -> bool:
        """Whether the signature over the raw bytes, or the key, fits one of the secrets. In constant time."""
        if credentials.auth == Feed.Auth.API_KEY:
            return any_equal(credential(headers, scheme=KEY_SCHEME), credentials.secrets)
        timestamp = headers.get(TIMESTAMP_HEADER.lower(), "")
        if _UNIX_SECONDS.fullmatch(timestamp) is None or not is_recent(1000 * int(timestamp), now=now):
            return False
        given = headers.get(SIGNATURE_HEADER.lower(), "")
        return any_equal(given, [signature(secret, timestamp, body) for secret in credentials.secrets])

    def read(self, body: bytes, *, now: datetime) -> tuple[Reported, ...]:
        """The one transfer that `body` tells of. Raises `NotItsShape`."""
        fields = reading.json_object(body)
        amount, is_whole = reading.dong(fields.get("transferAmount"))
        content = reading.text(fields.get("content"), characters_max=CONTENT_CHARACTERS_MAX)
        code = reading.text(fields.get("code"), characters_max=CODE_HINT_CHARACTERS_MAX)
        transfer = Transfer(
            direction=_direction(fields.get("transferType")),
            amount=amount,
            # The account and, if the money came to a virtual one, that too.
            accounts=reading.accounts(fields.get("accountNumber"), fields.get("subAccount")),
            # Some banks leave the content empty and put everything into the text message beside it.
            content=content or reading.text(fields.get("description"), characters_max=CONTENT_CHARACTERS_MAX),
            provider_codes=(code,) if code else (),
        )
        reported = Reported(
            provider_tx_id=_transaction_id(fields, body),
            transfer=transfer,
            bank_reference=_reference(fields),
            happened_at=reading.moment(fields.get("transactionDate"), now=now),
            doubt="" if is_whole else HeldReason.AMOUNT_NOT_WHOLE,
        )
        return (reported,)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header for `body` at `timestamp` (unix seconds)."""
    return SIGNATURE_SCHEME + hex_hmac(secret, f"{timestamp}.".encode() + body)


def _reference(fields: Mapping[str, object]) -> str:
    return reading.text(fields.get("referenceCode"), characters_max=BANK_REFERENCE_CHARACTERS_MAX)


def _direction(value: object) -> Direction:
    try:
        return _DIRECTIONS[reading.text(value, characters_max=10).lower()]
    except KeyError:
        raise NotItsShape("neither in nor out") from None


def _transaction_id(fields: Mapping[str, object], body: bytes) -> str:
    """SePay's `id`; without one what SePay names as second best (reference, type, amount), or the body's hash."""
    second_best = ("transferType", "transferAmount", "accountNumber", "subAccount")
    parts = [fields.get(key) for key in second_best]
    return reading.tx_id_or_likeness(fields.get("id"), reference=_reference(fields), parts=parts, otherwise=body)
