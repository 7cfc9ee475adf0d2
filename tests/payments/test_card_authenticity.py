"""Stripe's webhooks: only what Stripe itself signed counts, and only where it has the shape that Stripe's has."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from payments.cards import notices
from payments.models import CardSession
from payments.services.cards.events import CARD_BODY_BYTES_MAX, receive_card_notice
from payments.services.notices import NotAuthentic, NoticeTooLarge, UnknownFeed, UnreadableNotice
from tests.payments.card_shop import (
    a_card_shop,
    everything,
)
from tests.payments.factories import NOW, PRICE_VND, an_order, moved
from tests.payments.fake_stripe import OLD_WEBHOOK_SECRET, WEBHOOK_SECRET, FakeStripe, Thing, signed

pytestmark = pytest.mark.django_db
STALE = timedelta(seconds=301)


@pytest.fixture
def order(fake_stripe: FakeStripe) -> Order:
    return an_order(a_card_shop(fake_stripe))


def send(body: bytes, signature: str) -> None:
    receive_card_notice(body=body, signature=signature, now=NOW)


@pytest.mark.parametrize("secret", [WEBHOOK_SECRET, OLD_WEBHOOK_SECRET])
def test_the_secret_and_the_one_being_replaced_both_count(order: Order, paid_event: Thing, secret: str) -> None:
    send(*signed(paid_event, at=NOW, secret=secret))

    assert moved(order) == [("charge_success", PRICE_VND, "card")]


@pytest.mark.parametrize("aside", [timedelta(0), timedelta(seconds=-300), timedelta(seconds=300)])
def test_stamps_up_to_five_minutes_aside_count(order: Order, paid_event: Thing, aside: timedelta) -> None:
    send(*signed(paid_event, at=NOW + aside))

    assert len(moved(order)) == 1


FORGERIES: dict[str, Any] = {
    "another secret": lambda event: signed(event, at=NOW, secret="whsec_of_somebody_else"),
    "stale": lambda event: signed(event, at=NOW - STALE),
    "of the future": lambda event: signed(event, at=NOW + STALE),
    "of next year": lambda event: signed(event, at=NOW + timedelta(days=365)),
    "altered": lambda event: (signed(event, at=NOW)[0].replace(b"60000", b"60001"), signed(event, at=NOW)[1]),
    "cut off": lambda event: (signed(event, at=NOW)[0][:-1], signed(event, at=NOW)[1]),
    "no signature": lambda event: (signed(event, at=NOW)[0], ""),
    "another scheme": lambda event: signed(event, at=NOW, scheme="v0"),
    "no stamp": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1].split(",")[1]),
    "no number in the stamp": lambda event: (b"{}", "t=now,v1=00"),
    "a stamp beyond reason": lambda event: (b"{}", f"t={'9' * 400},v1=00"),
    "two stamps, the signed one last": lambda event: (
        signed(event, at=NOW - STALE)[0],
        f"t={int(NOW.timestamp())},{signed(event, at=NOW - STALE)[1]}",
    ),
    "not ASCII": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1] + ",v1=đồng"),
    "endless": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1] + ",v1=00" * 1000),
    "not UTF-8": lambda event: (b"\xff\xfe", f"t={int(NOW.timestamp())},v1=00"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_not_stripes_has_no_effect_and_is_counted(order: Order, paid_event: Thing, forgery: str) -> None:
    before = everything()

    with pytest.raises(NotAuthentic) as refusal:
        send(*FORGERIES[forgery](paid_event))

    assert (refusal.value.status, refusal.value.reason) == (401, "not_authentic")
    assert everything() == before
    counter = SecurityCounter.objects.get()
    assert (counter.kind, counter.subject, counter.count) == ("notice_not_authentic", "cards:stripe", 1)


def test_control_stripes_library_alone_accepts_a_stamp_of_the_future(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, our own look at the stamp may not be needed any more."""
    monkeypatch.setattr(notices, "STAMP_TOLERANCE_S", 10**12)

    send(*signed(paid_event, at=NOW + timedelta(days=365)))

    assert len(moved(order)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[1]",
        b"NaN",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b"{}",
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": "no", "data": {"object": {}}}).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": True, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps(
            {"id": "evt_1", "type": "x", "created": 2**80, "livemode": False, "data": {"object": {}}}
        ).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": False, "data": []}).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": False, "data": {}}).encode(),
        json.dumps({"id": "", "type": "x", "created": 1, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps({"id": "e" * 256, "type": "x", "created": 1, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps(
            {"id": "evt_1", "type": "y" * 81, "created": 1, "livemode": False, "data": {"object": {}}}
        ).encode(),
    ],
)
def test_authentic_nonsense_is_refused_and_leaves_nothing(fake_stripe: FakeStripe, body: bytes) -> None:
    before = everything()

    with pytest.raises(UnreadableNotice) as refusal:
        send(*signed(body, at=NOW))

    assert (refusal.value.status, everything()) == (400, before)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_total": "60000"},
        {"amount_total": 60000.5},
        {"amount_total": True},
        {"amount_total": -1},
        {"amount_total": 10**13},
        {"amount_total": None},
        {"payment_intent": "p" * 65},
        {"payment_intent": {}},
        {"id": None},
    ],
)
def test_payments_out_of_shape_are_refused_and_leave_nothing(
    order: Order, paid_event: Thing, changes: dict[str, Any]
) -> None:
    before = everything()
    paid_event["data"]["object"] |= changes

    with pytest.raises(UnreadableNotice):
        send(*signed(paid_event, at=NOW))

    assert everything() == before


def test_a_payment_intent_sent_whole_is_read_too(order: Order, paid_event: Thing) -> None:
    paid = paid_event["data"]["object"]
    paid["payment_intent"] = {"id": paid["payment_intent"], "object": "payment_intent"}

    send(*signed(paid_event, at=NOW))

    assert CardSession.objects.get(order=order).payment_intent == paid["payment_intent"]["id"]


def test_bodies_over_the_limit_are_refused_unread(fake_stripe: FakeStripe) -> None:
    before = everything()

    with pytest.raises(NoticeTooLarge) as refusal:
        send(*signed(b"x" * (CARD_BODY_BYTES_MAX + 1), at=NOW))
    with pytest.raises(UnreadableNotice):
        send(*signed(b"x" * CARD_BODY_BYTES_MAX, at=NOW))

    assert (refusal.value.status, everything()) == (413, before)


def test_where_cards_are_off_there_is_no_such_address(fake_stripe: FakeStripe, settings: SettingsWrapper) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = ""

    with pytest.raises(UnknownFeed) as refusal:
        send(*signed(b"{}", at=NOW))

    assert refusal.value.status == 404
