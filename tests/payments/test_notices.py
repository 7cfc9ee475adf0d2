"""Taking notices: who may send them, what is kept, and that nothing is kept twice or lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from marketplace.core.models import SecurityCounter
from payments.invariants import violations
from payments.models import BankNotice, Feed, NoticeDelivery
from payments.pretend_bank import sign_sepay
from payments.services.feeds import close_feed, rotate_secret
from payments.services.keeping import NoticeRefused, NotKept
from payments.services.notices import (
    NOTICE_BODY_BYTES_MAX,
    NotAuthentic,
    NoticeTooLarge,
    UnknownFeed,
    UnreadableNotice,
    receive_notice,
)
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    a_notice,
    a_shop,
    an_order,
    code_of,
    moved,
    pay,
    rows,
    send,
)

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    return dict(SecurityCounter.objects.values_list("kind", "count"))


def give(feed_id: object, body: bytes, headers: dict[str, str] | None = None, *, provider: str = "sepay") -> Any:
    return receive_notice(provider=provider, feed_id=str(feed_id), body=body, headers=headers or {}, now=NOW)


# --- The order of the checks ----------------------------------------------------------------------


def test_a_body_over_64_kib_is_refused_before_anything_else() -> None:
    with pytest.raises(NoticeTooLarge) as refusal:
        give("no-feed", b" " * (NOTICE_BODY_BYTES_MAX + 1), provider="nobody")

    assert refusal.value.status == 413


def test_a_body_of_exactly_64_kib_is_read() -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "no code")
    body = notice.body + b" " * (NOTICE_BODY_BYTES_MAX - len(notice.body))

    assert send(shop.feed, sign_sepay(body, secret=SECRET, auth="hmac", now=NOW)).status == 200


@pytest.mark.parametrize(
    "feed_id",
    ["", "1", "x" * 300, "7d0f6d1e-6f0b-4c39-9a43-0d9a8a2f5a11", "00000000-0000-0000-0000-00000000000g", "ộ"],
)
def test_an_unknown_feed_is_refused_before_its_signature_is_looked_at(feed_id: str) -> None:
    with pytest.raises(UnknownFeed) as refusal:
        give(feed_id, b"not json")

    assert refusal.value.status == 404
    assert counted() == {}


@pytest.mark.parametrize("provider", ["", "SEPAY", "casso", "payos", "vietqrvn", "stripe", "\x00"])
def test_another_provider_does_not_find_the_feed(provider: str) -> None:
    shop = a_shop()

    with pytest.raises(UnknownFeed):
        give(shop.feed.pk, b"{}", provider=provider)


def test_a_closed_feed_is_unknown() -> None:
    shop = a_shop()
    close_feed(actor=shop.owner, feed=shop.feed, now=NOW)

    with pytest.raises(UnknownFeed):
        send(shop.feed, a_notice(shop.feed, shop.account, "x"))


def test_a_wrong_signature_leaves_nothing_but_a_count() -> None:
    shop = a_shop()
    order = an_order(shop)
    notice = a_notice(shop.feed, shop.account, code_of(order))
    before = rows()

    for _time in range(3):
        with pytest.raises(NotAuthentic) as refusal:
            give(shop.feed.pk, notice.body + b" ", dict(notice.headers))

    assert refusal.value.status == 401
    assert rows() == before
    assert NoticeDelivery.objects.count() == 0
    counter = SecurityCounter.objects.get()
    assert (counter.kind, counter.subject, counter.count) == ("notice_not_authentic", f"feed:{shop.feed.pk}", 3)


def test_a_signature_is_asked_for_before_json_is() -> None:
    shop = a_shop()

    with pytest.raises(NotAuthentic):
        give(shop.feed.pk, b"not json")


def test_an_authentic_body_of_another_shape_is_refused_and_not_counted_as_an_attack() -> None:
    shop = a_shop()
    before = rows()

    with pytest.raises(UnreadableNotice) as refusal:
        send(shop.feed, sign_sepay(b"not json", secret=SECRET, auth="hmac", now=NOW))

    assert refusal.value.status == 400
    assert (rows(), counted()) == (before, {})


def test_a_notice_played_back_after_five_minutes_is_refused() -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")

    with pytest.raises(NotAuthentic):
        send(shop.feed, notice, now=NOW + timedelta(seconds=301))


def test_a_feed_may_prove_itself_by_a_key() -> None:
    shop = a_shop(auth="api_key")
    order = an_order(shop)

    assert pay(shop, code_of(order)).state == "booked"


def test_the_names_of_headers_come_in_any_case() -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")

    answer = give(shop.feed.pk, notice.body, {name.upper(): value for name, value in notice.headers.items()})

    assert answer.content == {"success": True}


def test_the_old_secret_counts_for_a_day_after_it_was_replaced() -> None:
    shop = a_shop()
    new = rotate_secret(actor=shop.owner, feed=shop.feed, now=NOW)
    day = timedelta(days=1)

    assert send(shop.feed, a_notice(shop.feed, shop.account, "old", now=NOW + day), now=NOW + day).status == 200
    late = NOW + day + timedelta(seconds=1)
    with pytest.raises(NotAuthentic):
        send(shop.feed, a_notice(shop.feed, shop.account, "old", now=late), now=late)
    body = a_notice(shop.feed, shop.account, "new", now=late).body
    assert send(shop.feed, sign_sepay(body, secret=new.secret, auth="hmac", now=late), now=late).status == 200


def test_a_feed_without_a_secret_is_open_to_nobody() -> None:
    shop = a_shop()
    Feed.objects.filter(pk=shop.feed.pk).update(secret="")
    notice = a_notice(shop.feed, shop.account, "x")

    with pytest.raises(NotAuthentic):
        send(shop.feed, sign_sepay(notice.body, secret="", auth="hmac", now=NOW))


def test_a_secret_that_no_key_opens_asks_the_bank_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")
    monkeypatch.setattr(settings, "MARKET_FIELD_KEYS", ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="])

    with pytest.raises(NotKept) as refusal:
        send(shop.feed, notice)

    assert refusal.value.status == 503


@pytest.mark.parametrize("error", NoticeRefused.__subclasses__())
def test_every_refusal_has_a_status_and_a_fixed_word(error: type[NoticeRefused]) -> None:
    assert 400 <= error.status < 600
    assert error.reason.isascii()


# --- What is kept ---------------------------------------------------------------------------------


def test_the_bytes_are_kept_as_they_came_and_what_they_say_is_kept_clean() -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, f" {shop.account} ", "a\u0000b" + "x" * 5000, referenceCode="FT1", code="c\u0007")

    send(shop.feed, notice)

    kept = BankNotice.objects.select_related("delivery").get()
    assert bytes(kept.delivery.raw_body or b"") == notice.body
    assert len(kept.delivery.body_sha256) == 64
    assert kept.content == "a b" + "x" * 4093
    assert (kept.account_number, kept.bank_reference, kept.code_hint) == (shop.account, "FT1", "c")
    assert (kept.amount_vnd, kept.is_incoming, kept.received_at) == (PRICE_VND, True, NOW)
    assert kept.bank_date.isoformat() == "2026-11-22"


def test_the_banks_day_is_vietnams() -> None:
    shop = a_shop()

    assert pay(shop, "x", transactionDate="2026-11-22 00:30:00").bank_date.isoformat() == "2026-11-22"
    assert pay(shop, "x", transactionDate="2026-11-21 23:59:59").bank_date.isoformat() == "2026-11-21"


def test_a_feed_shows_when_it_last_spoke_but_does_not_write_it_each_time() -> None:
    shop = a_shop()
    minute = timedelta(minutes=1)
    for moment in (NOW, NOW + timedelta(seconds=30)):
        pay(shop, "x", now=moment)
        shop.feed.refresh_from_db()
        assert shop.feed.last_notice_at == NOW

    pay(shop, "x", now=NOW + minute + timedelta(seconds=1))
    shop.feed.refresh_from_db()
    assert shop.feed.last_notice_at == NOW + minute + timedelta(seconds=1)


STRANGE: list[dict[str, Any]] = [
    {"transferAmount": 0},
    {"transferAmount": -60_000},
    {"transferAmount": 10**13 - 1},
    {"transferAmount": 60_000.5},
    {"transferAmount": 0.5},
    {"transferAmount": "60000"},
    {"id": None},
    {"id": True},
    {"id": ["x"]},
    {"id": "x" * 5000},
    {"id": 10**100},
    {"content": None},
    {"content": 12345},
    {"content": {"a": "b"}},
    {"content": "\u0000" * 9000},
    {"content": "\ud800\udfff"},
    {"content": "OCZ" * 2000},
    {"code": "\ud800"},
    {"code": ["OCZ2222222222"]},
    {"referenceCode": "x" * 5000},
    {"referenceCode": "\u0000"},
    {"transactionDate": "0001-01-01 00:00:00"},
    {"transactionDate": 99},
    {"accountNumber": "x" * 9000},
    {"accountNumber": 123},
    {"subAccount": "\u0000VA\ud800"},
    {"gateway": None},
    {"accumulated": "many"},
    {"unknown": {"deep": [[[[]]]]}},
]


@pytest.mark.parametrize("changes", STRANGE, ids=lambda changes: json.dumps(changes)[:40])
def test_an_authentic_notice_of_a_strange_but_readable_shape_is_never_lost(changes: dict[str, Any]) -> None:
    shop = a_shop()

    notice = pay(shop, "no code", **changes)

    assert notice.state in {"review", "ignored"}
    assert notice.why
    assert violations() == []


HOSTILE: list[dict[str, Any]] = [
    {"transferAmount": True},
    {"transferAmount": None},
    {"transferAmount": "abc"},
    {"transferAmount": [60_000]},
    {"transferAmount": 10**13},
    {"transferAmount": 10**4000},
    {"transferAmount": float("nan")},
    {"transferAmount": float("inf")},
    {"transferType": "sideways"},
    {"transferType": None},
    {"accountNumber": None},
    {"accountNumber": []},
]


@pytest.mark.parametrize("changes", HOSTILE, ids=lambda changes: json.dumps(changes)[:40])
def test_an_authentic_body_that_does_not_say_what_moved_changes_nothing(changes: dict[str, Any]) -> None:
    shop = a_shop()
    before = rows()

    with pytest.raises(UnreadableNotice):
        send(shop.feed, a_notice(shop.feed, shop.account, "x", **changes))

    assert rows() == before


# --- Repeats --------------------------------------------------------------------------------------


def test_a_repeat_is_answered_the_same_and_kept_once() -> None:
    shop = a_shop()
    order = an_order(shop, quantity=3)
    notice = a_notice(shop.feed, shop.account, code_of(order))

    answers = [send(shop.feed, notice) for _time in range(5)]

    assert {(answer.status, answer.content["success"]) for answer in answers} == {(200, True)}
    assert (BankNotice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert counted() == {}


def test_the_same_id_with_other_bytes_is_a_repeat_and_a_contradiction_is_counted() -> None:
    shop = a_shop()
    order = an_order(shop, quantity=3)
    send(shop.feed, a_notice(shop.feed, shop.account, code_of(order), notice_id=77))

    send(shop.feed, a_notice(shop.feed, shop.account, code_of(order) + " ", notice_id=77))
    assert counted() == {}
    send(shop.feed, a_notice(shop.feed, shop.account, code_of(order), 90_000, notice_id="77"))

    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert counted() == {"notice_contradicts_first": 1}
    assert BankNotice.objects.get().amount_vnd == PRICE_VND


def test_the_same_id_from_two_feeds_are_two_transfers() -> None:
    ours, theirs = a_shop(), a_shop("Hộ ông Páo")
    for shop in (ours, theirs):
        send(shop.feed, a_notice(shop.feed, shop.account, code_of(an_order(shop)), notice_id=1))

    assert list(BankNotice.objects.values_list("state", flat=True)) == ["booked", "booked"]
