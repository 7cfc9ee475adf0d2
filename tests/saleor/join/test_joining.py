"""The handshake: a token is proven before it is kept, and whatever proves nothing changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.core.models import JournalEvent, SecurityCounter
from marketplace.saleor import joining
from marketplace.saleor.identity import PERMISSIONS
from marketplace.saleor.joining import Superseded, TokenNotProven, join
from marketplace.saleor.leaving import leave
from marketplace.saleor.models import Installation, SaleorObject
from tests.saleor.join.small_saleor import (
    APP_ID,
    OTHER_TOKEN,
    TOKEN,
    SmallSaleor,
    an_app,
    answer_json,
    jwk,
    key_number,
    register,
)

pytestmark = pytest.mark.django_db
NEW_TOKEN = "TheTokenAfterTheReinstallation"


def kept() -> tuple[str, str, str] | None:
    row = Installation.objects.first()
    return None if row is None else (row.state, row.app_id, row.token)


def counted() -> dict[str, int]:
    return dict(SecurityCounter.objects.values_list("kind", "count"))


def test_a_token_that_saleor_knows_as_ours_is_kept_with_its_keys(small_saleor: SmallSaleor, now: datetime) -> None:
    saleors_worker = Client(enforce_csrf_checks=True)
    assert register(saleors_worker, small_saleor.api_url, TOKEN) == (200, {"success": True})

    row = Installation.objects.get()
    assert (row.api_url, row.app_id, row.token) == (small_saleor.api_url, APP_ID, TOKEN)
    assert (row.saleor_version, row.installed_at, row.is_installed) == ("3.24.0-a.0", now, True)
    assert [one["kid"] for one in row.jwks["keys"]] == ["first"]
    assert small_saleor.paths() == ["/graphql/", "/.well-known/jwks.json"]
    assert [event.kind for event in JournalEvent.objects.all()] == ["saleor.joined"]


def test_only_who_has_the_token_is_asked_and_the_token_goes_nowhere_else(small_saleor: SmallSaleor) -> None:
    register(Client(), small_saleor.api_url, TOKEN)

    assert [headers.get("authorization") for _path, _body, headers in small_saleor.asked] == [f"Bearer {TOKEN}", None]


@pytest.mark.parametrize(
    "told",
    ["", "https://evil.example/graphql/", "{url}", "{url}/graphql", "{url}/graphql/ ", "{url}/graphql/?x", "{URL}"],
)
def test_a_saleor_that_is_not_listed_exactly_is_refused_and_never_asked(small_saleor: SmallSaleor, told: str) -> None:
    address = told.format(url=small_saleor.url, URL=small_saleor.api_url.upper())

    status, answer = register(Client(), address, TOKEN)

    assert (status, answer["error"]["code"]) == (403, "PERMISSION_DENIED")
    assert "SALEOR_API_URLS" in answer["error"]["message"]
    assert (kept(), small_saleor.asked) == (None, [])
    assert counted() == {"saleor_not_listed": 1}


@pytest.mark.parametrize(
    "token", [OTHER_TOKEN, "x", "", "a" * 200, TOKEN + "\n", "é" * 30, "'; DROP TABLE x; --1234567890"]
)
def test_a_wrong_token_never_replaces_the_kept_one(
    small_saleor: SmallSaleor, joined: Installation, token: str
) -> None:
    status, answer = register(Client(), small_saleor.api_url, token)

    assert (status, answer["error"]["code"]) == (403, "PERMISSION_DENIED")
    assert kept() == ("installed", APP_ID, TOKEN)
    assert counted() == {"saleor_token_not_proven": 1}


def test_another_apps_true_token_never_replaces_ours(small_saleor: SmallSaleor, joined: Installation) -> None:
    small_saleor.apps[OTHER_TOKEN] = an_app(id="QXBwOjY=", identifier="some.other.app")

    assert register(Client(), small_saleor.api_url, OTHER_TOKEN)[0] == 403
    assert kept() == ("installed", APP_ID, TOKEN)


def test_control_without_asking_whose_token_it_is_anybodys_would_replace_ours(
    small_saleor: SmallSaleor, joined: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = joining.Proven("QXBwOjY=", "3.24.0", {"keys": []})
    monkeypatch.setattr(joining, "prove", lambda **_: proven)

    assert register(Client(), small_saleor.api_url, OTHER_TOKEN)[0] == 200
    assert kept() == ("installed", "QXBwOjY=", OTHER_TOKEN)


def test_fewer_permissions_than_needed_end_the_installation_with_their_names(small_saleor: SmallSaleor) -> None:
    small_saleor.apps[TOKEN] = an_app(permissions=[{"code": "HANDLE_PAYMENTS"}, {"code": "MANAGE_PAGES"}])

    status, answer = register(Client(), small_saleor.api_url, TOKEN)

    lacking = [one for one in PERMISSIONS if one not in ("HANDLE_PAYMENTS", "MANAGE_PAGES")]
    assert (status, answer["error"]["code"]) == (400, "INVALID")
    assert ", ".join(lacking) in answer["error"]["message"]
    assert kept() is None


LIES: Sequence[tuple[str, Callable[[Any], None]]] = (
    ("/graphql/", lambda handler: answer_json(handler, {}, code=500)),
    ("/graphql/", lambda handler: answer_json(handler, ["not", "an", "object"])),
    ("/graphql/", lambda handler: answer_json(handler, {"data": None})),
    ("/.well-known/jwks.json", lambda handler: answer_json(handler, {"keys": []}, code=404)),
    ("/.well-known/jwks.json", lambda handler: answer_json(handler, {"keys": []})),
    ("/.well-known/jwks.json", lambda handler: answer_json(handler, [1])),
    ("/.well-known/jwks.json", lambda handler: answer_json(handler, {"keys": ["x" * 70_000]})),
    ("/.well-known/jwks.json", lambda handler: answer_json(handler, {}, code=503)),
)


@pytest.mark.parametrize(("path", "lie"), LIES)
def test_a_saleor_that_does_not_answer_is_asked_again_later_and_nothing_is_kept(
    small_saleor: SmallSaleor, path: str, lie: Callable[[Any], None]
) -> None:
    small_saleor.lies[path] = lie

    status, answer = register(Client(), small_saleor.api_url, TOKEN)

    assert (status, set(answer["error"])) == (503, {"code", "message"})
    assert (kept(), counted()) == (None, {})


@pytest.mark.parametrize(
    "told",
    [
        {"app": None, "shop": {"version": "3.24"}},
        {"app": an_app(identifier=None), "shop": {"version": "3.24"}},
        {"app": an_app(id=""), "shop": {"version": "3.24"}},
        {"app": an_app(id="x" * 200), "shop": {"version": "3.24"}},
        {"app": an_app(), "shop": None},
        {"app": "App", "shop": "Shop"},
    ],
)
def test_an_answer_that_does_not_say_who_we_are_proves_nothing(
    small_saleor: SmallSaleor, told: dict[str, Any]
) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {"data": told})

    assert register(Client(), small_saleor.api_url, TOKEN)[0] == 403
    assert kept() is None


def test_permissions_that_are_no_list_are_none(small_saleor: SmallSaleor) -> None:
    small_saleor.apps[TOKEN] = an_app(permissions=None)

    assert register(Client(), small_saleor.api_url, TOKEN)[0] == 400


def test_no_redirect_is_followed(small_saleor: SmallSaleor) -> None:
    def elsewhere(handler: Any) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{small_saleor.url}/elsewhere/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    small_saleor.lies["/graphql/"] = elsewhere

    assert register(Client(), small_saleor.api_url, TOKEN)[0] == 503
    assert small_saleor.paths() == ["/graphql/"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"auth_token": 5}', b'{"auth_token": null}', b"[" * 4000, b"\xff\xfe", b'"x"']
)
def test_a_body_that_is_none_is_refused_and_nobody_is_asked(small_saleor: SmallSaleor, body: bytes) -> None:
    answer = Client().post(
        "/saleor/register/",
        body,
        content_type="application/json",
        headers={"Saleor-Api-Url": small_saleor.api_url},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID")
    assert small_saleor.asked == []


def test_a_body_larger_than_any_token_is_refused(small_saleor: SmallSaleor) -> None:
    assert register(Client(), small_saleor.api_url, "a" * 5000)[0] == 413


def test_who_tries_too_often_is_told_to_wait_and_another_address_is_not(small_saleor: SmallSaleor) -> None:
    for _time in range(10):
        assert register(Client(), small_saleor.api_url, OTHER_TOKEN)[0] == 403

    assert register(Client(), small_saleor.api_url, TOKEN)[0] == 429
    assert kept() is None
    assert register(Client(REMOTE_ADDR="192.0.2.7"), small_saleor.api_url, TOKEN)[0] == 200


def test_installed_again_after_leaving_the_row_and_what_hangs_on_it_stay(
    small_saleor: SmallSaleor, joined: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    SaleorObject.objects.create(installation=joined, kind="product", our_id="7", saleor_id="UHJvZHVjdDo3")
    leave(api_url=small_saleor.api_url, now=now)
    small_saleor.apps = {NEW_TOKEN: an_app(id="QXBwOjk=")}
    later = now + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert register(Client(), small_saleor.api_url, NEW_TOKEN)[0] == 200

    row = Installation.objects.get()
    assert (row.pk, row.app_id, row.token, row.left_at) == (joined.pk, "QXBwOjk=", NEW_TOKEN, None)
    assert (row.installed_at, row.first_installed_at, row.orders_begin_at) == (later, now, now)
    assert row.objects_there.get().saleor_id == "UHJvZHVjdDo3"


def test_a_handshake_whose_proof_took_too_long_does_not_replace_a_later_one(
    small_saleor: SmallSaleor, now: datetime
) -> None:
    small_saleor.apps[NEW_TOKEN] = an_app(id="QXBwOjk=")
    later = now + timedelta(seconds=20)
    asked: list[str] = []

    def saleor_begins_anew(path: str) -> None:
        """While the first proof waits, Saleor has given up on it, and the second installation is through."""
        if not asked:
            asked.append(path)
            joined = Installation(
                api_url=small_saleor.api_url, app_id="QXBwOjk=", token=NEW_TOKEN, installed_at=later
            )
            joined.save()

    with pytest.raises(Superseded):
        _during_the_proof(small_saleor, saleor_begins_anew, now=now)

    assert kept() == ("installed", "QXBwOjk=", NEW_TOKEN)


def test_a_handshake_that_began_before_we_left_does_not_bring_us_back(
    small_saleor: SmallSaleor, joined: Installation, now: datetime
) -> None:
    leave(api_url=small_saleor.api_url, now=now + timedelta(seconds=5))

    with pytest.raises(Superseded):
        join(api_url=small_saleor.api_url, token=TOKEN, now=now)
    assert kept() == ("left", APP_ID, "")


def test_installed_again_after_the_key_of_its_secrets_was_lost(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper
) -> None:
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]

    assert register(Client(), small_saleor.api_url, TOKEN)[0] == 200
    assert kept() == ("installed", APP_ID, TOKEN)


def test_two_saleors_are_two_installations(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    elsewhere = small_saleor.api_url.replace("127.0.0.1", "localhost")
    settings.SALEOR_API_URLS = (small_saleor.api_url, elsewhere)

    join(api_url=elsewhere, token=TOKEN, now=now)

    assert set(Installation.objects.values_list("api_url", flat=True)) == {small_saleor.api_url, elsewhere}


def test_a_key_that_could_not_be_used_is_not_kept(small_saleor: SmallSaleor, now: datetime) -> None:
    good = jwk(key_number(1), "good")
    small_saleor.jwks = {
        "keys": [
            good | {"d": "secret half"},
            jwk(key_number(2, bits=1024), "short"),
            jwk(key_number(3), "enc", use="enc"),
            jwk(key_number(3), "no use", use=None),
            jwk(key_number(3), "hs", alg="HS256"),
            jwk(key_number(3), "ps", alg="PS256"),
            jwk(key_number(3), "ec", kty="EC"),
            jwk(key_number(3), "oct", kty="oct", k="c2VjcmV0"),
            jwk(key_number(3), "no n", n=None),
            jwk(key_number(3), "odd n", n="!!"),
            jwk(key_number(3), "long n", n="A" * 3000),
            jwk(key_number(3), "e is 1", e="AQ"),
            jwk(key_number(3), "twice"),
            jwk(key_number(4), "twice"),
            jwk(key_number(3), "", n="x"),
            "no key",
        ]
    }

    row = join(api_url=small_saleor.api_url, token=TOKEN, now=now)

    row.refresh_from_db()
    assert row.jwks == {"keys": [{name: good[name] for name in ("kty", "use", "alg", "kid", "n", "e")}]}


def _during_the_proof(saleor: SmallSaleor, event: Callable[[str], None], *, now: datetime) -> None:
    """Join, with something happening after the proof began. In the test's own thread: it shares its transaction."""
    prove = joining.prove

    def proving(*, api_url: str, token: str) -> joining.Proven:
        event("graphql")
        return prove(api_url=api_url, token=token)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(joining, "prove", proving)
        join(api_url=saleor.api_url, token=TOKEN, now=now)


def test_a_token_that_is_no_token_asks_nobody(small_saleor: SmallSaleor, now: datetime) -> None:
    with pytest.raises(TokenNotProven):
        join(api_url=small_saleor.api_url, token="no token", now=now)
    assert small_saleor.asked == []
