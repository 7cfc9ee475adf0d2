"""The keys a played Saleor signs its webhooks with: RS256 over the raw body, detached (RFC 7515 appendix F, 7797)."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048


@cache
def key_number(number: int) -> rsa.RSAPrivateKey:
    """The tests' key of this number: made once a run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


class Keys:
    """One private key at a time; `rotate` takes the next, and publishes only that one, as Saleor does."""

    def __init__(self) -> None:
        self.number = 0

    @property
    def private(self) -> rsa.RSAPrivateKey:
        """The key in use."""
        return key_number(self.number)

    @property
    def kid(self) -> str:
        """Its RFC 7638 thumbprint."""
        public = self._public()
        canonical = json.dumps({name: public[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
        return b64(hashlib.sha256(canonical.encode()).digest())

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.number += 1

    def jwks(self) -> dict[str, Any]:
        """What `/.well-known/jwks.json` gives."""
        return {"keys": [{**self._public(), "key_ops": ["verify"], "use": "sig", "kid": self.kid, "alg": "RS256"}]}

    def sign(self, body: bytes) -> str:
        """The `Saleor-Signature` of a body: `header..signature`."""
        header = {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": self.kid, "typ": "JWT"}
        protected = b64(json.dumps(header, separators=(",", ":"), sort_keys=True).encode())
        signature = self.private.sign(protected.encode() + b"." + body, padding.PKCS1v15(), hashes.SHA256())
        return f"{protected}..{b64(signature)}"

    def _public(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kty": "RSA",
            "n": b64(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": b64(numbers.e.to_bytes(3, "big")),
        }


def b64(raw: bytes) -> str:
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
