"""payOS's links: made once for a code and an amount whatever crashes, shown to the buyer, found by their number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.core import secrets
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.places.models import MarketSite
from payments.apis.payos import NumberTaken
from payments.asked import asked_payload
from payments.invariants import violations
from payments.models import Feed, FeedApi, PaymentLink
from payments.services import links
from payments.services.feeds import close_feed
from payments.services.links import CLAIM_S, LINKS_A_CODE_MAX, LinkNotMade, ensure_link
from payments.services.requesting import payment_for_checkout, payment_for_order
from payments.vietqr.reader import read_vietqr
from tests.payments.banks import a_feed
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    Shop,
    a_checkout,
    a_site_feed,
    an_order,
    code_of,
    moved,
)
from tests.payments.linking import NO, a_payos_shop, die, kept, notice_by_link, wanted_for
from tests.payments.listing import later, poll_again
from tests.payments.provider_server import (
    PAYOS_KEY,
    Play,
    ProviderServer,
    html,
    json_body,
    lost,
    nothing_at_all,
    playing,
    status,
)
from tests.plugins.database import at_once

PAID_ONCE = [("charge_success", PRICE_VND, "bank")]
LINKS = "/v2/payment-requests"


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    yield a_payos_shop()
    assert violations() == []


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


# --- Once, whatever happens -----------------------------------------------------------------------------


@pytest.mark.usefixtures("committed_db")
def test_many_buyers_at_once_make_one_link(provider: ProviderServer) -> None:
    shop = a_payos_shop()
    order = an_order(shop)

    answers = at_once([lambda: payment_for_order(order=order, now=NOW).payload] * 6)

    assert len(provider.links) == 1
    (link,) = PaymentLink.objects.all()
    assert {answer for answer in answers if isinstance(answer, str)} == {link.qr_payload}
    assert all(isinstance(answer, str | LinkNotMade) for answer in answers), answers
    assert payment_for_order(order=order, now=NOW).payload == link.qr_payload


def test_a_crash_before_payos_was_asked_leaves_a_link_that_the_next_one_makes(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    with monkeypatch.context() as patch:
        patch.setattr(links, "_create", die)
        with pytest.raises(SystemExit):
            payment_for_order(order=order, now=NOW)
    assert (kept(), provider.links) == ([("open", False)], {})

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S - 1))
    payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S))

    assert kept() == [("open", True)]
    assert list(provider.links) == [PaymentLink.objects.get().order_code]


def test_a_crash_before_the_answer_was_kept_leaves_no_second_link_for_the_amount(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    with monkeypatch.context() as patch:
        patch.setattr(links, "_store", die)
        with pytest.raises(SystemExit):
            payment_for_order(order=order, now=NOW)
    assert (kept(), len(provider.open_links())) == ([("open", False)], 1)

    payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S))

    assert kept() == [("cancelled", False), ("open", True)]
    assert provider.open_links() == [PaymentLink.objects.get(state="open").order_code]


def test_control_a_number_made_anew_each_time_would_leave_two_links(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    with monkeypatch.context() as patch:
        patch.setattr(links, "_store", die)
        with pytest.raises(SystemExit):
            payment_for_order(order=order, now=NOW)
    PaymentLink.objects.all().delete()

    payment_for_order(order=order, now=NOW)

    assert len(provider.open_links()) == 2


def test_an_answer_that_was_lost_on_its_way_leaves_no_second_link_for_the_amount(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    provider.faults.append(lost)
    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)
    assert (kept(), len(provider.open_links())) == ([("open", False)], 1)
    cache.clear()

    payment_for_order(order=order, now=later(0.5))

    assert kept() == [("cancelled", False), ("open", True)]
    assert provider.open_links() == [PaymentLink.objects.get(state="open").order_code]


@pytest.mark.parametrize(
    ("plays", "states"),
    [
        # Cancelled by one who died then: payOS refuses to do it again.
        ([None, NO, json_body({"code": "00", "data": {"status": "CANCELLED", "transactions": []}})],
         [("cancelled", False), ("open", True)]),
        # payOS does not let go of it: then there is no second link.
        ([None, NO], [("open", False)]),
        ([None, status(500)], [("open", False)]),
        ([None, None, status(500)], [("cancelled", False), ("open", False)]),
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_taken_back_is_not_doubled(
    provider: ProviderServer, shop: Shop, plays: list[Play | None], states: list[tuple[str, bool]]
) -> None:
    order = an_order(shop)
    provider.faults.append(lost)
    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)
    cache.clear()
    provider.faults.extend(plays)

    try:
        payment_for_order(order=order, now=later(0.5))
    except LinkNotMade:
        assert ("open", True) not in states

    assert kept() == states


def test_one_who_was_taken_for_dead_does_not_take_the_others_link_back(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    theirs = later(2)

    def late(*_: object, **__: object) -> None:
        PaymentLink.objects.update(made_at=theirs, qr_payload="theirs")
        raise NumberTaken("231")

    monkeypatch.setattr(links, "_create", late)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert provider.asked == []
    assert PaymentLink.objects.values_list("state", "qr_payload").get() == ("open", "theirs")


def test_an_answer_that_comes_when_another_has_taken_over_is_not_kept(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    create = links._create

    def slowly(*arguments: Any, **named: Any) -> Any:
        made = create(*arguments, **named)
        PaymentLink.objects.update(made_at=later(2))
        return made

    monkeypatch.setattr(links, "_create", slowly)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert kept() == [("open", False)]


def test_one_who_waited_for_the_code_finds_the_link_that_the_first_made(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    ready, looked = links._ready, []

    def not_yet(*arguments: Any, **named: Any) -> PaymentLink | None:
        looked.append(1)
        return None if len(looked) == 1 else ready(*arguments, **named)

    monkeypatch.setattr(links, "_ready", not_yet)

    assert payment_for_order(order=order, now=NOW) == first
    assert (len(looked), len(provider.links)) == (2, 1)


@pytest.mark.usefixtures("committed_db")
def test_payos_is_never_asked_inside_a_transaction(provider: ProviderServer) -> None:
    shop = a_payos_shop()
    order = an_order(shop)
    payment_for_order(order=order, amount_vnd=1_000, now=NOW)
    asked = len(provider.asked)

    with transaction.atomic(), pytest.raises(RuntimeError):
        payment_for_order(order=order, now=NOW)

    assert (len(provider.asked), kept()) == (asked, [("open", True)])


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
        payment_for_order(order=order, amount_vnd=5_000, now=NOW)

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


# --- payOS is away ------------------------------------------------------------------------------------------


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
