"""Whether a Saleor signed these bytes: a detached JWS (RFC 7515, RFC 7797), RS256 and nothing else.

The header may say exactly what Saleor 3.24 writes and no more. Which algorithm is used and which key is never taken
from it: it only names one of the keys that were fetched from the Saleor itself (`marketplace.saleor.keys`).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

SIGNATURE_CHARACTERS_MAX: Final = 4096
KEY_ID_CHARACTERS_MAX: Final = 200
ALGORITHM: Final = "RS256"
CRITICAL: Final = ["b64"]
MEMBERS: Final = frozenset({"alg", "b64", "crit", "kid"})
MEMBERS_WITH_TYPE: Final = MEMBERS | {"typ"}
TYPE: Final = "JWT"


class NotASignature(Exception):
    """Not of the one form that is taken."""


@dataclass(frozen=True, slots=True)
class Detached:
    """A signature as it came: the name of its key, what stands before the body in what was signed, and itself."""

    key_id: str
    header: bytes
    signature: bytes


def read_detached(text: str) -> Detached:
    """The parts of a `Saleor-Signature`. Nothing is proven yet. Raises `NotASignature`."""
    if not text.isascii() or len(text) > SIGNATURE_CHARACTERS_MAX:
        raise NotASignature("too long, or not ASCII")
    parts = text.split(".")
    if len(parts) != 3 or parts[1]:
        raise NotASignature("not header..signature")
    header = _header(_decoded(parts[0]))
    return Detached(header["kid"], parts[0].encode("ascii"), _decoded(parts[2]))


def is_signed(body: bytes, detached: Detached, *, key: RSAPublicKey) -> bool:
    """Whether the owner of `key` signed `body`, byte by byte."""
    if len(detached.signature) != key.key_size // 8:
        return False
    try:
        key.verify(detached.signature, detached.header + b"." + body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _header(raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw.decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise NotASignature("its header is not JSON") from error
    if not isinstance(header, dict) or header.keys() not in (MEMBERS, MEMBERS_WITH_TYPE):
        raise NotASignature("its header has other members")
    # Not `==`: 0 is False to Python, and is not to RFC 7797.
    is_ours = header["alg"] == ALGORITHM and header["b64"] is False and header["crit"] == CRITICAL
    key_id = header["kid"]
    if not is_ours or header.get("typ", TYPE) != TYPE:
        raise NotASignature("its header says another way of signing")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= KEY_ID_CHARACTERS_MAX:
        raise NotASignature("its header names no key")
    return header


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found


def _decoded(text: str) -> bytes:
    """Base64url without padding, in the one way of writing these bytes: no sign too many, no loose bits."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotASignature("not base64url") from error
    if not raw or base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") != text:
        raise NotASignature("not the plain base64url of its bytes")
    return raw
