"""Thousands of forged notices change nothing; authentic ones, however odd or often, are taken and booked once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.core import clock
from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from payments.invariants import violations
from payments.models import BankNotice, Feed, NoticeDelivery, TransactionEvent
from payments.pretend_bank import SignedNotice
from payments.providers import PROVIDERS
from payments.services.feeds import notice_path
from tests.faults.forger import Forger, Street
from tests.payments.banks import KINDS, SIGNED_WITH_A_MOMENT, told
from tests.payments.factories import NOW, PRICE_VND, Shop, an_order, code_of, moved
from tests.plugins.database import row_counts

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
FORGED = 2_400
AUTHENTIC = 600
SEED = 20_261_122
COUNTED = "core_securitycounter"
"""The one table that a forgery may write to."""


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def dice() -> random.Random:
    """Dice that fall the same way in every run."""
    return random.Random(SEED)


def post(bank: Client, path: str, notice: SignedNotice) -> tuple[int, Any]:
    headers = {name: value for name, value in notice.headers.items() if name != "Content-Type"}
    response = bank.post(path, notice.body, content_type="application/json", headers=headers)
    return response.status_code, response.json()


def test_forged_notices_have_no_effect(
    scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    street, bank = Street(), Client(enforce_csrf_checks=True)
    forgeries = list(Forger(street, dice()).forgeries(scaled(FORGED)))
    before = row_counts()

    answered = [(forged, *post(bank, forged.path, forged.notice)) for forged in forgeries]

    record_property("forged", len(answered))
    record_property("sorts", dict(Counter(forged.what for forged in forgeries)))
    record_property("answers", dict(Counter(status for _forged, status, _answer in answered)))
    wrong = [(forged.what, forged.path, status) for forged, status, _answer in answered if status != forged.status]
    assert wrong == []
    for forged, _status, answer in answered:
        is_envelope = "/vietqrvn/" in forged.path
        assert answer["error" if is_envelope else "success"] is is_envelope
    after = row_counts()
    assert after | {COUNTED: 0} == before | {COUNTED: 0}
    assert NoticeDelivery.objects.count() == 0
    assert moved(street.order) == []
    refused = sum(1 for forged in forgeries if forged.status == 401)
    assert sum(SecurityCounter.objects.values_list("count", flat=True)) == refused


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
def test_control_an_adapter_that_compares_nothing_lets_forgeries_through(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    street, bank = Street(), Client()
    kind = next(kind for kind in KINDS if kind[0] == provider)
    forged = Forger(street, dice()).wrong_secret(kind)
    monkeypatch.setattr(type(PROVIDERS[provider]), "is_authentic", lambda *_, **__: True)

    assert post(bank, forged.path, forged.notice)[0] == 200

    assert moved(street.order) == [("charge_success", PRICE_VND, "bank")]


@pytest.mark.parametrize("kind", SIGNED_WITH_A_MOMENT, ids="-".join)
def test_control_an_adapter_without_a_clock_lets_an_old_notice_through(
    kind: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    street, bank = Street(), Client()
    old = Forger(street, dice()).stale(kind)
    assert old is not None
    monkeypatch.setattr(f"payments.providers.{kind[0]}.is_recent", lambda *_, **__: True)

    assert post(bank, old.path, old.notice)[0] == 200

    assert moved(street.order) == [("charge_success", PRICE_VND, "bank")]


def test_authentic_notices_are_taken_kept_and_booked_once(
    scaled: Callable[[int], int], record_property: Callable[[str, object], None]
) -> None:
    street, bank, die = Street(), Client(enforce_csrf_checks=True), dice()
    count = scaled(AUTHENTIC)
    notices: list[tuple[str, SignedNotice]] = []
    orders: list[Order] = []
    expected: Counter[tuple[str, str]] = Counter()
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        feed = street.feeds[kind]
        sort = die.choice(["paid", "paid", "foreign", "outgoing", "no code", "nothing"])
        if sort == "outgoing" and kind[0] == "payos":
            sort = "foreign"  # payOS tells of incoming money only
        notice, outcome, order = _authentic(street.shop, feed, sort)
        orders += [order] if order is not None else []
        expected[outcome] += 1
        notices += [(notice_path(feed) + notice.path, notice)] * die.choice([1, 1, 2, 3])
    for kind, tested in _test_events(street):
        notices += [(notice_path(street.feeds[kind]) + tested.path, tested)] * 2
        expected["ignored", "test_event"] += 1
    die.shuffle(notices)

    answers = [post(bank, path, notice)[0] for path, notice in notices]

    record_property("authentic", len(notices))
    record_property("outcomes", {" ".join(outcome).strip(): found for outcome, found in expected.items()})
    assert set(answers) == {200}
    assert Counter(BankNotice.objects.values_list("state", "why")) == expected
    assert [moved(order) for order in orders] == [[("charge_success", PRICE_VND, "bank")]] * len(orders)
    assert TransactionEvent.objects.filter(type="charge_success").count() == expected["booked", ""] == len(orders)
    assert (violations(), SecurityCounter.objects.count()) == ([], 0)


def _authentic(shop: Shop, feed: Feed, sort: str) -> tuple[SignedNotice, tuple[str, str], Order | None]:
    """An authentic notice of this sort, what must become of it, and the order that it pays."""
    if sort == "paid":
        order = an_order(shop)
        return told(feed, shop.account, code_of(order)), ("booked", ""), order
    if sort == "foreign":
        return told(feed, "19001234567", "x"), ("ignored", "foreign_account"), None
    if sort == "outgoing":
        return told(feed, shop.account, "x", is_incoming=False), ("ignored", "outgoing"), None
    if sort == "nothing":
        return told(feed, shop.account, "x", 0), ("ignored", "not_positive"), None
    return told(feed, shop.account, "mua hang"), ("review", "no_code"), None


def _test_events(street: Street) -> list[tuple[tuple[str, str], SignedNotice]]:
    sample = {"reference": "TF230204212323", "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18"}
    return [
        (("casso", "hmac"), street.told(("casso", "hmac"), notice_id=0)),
        (("casso", "api_key"), street.told(("casso", "api_key"), notice_id=0)),
        (("payos", "hmac"), street.told(("payos", "hmac"), changes=sample)),
    ]
