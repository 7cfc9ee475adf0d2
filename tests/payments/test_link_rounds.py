"""Money that comes by payOS's links, and the rounds that ask after it and take back what nobody should pay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.ending import cancel_order
from payments.models import BankNotice, NoticeDelivery, PaymentLink
from payments.services import link_rounds, links
from payments.services.links import code_of_link
from payments.services.requesting import payment_for_checkout, payment_for_order
from tests.payments.banks import told
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_checkout,
    an_order,
    code_of,
    moved,
    send,
    waiting,
)
from tests.payments.linking import NO, a_payos_shop, die, kept, notice_by_link
from tests.payments.listing import later, poll_again
from tests.payments.provider_server import (
    Play,
    ProviderServer,
    html,
    status,
)

PAID_ONCE = [("charge_success", PRICE_VND, "bank")]
LINKS = "/v2/payment-requests"


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_payos_shop()


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
