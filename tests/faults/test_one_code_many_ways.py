"""One code paid fifty ways at once: by every provider, the market site's feed and a statement.

Six honest transfers of one amount on one day are told by eight feeds each, two of them twice. Booked once for each
that truly moved; the rest is recognised as told before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from marketplace.orders.models import Order
from marketplace.places.models import MarketSite
from payments import matching
from payments.invariants import violations
from payments.matching import Direction, Transfer
from payments.models import BankNotice, Feed, ReviewItem
from payments.providers.base import Reported
from payments.services.keeping import TakenIn, take_in
from payments.services.notices import NoticeAnswer, receive_notice, sweep_received
from tests.payments import banks
from tests.payments.factories import NENH, NOW, Shop, a_shop, a_site_feed, an_order, code_of, moved, waiting
from tests.plugins.database import at_once

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("committed_db")]
ROUNDS = 10
TRANSFERS = 6
PART_VND = 20_000
WAYS = 50
FIRST_NUMBER = 2_000_000

Way = Callable[[], NoticeAnswer | TakenIn]


@pytest.fixture
def shop(committed_db: None) -> Shop:
    site = MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)
    return a_shop(site=site, quantity=1_000)


@pytest.fixture
def feeds(shop: Shop) -> list[Feed]:
    """A feed of each provider and proof, the market site's, and the shop's statements."""
    site = shop.vendor.market_site
    assert site is not None
    statements = Feed.objects.create(
        provider=Feed.Provider.STATEMENT, vendor=shop.vendor, secret="", is_active=False, made_at=NOW
    )
    return [*(banks.a_feed(shop.vendor, kind) for kind in banks.KINDS), a_site_feed(site), statements]


def told_by_provider(feed: Feed, shop: Shop, code: str, number: int) -> NoticeAnswer:
    notice = banks.told(feed, shop.account, code, PART_VND, notice_id=number)
    return receive_notice(
        provider=feed.provider, feed_id=str(feed.pk), body=notice.body, headers=notice.headers, now=NOW
    )


def told_by_statement(feed: Feed, shop: Shop, code: str, number: int) -> TakenIn:
    line = Reported(
        provider_tx_id=f"line {number}",
        transfer=Transfer(direction=Direction.IN, amount=PART_VND, accounts=(shop.account,), content=f"CT {code}"),
        bank_reference=f"thu {number}",
        happened_at=NOW,
    )
    return take_in(feed, raw=b"statement", reported=[line], now=NOW)


def fifty_ways(feeds: list[Feed], shop: Shop, code: str, *, first: int) -> list[Way]:
    """Every transfer by every feed, and two by their first feed once more; all feeds of a transfer side by side."""
    ways: list[Way] = []
    for number in range(first, first + TRANSFERS):
        for feed in feeds:
            is_statement = feed.provider == Feed.Provider.STATEMENT
            telling = told_by_statement if is_statement else told_by_provider
            ways.append(partial(telling, feed, shop, code, number))
    again = [
        partial(told_by_provider, feeds[0], shop, code, first),
        partial(told_by_provider, feeds[1], shop, code, first),
    ]
    return [*ways, *again]


def pay_at_once(feeds: list[Feed], shop: Shop, *, first: int) -> Order:
    order = an_order(shop, quantity=10)
    ways = fifty_ways(feeds, shop, code_of(order), first=first)
    assert len(ways) == WAYS
    answers = at_once(ways)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    while sweep_received(now=NOW):
        pass
    return order


def test_one_code_paid_fifty_ways_at_once_is_booked_once_a_transfer(
    shop: Shop,
    feeds: list[Feed],
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
) -> None:
    rounds = scaled(ROUNDS)
    for number in range(rounds):
        order = pay_at_once(feeds, shop, first=FIRST_NUMBER + 100 * number)

        assert moved(order) == [("charge_success", PART_VND, "bank")] * TRANSFERS
        assert Order.objects.get(pk=order.pk).charged_vnd == TRANSFERS * PART_VND
        assert ("partial", 600_000 - TRANSFERS * PART_VND) in waiting(shop)
    states = Counter(BankNotice.objects.values_list("state", "why"))
    told = TRANSFERS * len(feeds)
    record_property("ways", rounds * WAYS)
    record_property("states", {f"{state} {why}".strip(): count for (state, why), count in states.items()})
    assert states == {
        ("booked", ""): rounds * TRANSFERS,
        ("ignored", "same_transfer"): rounds * (told - TRANSFERS),
    }
    linked = BankNotice.objects.filter(state="ignored").select_related("same_as")
    assert all(one.same_as is not None and one.same_as.state == "booked" for one in linked)
    assert set(Counter(linked.values_list("same_as", flat=True)).values()) == {len(feeds) - 1}
    assert not ReviewItem.objects.filter(kind="unmatched").exists()
    assert violations() == []


def test_control_where_repeats_are_not_recognised_the_same_storm_books_every_telling(
    shop: Shop, feeds: list[Feed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "repeat_of", lambda _telling, _earlier: None)

    order = pay_at_once(feeds, shop, first=FIRST_NUMBER)

    # The order costs 600,000: thirty tellings fill it, and the rest waits as money for a paid order.
    assert len(moved(order)) == 30
    assert Order.objects.get(pk=order.pk).charged_vnd == 600_000
    assert ReviewItem.objects.filter(kind="unmatched").count() == TRANSFERS * len(feeds) - 30
