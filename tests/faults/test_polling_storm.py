"""Five thousand transfers that SePay and Casso list, told of by notices and polls at once: each is booked once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from payments.invariants import violations
from payments.models import BankNotice, FeedApi
from payments.services import polling
from tests.payments.banks import a_feed, told
from tests.payments.factories import NOW, PRICE_VND, SECRET, a_shop, an_order, code_of, moved, send
from tests.payments.listing import an_api, casso_row, later, poll, sepay_row
from tests.payments.provider_server import ProviderServer, half_a_body, nothing_at_all, playing, status
from tests.plugins.database import at_once

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db")]
ORDERS = 20
START = 100_000
TELLING_S_MAX = 900
"""One thread sends four thousand notices, on a machine that may do other work."""


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


def test_lists_and_notices_at_once_with_every_fault_book_each_transfer_once(
    provider: ProviderServer,
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two feeds, four pollers at once, a fifth of the notices never come, every seventh answer is a fault."""
    monkeypatch.setattr(polling, "PAGES_A_POLL_MAX", 3)
    rows, dice = scaled(5_000), random.Random(3)
    shop = a_shop(quantity=1000)
    casso = a_feed(shop.vendor, ("casso", "api_key"))
    for feed in (shop.feed, casso):
        an_api(feed)
    orders = [an_order(shop) for _ in range(ORDERS)]
    contents = [code_of(order) for order in orders] + [f"no code {number}" for number in range(rows - ORDERS)]
    dice.shuffle(contents)
    # What has no code has an amount of its own: of hundreds of one amount from another feed a person must judge.
    amounts = [
        PRICE_VND + number + 1 if content.startswith("no code") else PRICE_VND
        for number, content in enumerate(contents)
    ]
    for number, (content, amount) in enumerate(zip(contents, amounts, strict=True)):
        at = NOW + timedelta(seconds=number % 600)
        if number % 2:
            provider.casso_rows.append(casso_row(START + number, shop.account, content, amount, at=at))
        else:
            provider.sepay_rows.append(sepay_row(START + number, shop.account, content, amount, at=at))
    faults = [status(500), nothing_at_all, half_a_body, status(429)]

    def tell() -> None:
        for number, (content, amount) in enumerate(zip(contents, amounts, strict=True)):
            if number % 5:
                feed = casso if number % 2 else shop.feed
                send(feed, told(feed, shop.account, content, amount, notice_id=START + number, now=NOW))

    runs = 0
    while True:
        runs += 1
        FeedApi.objects.filter(next_poll_at__lt=later(60)).update(next_poll_at=NOW)
        provider.faults.extend([None] * 6 + [dice.choice(faults)])
        calls: list[Callable[[], object]] = [poll, poll, poll, poll, *([tell] if runs == 1 else [])]
        answers = at_once(calls, seconds_max=TELLING_S_MAX)
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
        if BankNotice.objects.count() == rows:
            break
        assert runs < 200

    kept = BankNotice.objects.values_list("state", flat=True)
    assert (kept.filter(state="booked").count(), kept.filter(state="review").count()) == (ORDERS, rows - ORDERS)
    assert all(moved(order) == [("charge_success", PRICE_VND, "bank")] for order in orders)
    assert BankNotice.objects.aggregate(sum=Sum("amount_vnd"))["sum"] == sum(amounts)
    assert violations() == []
    record_property("rows", rows)
    record_property("runs", runs)
    record_property("questions", len(provider.asked))
