"""Calling a provider: bounded in time, tries and size, and every way to fail has its name."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from payments.apis import calling
from payments.apis.calling import Caller, CallFailed, Limits, RateLimited, Refused, Unreachable
from payments.providers.base import NotItsShape
from tests.payments.provider_server import (
    Play,
    ProviderServer,
    half_a_body,
    held,
    json_body,
    nothing_at_all,
    status,
)

QUICK = Limits(connect_s=5, answer_s=20, tries=3, backoff_s=0)
HASTY = Limits(connect_s=5, answer_s=0.2, tries=1, backoff_s=0)
YES = json_body({"yes": True})


def ask(provider: ProviderServer, *plays: Play, limits: Limits = QUICK) -> bytes:
    provider.faults.extend(plays)
    with Caller(provider.url, headers={"Authorization": "Bearer of-the-tests"}, limits=limits) as caller:
        return caller.get("/a/list", params={"page": 2}).body


def tell(provider: ProviderServer, *plays: Play) -> bytes:
    provider.faults.extend(plays)
    with Caller(provider.url, headers={}, limits=QUICK) as caller:
        return caller.post("/a/thing", fields={"amount": 1}).body


def test_a_question_carries_its_key_and_its_parameters(provider: ProviderServer) -> None:
    assert ask(provider, YES) == b'{"yes": true}'

    asked = provider.asked[0]
    assert (asked.method, asked.path, asked.query) == ("GET", "/a/list", {"page": "2"})
    assert asked.headers["authorization"] == "Bearer of-the-tests"
    assert asked.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_a_servers_own_fault_is_asked_again(provider: ProviderServer, code: int) -> None:
    assert ask(provider, status(code), status(code), YES) == b'{"yes": true}'
    assert len(provider.asked) == 3


def test_a_question_without_an_answer_is_asked_again(provider: ProviderServer) -> None:
    assert ask(provider, nothing_at_all, YES) == b'{"yes": true}'


def test_nothing_is_asked_more_than_eight_times(provider: ProviderServer) -> None:
    with pytest.raises(Unreachable):
        ask(provider, *[status(500)] * 50, limits=Limits(connect_s=5, answer_s=20, tries=50, backoff_s=0))

    assert len(provider.asked) == 8


@pytest.mark.parametrize("play", [status(500), nothing_at_all, half_a_body])
def test_what_changes_something_is_said_once(provider: ProviderServer, play: Play) -> None:
    with pytest.raises(Unreachable):
        tell(provider, play)

    assert len(provider.asked) == 1


def test_what_changes_something_is_said_as_json(provider: ProviderServer) -> None:
    tell(provider, YES)

    assert (provider.asked[0].method, provider.asked[0].fields) == ("POST", {"amount": 1})


def test_no_answer_in_time_is_a_provider_that_cannot_be_reached(provider: ProviderServer) -> None:
    with pytest.raises(Unreachable):
        ask(provider, held, limits=HASTY)


def test_an_answer_that_breaks_off_is_no_answer(provider: ProviderServer) -> None:
    with pytest.raises(Unreachable):
        ask(provider, half_a_body)


def test_nobody_listening_is_a_provider_that_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Caller(f"http://127.0.0.1:{port}", headers={}, limits=QUICK) as caller, pytest.raises(Unreachable):
        caller.get("/")


@pytest.mark.parametrize("code", [401, 403])
def test_a_key_that_is_not_taken_is_a_refusal_and_not_tried_again(provider: ProviderServer, code: int) -> None:
    with pytest.raises(Refused) as refusal:
        ask(provider, status(code))

    assert refusal.value.problem == "refused"
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"x-sepay-userapi-retry-after": "2"}, 2),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "99999999"}, 3600),
        ({"Retry-After": "Sun, 22 Nov 2026 03:00:07 GMT"}, 60),
        ({"Retry-After": "-3"}, 60),
        ({}, 60),
    ],
)
def test_asked_too_often_says_when_to_come_back(
    provider: ProviderServer, headers: dict[str, str], seconds: int
) -> None:
    with pytest.raises(RateLimited) as limited:
        ask(provider, status(429, headers=headers))

    assert limited.value.retry_after_s == seconds
    assert len(provider.asked) == 1


def test_a_way_to_another_address_is_not_followed(provider: ProviderServer) -> None:
    with pytest.raises(Unreachable):
        ask(provider, status(302, headers={"Location": f"{provider.url}/elsewhere"}))

    assert provider.paths() == ["GET /a/list"]


def test_a_no_is_the_providers_own_word(provider: ProviderServer) -> None:
    assert ask(provider, status(404, body=b"no such thing")) == b"no such thing"


def test_an_answer_too_large_is_not_read_to_its_end(
    provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "ANSWER_BYTES_MAX", 10)
    with pytest.raises(NotItsShape):
        ask(provider, status(200, body=b"x" * 11))

    assert ask(provider, status(200, body=b"x" * 10)) == b"x" * 10


def test_an_answer_that_drips_is_given_up(provider: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count(0, 6)
    monkeypatch.setattr(calling, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(calling, "CHUNK_BYTES", 1)
    with pytest.raises(Unreachable):
        ask(provider, YES, limits=Limits(connect_s=5, answer_s=11, tries=1))


def test_a_proxy_of_the_machine_has_no_say(provider: ProviderServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")

    assert ask(provider, YES) == b'{"yes": true}'
    with pytest.raises(requests.ConnectionError):  # the control: it would have had one
        requests.get(provider.url, timeout=5)


def test_whoever_cannot_prove_to_be_the_provider_is_not_asked(tmp_path: Path) -> None:
    """A server with a certificate of its own making."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(tmp_path))
    heard: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                heard.append(secure.recv(1000))
        except OSError:
            heard.append(b"")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    address = f"https://127.0.0.1:{listener.getsockname()[1]}"
    with listener, Caller(address, headers={}, limits=HASTY) as caller, pytest.raises(Unreachable):
        caller.get("/")
    thread.join(30)

    assert heard == [b""]


def own_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "own.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


def test_every_failure_has_a_word_for_programs() -> None:
    kinds = (CallFailed, Unreachable, Refused, RateLimited)
    assert [kind.problem for kind in kinds] == ["failed", "unreachable", "refused", "rate_limited"]
