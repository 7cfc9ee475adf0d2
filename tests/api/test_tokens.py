"""Staying signed in over GraphQL: fresh tokens, worthless ones, and signing out everywhere."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace.api.graphql.context import issuer
from marketplace.core import clock
from marketplace.core.models import JournalEvent
from marketplace.people import sign_in
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.services import register_person
from marketplace.people.sessions import end_sign_in
from marketplace.people.tokens import ACCESS_S, REFRESH_S, REUSE_GRACE_S
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PASSWORD = "mat-ong-hoa-nhan-2026"
SIGN_IN = """mutation($email: String!, $password: String!, $audience: String) {
  tokenCreate(email: $email, password: $password, audience: $audience)
  { token refreshToken csrfToken errors { code } } }"""
KEEP = """mutation($refreshToken: String, $csrfToken: String) {
  tokenRefresh(refreshToken: $refreshToken, csrfToken: $csrfToken)
  { token user { id } errors { field message code } } }"""
ROTATE = """mutation($refreshToken: String) { tokenRefresh(refreshToken: $refreshToken)
  { token refreshToken errors { field message code } } }"""
VERIFY = """mutation($token: String!) { tokenVerify(token: $token)
  { isValid user { id } payload errors { field message code } } }"""
DEACTIVATE = "mutation { tokensDeactivateAll { errors { code } } }"
ME = "{ me { id } }"
INVALID = {"field": "refreshToken", "message": "Invalid token", "code": "JWT_INVALID_TOKEN"}


@pytest.fixture
def lan(db: None) -> User:
    return register_person(name="Nông Thị Lan", email="lan@example.vn", password=PASSWORD, now=NOW)


def signed_in(**more: str) -> dict[str, Any]:
    given = ask(SIGN_IN, email="lan@example.vn", password=PASSWORD, **more)["tokenCreate"]
    assert given["errors"] == []
    return dict(given)


def refreshed(token: str | None, *, by: str = KEEP) -> dict[str, Any]:
    return dict(ask(by, refreshToken=token)["tokenRefresh"])


def me(token: str) -> Any:
    return ask(ME, headers={"Authorization": f"Bearer {token}"})["me"]


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> datetime:
    moment = NOW + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return read


def test_a_refresh_token_brings_a_fresh_access_token_for_thirty_days(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed_in()
    assert (claims(first["refreshToken"])["type"], claims(first["refreshToken"])["csrfToken"]) == (
        "refresh",
        first["csrfToken"],
    )
    for seconds in (ACCESS_S + 1, REFRESH_S - 1):
        later(monkeypatch, seconds)

        fresh = refreshed(first["refreshToken"])

        assert (fresh["errors"], fresh["user"]) == ([], {"id": gid("User", lan.pk)})
        assert claims(fresh["token"])["iss"] == issuer()
        assert me(fresh["token"]) == {"id": gid("User", lan.pk)}
    later(monkeypatch, REFRESH_S)
    assert refreshed(first["refreshToken"]) == {
        "token": None,
        "user": None,
        "errors": [{"field": "refreshToken", "message": "Signature has expired", "code": "JWT_SIGNATURE_EXPIRED"}],
    }


def test_an_expired_access_token_beside_it_does_not_stand_in_the_way(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed_in()
    later(monkeypatch, ACCESS_S + 1)

    headers = {"Authorization": f"Bearer {first['token']}"}
    answer = ask(KEEP, headers=headers, refreshToken=first["refreshToken"])["tokenRefresh"]

    assert answer["errors"] == []


@pytest.mark.parametrize(
    ("token", "message", "code"),
    [
        (None, "Missing refreshToken", "JWT_MISSING_TOKEN"),
        ("", "Error decoding signature", "JWT_DECODE_ERROR"),
        ("a.b.c", "Error decoding signature", "JWT_DECODE_ERROR"),
        ("x" * 5000, "Error decoding signature", "JWT_DECODE_ERROR"),
    ],
)
def test_what_is_no_refresh_token_is_refused_in_saleors_words(token: str | None, message: str, code: str) -> None:
    refused = refreshed(token)

    assert (refused["token"], refused["user"]) == (None, None)
    assert refused["errors"] == [{"field": "refreshToken", "message": message, "code": code}]


def test_an_access_token_refreshes_nothing_and_a_refresh_token_says_nobody(lan: User) -> None:
    given = signed_in()

    assert refreshed(given["token"])["errors"] == [
        {"field": "refreshToken", "message": "Incorrect refreshToken", "code": "JWT_INVALID_TOKEN"}
    ]
    assert me(given["refreshToken"]) is None


def test_a_client_that_asks_for_it_gets_another_refresh_token(lan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = signed_in()["refreshToken"]
    later(monkeypatch, 3600)

    second = refreshed(first, by=ROTATE)
    later(monkeypatch, 3600 + REFRESH_S - 1)
    third = refreshed(second["refreshToken"], by=ROTATE)

    assert (second["errors"], third["errors"]) == ([], [])
    assert len({first, second["refreshToken"], third["refreshToken"]}) == 3
    assert claims(second["refreshToken"])["exp"] == claims(first)["exp"] + 3600


@pytest.mark.parametrize(
    ("asked", "rotates"),
    [
        ("refreshToken @include(if: $yes)", True),
        ("refreshToken @skip(if: $no)", True),
        ("... @include(if: $yes) { fresh: refreshToken }", True),
        ("...More", True),
        ("refreshToken @include(if: $no)", False),
        ("refreshToken @skip(if: $yes)", False),
        ("... @include(if: $no) { refreshToken }", False),
        ("...More @skip(if: $yes)", False),
        ("refreshToken: token", False),
        ("user { name: email, refreshToken: id }", False),
    ],
)
def test_a_token_is_kept_where_the_answer_brings_no_other(lan: User, asked: str, rotates: bool) -> None:
    first = signed_in()["refreshToken"]
    more = "fragment More on RefreshToken { refreshToken }" if "...More" in asked else ""
    query = f"""mutation($token: String, $yes: Boolean!, $no: Boolean!) {{ tokenRefresh(refreshToken: $token)
      {{ errors {{ code }} {asked} a: token @include(if: $yes) b: token @skip(if: $no) }} }} {more}"""

    answer = ask(query, token=first, yes=True, no=False)["tokenRefresh"]

    assert answer["errors"] == []
    assert RefreshToken.objects.count() == (2 if rotates else 1)
    assert RefreshToken.objects.filter(used_at=None).exists()


def test_two_tabs_that_rotate_at_the_same_moment_both_stay_signed_in(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = signed_in()["refreshToken"]

    one = refreshed(first, by=ROTATE)
    later(monkeypatch, REUSE_GRACE_S)
    other = refreshed(first, by=ROTATE)

    assert one["refreshToken"] == other["refreshToken"]  # so that there are not two lines of tokens
    assert refreshed(one["refreshToken"])["errors"] == []
    assert me(one["token"]) is not None
    assert me(other["token"]) is not None


def test_a_rotated_token_that_comes_back_later_ends_the_family_and_its_sign_in(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = signed_in()["refreshToken"]
    honest = refreshed(stolen, by=ROTATE)
    later(monkeypatch, REUSE_GRACE_S + 1)

    assert refreshed(stolen, by=KEEP)["errors"] == [INVALID]

    assert refreshed(honest["refreshToken"])["errors"] == [INVALID]
    assert me(honest["token"]) is None
    assert not RefreshToken.objects.exists()
    event = JournalEvent.objects.get(kind="person.token_reused")
    assert event.data == {"user": lan.pk, "sign_in": SignIn.objects.get().pk}


def test_a_thief_who_uses_the_time_of_grace_is_found_out_at_the_next_rotation(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = signed_in()["refreshToken"]
    honest = refreshed(stolen, by=ROTATE)["refreshToken"]
    thiefs = refreshed(stolen, by=ROTATE)["refreshToken"]
    later(monkeypatch, 3600)
    refreshed(thiefs, by=ROTATE)
    later(monkeypatch, 7200)

    assert refreshed(honest, by=ROTATE)["errors"] == [INVALID]
    assert not RefreshToken.objects.exists()


def test_another_sign_in_of_the_person_outlives_a_stolen_family(lan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stolen = signed_in()["refreshToken"]
    phone = {"User-Agent": "Mozilla/5.0 (iPhone) Safari"}
    elsewhere = ask(SIGN_IN, headers=phone, email="lan@example.vn", password=PASSWORD)["tokenCreate"]
    refreshed(stolen, by=ROTATE)
    later(monkeypatch, REUSE_GRACE_S + 1)
    refreshed(stolen, by=ROTATE)

    assert refreshed(elsewhere["refreshToken"])["errors"] == []


def test_a_token_ends_with_its_sign_in_and_with_the_person(lan: User) -> None:
    first, second = signed_in(), signed_in()
    end_sign_in(user=lan, sign_in_id=claims(first["token"])["sid"], now=NOW)
    assert refreshed(first["refreshToken"])["errors"] == [INVALID]
    assert refreshed(second["refreshToken"])["errors"] == [INVALID]  # the same program in the same place
    third = signed_in()
    User.objects.filter(pk=lan.pk).update(is_active=False)
    assert refreshed(third["refreshToken"])["errors"] == [INVALID]


def test_a_token_is_verified_with_what_it_says(lan: User, monkeypatch: pytest.MonkeyPatch) -> None:
    given = signed_in(audience="storefront")

    for token in (given["token"], given["refreshToken"]):
        checked = ask(VERIFY, token=token)["tokenVerify"]
        assert (checked["isValid"], checked["user"], checked["errors"]) == (True, {"id": gid("User", lan.pk)}, [])
        assert checked["payload"] == claims(token)
        assert checked["payload"]["aud"] == "custom:storefront"
    assert claims(refreshed(given["refreshToken"])["token"])["aud"] == "custom:storefront"
    refused = ask(VERIFY, token="a.b.c")["tokenVerify"]
    assert (refused["isValid"], refused["user"], refused["payload"]) == (False, None, None)
    assert refused["errors"] == [
        {"field": "token", "message": "Error decoding signature", "code": "JWT_DECODE_ERROR"}
    ]
    refreshed(given["refreshToken"], by=ROTATE)
    assert ask(VERIFY, token=given["refreshToken"])["tokenVerify"]["errors"] == [
        {"field": "token", "message": "Invalid token", "code": "JWT_INVALID_TOKEN"}
    ]
    later(monkeypatch, ACCESS_S)
    assert ask(VERIFY, token=given["token"])["tokenVerify"]["errors"] == [
        {"field": "token", "message": "Signature has expired", "code": "JWT_SIGNATURE_EXPIRED"}
    ]


def test_wrong_passwords_from_one_network_are_counted_whoever_they_are_for(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "FAILURES_OF_AN_ADDRESS_MAX", 3)

    def codes(email: str, password: str, network: str) -> list[str]:
        raw = json.dumps({"query": SIGN_IN, "variables": {"email": email, "password": password}})
        answer = Client().post("/graphql/", raw, content_type="application/json", REMOTE_ADDR=network).json()
        return [one["code"] for one in answer["data"]["tokenCreate"]["errors"]]

    for number in range(3):
        assert codes(f"nguoi-{number}@example.vn", "mat-ong-2026", "113.161.44.7") == ["INVALID_CREDENTIALS"]
        assert codes("lan@example.vn", PASSWORD, "14.0.0.1") == []  # right ones are not counted
    assert codes("nguoi-3@example.vn", "mat-ong-2026", "113.161.44.7") == ["LOGIN_ATTEMPT_DELAYED"]
    assert codes("lan@example.vn", PASSWORD, "113.161.44.7") == ["LOGIN_ATTEMPT_DELAYED"]
    assert codes("lan@example.vn", PASSWORD, "14.0.0.1") == []


def test_a_login_name_that_grows_in_small_letters_is_nobodys() -> None:
    answer = ask(SIGN_IN, email="İ" * 254, password=PASSWORD)["tokenCreate"]

    assert (answer["token"], answer["errors"]) == (None, [{"code": "INVALID_CREDENTIALS"}])


def test_signing_out_everywhere_ends_every_token_the_asking_one_too(lan: User) -> None:
    one, other = signed_in(), signed_in()

    assert ask(DEACTIVATE, headers={"Authorization": f"Bearer {one['token']}"}) == {
        "tokensDeactivateAll": {"errors": []}
    }

    for given in (one, other):
        assert me(given["token"]) is None
        assert refreshed(given["refreshToken"])["errors"] == [INVALID]
    assert signed_in()["token"]


def test_nobody_signs_nobody_out() -> None:
    answer = post(DEACTIVATE).json()

    assert answer["data"] == {"tokensDeactivateAll": None}
    assert (answer["errors"][0]["message"], answer["errors"][0]["extensions"]["exception"]["code"]) == (
        "To access this path, you need one of the following permissions: AUTHENTICATED_USER",
        "PermissionDenied",
    )
