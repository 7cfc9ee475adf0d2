"""The public keys of a Saleor: fetched from its own `/.well-known/jwks.json`, kept with the installation, renewed.

A key never comes out of a webhook. One that is named and not known is asked for, at most once in `ASKED_AGAIN_S` for
an installation, however many webhooks name it and in however many processes; what cannot be fetched changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from django.db import transaction
from django.db.models import Q

from marketplace.saleor.models import Installation
from marketplace.saleor.places import jwks_url
from payments.apis.calling import Caller, CallFailed, Limits
from payments.providers.base import NotItsShape

ASKED_AGAIN_S: Final = 60
JWKS_LIMITS: Final = Limits(answer_s=5.0, tries=1)
"""Short: a webhook or a handshake waits for the answer, and Saleor waits for ours."""
JWKS_BYTES_MAX: Final = 64 * 1024
KEYS_MAX: Final = 16
KEY_BITS_MIN: Final = 2048
KEY_BITS_MAX: Final = 8192
NUMBER_CHARACTERS_MAX: Final = 2048
"""Base64url of more bits than any key that is taken has."""
KEY_TYPE, KEY_USE, KEY_ALGORITHM = "RSA", "sig", "RS256"
PARSED_KEPT_MAX: Final = 64

log = logging.getLogger("market.saleor")
_one_asks = Lock()
"""Threads that miss a key wait for the one that asks, and then find it in the row."""
WAITED_FOR_ASKER_S_MAX: Final = 1.0
"""Far longer than a Saleor takes for its keys; whoever invents names of keys must not hold all our threads."""


class KeysAway(Exception):
    """The keys could not be fetched, or what was fetched holds none that could be used."""


class KeyNotKnownYet(Exception):
    """The key is not known and could not be asked for just now: whether it is one of theirs cannot be said."""


def fetch_keys(api_url: str) -> dict[str, Any]:
    """The usable keys of the Saleor at `api_url`, as a JWK set of public members only. Raises `KeysAway`."""
    url = urlsplit(jwks_url(api_url))
    try:
        with Caller(f"{url.scheme}://{url.netloc}", headers={}, limits=JWKS_LIMITS) as caller:
            answer = caller.get(url.path)
    except (CallFailed, NotItsShape) as error:
        raise KeysAway(type(error).__name__) from error
    if answer.status != 200 or len(answer.body) > JWKS_BYTES_MAX:
        raise KeysAway(f"{answer.status}, {len(answer.body)} bytes")
    keys = usable_keys(answer.body)
    if not keys:
        raise KeysAway("no key that could be used")
    return {"keys": keys}


def usable_keys(body: bytes) -> list[dict[str, str]]:
    """Of a JWK set (RFC 7517), the RSA keys of at least `KEY_BITS_MIN` bits for RS256; none that is named twice."""
    try:
        told = json.loads(body)
        listed = [one for one in told["keys"] if isinstance(one, dict)][:KEYS_MAX]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    named = Counter(one["kid"] for one in listed if isinstance(one.get("kid"), str))
    return [
        {name: one[name] for name in ("kty", "use", "alg", "kid", "n", "e")}
        for one in listed
        if _is_usable(one) and named[one["kid"]] == 1
    ]


def known_key(installation: Installation, key_id: str) -> RSAPublicKey | None:
    """The key of this name among those that the installation keeps."""
    for one in installation.jwks.get("keys") or ():
        if one["kid"] == key_id:
            return _parsed(one["n"], one["e"])
    return None


def key_of(installation: Installation, key_id: str, *, now: datetime) -> RSAPublicKey | None:
    """The key of this name; asked for at the Saleor where it is not known. None: the Saleor has no such key.

    Must not run inside a transaction. Raises `KeyNotKnownYet` where the Saleor could not be asked.
    """
    key = known_key(installation, key_id)
    if key is not None:
        return key
    if not _one_asks.acquire(timeout=WAITED_FOR_ASKER_S_MAX):
        raise KeyNotKnownYet
    try:
        installation.refresh_from_db(fields=("jwks", "jwks_fetched_at", "jwks_asked_at"))
        if known_key(installation, key_id) is None and not renew_keys(installation, now=now):
            _refuse_unless_fresh(installation, now=now)
    finally:
        _one_asks.release()
    return known_key(installation, key_id)


def renew_keys(installation: Installation, *, now: datetime) -> bool:
    """Fetch the keys anew unless that was tried a moment ago. Answers whether they were fetched.

    The new list takes the place of the old one: a key that the Saleor no longer shows counts no more.
    """
    if not _claim(installation, now=now):
        return False
    try:
        jwks = fetch_keys(installation.api_url)
    except KeysAway as error:
        log.warning("the keys of installation %s could not be fetched: %s", installation.pk, error)
        return False
    with transaction.atomic():
        # Left, or installed anew, in the meantime: then they are not ours to write.
        Installation.objects.filter(pk=installation.pk, app_id=installation.app_id, state="installed").update(
            jwks=jwks, jwks_fetched_at=now
        )
    installation.jwks, installation.jwks_fetched_at = jwks, now
    return True


def _claim(installation: Installation, *, now: datetime) -> bool:
    """Whether it is ours to ask: one process in `ASKED_AGAIN_S`. Nothing is written where another one did."""
    latest = now - timedelta(seconds=ASKED_AGAIN_S)
    if installation.jwks_asked_at is not None and installation.jwks_asked_at > latest:
        return False
    due = Q(jwks_asked_at__isnull=True) | Q(jwks_asked_at__lte=latest)
    with transaction.atomic():
        return bool(Installation.objects.filter(due, pk=installation.pk).update(jwks_asked_at=now))


def _refuse_unless_fresh(installation: Installation, *, now: datetime) -> None:
    """A list that is not a minute old answers for itself. Raises `KeyNotKnownYet` where there is none."""
    fetched = installation.jwks_fetched_at
    if fetched is None or now - fetched > timedelta(seconds=ASKED_AGAIN_S):
        raise KeyNotKnownYet


def _is_usable(jwk: Mapping[str, Any]) -> bool:
    is_ours = (jwk.get("kty"), jwk.get("use"), jwk.get("alg")) == (KEY_TYPE, KEY_USE, KEY_ALGORITHM)
    if not is_ours or not all(isinstance(jwk.get(name), str) and jwk[name] for name in ("kid", "n", "e")):
        return False
    if not (jwk["kid"].isascii() and jwk["kid"].isprintable()):  # no jsonb keeps a NUL, nor half a character
        return False
    try:
        key = _parsed(jwk["n"], jwk["e"])
    except ValueError:
        return False
    return KEY_BITS_MIN <= key.key_size <= KEY_BITS_MAX


@lru_cache(maxsize=PARSED_KEPT_MAX)
def _parsed(modulus: str, exponent: str) -> RSAPublicKey:
    return RSAPublicNumbers(e=_number(exponent), n=_number(modulus)).public_key()


def _number(text: str) -> int:
    if len(text) > NUMBER_CHARACTERS_MAX:
        raise ValueError("too long")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    return int.from_bytes(raw, "big")
