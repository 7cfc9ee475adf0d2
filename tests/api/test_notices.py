"""The address where banks' notices come in: statuses, answers, and bodies that lie about their length."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import Client

from marketplace.core import clock
from marketplace.core.models import SecurityCounter
from payments.models import BankNotice
from payments.pretend_bank import SignedNotice, sign_sepay
from payments.services.feeds import notice_path
from payments.services.notices import NOTICE_BODY_BYTES_MAX
from tests.payments.factories import NOW, SECRET, Shop, a_notice, a_shop, an_order, code_of, moved, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def bank() -> Client:
    """A client without cookies, that the CSRF check would refuse."""
    return Client(enforce_csrf_checks=True)


def signed(body: bytes) -> SignedNotice:
    return sign_sepay(body, secret=SECRET, auth="hmac", now=NOW)


def post(bank: Client, path: str, notice: SignedNotice, **more: Any) -> tuple[int, Any]:
    headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}
    response = bank.post(path, notice.body, content_type="application/json", headers=headers, **more)
    return response.status_code, response.json()


def test_a_notice_is_booked_and_answered_as_the_bank_expects(bank: Client, shop: Shop) -> None:
    order = an_order(shop)

    answer = post(bank, notice_path(shop.feed), a_notice(shop.feed, shop.account, code_of(order)))

    assert answer == (200, {"success": True})
    assert moved(order) == [("charge_success", 60_000, "bank")]


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        ("no code", {}),
        ("x", {"transferType": "out"}),
        ("x", {"accountNumber": "19001234567"}),
        ("x", {"transferAmount": 0}),
    ],
)
def test_what_is_not_booked_and_what_comes_again_is_answered_the_same(
    bank: Client, shop: Shop, content: str, changes: dict[str, Any]
) -> None:
    notice = a_notice(shop.feed, shop.account, content, **changes)

    for _time in range(2):
        assert post(bank, notice_path(shop.feed), notice) == (200, {"success": True})

    assert BankNotice.objects.count() == 1


def test_the_address_works_without_its_last_slash(bank: Client, shop: Shop) -> None:
    notice = a_notice(shop.feed, shop.account, "x")

    assert post(bank, notice_path(shop.feed).rstrip("/"), notice) == (200, {"success": True})


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_only_post_is_taken(bank: Client, shop: Shop, method: str) -> None:
    assert getattr(bank, method)(notice_path(shop.feed)).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        f"/payments/notices/sepay/{uuid.UUID(int=1)}/",
        "/payments/notices/sepay/1/",
        "/payments/notices/sepay/%F0%9F%92%A9/",
        "/payments/notices/casso/{feed}/",
        "/payments/notices/nobody/{feed}/",
        "/payments/notices/SEPAY/{feed}/",
    ],
)
def test_an_unknown_feed_is_404_whatever_the_body(bank: Client, shop: Shop, path: str) -> None:
    answer = post(bank, path.replace("{feed}", str(shop.feed.pk)), SignedNotice(b"\xff", {}))

    assert answer == (404, {"success": False, "reason": "unknown_feed"})


@pytest.mark.parametrize("path", ["/payments/notices/sepay/%00/", "/payments/notices/%00/1/"])
def test_nul_in_the_address_is_a_bad_request(bank: Client, path: str) -> None:
    assert bank.post(path, b"{}", content_type="application/json").status_code == 400


def test_a_wrong_signature_is_401_and_stores_nothing_but_a_count(bank: Client, shop: Shop) -> None:
    notice = a_notice(shop.feed, shop.account, code_of(an_order(shop)))
    before = rows()

    for forged in (
        SignedNotice(notice.body + b" ", notice.headers),
        SignedNotice(notice.body, {}),
        sign_sepay(notice.body, secret=SECRET, auth="hmac", now=NOW - timedelta(seconds=301)),
        sign_sepay(notice.body, secret=SECRET, auth="hmac", now=NOW + timedelta(seconds=301)),
        sign_sepay(notice.body, secret="another-secret-of-length", auth="hmac", now=NOW),
        sign_sepay(notice.body, secret=SECRET, auth="api_key", now=NOW),
    ):
        assert post(bank, notice_path(shop.feed), forged) == (401, {"success": False, "reason": "not_authentic"})

    assert rows() == before
    assert SecurityCounter.objects.get().count == 6


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000, b'{"id":1e400}']
)
def test_an_authentic_body_of_no_meaning_is_400(bank: Client, shop: Shop, body: bytes) -> None:
    before = rows()

    answer = post(bank, notice_path(shop.feed), signed(body))

    assert answer == (400, {"success": False, "reason": "not_its_shape"})
    assert rows() == before


@pytest.mark.parametrize("path", ["/payments/notices/sepay/1/", "/payments/notices/nobody/1/", "{feed}"])
def test_a_body_over_64_kib_is_413_before_anything_else_is_looked_at(bank: Client, shop: Shop, path: str) -> None:
    before = rows()
    large = b" " * (NOTICE_BODY_BYTES_MAX + 1)

    answer = post(bank, path.replace("{feed}", notice_path(shop.feed)), SignedNotice(large, {}))

    assert answer == (413, {"success": False, "reason": "too_large"})
    assert (rows(), SecurityCounter.objects.count()) == (before, 0)


def test_when_the_database_is_away_the_bank_is_told_when_to_come_again(
    bank: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("payments.services.keeping._store", away)
    notice = a_notice(shop.feed, shop.account, "x")
    headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}

    response = bank.post(notice_path(shop.feed), notice.body, content_type="application/json", headers=headers)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json() == {"success": False, "reason": "try_again"}


# --- Bodies that lie about their length -----------------------------------------------------------


class Stream(io.BytesIO):
    """A connection's body that counts what is read of it, and may break."""

    def __init__(self, body: bytes, *, breaks: bool = False) -> None:
        super().__init__(body)
        self.taken = 0
        self.breaks = breaks

    def read(self, size: int | None = -1, /) -> bytes:
        if self.breaks:
            raise OSError("connection reset")
        data = super().read(size)
        self.taken += len(data)
        return data


def through_wsgi(shop: Shop, stream: Stream, notice: SignedNotice, **environment: Any) -> tuple[int, Any]:
    """The answer of the whole application to a request exactly as a server hands it over."""
    sent: list[str] = []
    signature = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in notice.headers.items()
        if name != "Content-Type"
    }
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": notice_path(shop.feed),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": stream,
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **signature,
        **environment,
    }
    body = b"".join(WSGIHandler()(environ, lambda status, _headers, _info=None: sent.append(status)))  # type: ignore[arg-type, return-value, func-returns-value]  # a server's part
    return int(sent[0][:3]), json.loads(body)


@pytest.fixture
def _open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # The handler's signals would close the test's own database connection.
    monkeypatch.setattr("django.core.signals.request_started.send", lambda **_: [])
    monkeypatch.setattr("django.core.signals.request_finished.send", lambda **_: [])


@pytest.mark.usefixtures("_open_connection")
def test_a_length_over_the_limit_is_refused_without_reading(shop: Shop) -> None:
    notice = a_notice(shop.feed, shop.account, "x")
    for length in (str(NOTICE_BODY_BYTES_MAX + 1), "9" * 50, "9" * 5000):
        stream = Stream(notice.body)

        answer = through_wsgi(shop, stream, notice, CONTENT_LENGTH=length)

        assert answer == (413, {"success": False, "reason": "too_large"})
        assert stream.taken == 0


@pytest.mark.usefixtures("_open_connection")
def test_a_body_in_chunks_is_taken_and_one_without_end_is_cut_off(shop: Shop) -> None:
    notice = a_notice(shop.feed, shop.account, "x")
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    endless = Stream(b" " * 1_000_000)

    assert through_wsgi(shop, Stream(notice.body), notice, **chunked) == (200, {"success": True})
    assert through_wsgi(shop, endless, notice, **chunked)[0] == 413
    assert endless.taken == NOTICE_BODY_BYTES_MAX + 1


@pytest.mark.usefixtures("_open_connection")
@pytest.mark.parametrize("length", ["", "0", "abc", "-1", "10", "٣"])
def test_a_length_that_is_none_or_too_short_proves_nothing(shop: Shop, length: str) -> None:
    notice = a_notice(shop.feed, shop.account, "x")

    assert through_wsgi(shop, Stream(notice.body), notice, CONTENT_LENGTH=length)[0] == 401
    assert BankNotice.objects.count() == 0


@pytest.mark.usefixtures("_open_connection")
def test_a_connection_that_breaks_is_a_bad_request(shop: Shop) -> None:
    notice = a_notice(shop.feed, shop.account, "x")
    length = str(len(notice.body))

    for environment in ({"CONTENT_LENGTH": length}, {"wsgi.input_terminated": True}):
        answer = through_wsgi(shop, Stream(notice.body, breaks=True), notice, **environment)
        assert answer == (400, {"success": False, "reason": "not_its_shape"})


def test_the_clock_of_these_tests_stands_still() -> None:
    assert clock.now() == datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
