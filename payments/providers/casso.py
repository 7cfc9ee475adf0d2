"""Casso's notices: the first kind, 1..n transfers a body proven by a key, and the second, one signed transfer.

Source: Casso's developer pages and its sample `casso-webhook-v2-verify-signature`. The key stands in the header
`secure-token`. The signature is `X-Casso-Signature: t=<unix ms>,v1=<hex>` with hex = HMAC-SHA512(key, t + "." +
body), where the body is written anew in JSON with its keys sorted at every level. Casso's Python sample turns
letters beyond ASCII into \\u escapes there and its JavaScript does not; the notices are signed by the latter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from marketplace.core.payment_codes import CONTENT_CHARACTERS_MAX
from payments.matching import Direction, Transfer
from payments.models import BANK_REFERENCE_CHARACTERS_MAX, Feed
from payments.providers import reading
from payments.providers.base import Credentials, NotItsShape, PartlyReadable, PlainAnswers, Reported
from payments.providers.javascript import js_json
from payments.providers.signing import any_equal, hex_hmac, is_recent
from payments.reasons import HeldReason

KEY_HEADER: Final = "secure-token"
SIGNATURE_HEADER: Final = "X-Casso-Signature"
TEST_ID: Final = "0"

_UNIX_MS = re.compile("[0-9]{1,15}")


class Casso(PlainAnswers):
    """Casso as a provider of notices."""

    auths = frozenset({Feed.Auth.HMAC.value, Feed.Auth.API_KEY.value})
    auths_with_given_secret = frozenset({Feed.Auth.HMAC.value})

    def is_authentic(
        self, body: bytes, headers: Mapping[str, str], *, credentials: Credentials, now: datetime
    ) -> bool:
        """Whether the signature over the canonical body, or the key, fits one of the secrets. In constant time."""
        if credentials.auth == Feed.Auth.API_KEY:
            return any_equal(headers.get(KEY_HEADER, ""), credentials.secrets)
        moment, given = _signature_parts(headers.get(SIGNATURE_HEADER.lower(), ""))
        if _UNIX_MS.fullmatch(moment) is None or not is_recent(int(moment), now=now):
            return False
        try:
            expected = [signature(secret, moment, body) for secret in credentials.secrets]
        except NotItsShape:
            return False
        return any_equal(given.lower(), expected)

    def read(self, body: bytes, *, now: datetime) -> tuple[Reported, ...]:
        """Every transfer that `body` tells of. Raises `NotItsShape`; of several rows, with those that can be read."""
        told = reading.json_object(body).get("data")
        rows = told if isinstance(told, list) else [told]
        found, errors = [], []
        for place, row in enumerate(rows):
            try:
                found.append(_reported(row, otherwise=f"{place}\n".encode() + body, now=now))
            except NotItsShape as error:
                errors.append(error)
        if found and errors:
            raise PartlyReadable(tuple(found), unreadable=len(errors))
        if not found:
            raise errors[0] if errors else NotItsShape("no transfer")
        return tuple(found)


def signature(secret: str, unix_ms: str, body: bytes) -> str:
    """The `v1` of the signature header for `body` at `unix_ms`. Raises `NotItsShape` for what is not JSON."""
    message = f"{unix_ms}.{js_json(reading.json_object(body))}"
    return hex_hmac(secret, message.encode(), "sha512")


def _signature_parts(header: str) -> tuple[str, str]:
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    return parts.get("t", ""), parts.get("v1", "")


def _reported(row: object, *, otherwise: bytes, now: datetime) -> Reported:
    """One transfer, in the words of either kind: `tid` is `reference`, `when` is `transactionDateTime`, …"""
    if not isinstance(row, dict):
        raise NotItsShape("no transfer")
    amount, is_whole = reading.dong(row.get("amount"))
    reference = reading.text(row.get("tid") or row.get("reference"), characters_max=BANK_REFERENCE_CHARACTERS_MAX)
    when = row.get("when") or row.get("transactionDateTime")
    accounts = reading.accounts(
        row.get("bank_sub_acc_id"),
        row.get("subAccId"),
        row.get("accountNumber"),
        row.get("virtualAccount"),
        row.get("virtualAccountNumber"),
    )
    tx_id = reading.tx_id_or_likeness(
        row.get("id"),
        reference=reference,
        parts=[str(amount), accounts[0], when],
        otherwise=otherwise,
    )
    return Reported(
        provider_tx_id=tx_id,
        transfer=Transfer(
            # Casso says by the sign which way the money went.
            direction=Direction.OUT if amount < 0 else Direction.IN,
            amount=abs(amount),
            accounts=accounts,
            content=reading.text(row.get("description"), characters_max=CONTENT_CHARACTERS_MAX),
            is_test=tx_id == TEST_ID,
        ),
        bank_reference=reference,
        happened_at=reading.moment(when, now=now),
        doubt="" if is_whole else HeldReason.AMOUNT_NOT_WHOLE,
    )
