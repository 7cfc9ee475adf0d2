"""The address where Stripe's events come in: statuses, answers, and what is refused before it is read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.core import clock
from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from payments.services.cards import events
from payments.services.cards.events import CARD_BODY_BYTES_MAX
from tests.payments.card_shop import a_card_shop, begin, card_rows
from tests.payments.factories import NOW, PRICE_VND, an_order, moved, rows
from tests.payments.fake_stripe import FakeStripe, Thing, signed

pytestmark = pytest.mark.django_db
PATH = "/payments/cards/stripe/"


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def order(fake_stripe: FakeStripe) -> Order:
    return an_order(a_card_shop(fake_stripe))


@pytest.fixture
def event(fake_stripe: FakeStripe, order: Order) -> Thing:
    return fake_stripe.pay(begin(order).stripe_id)


@pytest.fixture
def stripe() -> Client:
    """A client without cookies, that the CSRF check would refuse."""
    return Client(enforce_csrf_checks=True)


def post(stripe: Client, body: bytes, signature: str, path: str = PATH) -> tuple[int, Any]:
    answer = stripe.post(path, body, content_type="application/json", headers={"Stripe-Signature": signature})
    return answer.status_code, answer.json()


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_an_event_is_booked_and_answered_and_again_only_answered(
    stripe: Client, order: Order, event: Thing, path: str
) -> None:
    answers = [post(stripe, *signed(event, at=NOW), path) for _ in range(2)]

    assert answers == [(200, {"received": True})] * 2
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_what_is_not_taken_is_said_by_status_and_reason(stripe: Client, order: Order, event: Thing) -> None:
    before = (rows(), card_rows())
    body, signature = signed(event, at=NOW)

    answers = [
        post(stripe, body + b" ", signature),
        post(stripe, body, ""),
        post(stripe, *signed(b"[]", at=NOW)),
        post(stripe, b"x" * (CARD_BODY_BYTES_MAX + 1), signature),
    ]

    assert answers == [
        (401, {"success": False, "reason": "not_authentic"}),
        (401, {"success": False, "reason": "not_authentic"}),
        (400, {"success": False, "reason": "not_its_shape"}),
        (413, {"success": False, "reason": "too_large"}),
    ]
    assert (rows(), card_rows()) == before
    assert SecurityCounter.objects.get().count == 2
    assert stripe.get(PATH).status_code == 405


def test_a_body_that_ends_before_it_ends_is_refused(fake_stripe: FakeStripe) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.input": Broken(), "wsgi.input_terminated": True, "wsgi.url_scheme": "http", "CONTENT_LENGTH": "",
    }  # fmt: skip
    told: list[str] = []

    list(WSGIHandler()(environ, lambda status, _headers: told.append(status)))  # type: ignore[arg-type]  # a bare WSGI call

    assert told == ["400 Bad Request"]


def test_an_event_that_cannot_be_kept_is_answered_with_try_again(
    stripe: Client, order: Order, event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "settle_sale", lambda *_: 1 / 0)

    answer = stripe.post(
        PATH, signed(event, at=NOW)[0], content_type="application/json",
        headers={"Stripe-Signature": signed(event, at=NOW)[1]},
    )  # fmt: skip

    assert (answer.status_code, answer["Retry-After"], moved(order)) == (503, "30", [])


def test_where_cards_are_off_there_is_no_such_address(
    stripe: Client, order: Order, event: Thing, settings: SettingsWrapper
) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = ""

    assert post(stripe, *signed(event, at=NOW)) == (404, {"success": False, "reason": "unknown_feed"})
    assert moved(order) == []
