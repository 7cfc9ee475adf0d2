"""The bank as a play: notices as a provider would send them, properly signed. For demos and tests. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from marketplace.core.clock import VIETNAM
from payments.models import Feed
from payments.providers import sepay


@dataclass(frozen=True, slots=True)
class SignedNotice:
    """An HTTP body, byte by byte, and the headers that prove it."""

    body: bytes
    headers: Mapping[str, str]


def sepay_notice(
    *,
    secret: str,
    auth: str,
    account_number: str,
    amount_vnd: int,
    content: str,
    notice_id: int,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> SignedNotice:
    """SePay's notice that `amount_vnd` đồng came into an account at `now`; `changes` replaces fields of it."""
    fields: dict[str, object] = {
        "id": notice_id,
        "gateway": "Vietcombank",
        "transactionDate": now.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S"),
        "accountNumber": account_number,
        "code": None,
        "content": content,
        "transferType": "in",
        "transferAmount": amount_vnd,
        "accumulated": 0,
        "subAccount": None,
        "referenceCode": f"THU{notice_id}",
        "description": "",
    }
    body = json.dumps(fields | dict(changes or {})).encode()
    return sign_sepay(body, secret=secret, auth=auth, now=now)


def sign_sepay(body: bytes, *, secret: str, auth: str, now: datetime) -> SignedNotice:
    """Any bytes, proven as SePay proves them: by HMAC at `now`, or by the key."""
    headers = {"Content-Type": "application/json"}
    if auth == Feed.Auth.API_KEY:
        headers["Authorization"] = f"{sepay.KEY_SCHEME} {secret}"
    else:
        timestamp = str(int(now.timestamp()))
        headers[sepay.TIMESTAMP_HEADER] = timestamp
        headers[sepay.SIGNATURE_HEADER] = sepay.signature(secret, timestamp, body)
    return SignedNotice(body, headers)
