"""Saleor's tokens: JWT RS256, access for 5 minutes, refresh for 30 days with rotation.

Claims as Saleor gives them: iat, owner, iss, exp, token, email, type, user_id, is_staff. `iss` is the address of the
GraphQL endpoint: Saleor's auth SDK sends a token only to the address that stands in it.
"""

from __future__ import annotations

import base64
import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.db import transaction

from marketplace.core.errors import InvalidInput
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.sessions import live_sign_in
from marketplace.people.sign_in import may_act

ACCESS_S = 5 * 60
REFRESH_S = 30 * 24 * 3600
KEY_BITS = 2048
TOKEN_CHARACTERS_MAX = 4096
OWNER = "market40"


class ExpiredToken(InvalidInput):
    """The token was ours and its time is over: `ExpiredSignatureError` in Saleor's words."""

    code = "ExpiredSignatureError"


@dataclass(frozen=True)
class Tokens:
    """A fresh pair, as `tokenCreate` answers it."""

    access: str
    refresh: str
    csrf: str


def issue_tokens(*, user: User, now: datetime, issuer: str, sign_in: SignIn | None = None) -> Tokens:
    """An access and a refresh token for `user`; `issuer` is the GraphQL endpoint's address.

    They end with `sign_in`, whose number they carry as `sid`.
    """
    refresh_id = uuid.uuid4()
    csrf = uuid.uuid4().hex
    with transaction.atomic():
        RefreshToken.objects.filter(user=user, expires_at__lt=now).delete()
        RefreshToken.objects.create(
            token_id=refresh_id,
            user=user,
            family=refresh_id,
            expires_at=now + timedelta(seconds=REFRESH_S),
            sign_in=sign_in,
        )
    session = {} if sign_in is None else {"sid": sign_in.pk}
    access = _signed(user, now=now, issuer=issuer, type="access", seconds=ACCESS_S, extra=session)
    refresh = _signed(
        user,
        now=now,
        issuer=issuer,
        type="refresh",
        seconds=REFRESH_S,
        extra={"jti": str(refresh_id), "csrf_token": csrf, **session},
    )
    return Tokens(access=access, refresh=refresh, csrf=csrf)


def user_of_access_token(token: str, *, now: datetime) -> User | None:
    """Who an access token speaks for; None for anything that is no token of ours.

    Raises `ExpiredToken` for one of ours whose time is over.
    """
    claims = _claims(token)
    if claims is None or claims.get("type") != "access":
        return None
    user = _user_of(claims)
    if user is None or not may_act(user) or claims.get("token") != _generation(user):
        return None
    if claims["exp"] <= now.timestamp():
        raise ExpiredToken("Signature has expired")
    return user


def _user_of(claims: dict[str, Any]) -> User | None:
    """Whose token it is, with the sign-in that it hangs on; None once that was ended. One statement."""
    if "sid" not in claims:
        return User.objects.filter(pk=claims.get("uid", -1)).first()
    sign_in = live_sign_in(claims["sid"])
    return sign_in.user if sign_in is not None and sign_in.user_id == claims.get("uid") else None


def jwks() -> dict[str, list[dict[str, str]]]:
    """The public key for `/.well-known/jwks.json` (RFC 7517)."""
    numbers = _key().public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "key_ops": "verify",
                "use": "sig",
                "alg": "RS256",
                "kid": _kid(),
                "n": _base64_number(numbers.n),
                "e": _base64_number(numbers.e),
            }
        ]
    }


def _signed(
    user: User, *, now: datetime, issuer: str, type: str, seconds: int, extra: dict[str, Any] | None = None
) -> str:
    issued = int(now.timestamp())
    claims = {
        "iat": issued,
        "owner": OWNER,
        "iss": issuer,
        "exp": issued + seconds,
        "token": _generation(user),
        "email": user.email or "",
        "type": type,
        "user_id": _global_user_id(user),
        "uid": user.pk,
        "is_staff": user.is_staff,
        **(extra or {}),
    }
    return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": _kid()})


def _claims(token: str) -> dict[str, Any] | None:
    if len(token) > TOKEN_CHARACTERS_MAX:
        return None
    try:
        # The time is checked by the caller against the clock that was passed in.
        claims: dict[str, Any] = jwt.decode(
            token,
            _key().public_key(),
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "iss"]},
        )
    except (jwt.PyJWTError, ValueError, UnicodeError):
        return None
    if claims.get("owner") != OWNER or not isinstance(claims["exp"], int):
        return None
    return claims


def _generation(user: User) -> str:
    return f"{user.pk}.{user.token_generation}"


def _global_user_id(user: User) -> str:
    return base64.b64encode(f"User:{user.pk}".encode()).decode()


def _base64_number(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@cache
def _key() -> rsa.RSAPrivateKey:
    path = Path(settings.MARKET_JWT_KEY_FILE)
    if not path.exists():
        _make_key(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is not an RSA key: move it away and start again")
    return key


def _make_key(path: Path) -> None:
    fresh = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(fresh)
    try:
        os.link(temporary, path)  # the first process to get here gives the key; the others read it
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


@cache
def _kid() -> str:
    public = (
        _key().public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    return base64.urlsafe_b64encode(digest.finalize()[:16]).rstrip(b"=").decode()
