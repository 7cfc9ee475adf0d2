"""payOS's links: made once for a code and an amount whatever crashes, shown to the buyer, found by their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace.core import secrets
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.ending import cancel_order
from marketplace.places.models import MarketSite
from payments.apis.payos import NumberTaken
from payments.asked import asked_payload
from payments.invariants import violations
from payments.models import BankNotice, Feed, FeedApi, NoticeDelivery, PaymentLink
from payments.services import link_rounds, links
from payments.services.feeds import close_feed
from payments.services.links import CLAIM_S, LINKS_A_CODE_MAX, LinkNotMade, Wanted, code_of_link, ensure_link
from payments.services.requesting import payment_for_checkout, payment_for_order
from payments.vietqr.reader import read_vietqr
from tests.payments.banks import a_feed, told
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    SECRET,
    Shop,
    a_checkout,
    a_shop,
    a_site_feed,
    an_order,
    code_of,
    moved,
    send,
    waiting,
)
from tests.payments.listing import an_api, later, poll_again
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
NO = json_body({"code": "101"})


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    yield a_payos_shop()
    assert violations() == []


def a_payos_shop() -> Shop:
    """A shop that hears of its money from payOS alone."""
    made = a_shop()
    close_feed(actor=SYSTEM, feed=made.feed, now=NOW)
    feed = a_feed(made.vendor, ("payos", "hmac"))
    an_api(feed)
    return replace(made, feed=feed)


def wanted_for(order: Order, amount_vnd: int = PRICE_VND, *, expires_at: datetime | None = None) -> Wanted:
    return Wanted(
        code=PaymentCode.objects.get(order=order, is_live=True), amount_vnd=amount_vnd, expires_at=expires_at
    )


def kept() -> list[tuple[str, bool]]:
    """Every link that is kept, cancelled ones first: its state, and whether payOS answered."""
    return sorted((state, bool(payload)) for state, payload in PaymentLink.objects.values_list("state", "qr_payload"))


def notice_by_link(shop: Shop, link: PaymentLink, number: int = 9, amount_vnd: int = PRICE_VND) -> BankNotice:
    """payOS tells that money came by this link, into an account that the market does not know."""
    notice = told(
        shop.feed,
        "0011001234567",
        link.memo,
        amount_vnd,
        notice_id=number,
        link_number=link.order_code,
        changes={"virtualAccountNumber": link.account_number},
    )
    assert send(shop.feed, notice).status == 200
    return BankNotice.objects.get(feed=shop.feed, bank_reference=f"THU{number}")


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


# --- Money that comes by a link -------------------------------------------------------------------------


def test_money_by_a_link_is_booked_by_its_number_though_account_and_words_say_nothing(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    payment_for_order(order=order, now=NOW)
    link = PaymentLink.objects.get()

    notice = notice_by_link(shop, link)

    assert (notice.state, notice.code_hint, notice.vendor_id) == ("booked", code_of(order), shop.vendor.pk)
    assert moved(order) == PAID_ONCE


def test_money_by_a_link_is_booked_once_by_the_poll_and_the_notice_in_either_order(
    provider: ProviderServer, shop: Shop
) -> None:
    polled, told_first = an_order(shop), an_order(shop)
    for order in (polled, told_first):
        payment_for_order(order=order, now=NOW)
    by_poll, by_notice = (PaymentLink.objects.get(payment_code__order=order) for order in (polled, told_first))
    notice_by_link(shop, by_notice, 2)
    provider.pay_link(by_notice.order_code, PRICE_VND, reference="THU2")
    provider.pay_link(by_poll.order_code, PRICE_VND, reference="THU1")

    poll_again(shop.feed)
    notice_by_link(shop, by_poll, 1)
    poll_again(shop.feed)

    assert [moved(polled), moved(told_first)] == [PAID_ONCE, PAID_ONCE]
    assert BankNotice.objects.count() == 2
    assert kept() == [("paid", True), ("paid", True)]


def test_a_link_that_is_paid_twice_is_two_transfers(provider: ProviderServer, shop: Shop) -> None:
    order = an_order(shop)
    payment_for_order(order=order, now=NOW)
    link = PaymentLink.objects.get()
    for reference in ("THU1", "THU2"):
        provider.pay_link(link.order_code, PRICE_VND, reference=reference)

    poll_again(shop.feed)

    assert moved(order) == PAID_ONCE
    assert waiting(shop) == [("unmatched", PRICE_VND)]


def test_the_number_of_another_feeds_link_leads_nowhere(provider: ProviderServer, shop: Shop) -> None:
    other = a_payos_shop()
    payment_for_order(order=an_order(other), now=NOW)
    link = PaymentLink.objects.get()

    notice = notice_by_link(shop, link)

    assert (notice.state, notice.why, notice.code_hint) == ("ignored", "foreign_account", "")
    assert (code_of_link(shop.feed, link.order_code), code_of_link(other.feed, link.order_code)) == (
        "",
        link.payment_code.code,
    )


def test_a_code_that_payos_read_in_words_makes_no_account_the_shops(provider: ProviderServer, shop: Shop) -> None:
    """Only a link of ours does."""
    order = an_order(shop)
    notice = told(shop.feed, "0011001234567", code_of(order), notice_id=5)
    send(shop.feed, notice)
    kept_notice = BankNotice.objects.get()
    kept_notice.code_hint = code_of(order)

    assert (kept_notice.state, links.receivers_by_link(kept_notice)) == ("ignored", [])


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


# --- Rounds over the links ------------------------------------------------------------------------------------


def test_links_that_nobody_should_pay_any_more_are_taken_back(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled, paid, expired, waits = (an_order(shop) for _ in range(4))
    for order in (cancelled, paid, expired, waits):
        payment_for_order(order=order, now=NOW)
    cancel_order(actor=shop.owner, order=cancelled, reason="hết hàng", now=NOW)
    Order.objects.filter(pk=expired.pk).update(status=Order.Status.EXPIRED)
    notice_by_link(shop, PaymentLink.objects.get(payment_code__order=paid))

    poll_again(shop.feed)

    assert provider.open_links() == [PaymentLink.objects.get(payment_code__order=waits).order_code]
    assert PaymentLink.objects.filter(state="open").count() == 1


def test_a_link_whose_checkout_was_given_up_is_taken_back(provider: ProviderServer, shop: Shop) -> None:
    checkout_id = a_checkout(shop)
    payment_for_checkout(checkout_id=checkout_id, now=NOW)
    poll_again(shop.feed)
    assert len(provider.open_links()) == 1

    PaymentCode.objects.filter(checkout=checkout_id).update(checkout=None)
    poll_again(shop.feed)

    assert (provider.open_links(), kept()) == ([], [("cancelled", True)])


def test_a_link_that_cannot_be_taken_back_holds_no_other_up(provider: ProviderServer, shop: Shop) -> None:
    gone, paid = an_order(shop), an_order(shop)
    for order in (gone, paid):
        payment_for_order(order=order, now=NOW)
    cancel_order(actor=shop.owner, order=gone, reason="hết hàng", now=NOW)
    number = PaymentLink.objects.get(payment_code__order=gone).order_code
    provider.broken[f"{LINKS}/{number}/cancel"] = status(500)
    provider.pay_link(PaymentLink.objects.get(payment_code__order=paid).order_code, PRICE_VND, reference="THU1")

    api = poll_again(shop.feed)

    assert (api.problem, moved(paid)) == ("", PAID_ONCE)
    assert number in provider.open_links()
    provider.broken.clear()
    poll_again(shop.feed)
    assert number not in provider.open_links()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_link_that_was_lost_in_the_making_is_cleared_away(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch, arrived: bool
) -> None:
    order = an_order(shop)
    with monkeypatch.context() as patch:
        patch.setattr(links, "_store" if arrived else "_create", die)
        with pytest.raises(SystemExit):
            payment_for_order(order=order, now=NOW)

    poll_again(shop.feed, now=later(9))
    assert kept() == [("open", False)]
    poll_again(shop.feed, now=later(10))

    assert (kept(), provider.open_links()) == ([("cancelled", False)], [])


@pytest.mark.parametrize("play", [NO, html])
def test_a_link_that_payos_says_nothing_useful_of_is_told_of_and_holds_no_other_up(
    provider: ProviderServer, shop: Shop, play: Play
) -> None:
    orders = [an_order(shop) for _ in range(3)]
    for order in orders:
        payment_for_order(order=order, now=NOW)
    first = PaymentLink.objects.order_by("order_code")[0]
    provider.broken[f"{LINKS}/{first.order_code}"] = play
    for link in PaymentLink.objects.exclude(pk=first.pk):
        provider.pay_link(link.order_code, PRICE_VND, reference=f"THU{link.order_code}")

    api = poll_again(shop.feed)

    assert api.problem == "unreadable_rows"
    assert sorted(map(moved, orders)) == [[], PAID_ONCE, PAID_ONCE]
    assert PaymentLink.objects.get(pk=first.pk).state == "open"


def test_money_that_comes_late_to_a_closed_link_is_found_within_the_hour(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    payment_for_order(order=order, now=NOW)
    link = PaymentLink.objects.get()
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)
    poll_again(shop.feed, now=later(1))
    assert kept() == [("cancelled", True)]
    provider.pay_link(link.order_code, PRICE_VND, reference="THU1")

    poll_again(shop.feed, now=later(30))
    assert BankNotice.objects.count() == 0
    poll_again(shop.feed, now=later(62))

    assert BankNotice.objects.values_list("state", "why").get() == ("review", "order_cancelled")
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    assert kept() == [("cancelled", True)]


def test_links_that_were_closed_long_ago_are_asked_no_more(provider: ProviderServer, shop: Shop) -> None:
    payment_for_order(order=an_order(shop), now=NOW)
    PaymentLink.objects.update(state="paid")
    asked = len(provider.asked)

    poll_again(shop.feed, now=NOW + timedelta(days=link_rounds.CLOSED_ASKED_DAYS, seconds=1))

    assert len(provider.asked) == asked


@pytest.mark.parametrize(
    ("there", "here"),
    [("PAID", "paid"), ("CANCELLED", "cancelled"), ("EXPIRED", "cancelled"), ("FAILED", "cancelled"),
     ("PENDING", "open"), ("PROCESSING", "open"), ("UNDERPAID", "open")],
)  # fmt: skip
def test_a_link_is_closed_here_as_it_is_there(provider: ProviderServer, shop: Shop, there: str, here: str) -> None:
    payment_for_order(order=an_order(shop), now=NOW)
    link = PaymentLink.objects.get()
    provider.links[link.order_code]["status"] = there

    poll_again(shop.feed)

    assert kept() == [(here, True)]


def test_a_round_too_long_for_one_poll_goes_on_where_it_was(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.services.polling.PAGES_A_POLL_MAX", 2)
    for _ in range(3):
        payment_for_order(order=an_order(shop), now=NOW)
    provider.asked.clear()

    for minute in (1, 2):
        poll_again(shop.feed, now=later(minute))

    numbers = sorted(PaymentLink.objects.values_list("order_code", flat=True))
    assert provider.paths() == [f"GET {LINKS}/{number}" for number in numbers]


def test_what_a_link_says_is_kept_as_it_stood_there(provider: ProviderServer, shop: Shop) -> None:
    payment_for_order(order=an_order(shop), now=NOW)
    link = PaymentLink.objects.get()
    provider.pay_link(link.order_code, PRICE_VND, reference="THU1")

    poll_again(shop.feed)

    body = bytes(NoticeDelivery.objects.get().raw_body or b"")
    assert b"THU1" in body
    assert str(link) == f"{link.order_code} {PRICE_VND}"


def die(*_: object, **__: object) -> None:
    raise SystemExit
