"""Tokens are Saleor's JWTs: five minutes, checked against the passed-in clock, worthless once altered."""

import base64
import json
from datetime import datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.people.token_keys import jwks
from marketplace.people.tokens import ExpiredToken, Tokens, issue_tokens, user_of_access_token

pytestmark = pytest.mark.django_db
ISSUER = "http://127.0.0.1:8000/graphql/"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", email="may@cho.example", now=now)


@pytest.fixture
def tokens(person: User, now: datetime) -> Tokens:
    return issue_tokens(user=person, now=now, issuer=ISSUER)


def test_the_claims_are_saleors_and_verify_with_the_published_key(
    person: User, tokens: Tokens, now: datetime
) -> None:
    key = RSAAlgorithm.from_jwk(json.dumps(jwks()["keys"][0]))
    assert isinstance(key, RSAPublicKey)

    claims = jwt.decode(tokens.access, key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False})

    assert claims["iss"] == ISSUER
    assert claims["iat"] == int(now.timestamp())
    assert claims["exp"] - claims["iat"] == 300
    assert claims["type"] == "access"
    assert claims["email"] == "may@cho.example"
    assert base64.b64decode(claims["user_id"]) == f"User:{person.pk}".encode()
    assert claims["is_staff"] is False


def test_an_access_token_speaks_for_its_person_for_five_minutes(person: User, tokens: Tokens, now: datetime) -> None:
    assert user_of_access_token(tokens.access, now=now + timedelta(seconds=299)) == person
    with pytest.raises(ExpiredToken, match="Signature has expired"):
        user_of_access_token(tokens.access, now=now + timedelta(seconds=300))


def test_anything_that_is_no_access_token_of_ours_is_nobody(tokens: Tokens, now: datetime) -> None:
    other_key = jwt.encode({"user_id": "x", "exp": 1, "iat": 1, "iss": "x"}, "k" * 32, algorithm="HS256")
    head, body, signature = tokens.access.split(".")
    altered = f"{head}.{body[:-4]}AAAA.{signature}"
    for token in ("", "abc", "a.b.c", "x" * 100_000, "\x00", tokens.refresh, other_key, altered, f"{head}.{body}."):
        assert user_of_access_token(token, now=now) is None


def test_raising_the_persons_generation_makes_all_tokens_worthless(
    person: User, tokens: Tokens, now: datetime
) -> None:
    User.objects.filter(pk=person.pk).update(token_generation=1)
    assert user_of_access_token(tokens.access, now=now) is None


def test_a_person_who_was_shut_out_has_no_token(person: User, tokens: Tokens, now: datetime) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert user_of_access_token(tokens.access, now=now) is None
