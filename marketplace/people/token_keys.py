"""The keys that tokens are signed with: one that signs, and the public halves of those it replaced.

The private key lies in MARKET_HOME/keys beside the market's other keys, readable by its user alone. When it is
replaced, only its public half is kept: tokens of before are still known, and nobody can make new ones with it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

KEY_BITS = 2048
REPLACED_KEPT_DAYS = 31
"""A day longer than the longest token lasts (`tokens.REFRESH_S`)."""
_REPLACED = ".replaced-"


@dataclass(frozen=True)
class Keys:
    """The key that signs with its name, and every public key by its name, the signing one first."""

    kid: str
    signing: rsa.RSAPrivateKey
    public: dict[str, rsa.RSAPublicKey]


def keys() -> Keys:
    """The keys in force. A key that another process put there is seen at once: its file is another."""
    path = _path()
    if not path.exists():
        _make_key(path)
    stamp = path.stat()
    return _read(path, stamp.st_mtime_ns, stamp.st_ino)


def replace_key(*, now: datetime, forget_old: bool = False) -> str:
    """Sign with a fresh key from now on; answers its name. Tokens of before stay good until their time is over.

    With `forget_old`, for a key that was stolen, they are worthless at once.
    """
    old, path = keys(), _path()
    for replaced in path.parent.glob(f"{path.name}{_REPLACED}*"):
        made_at = datetime.fromtimestamp(replaced.stat().st_mtime, tz=now.tzinfo)
        if forget_old or now - made_at > timedelta(days=REPLACED_KEPT_DAYS):
            replaced.unlink()
    if not forget_old:
        public = old.signing.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        kept = path.with_name(f"{path.name}{_REPLACED}{old.kid}")
        _write_new(kept, public)
        os.utime(kept, (now.timestamp(), now.timestamp()))
    fresh = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    _write_new(fresh, _fresh_key())
    fresh.replace(path)
    return keys().kid


def jwks() -> dict[str, list[dict[str, str | list[str]]]]:
    """The public keys for `/.well-known/jwks.json` (RFC 7517), the signing one first."""
    return {"keys": [_published(kid, public) for kid, public in keys().public.items()]}


def kid_of(public: rsa.RSAPublicKey) -> str:
    """The name of a key: its thumbprint by RFC 7638. Pure."""
    numbers = public.public_numbers()
    members = f'{{"e":"{_base64_number(numbers.e)}","kty":"RSA","n":"{_base64_number(numbers.n)}"}}'
    return _base64(hashlib.sha256(members.encode("ascii")).digest())


def _published(kid: str, public: rsa.RSAPublicKey) -> dict[str, str | list[str]]:
    numbers = public.public_numbers()
    return {
        "kty": "RSA",
        "key_ops": ["verify"],
        "use": "sig",
        "alg": "RS256",
        "kid": kid,
        "n": _base64_number(numbers.n),
        "e": _base64_number(numbers.e),
    }


@lru_cache(maxsize=2)
def _read(path: Path, _changed_ns: int, _file: int) -> Keys:
    signing = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(signing, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is not an RSA key: move it away and start again")
    kid = kid_of(signing.public_key())
    public = {kid: signing.public_key()}
    for replaced in sorted(path.parent.glob(f"{path.name}{_REPLACED}*")):
        key = serialization.load_pem_public_key(replaced.read_bytes())
        if isinstance(key, rsa.RSAPublicKey):
            public[kid_of(key)] = key
    return Keys(kid, signing, public)


def _path() -> Path:
    return Path(settings.MARKET_JWT_KEY_FILE)


def _make_key(path: Path) -> None:
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    _write_new(temporary, _fresh_key())
    try:
        os.link(temporary, path)  # the first process to get here gives the key; the others read it
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _fresh_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write_new(path: Path, content: bytes) -> None:
    """A file that only this user reads, whole on the disk before it counts; one of before is written anew."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _base64_number(number: int) -> str:
    return _base64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
