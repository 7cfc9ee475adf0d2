"""The keys under the tokens: named by their thumbprint, replaced without throwing anybody out, or forgotten."""

import base64
import hashlib
import json
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import jwt
import pytest
from django.test import Client, override_settings

from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.people.token_keys import REPLACED_KEPT_DAYS, jwks, keys, replace_key
from marketplace.people.tokens import issue_tokens, user_of_access_token

pytestmark = pytest.mark.django_db
ISSUER = "http://127.0.0.1:8000/graphql/"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MARKET_JWT_KEY_FILE=tmp_path / "jwt.pem"):
        yield tmp_path


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", email="may@cho.example", now=now)


def test_a_key_is_named_by_its_rfc_7638_thumbprint(folder: Path) -> None:
    (published,) = Client().get("/.well-known/jwks.json").json()["keys"]
    members = json.dumps({name: published[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()

    assert published["kid"] == thumbprint == keys().kid
    assert (published["kty"], published["alg"], published["use"]) == ("RSA", "RS256", "sig")
    assert published["key_ops"] == ["verify"]  # RFC 7517, 4.3: an array
    assert set(published) == {"kty", "key_ops", "use", "alg", "kid", "n", "e"}  # nothing private


def test_a_replaced_key_signs_no_more_and_its_tokens_still_count(folder: Path, person: User, now: datetime) -> None:
    before = issue_tokens(user=person, now=now, issuer=ISSUER).access
    old = keys().kid

    new = replace_key(now=now)

    after = issue_tokens(user=person, now=now, issuer=ISSUER).access
    assert [key["kid"] for key in jwks()["keys"]] == [new, old]
    assert jwt.get_unverified_header(after)["kid"] == new != old
    assert [user_of_access_token(token, now=now) for token in (before, after)] == [person, person]
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600, 0o600]
    assert "PRIVATE" not in (folder / f"jwt.pem.replaced-{old}").read_text()


def test_a_stolen_key_is_forgotten_with_all_that_it_signed(folder: Path, person: User, now: datetime) -> None:
    before = issue_tokens(user=person, now=now, issuer=ISSUER).access

    new = replace_key(now=now, forget_old=True)

    assert [key["kid"] for key in jwks()["keys"]] == [new]
    assert user_of_access_token(before, now=now) is None


def test_replaced_keys_are_forgotten_once_no_token_of_theirs_can_live(folder: Path, now: datetime) -> None:
    replace_key(now=now)
    later = now + timedelta(days=REPLACED_KEPT_DAYS, seconds=1)

    replace_key(now=later)

    assert len(jwks()["keys"]) == 2


def test_a_token_that_names_no_key_of_ours_is_nobodys(folder: Path, person: User, now: datetime) -> None:
    given = issue_tokens(user=person, now=now, issuer=ISSUER).access
    claims = jwt.decode(given, options={"verify_signature": False})
    for headers in ({}, {"kid": ""}, {"kid": "another"}):
        forged = jwt.encode(claims, keys().signing, algorithm="RS256", headers=headers)
        assert user_of_access_token(forged, now=now) is None
