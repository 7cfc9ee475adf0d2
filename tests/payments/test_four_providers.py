"""What holds for every provider alike: whose notices are taken, and what becomes of the authentic ones."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from marketplace.core.models import SecurityCounter
from marketplace.orders.models import PaymentCode
from payments.models import BankNotice, Feed, NoticeDelivery, PaymentLink
from payments.pretend_bank import SignedNotice, sign
from payments.services.feeds import close_feed, rotate_secret
from payments.services.links import code_of_link
from payments.services.notices import NotAuthentic, NoticeTooLarge, UnknownFeed, UnreadableNotice
from payments.services.tokens import give_token
from tests.payments.banks import KINDS, SIGNED_WITH_A_MOMENT, a_feed, token_for, told
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    Shop,
    a_shop,
    an_order,
    code_of,
    moved,
    rows,
    send,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NEW_SECRET = "another-secret-of-the-tests"
VECTORS = json.loads((Path(__file__).parent / "data" / "webhooks.json").read_text("utf-8"))
each_kind = pytest.mark.parametrize("kind", KINDS, ids="-".join)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def states() -> list[tuple[str, str]]:
    return list(BankNotice.objects.order_by("pk").values_list("state", "why"))


@each_kind
def test_a_notice_pays_the_order_once_however_often_it_comes(shop: Shop, kind: tuple[str, str]) -> None:
    feed, order = a_feed(shop.vendor, kind), an_order(shop)
    notice = told(feed, shop.account, code_of(order))

    answers = [send(feed, notice) for _time in range(3)]

    assert {answer.status for answer in answers} == {200}
    assert answers[0] == answers[1] == answers[2]
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert (BankNotice.objects.count(), NoticeDelivery.objects.count()) == (1, 1)


@each_kind
def test_what_is_about_no_sale_is_taken_and_kept_all_the_same(shop: Shop, kind: tuple[str, str]) -> None:
    feed, order = a_feed(shop.vendor, kind), an_order(shop)

    send(feed, told(feed, "19001234567", code_of(order)))
    send(feed, told(feed, shop.account, "no code"))
    send(feed, told(feed, shop.account, "x", 0))
    expected = [("ignored", "foreign_account"), ("review", "no_code"), ("ignored", "not_positive")]
    if kind[0] != "payos":  # which tells of incoming money only
        send(feed, told(feed, shop.account, code_of(order), is_incoming=False))
        expected.append(("ignored", "outgoing"))

    assert states() == expected
    assert moved(order) == []


@each_kind
def test_the_old_secret_counts_for_a_day_after_it_was_replaced(shop: Shop, kind: tuple[str, str]) -> None:
    feed = a_feed(shop.vendor, kind)
    rotate_secret(actor=shop.owner, feed=feed, secret=NEW_SECRET, now=NOW)
    feed.refresh_from_db()
    late = NOW + DAY + SECOND

    for secret in (SECRET, NEW_SECRET):
        assert send(feed, told(feed, shop.account, "x", secret=secret, now=NOW + DAY), now=NOW + DAY).status == 200
    assert send(feed, told(feed, shop.account, "x", secret=NEW_SECRET, now=late), now=late).status == 200
    with pytest.raises(NotAuthentic):
        send(feed, told(feed, shop.account, "x", secret=SECRET, now=late), now=late)


@each_kind
def test_another_feeds_secret_is_worth_nothing_here(shop: Shop, kind: tuple[str, str]) -> None:
    other = a_shop("Hộ ông Páo")
    ours, theirs = a_feed(shop.vendor, kind), a_feed(other.vendor, kind, secret=NEW_SECRET)
    order = an_order(shop)
    before = rows()

    with pytest.raises(NotAuthentic):
        send(ours, told(theirs, shop.account, code_of(order), secret=NEW_SECRET))

    assert rows() == before
    counter = SecurityCounter.objects.get()
    assert (counter.kind, counter.subject, counter.count) == ("notice_not_authentic", f"feed:{ours.pk}", 1)


@pytest.mark.parametrize("kind", SIGNED_WITH_A_MOMENT, ids="-".join)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_another_hour_is_refused(shop: Shop, kind: tuple[str, str], seconds: int) -> None:
    feed = a_feed(shop.vendor, kind)

    with pytest.raises(NotAuthentic):
        send(feed, told(feed, shop.account, "x"), now=NOW + timedelta(seconds=seconds))

    assert NoticeDelivery.objects.count() == 0


@each_kind
def test_an_authentic_body_of_no_meaning_is_refused_and_is_no_attack(shop: Shop, kind: tuple[str, str]) -> None:
    feed = a_feed(shop.vendor, kind)
    before = rows()

    for body in (b'{"error":0,"data":{}}', b'{"error":0,"data":{"amount":"x"}}'):
        proof = sign(kind[0], body, secret=SECRET, auth=kind[1], now=NOW, token=token_for(feed))
        with pytest.raises(UnreadableNotice):
            send(feed, proof)

    assert (rows(), SecurityCounter.objects.count()) == (before, 0)


@each_kind
def test_a_feed_without_a_secret_is_open_to_nobody(shop: Shop, kind: tuple[str, str]) -> None:
    feed = a_feed(shop.vendor, kind)
    notice = told(feed, shop.account, "x")
    Feed.objects.filter(pk=feed.pk).update(secret="")

    for signed in (
        notice,
        SignedNotice(notice.body, {}),
        sign(*kind[:1], notice.body, secret="", auth=kind[1], now=NOW),
    ):
        with pytest.raises(NotAuthentic):
            send(feed, signed)


def test_every_transfer_of_an_array_is_kept_together_each_once(shop: Shop) -> None:
    feed, orders = a_feed(shop.vendor, ("casso", "api_key")), [an_order(shop) for _ in range(3)]
    rows_told = [json.loads(told(feed, shop.account, code_of(order)).body)["data"][0] for order in orders]

    def array(*told_rows: object) -> SignedNotice:
        body = json.dumps({"error": 0, "data": told_rows}).encode()
        return sign("casso", body, secret=SECRET, auth="api_key", now=NOW)

    send(feed, array(rows_told[0]))
    send(feed, array(*rows_told, rows_told[1]))

    assert [moved(order) for order in orders] == [[("charge_success", PRICE_VND, "bank")]] * 3
    assert [delivery.notices.count() for delivery in NoticeDelivery.objects.order_by("pk")] == [1, 2]


def test_a_row_that_cannot_be_read_keeps_no_other_waiting_and_the_whole_body_is_kept_and_asked_for_again(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    feed, orders = a_feed(shop.vendor, ("casso", "api_key")), [an_order(shop) for _ in range(2)]
    rows_told = [json.loads(told(feed, shop.account, code_of(order)).body)["data"][0] for order in orders]
    body = json.dumps({"error": 0, "data": [rows_told[0], {"amount": "x"}, rows_told[1]]}).encode()
    notice = sign("casso", body, secret=SECRET, auth="api_key", now=NOW)

    for _time in range(2):
        with pytest.raises(UnreadableNotice):
            send(feed, notice)

    assert [moved(order) for order in orders] == [[("charge_success", PRICE_VND, "bank")]] * 2
    assert [bytes(kept.raw_body or b"") for kept in NoticeDelivery.objects.all()] == [body]
    assert [line.getMessage() for line in caplog.records] == [
        f"a body of feed …{str(feed.pk)[-4:]} has 1 rows that cannot be read"
    ] * 2


def test_the_test_events_of_casso_and_payos_are_taken_and_kept_as_tests(shop: Shop) -> None:
    second, first = a_feed(shop.vendor, ("casso", "hmac")), a_feed(shop.vendor, ("casso", "api_key"))
    links = a_feed(shop.vendor, ("payos", "hmac"))
    sample = VECTORS["payos"]["data"]

    for _time in range(2):
        assert send(second, told(second, shop.account, "giao dich thu nghiem", notice_id=0)).status == 200
        assert send(first, told(first, shop.account, "giao dich thu nghiem", notice_id=0)).status == 200
        assert send(links, told(links, sample["accountNumber"], "x", changes=sample)).status == 200

    assert states() == [("ignored", "test_event")] * 3
    assert BankNotice.objects.filter(is_test=True).count() == 3


# --- payOS's links --------------------------------------------------------------------------------


def a_link(feed: Feed, code_text: str, *, number: int) -> PaymentLink:
    code = PaymentCode.objects.get(code=code_text)
    return PaymentLink.objects.create(
        feed=feed, payment_code=code, order_code=number, provider_link_id="link", amount_vnd=PRICE_VND, bin=code.bin,
        account_number=code.account_number, account_name=code.account_name, memo="CSX", qr_payload="x", made_at=NOW,
    )  # fmt: skip


def test_the_number_of_a_link_finds_the_order_whatever_the_words_say(shop: Shop) -> None:
    feed, order = a_feed(shop.vendor, ("payos", "hmac")), an_order(shop)
    a_link(feed, code_of(order), number=41)

    send(feed, told(feed, shop.account, "CSC5ZUJHBJ8 Test request", link_number=41))

    assert moved(order) == [("charge_success", PRICE_VND, "bank")]
    assert BankNotice.objects.get().code_hint == code_of(order)


def test_a_number_that_is_no_link_of_this_feed_books_nothing(shop: Shop) -> None:
    other = a_shop("Hộ ông Páo")
    ours, theirs = a_feed(shop.vendor, ("payos", "hmac")), a_feed(other.vendor, ("payos", "hmac"))
    order = an_order(other)
    a_link(theirs, code_of(order), number=41)

    for number in (41, 42):
        send(ours, told(ours, shop.account, "CSC5ZUJHBJ8", link_number=number))

    assert states() == [("review", "no_code")] * 2
    assert moved(order) == []
    assert (code_of_link(theirs, 41), code_of_link(ours, 41), code_of_link(theirs, 42)) == (code_of(order), "", "")


def test_a_link_that_payos_does_not_call_paid_waits_for_a_person(shop: Shop) -> None:
    feed, order = a_feed(shop.vendor, ("payos", "hmac")), an_order(shop)
    a_link(feed, code_of(order), number=41)

    send(feed, told(feed, shop.account, "x", link_number=41, changes={"code": "01"}))

    assert states() == [("review", "provider_doubts")]
    assert moved(order) == []


# --- VietQR.vn's tokens ---------------------------------------------------------------------------


def test_a_token_is_given_for_name_and_password_and_nothing_is_written(shop: Shop) -> None:
    feed = a_feed(shop.vendor, ("vietqrvn", "basic"))
    before = rows()

    assert token_for(feed)

    assert (rows(), SecurityCounter.objects.count()) == (before, 0)


def test_a_wrong_password_gets_no_token_and_is_counted(shop: Shop) -> None:
    feed = a_feed(shop.vendor, ("vietqrvn", "basic"))

    for _time in range(2):
        with pytest.raises(NotAuthentic) as refusal:
            token_for(feed, secret="not-the-secret-at-all")

    assert refusal.value.status == 401
    assert SecurityCounter.objects.get(kind="notice_not_authentic", subject=f"feed:{feed.pk}").count == 2


@pytest.mark.parametrize("wanted", ["", "x", "sepay", "closed"])
def test_only_an_open_feed_of_vietqrvn_gives_tokens(shop: Shop, wanted: str) -> None:
    closed = a_feed(shop.vendor, ("vietqrvn", "basic"))
    close_feed(actor=shop.owner, feed=closed, now=NOW)
    feed_id = {"sepay": str(shop.feed.pk), "closed": str(closed.pk)}.get(wanted, wanted)

    with pytest.raises(UnknownFeed):
        give_token(feed_id=feed_id, body=b"", headers={}, now=NOW)


def test_a_request_for_a_token_is_no_larger_than_a_notice(shop: Shop) -> None:
    with pytest.raises(NoticeTooLarge):
        give_token(feed_id="", body=b" " * (64 * 1024 + 1), headers={}, now=NOW)
