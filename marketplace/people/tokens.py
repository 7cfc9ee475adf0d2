"""Saleor's tokens: JWT RS256, access for 5 minutes, refresh for 30 days, rotated for clients that ask for it.

Claims as Saleor gives them: iat, owner, iss, exp, token, email, type, user_id, is_staff. `iss` is the address of the
GraphQL endpoint: Saleor's auth SDK sends a token only to the address that stands in it. When a refresh token ends,
and why two tabs that refresh at once are no thieves, is in decision 0030.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.db import transaction
from django.utils.crypto import salted_hmac

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.recording import record_person
from marketplace.people.sessions import live_sign_in
from marketplace.people.sign_in import may_act
from marketplace.people.token_keys import keys

ACCESS_S = 5 * 60
REFRESH_S = 30 * 24 * 3600
REUSE_GRACE_S = 60
"""How long a refresh token that was rotated is still answered, by the one that followed it: two tabs of one
browser ask at the same moment, and an answer that got lost is asked for again."""
TOKEN_CHARACTERS_MAX = 4096
AUDIENCE_CHARACTERS_MAX = 200
OWNER = "market40"
_SALT = "marketplace.people.tokens.csrf"


class ExpiredToken(InvalidInput):
    """The token was ours and its time is over: `ExpiredSignatureError` in Saleor's words."""

    code = "ExpiredSignatureError"


class WrongToken(InvalidInput):
    """No token of ours that still counts; the code says in Saleor's words what is wrong with it."""

    code = "JWT_INVALID_TOKEN"


@dataclass(frozen=True)
class Tokens:
    """A fresh pair, as `tokenCreate` answers it."""

    access: str
    refresh: str
    csrf: str


@dataclass(frozen=True)
class Refreshed:
    """What a refresh token was exchanged for; `refresh` is None where the client keeps the one it has."""

    user: User
    access: str
    refresh: str | None


def issue_tokens(
    *, user: User, now: datetime, issuer: str, sign_in: SignIn | None = None, audience: str = ""
) -> Tokens:
    """An access and a refresh token for `user`; `issuer` is the GraphQL endpoint's address.

    They end with `sign_in`, whose number they carry as `sid`. `audience` is whom the client says they are for.
    """
    with transaction.atomic():
        RefreshToken.objects.filter(user=user, expires_at__lt=now).delete()
        row = _new_row(user, sign_in=sign_in, now=now)
    extra = _extra(sign_in, f"custom:{audience[:AUDIENCE_CHARACTERS_MAX]}" if audience else "")
    access = _signed(user, now=now, issuer=issuer, type="access", seconds=ACCESS_S, extra=extra)
    return Tokens(access=access, refresh=_refresh_token(user, row, issuer=issuer, extra=extra), csrf=_csrf(row))


def refresh_tokens(*, token: str, now: datetime, issuer: str, rotate: bool) -> Refreshed:
    """A fresh access token for a refresh token, and with `rotate` the refresh token that stands in its place.

    A rotated token that comes back after `REUSE_GRACE_S` was stolen, from or by whoever rotated it: then its whole
    family ends, with the sign-in that it hangs on. Raises `WrongToken`.
    """
    claims = _counting_claims(token, now=now, field="refresh_token")
    if claims.get("type") != "refresh":
        raise WrongToken("Incorrect refreshToken", field="refresh_token")
    with transaction.atomic():
        row = _locked_row(claims)
        user = None if row is None else _user_of(claims)
        if row is None or user is None or not may_act(user):
            raise _invalid("refresh_token")
        was_stolen = row.used_at is not None and (now - row.used_at).total_seconds() > REUSE_GRACE_S
        if was_stolen:
            _end_family(row, now=now)
        else:
            successor = _successor(row, now=now) if rotate else None
    if was_stolen:  # told only now: the end of the family must be kept
        raise _invalid("refresh_token")
    extra = _extra(row.sign_in, str(claims.get("aud", "")))
    return Refreshed(
        user=user,
        access=_signed(user, now=now, issuer=issuer, type="access", seconds=ACCESS_S, extra=extra),
        refresh=None if successor is None else _refresh_token(user, successor, issuer=issuer, extra=extra),
    )


def verified(token: str, *, now: datetime) -> tuple[User, dict[str, Any]]:
    """Whose token it is and what it says, access or refresh. Raises `WrongToken`."""
    claims = _counting_claims(token, now=now, field="token")
    user = _user_of(claims)
    is_used_up = claims.get("type") == "refresh" and not _rows(claims).filter(used_at=None).exists()
    if user is None or not may_act(user) or is_used_up:
        raise _invalid("token")
    return user, claims


def user_of_access_token(token: str, *, now: datetime) -> User | None:
    """Who an access token speaks for; None for anything that is no token of ours.

    Raises `ExpiredToken` for one of ours whose time is over.
    """
    try:
        claims = _claims(token)
    except WrongToken:
        return None
    if claims.get("type") != "access":
        return None
    user = _user_of(claims)
    if user is None or not may_act(user):
        return None
    if claims["exp"] <= now.timestamp():
        raise ExpiredToken("Signature has expired")
    return user


def _user_of(claims: dict[str, Any]) -> User | None:
    """Whose token it is, with the sign-in that it hangs on; None once that was ended. One statement.

    What ends everything of a person ends each of their sign-ins; a token without one goes by the generation.
    """
    if "sid" in claims:
        sign_in = live_sign_in(claims["sid"])
        return sign_in.user if sign_in is not None and sign_in.user_id == claims.get("uid") else None
    user = User.objects.filter(pk=claims.get("uid", -1)).first()
    return user if user is not None and claims.get("token") == _generation(user) else None


def _new_row(user: User, *, sign_in: SignIn | None, now: datetime, family: uuid.UUID | None = None) -> RefreshToken:
    number = uuid.uuid4()
    return RefreshToken.objects.create(
        token_id=number,
        user=user,
        family=family or number,
        expires_at=(now + timedelta(seconds=REFRESH_S)).replace(microsecond=0),
        sign_in=sign_in,
    )


def _rows(claims: dict[str, Any]) -> Any:
    try:
        return RefreshToken.objects.filter(token_id=uuid.UUID(str(claims.get("jti"))))
    except ValueError:
        return RefreshToken.objects.none()


def _locked_row(claims: dict[str, Any]) -> RefreshToken | None:
    found: RefreshToken | None = _rows(claims).select_for_update(of=("self",)).select_related("sign_in").first()
    return found


def _successor(row: RefreshToken, *, now: datetime) -> RefreshToken | None:
    """The token after this one: made once, and the same for everybody who asks within the time of grace.

    So there are never two lines of tokens out of one: whoever was second with a later one is found out. None where
    it went with the person's sign-ins.
    """
    if row.successor is not None:
        return RefreshToken.objects.filter(token_id=row.successor).first()
    made = _new_row(row.user, sign_in=row.sign_in, now=now, family=row.family)
    RefreshToken.objects.filter(pk=row.pk).update(used_at=now, successor=made.token_id)
    return made


def _end_family(row: RefreshToken, *, now: datetime) -> None:
    """Nobody knows which of two holders is the person: both are signed out, access tokens too."""
    RefreshToken.objects.filter(family=row.family).delete()
    if row.sign_in_id is not None:
        RefreshToken.objects.filter(sign_in=row.sign_in_id).delete()
        SignIn.objects.filter(pk=row.sign_in_id, ended_at=None).update(ended_at=now)
    record_person("person.token_reused", row.user_id, actor=Actor(), now=now, sign_in=row.sign_in_id)


def _extra(sign_in: SignIn | None, audience: str) -> dict[str, Any]:
    return ({} if sign_in is None else {"sid": sign_in.pk}) | ({"aud": audience} if audience else {})


def _refresh_token(user: User, row: RefreshToken, *, issuer: str, extra: dict[str, Any]) -> str:
    """The token of this row; the same text however often it is written."""
    made_at = row.expires_at - timedelta(seconds=REFRESH_S)
    more = {"jti": str(row.token_id), "csrfToken": _csrf(row), **extra}
    return _signed(user, now=made_at, issuer=issuer, type="refresh", seconds=REFRESH_S, extra=more)


def _csrf(row: RefreshToken) -> str:
    """Saleor's second word beside a refresh token in a cookie. No cookie is set or read here (decision 0030)."""
    return salted_hmac(_SALT, str(row.family), algorithm="sha256").hexdigest()[:32]


def _signed(user: User, *, now: datetime, issuer: str, type: str, seconds: int, extra: dict[str, Any]) -> str:
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
        **extra,
    }
    in_force = keys()
    return jwt.encode(claims, in_force.signing, algorithm="RS256", headers={"kid": in_force.kid})


def _counting_claims(token: str, *, now: datetime, field: str) -> dict[str, Any]:
    """What a token says whose time is not over. Raises `WrongToken` at `field`."""
    try:
        claims = _claims(token)
    except WrongToken as error:
        error.field = field
        raise
    if claims["exp"] <= now.timestamp():
        raise WrongToken("Signature has expired", field=field, code="JWT_SIGNATURE_EXPIRED")
    return claims


def _claims(token: str) -> dict[str, Any]:
    """What a token of ours says. Raises `WrongToken`."""
    undecodable = WrongToken("Error decoding signature", code="JWT_DECODE_ERROR")
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise undecodable
    try:
        public = keys().public.get(jwt.get_unverified_header(token).get("kid", ""))
        if public is None:
            raise undecodable
        # The time is checked by the caller against the clock that was passed in.
        claims: dict[str, Any] = jwt.decode(
            token,
            public,
            algorithms=["RS256"],
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_aud": False,
                "require": ["exp", "iat", "iss"],
            },
        )
    except (jwt.PyJWTError, ValueError, UnicodeError) as error:
        raise undecodable from error
    if claims.get("owner") != OWNER or not isinstance(claims["exp"], int):
        raise _invalid(None)
    return claims


def _invalid(field: str | None) -> WrongToken:
    return WrongToken("Invalid token", field=field)


def _generation(user: User) -> str:
    return f"{user.pk}.{user.token_generation}"


def _global_user_id(user: User) -> str:
    return base64.b64encode(f"User:{user.pk}".encode()).decode()
