"""VietQR.vn's notices, with the roles reversed: it fetches a token from us, and brings the token with each notice.

Source: VietQR.vn's pages on transaction-sync. `api/token_generate` under Basic authentication answers a bearer
token; `bank/api/transaction-sync` under that token brings one transfer. Its pages do not agree on how the fields
are spelled (`bankAccount`, `bankaccount`), so capitals make no difference here.

A body carries a field `sign`, too. How it is made is nowhere documented well enough to be checked, so it is not:
the token alone says that a notice is VietQR.vn's, and TLS that it came as it was sent.

The token is not stored. It is an expiry and an HMAC under the feed's own secret over feed and expiry, so every
process can check it, a token of another feed or of a password that no longer counts is worth nothing, and nothing
has to be swept away. The price: one token cannot be called back before its 300 seconds are over.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.matching import Direction, Transfer
from payments.models import BANK_REFERENCE_CHARACTERS_MAX, CODE_HINT_CHARACTERS_MAX, Feed
from payments.providers import reading
from payments.providers.base import Credentials, NotItsShape, Reported
from payments.providers.signing import any_equal, credential, hex_hmac
from payments.reasons import HeldReason

TOKEN_PATH: Final = "api/token_generate"  # noqa: S105 - a path
NOTICE_PATH: Final = "bank/api/transaction-sync"
TOKEN_S: Final = 300
EPOCH_MS_MIN: Final = 100_000_000_000
"""Numbers from here on are milliseconds; as seconds they would lie beyond the year 5000."""
OK: Final = "000"

_TOKEN = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")
_EPOCH = re.compile("[0-9]{9,14}")
_DIRECTIONS = {"C": Direction.IN, "D": Direction.OUT}


class VietQRVN:
    """VietQR.vn as a provider of notices."""

    auths = frozenset({Feed.Auth.BASIC.value})
    auths_with_given_secret: frozenset[str] = frozenset()

    def is_authentic(
        self, body: bytes, headers: Mapping[str, str], *, credentials: Credentials, now: datetime
    ) -> bool:
        """Whether a token of this feed's came with the body, one that has not expired. In constant time."""
        found = _TOKEN.fullmatch(credential(headers, scheme="Bearer"))
        if found is None or not 0 <= int(found[1]) - now.timestamp() <= TOKEN_S:
            return False
        expected = [
            _token_mac(secret, credentials.feed_id, expires_s=int(found[1])) for secret in credentials.secrets
        ]
        return any_equal(found[2], expected)

    def read(self, body: bytes, *, now: datetime) -> tuple[Reported, ...]:
        """The one transfer that `body` tells of. Raises `NotItsShape`."""
        fields = _lower_case(reading.json_object(body))
        amount, is_whole = reading.dong(fields.get("amount"))
        reference = reading.text(fields.get("referencenumber"), characters_max=BANK_REFERENCE_CHARACTERS_MAX)
        order_id = reading.text(fields.get("orderid"), characters_max=CODE_HINT_CHARACTERS_MAX)
        transfer = Transfer(
            direction=_direction(fields.get("transtype")),
            amount=amount,
            accounts=reading.accounts(fields.get("bankaccount")),
            content=reading.text(fields.get("content"), characters_max=CONTENT_CHARACTERS_MAX),
            provider_codes=(order_id,) if order_id else (),
        )
        parts = [fields.get(key) for key in ("transtype", "amount", "bankaccount")]
        reported = Reported(
            provider_tx_id=reading.tx_id_or_likeness(
                fields.get("transactionid"), reference=reference, parts=parts, otherwise=body
            ),
            transfer=transfer,
            bank_reference=reference,
            happened_at=_moment(fields.get("transactiontime"), now=now),
            doubt="" if is_whole else HeldReason.AMOUNT_NOT_WHOLE,
        )
        return (reported,)

    def answer(self, reported: Sequence[Reported]) -> Mapping[str, object]:
        """Its envelope of success. Our reference is its own id again: a repeat is answered the same."""
        return _envelope(OK, message="", reference=reported[0].provider_tx_id)

    def refusal(self, reason: str, *, message: str) -> Mapping[str, object]:
        """Its envelope of failure."""
        return _envelope(reason, message=message, reference=None)


def password_shown(headers: Mapping[str, str], *, credentials: Credentials) -> str | None:
    """Which of the feed's secrets came, with its user name, as Basic authentication; None when neither did."""
    try:
        shown = base64.b64decode(credential(headers, scheme="Basic"), validate=True).decode()
    except ValueError:
        return None
    username, _, password = shown.partition(":")
    knows_name = any_equal(username, [credentials.username])
    fitting = [secret for secret in credentials.secrets if any_equal(password, [secret])]
    return fitting[0] if fitting and knows_name else None


def new_token(secret: str, feed_id: str, *, now: datetime) -> str:
    """A token that lets its bearer bring this feed's notices for `TOKEN_S` seconds."""
    expires_s = int(now.timestamp()) + TOKEN_S
    return f"{expires_s}.{_token_mac(secret, feed_id, expires_s=expires_s)}"


def _token_mac(secret: str, feed_id: str, *, expires_s: int) -> str:
    # The first line keeps this use of the secret apart from every other.
    return hex_hmac(secret, f"market40 token of a feed\n{feed_id}\n{expires_s}".encode())


def _envelope(reason: str, *, message: str, reference: str | None) -> Mapping[str, object]:
    return {
        "error": reason != OK,
        "errorReason": reason,
        "toastMessage": message,
        "object": {"reftransactionid": reference} if reference is not None else None,
    }


def _lower_case(fields: Mapping[str, object]) -> Mapping[str, object]:
    """The fields by their names in lower case. Raises `NotItsShape` where two spellings contradict each other."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        if found.setdefault(key.lower(), value) != value:
            raise NotItsShape("a key comes twice")
    return found


def _direction(value: object) -> Direction:
    try:
        return _DIRECTIONS[reading.text(value, characters_max=10).upper()]
    except KeyError:
        raise NotItsShape("neither credit nor debit") from None


def _moment(value: object, *, now: datetime) -> datetime:
    """Milliseconds or seconds since 1970, or a date in words; as `reading.moment` where it cannot be."""
    epoch = reading.text(value, characters_max=20)
    if _EPOCH.fullmatch(epoch) is None:
        return reading.moment(value, now=now)
    seconds = int(epoch) / (1000 if int(epoch) >= EPOCH_MS_MIN else 1)
    return reading.moment(datetime.fromtimestamp(seconds, UTC).isoformat(), now=now)
