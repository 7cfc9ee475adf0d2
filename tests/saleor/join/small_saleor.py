"""A small Saleor on 127.0.0.1: who an App's token is of, its keys, and what its webhooks look like.

What it answers is what Saleor 3.24 answers; the played Saleor (`tests/saleor/played/`) does far more. This one is as
small as it is so that every way to lie can be played.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

from marketplace.saleor.identity import APP_IDENTIFIER, PERMISSIONS
from marketplace.saleor.receiving import type_of
from tests.api.contract.facts import saleor_types

TOKEN = "SaleorsTokenOf30LettersAndNrs1"
OTHER_TOKEN = "AnotherAppsTokenOf30LettersNrs"
APP_ID = "QXBwOjU="
ISSUED_AT = "2026-11-22T02:59:59.123456+00:00"


@cache
def key_number(number: int, *, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A private key; the same number is the same key for a whole run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def base64url(raw: bytes) -> str:
    """Without padding, as JOSE writes it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwk(key: rsa.RSAPrivateKey, kid: str, **changes: Any) -> dict[str, Any]:
    """The public half, as Saleor's `jwks.json` shows it."""
    numbers = key.public_key().public_numbers()
    shown = {
        "kty": "RSA",
        "key_ops": ["verify"],
        "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "e": base64url(numbers.e.to_bytes(3, "big")),
        "use": "sig",
        "kid": kid,
        "alg": "RS256",
    }
    return {name: value for name, value in (shown | changes).items() if value is not None}


def header_of(kid: str, /, **changes: Any) -> dict[str, Any]:
    """The protected header of Saleor's webhooks; a change to None leaves the member out."""
    header = {"typ": "JWT", "alg": "RS256", "kid": kid, "crit": ["b64"], "b64": False} | changes
    return {name: value for name, value in header.items() if value is not None}


def signature(body: bytes, key: rsa.RSAPrivateKey, header: Mapping[str, Any] | bytes) -> str:
    """A detached JWS over the raw body."""
    raw = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    protected = base64url(raw)
    signed = key.sign(protected.encode() + b"." + body, PKCS1v15(), SHA256())
    return f"{protected}..{base64url(signed)}"


@dataclass
class SmallSaleor:
    """What it knows, what it was asked, and how it lies."""

    url: str = ""
    apps: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By token."""
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    """By name; the first is the one it signs with."""
    lies: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    """By path: played instead of the answer."""
    jwks: Any = None
    """Shown instead of the keys."""
    asked: list[tuple[str, dict[str, Any], Mapping[str, str]]] = field(default_factory=list)
    """Path, body and headers (lower case) of every question."""
    before_answer: Callable[[str], None] | None = None
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    """What it has for our App, with every name of its input types."""
    installations: list[dict[str, Any]] = field(default_factory=list)
    """What staff began to install."""
    refusal: dict[str, Any] | None = None
    """What every mutation is answered among its `errors`."""

    @property
    def api_url(self) -> str:
        """Its GraphQL address."""
        return f"{self.url}/graphql/"

    def paths(self) -> list[str]:
        """What was asked, in order."""
        return [path for path, _body, _headers in self.asked]

    def shown_keys(self) -> Any:
        """What stands in `jwks.json`."""
        return self.jwks if self.jwks is not None else {"keys": [jwk(key, kid) for kid, key in self.keys.items()]}

    def headers(self, event: str, body: bytes, **changes: str | None) -> dict[str, str]:
        """The headers of a webhook; a change to None leaves one out."""
        kid, key = next(iter(self.keys.items()))
        signed = signature(body, key, header_of(kid))
        headers: dict[str, str | None] = {
            "Saleor-Event": event,
            "Saleor-Domain": self.url.removeprefix("http://"),
            "Saleor-Api-Url": self.api_url,
            "Saleor-Signature": signed,
            "X-Saleor-Signature": signed,
        }
        headers |= {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: value for name, value in headers.items() if value is not None}


def payload_of(event: str, **fields: Any) -> dict[str, Any]:
    """The result of a subscription of ours."""
    common = {
        "__typename": type_of(event),
        "issuedAt": ISSUED_AT,
        "version": "3.24.0-a.0",
        "recipient": {"id": APP_ID},
    }
    return common | fields


def body_of(event: str, **fields: Any) -> bytes:
    """A body as Saleor writes it."""
    return json.dumps(payload_of(event, **fields)).encode()


def post(client: Client, headers: Mapping[str, str], body: bytes) -> tuple[int, Any]:
    """Bring one webhook; the status and what was answered."""
    answer = client.post("/saleor/webhooks/", body, content_type="application/json", headers=dict(headers))
    return answer.status_code, answer.json()


def register(client: Client, api_url: str, token: object, **headers: str) -> tuple[int, Any]:
    """Hand over a token as Saleor does."""
    told = {"Saleor-Api-Url": api_url, "Saleor-Domain": "x", "Saleor-Schema-Version": "3.24"} | headers
    answer = client.post(
        "/saleor/register/", json.dumps({"auth_token": token}), content_type="application/json", headers=told
    )
    return answer.status_code, answer.json()


def an_app(**changes: Any) -> dict[str, Any]:
    """Our App as Saleor shows it to itself."""
    shown = {
        "id": APP_ID,
        "identifier": APP_IDENTIFIER,
        "manifestUrl": "http://127.0.0.1/saleor/manifest.json",
        "permissions": [{"code": one} for one in PERMISSIONS],
    }
    return shown | changes


@contextmanager
def playing() -> Iterator[SmallSaleor]:
    """The server, at a free port."""
    play = SmallSaleor(apps={TOKEN: an_app()}, keys={"first": key_number(1)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"play": play}))
    server.daemon_threads = False
    play.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield play
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    play: SmallSaleor

    def do_GET(self) -> None:
        self._take({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._take(json.loads(self.rfile.read(length)))

    def _take(self, asked: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.play.asked.append((self.path, asked, headers))
        if self.play.before_answer is not None:
            self.play.before_answer(self.path)
        if lie := self.play.lies.get(self.path):
            lie(self)
        elif self.path == "/.well-known/jwks.json":
            answer_json(self, self.play.shown_keys())
        elif self.path == "/graphql/":
            answer_json(self, self._graphql(asked, headers.get("authorization", "").removeprefix("Bearer ")))
        else:
            answer_json(self, {}, code=404)

    def _graphql(self, asked: Mapping[str, Any], token: str) -> dict[str, Any]:
        app = self.play.apps.get(token)
        if app is None:
            refused = {
                "message": "To access this path, you need one of the following permissions: AUTHENTICATED_APP",
                "path": ["shop", "version"],
                "extensions": {"exception": {"code": "PermissionDenied"}},
            }
            return {"errors": [refused], "data": {"app": None, "shop": None}}
        return {"data": getattr(self, f"_do_{asked['operationName']}")(asked["variables"], app)}

    def _do_WhoAmI(self, _variables: Mapping[str, Any], app: Mapping[str, Any]) -> dict[str, Any]:
        return {"app": app, "shop": {"version": "3.24.0-a.0"}}

    def _do_OurWebhooks(self, _variables: Mapping[str, Any], app: Mapping[str, Any]) -> dict[str, Any]:
        shown = [
            {
                **one,
                "subscriptionQuery": one["query"],
                "asyncEvents": [{"eventType": event} for event in one["asyncEvents"]],
                "syncEvents": [{"eventType": event} for event in one["syncEvents"]],
            }
            for one in self.play.webhooks
        ]
        return {"app": {"id": app["id"], "webhooks": shown}}

    def _do_WebhookCreate(self, variables: Mapping[str, Any], _app: object) -> dict[str, Any]:
        made = {"id": f"V2ViaG9vazo{len(self.play.asked)}", **self._given(variables, "WebhookCreateInput")}
        return self._changed("webhookCreate", "webhook", made, lambda: self.play.webhooks.append(made))

    def _do_WebhookUpdate(self, variables: Mapping[str, Any], _app: object) -> dict[str, Any]:
        [known] = [one for one in self.play.webhooks if one["id"] == variables["id"]]
        given = self._given(variables, "WebhookUpdateInput")
        return self._changed("webhookUpdate", "webhook", known, lambda: known.update(given))

    def _do_WebhookDelete(self, variables: Mapping[str, Any], _app: object) -> dict[str, Any]:
        [known] = [one for one in self.play.webhooks if one["id"] == variables["id"]]
        return self._changed("webhookDelete", "webhook", known, lambda: self.play.webhooks.remove(known))

    def _do_AppInstall(self, variables: Mapping[str, Any], _app: object) -> dict[str, Any]:
        self._given(variables, "AppInstallInput")
        begun = {"id": "QXBwSW5zdGFsbGF0aW9uOjE=", "status": "PENDING", "message": None}
        return self._changed("appInstall", "appInstallation", begun, lambda: None)

    def _do_AppsInstallations(self, _variables: object, _app: object) -> dict[str, Any]:
        return {"appsInstallations": self.play.installations}

    def _given(self, variables: Mapping[str, Any], input_type: str) -> dict[str, Any]:
        given: dict[str, Any] = dict(variables["input"])
        assert given.keys() <= saleor_types()[input_type].members.keys()
        if headers := given.get("customHeaders"):
            # As Saleor keeps them.
            given["customHeaders"] = json.dumps({name.lower(): one for name, one in json.loads(headers).items()})
        return given

    def _changed(self, name: str, of: str, thing: Any, change: Callable[[], None]) -> dict[str, Any]:
        if self.play.refusal is not None:
            return {name: {of: None, "errors": [self.play.refusal]}}
        change()
        return {name: {of: thing, "errors": []}}

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def answer_json(handler: BaseHTTPRequestHandler, fields: object, *, code: int = 200) -> None:
    """One whole answer."""
    body = json.dumps(fields).encode()
    handler.send_response(code)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
