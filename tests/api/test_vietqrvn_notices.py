"""VietQR.vn's two addresses below a feed's: a token for a password, then notices under the token."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace.core import clock
from marketplace.core.models import SecurityCounter
from payments.models import BankNotice, Feed
from payments.pretend_bank import SignedNotice, sign, token_request
from payments.services.feeds import notice_path
from payments.services.notices import NOTICE_BODY_BYTES_MAX
from tests.payments.banks import a_feed, told
from tests.payments.factories import NOW, SECRET, Shop, a_shop, an_order, code_of, moved, rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def feed(shop: Shop) -> Feed:
    return a_feed(shop.vendor, ("vietqrvn", "basic"))


@pytest.fixture
def bank() -> Client:
    """A client without cookies, that the CSRF check would refuse."""
    return Client(enforce_csrf_checks=True)


def post(bank: Client, path: str, notice: SignedNotice) -> tuple[int, Any]:
    headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}
    response = bank.post(path, notice.body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def refusal(reason: str, message: str) -> dict[str, Any]:
    return {"error": True, "errorReason": reason, "toastMessage": message, "object": None}


NOT_AUTHENTIC = refusal("not_authentic", "Chữ ký của thông báo không đúng.")


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("join", ["", "/"])
def test_a_token_then_a_notice_with_and_without_the_last_slash(
    bank: Client, shop: Shop, feed: Feed, slash: str, join: str
) -> None:
    order, base = an_order(shop), notice_path(feed) + join
    asked = token_request(username=feed.username, secret=SECRET)

    status, answer = post(bank, f"{base}{asked.path}{slash}", asked)

    assert status == 200
    assert {**answer, "access_token": ""} == {"access_token": "", "token_type": "Bearer", "expires_in": 300}
    notice = told(feed, shop.account, code_of(order), notice_id=77, token=answer["access_token"])
    for _time in range(2):
        assert post(bank, f"{base}{notice.path}{slash}", notice) == (
            200,
            {"error": False, "errorReason": "000", "toastMessage": "", "object": {"reftransactionid": "77"}},
        )
    assert moved(order) == [("charge_success", 60_000, "bank")]
    assert BankNotice.objects.count() == 1


def test_a_token_is_not_kept_by_caches(bank: Client, feed: Feed) -> None:
    asked = token_request(username=feed.username, secret=SECRET)

    response = bank.post(notice_path(feed) + asked.path, headers={"Authorization": asked.headers["Authorization"]})

    assert response["Cache-Control"] == "no-store"


def test_a_wrong_password_gets_no_token_and_is_counted(bank: Client, feed: Feed) -> None:
    path = notice_path(feed) + "api/token_generate"
    wrong = refusal("not_authentic", "Tên đăng nhập hoặc mật khẩu không đúng.")

    for asked in (
        token_request(username=feed.username, secret="not-the-secret"),
        token_request(username="somebody", secret=SECRET),
        SignedNotice(b"", {}),
        SignedNotice(b"{}", {"Authorization": "Basic ???"}),
    ):
        assert post(bank, path, asked) == (401, wrong)

    assert SecurityCounter.objects.get().count == 4


def test_without_a_token_that_counts_nothing_is_stored_but_a_count(
    bank: Client, shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = told(feed, shop.account, code_of(an_order(shop)))
    path, before = notice_path(feed) + notice.path, rows()
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {SECRET}"}):
        assert post(bank, path, SignedNotice(notice.body, headers)) == (401, NOT_AUTHENTIC)

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=301))
    assert post(bank, path, notice) == (401, NOT_AUTHENTIC)

    assert rows() == before
    assert SecurityCounter.objects.get().count == 4


def test_every_refusal_is_told_in_the_envelope(bank: Client, shop: Shop, feed: Feed) -> None:
    large = SignedNotice(b" " * (NOTICE_BODY_BYTES_MAX + 1), {})
    token = told(feed, shop.account, "x").headers["Authorization"].removeprefix("Bearer ")
    nothing = sign("vietqrvn", b"{}", secret=SECRET, auth="basic", now=NOW, token=token)

    for path in ("api/token_generate", "bank/api/transaction-sync"):
        assert post(bank, notice_path(feed) + path, large) == (413, refusal("too_large", "Thông báo quá lớn."))
        assert post(bank, f"/payments/notices/vietqrvn/1/{path}", SignedNotice(b"", {})) == (
            404,
            refusal("unknown_feed", "Không có địa chỉ nhận thông báo này."),
        )
    assert post(bank, notice_path(feed) + nothing.path, nothing) == (
        400,
        refusal("not_its_shape", "Thông báo không đúng mẫu."),
    )


@pytest.mark.parametrize("path", ["api/token_generate", "bank/api/transaction-sync"])
def test_only_post_is_taken_and_only_below_a_feed_of_vietqrvn(
    bank: Client, shop: Shop, feed: Feed, path: str
) -> None:
    assert bank.get(notice_path(feed) + path).status_code == 405
    assert bank.post(notice_path(shop.feed) + path).status_code == 404
    assert post(bank, f"/payments/notices/vietqrvn/{shop.feed.pk}/{path}", SignedNotice(b"", {}))[0] == 404
