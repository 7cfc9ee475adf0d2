"""payOS's links: what the buyer is shown, for which amount, and until when."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.places.models import MarketSite
from payments.asked import asked_payload
from payments.models import Feed, FeedApi, PaymentLink
from payments.services.feeds import close_feed
from payments.services.links import LINKS_A_CODE_MAX, LinkNotMade, ensure_link
from payments.services.requesting import payment_for_checkout, payment_for_order
from payments.vietqr.reader import read_vietqr
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, an_order, code_of, moved
from tests.payments.linking import a_payos_shop, kept, notice_by_link, wanted_for
from tests.payments.listing import later, poll_again
from tests.payments.provider_server import ProviderServer, status

PAID_ONCE = [("charge_success", PRICE_VND, "bank")]


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_payos_shop()


# --- What the buyer is shown --------------------------------------------------------------------------


def test_the_buyer_of_a_payos_shop_is_shown_the_links_account_code_and_words(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)

    asked = payment_for_order(order=order, now=NOW)

    (made,) = provider.links.values()
    assert (asked.payload, asked.memo) == (made["qrCode"], made["description"])
    assert (asked.bank.bin, asked.account_number, asked.account_name) == (
        "970422",
        made["accountNumber"],
        "HTX BAN GIOC",
    )
    assert (asked.reference, asked.amount_vnd, asked.outstanding_vnd) == (code_of(order), PRICE_VND, PRICE_VND)
    assert asked.expires_at == order.expires_at
    assert read_vietqr(asked.payload).amount == PRICE_VND
    assert made["expiredAt"] == int(order.expires_at.timestamp()) if order.expires_at else False
    assert provider.asked[0].fields["description"] == code_of(order)[3:12]
    assert provider.asked[0].fields["returnUrl"] == "http://127.0.0.1:8000/"


def test_asking_again_asks_payos_nothing_and_takes_three_statements(provider: ProviderServer, shop: Shop) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    asked = len(provider.asked)

    with CaptureQueriesContext(connection) as statements:
        again = payment_for_order(order=order, now=later(1))

    assert again == first
    assert (len(statements), len(provider.asked)) == (3, asked)


def test_a_checkout_that_is_paid_first_has_a_link_too_and_the_order_keeps_it(
    provider: ProviderServer, shop: Shop
) -> None:
    asked = payment_for_checkout(checkout_id=a_checkout(shop), now=NOW)
    link = PaymentLink.objects.get()

    assert asked.payload == link.qr_payload
    assert asked_payload(code_text=asked.reference, amount_vnd=PRICE_VND, now=NOW) == link.qr_payload
    notice = notice_by_link(shop, link)
    assert (notice.state, moved(Order.objects.get())) == ("booked", PAID_ONCE)


def test_the_picture_of_an_orders_code_is_the_links(provider: ProviderServer, shop: Shop) -> None:
    order = an_order(shop)
    asked = payment_for_order(order=order, now=NOW)

    assert asked_payload(code_text=asked.reference, amount_vnd=PRICE_VND, now=NOW) == asked.payload
    assert list(provider.links) == [PaymentLink.objects.get().order_code]


@pytest.mark.parametrize("way", ["closed", "no key", "the market's"])
def test_without_a_payos_feed_of_its_own_and_its_key_a_shop_is_paid_by_its_own_code(
    provider: ProviderServer, way: str, shop: Shop
) -> None:
    if way == "closed":
        close_feed(actor=SYSTEM, feed=shop.feed, now=NOW)
    elif way == "no key":
        FeedApi.objects.all().delete()
    else:
        site = MarketSite.objects.create(commune=shop.vendor.commune, name="Chợ Bản Giốc", slug="cho-ban-gioc")
        Feed.objects.filter(pk=shop.feed.pk).update(vendor=None, market_site=site)

    asked = payment_for_order(order=an_order(shop), now=NOW)

    assert (asked.account_number, provider.asked) == (shop.account, [])


# --- Other amounts ------------------------------------------------------------------------------------------


def test_after_a_part_the_rest_has_a_link_of_its_own_and_the_old_one_can_be_paid_no_more(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    payment_for_order(order=order, now=NOW)
    first = PaymentLink.objects.get()
    provider.pay_link(first.order_code, 45_000, reference="THU1")
    poll_again(shop.feed)

    rest = payment_for_order(order=order, now=NOW)

    second = PaymentLink.objects.exclude(pk=first.pk).get()
    assert (rest.amount_vnd, rest.payload, rest.expires_at) == (15_000, second.qr_payload, None)
    assert (second.amount_vnd, second.expires_at) == (15_000, None)
    assert provider.open_links() == [second.order_code]
    provider.pay_link(second.order_code, 15_000, reference="THU2")
    poll_again(shop.feed)
    assert [amount for _, amount, _ in moved(order)] == [45_000, 15_000]
    assert Order.objects.get(pk=order.pk).charge_status == "full"


def test_an_old_link_that_cannot_be_taken_back_now_is_taken_back_by_the_next_poll(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    payment_for_order(order=order, amount_vnd=10_000, now=NOW)
    provider.faults.extend([None, status(500)])

    rest = payment_for_order(order=order, now=later(1))

    assert (rest.amount_vnd, len(provider.open_links())) == (PRICE_VND, 2)
    poll_again(shop.feed, now=later(2))
    assert provider.open_links() == [PaymentLink.objects.get(amount_vnd=PRICE_VND).order_code]
    assert kept() == [("cancelled", True), ("open", True)]


def test_nobody_makes_links_without_end(provider: ProviderServer, shop: Shop) -> None:
    order = an_order(shop)
    for amount in range(1_000, 1_000 + LINKS_A_CODE_MAX):
        payment_for_order(order=order, amount_vnd=amount, now=NOW)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert len(provider.links) == LINKS_A_CODE_MAX
    assert len(provider.open_links()) == 1


def test_a_link_whose_time_has_passed_is_made_anew_and_one_for_a_time_that_has_passed_is_not_made(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    ensure_link(wanted=wanted_for(order, expires_at=later(10)), now=NOW)

    again = ensure_link(wanted=wanted_for(order, expires_at=later(30)), now=later(10))
    with pytest.raises(LinkNotMade):
        ensure_link(wanted=wanted_for(order, expires_at=later(40)), now=later(40))

    assert again.expires_at == later(30)
    assert len(provider.links) == 2
