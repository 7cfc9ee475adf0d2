"""What every adapter proves a body with: HMAC, comparing in constant time, and how old a signature may be."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from payments.providers.base import SIGNED_AGE_S_MAX


def hex_hmac(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """The HMAC of `message` in lower-case hex; `algorithm` is one of hashlib's names."""
    return hmac.new(secret.encode(), message, getattr(hashlib, algorithm)).hexdigest()


def any_equal(given: str, expected: Sequence[str]) -> bool:
    """Whether `given` is one of `expected`; takes the same time however much of it is right."""
    as_bytes = given.encode(errors="replace")
    return sum(hmac.compare_digest(as_bytes, one.encode()) for one in expected) > 0


def is_recent(unix_ms: int, *, now: datetime) -> bool:
    """Whether a signature of this moment counts: neither older nor newer than `SIGNED_AGE_S_MAX` seconds."""
    return abs(round(now.timestamp() * 1000) - unix_ms) <= SIGNED_AGE_S_MAX * 1000


def credential(headers: Mapping[str, str], *, scheme: str) -> str:
    """What `Authorization: <scheme> …` carries; "" under another scheme or none. Header names in lower case."""
    given, _, rest = headers.get("authorization", "").partition(" ")
    return rest.strip() if given.lower() == scheme.lower() else ""
