"""No input to the bridge's addresses makes a 500 while a Saleor is listed, and what is refused changes no row."""

from __future__ import annotations

import io
import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from marketplace.saleor.models import Installation
from tests.plugins.database import row_counts
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import SmallSaleor, body_of, payload_of
from tests.storefront.test_hostile_pages import TEXTS

pytestmark = pytest.mark.django_db
PATHS = ("", "manifest.json", "logo.png", "register/", "webhooks/", "nothing/")
COUNTED = "core_securitycounter"
VALUES: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1e300,
    [],
    [[]],
    {},
    {"id": []},
    "",
    "x" * 5000,
    "\u0000",
    "💥",
)


@pytest.fixture
def client(joined: Installation, ears: Ears) -> Client:
    return Client(raise_request_exception=False)


def headers_of(text: str) -> dict[str, str]:
    plain = text.encode("ascii", "ignore").decode().replace("\x00", "").replace("\n", "")
    names = ("Saleor-Api-Url", "Saleor-Event", "Saleor-Signature", "Saleor-Domain", "X-Market-Key")
    return dict.fromkeys(names, plain)


def test_hostile_requests_are_answered_below_500_and_change_nothing(client: Client) -> None:
    before = row_counts()
    failed = []
    for path in PATHS:
        for text in TEXTS:
            answers = [
                client.get(f"/saleor/{path}", {"q": text}),
                client.post(f"/saleor/{path}", {"auth_token": text}),
                client.post(
                    f"/saleor/{path}",
                    json.dumps({"auth_token": text}),
                    content_type="application/json",
                    headers=headers_of(text),
                ),
                client.post(f"/saleor/{path}", text.encode(), content_type="text/plain", headers=headers_of(text)),
                client.put(f"/saleor/{path}", text.encode()),
                client.options(f"/saleor/{path}"),
            ]
            failed += [(path, text[:20], answer.status_code) for answer in answers if answer.status_code >= 500]

    assert failed == []
    assert row_counts() | {COUNTED: 0} == before | {COUNTED: 0}


@pytest.mark.parametrize(
    "event", ["app_deleted", "app_status_changed", "order_updated", "page_updated", "any_events"]
)
def test_signed_bodies_of_any_shape_are_answered_and_never_break(
    small_saleor: SmallSaleor, client: Client, event: str
) -> None:
    """Whoever signs may still be another version, or in trouble: what the events' functions read may be anything."""
    failed = []
    for number, value in enumerate(VALUES):
        for member in (
            "app",
            "order",
            "page",
            "errors",
            "recipient",
            "issuedAt",
            "__typename",
            "version",
            "anything",
        ):
            body = json.dumps({**payload_of(event), member: value, "number": number}).encode()
            answer = client.post(
                "/saleor/webhooks/", body, content_type="application/json", headers=small_saleor.headers(event, body)
            )
            if answer.status_code not in (200, 400, 401):
                failed.append((event, member, value, answer.status_code))

    assert failed == []
    assert Installation.objects.get().is_installed


def test_a_header_that_comes_twice_is_no_signature(small_saleor: SmallSaleor, client: Client) -> None:
    body = body_of("order_updated")
    headers = small_saleor.headers("order_updated", body)
    twice = headers | {"Saleor-Signature": f"{headers['Saleor-Signature']}, {headers['Saleor-Signature']}"}

    assert client.post("/saleor/webhooks/", body, content_type="application/json", headers=twice).status_code == 401


@pytest.mark.parametrize("path", ["register/", "webhooks/"])
def test_a_body_that_ends_before_it_ends_is_refused(client: Client, path: str) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": f"/saleor/{path}", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.input": Broken(), "wsgi.input_terminated": True, "wsgi.url_scheme": "http", "CONTENT_LENGTH": "",
    }  # fmt: skip
    told: list[str] = []

    list(WSGIHandler()(environ, lambda status, _headers: told.append(status)))  # type: ignore[arg-type]  # a bare WSGI call

    assert told == ["400 Bad Request"]
