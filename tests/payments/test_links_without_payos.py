"""Where payOS is away or makes no link: no code that nobody would tell the market of, and no fault."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from marketplace.core import secrets
from marketplace.core.actors import SYSTEM
from marketplace.places.models import MarketSite
from payments.models import FeedApi, PaymentLink
from payments.services.feeds import close_feed
from payments.services.links import LinkNotMade, ensure_link
from payments.services.requesting import payment_for_order
from tests.payments.banks import a_feed
from tests.payments.factories import NOW, Shop, a_site_feed, an_order, code_of
from tests.payments.linking import a_payos_shop, wanted_for
from tests.payments.listing import later
from tests.payments.provider_server import PAYOS_KEY, Play, ProviderServer, html, json_body, nothing_at_all, status

LINKS = "/v2/payment-requests"


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_payos_shop()


@pytest.mark.parametrize(
    ("play", "problem"),
    [
        (status(500), "unreachable"),
        (nothing_at_all, "unreachable"),
        (status(401), "refused"),
        (status(429), "rate_limited"),
        (json_body({"code": "20", "desc": "Thông tin truyền lên không đúng"}), "rejected"),
        (html, "NotItsShape"),
    ],
)
def test_without_its_link_a_payos_shop_shows_no_code_and_payos_is_left_alone_for_a_while(
    provider: ProviderServer, shop: Shop, play: Play, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    order = an_order(shop)
    provider.faults.append(play)

    for _ in range(3):
        with pytest.raises(LinkNotMade) as refusal:
            payment_for_order(order=order, now=NOW)

    assert (refusal.value.status, refusal.value.code) == (503, "INVALID")
    assert len(provider.asked) == 1
    assert FeedApi.objects.get().problem == f"link: {problem}"
    assert PAYOS_KEY not in caplog.text
    cache.clear()
    assert payment_for_order(order=order, now=later(0.5)).payload == PaymentLink.objects.get().qr_payload


@pytest.mark.parametrize("teller", ["sepay", "casso", "the market's"])
def test_without_its_link_the_own_code_is_shown_only_where_another_feed_would_tell_of_the_money(
    provider: ProviderServer, shop: Shop, teller: str
) -> None:
    if teller == "the market's":
        site = MarketSite.objects.create(commune=shop.vendor.commune, name="Chợ Bản Giốc", slug="cho-ban-gioc")
        shop.vendor.market_site = site
        shop.vendor.save(update_fields=["market_site"])
        a_site_feed(site)
    else:
        a_feed(shop.vendor, (teller, "hmac"))
    order = an_order(shop)
    provider.broken[LINKS] = status(500)

    asked = payment_for_order(order=order, now=NOW)

    assert (asked.account_number, asked.memo) == (shop.account, code_of(order))


def test_keys_that_cannot_be_read_make_no_link_and_no_fault(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)

    def unreadable(_: str) -> str:
        raise secrets.UnreadableSecret("gone")

    monkeypatch.setattr(secrets, "decrypt", unreadable)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)


def test_a_feed_that_was_closed_a_moment_ago_makes_no_link(provider: ProviderServer, shop: Shop) -> None:
    wanted = wanted_for(an_order(shop))
    close_feed(actor=SYSTEM, feed=shop.feed, now=NOW)

    with pytest.raises(LinkNotMade):
        ensure_link(wanted=wanted, now=NOW)
