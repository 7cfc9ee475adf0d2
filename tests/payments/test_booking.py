"""What money that came does: booked by its code and by nothing else, never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Stock
from marketplace.core import journal as core_journal
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.places.models import Commune, MarketSite
from payments.manglings import MANGLINGS, mangle
from payments.models import BankNotice, ReviewItem, TransactionEvent, TransactionItem
from payments.services.by_hand import record_refund
from tests.payments.factories import (
    NENH,
    NOW,
    PRICE_VND,
    Shop,
    a_checkout,
    a_notice,
    a_shop,
    a_site_feed,
    an_order,
    code_of,
    fresh,
    journal,
    moved,
    pay,
    send,
    waiting,
)
from vendors.models import Vendor
from vendors.services import set_bank_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money_adds_up")]
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


# --- Booked ---------------------------------------------------------------------------------------


def test_the_whole_price_pays_the_order(shop: Shop) -> None:
    order = an_order(shop, quantity=2)

    notice = pay(shop, code_of(order), 120_000, referenceCode="FT26326")

    paid = fresh(order)
    assert (paid.status, paid.charge_status, paid.charged_vnd) == ("unfulfilled", "full", 120_000)
    assert (notice.state, notice.why, notice.order_id, notice.vendor_id) == ("booked", "", order.pk, shop.vendor.pk)
    assert notice.decided_at == NOW
    event = TransactionEvent.objects.get()
    assert (event.type, event.amount_vnd, event.confirmation) == ("charge_success", 120_000, "bank")
    assert (event.notice_id, event.vendor_id, event.commune_id) == (notice.pk, shop.vendor.pk, "01501")
    assert (event.channel, event.psp_reference, event.actor_id) == ("online", "FT26326", None)
    assert event.transaction.payment_code == PaymentCode.objects.get(order=order)
    assert waiting(shop) == []


def test_the_journal_says_what_was_charged_and_holds_nothing_of_the_payer(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, f"NGUYEN VAN AN 0912345678 {code_of(order)}", transactionDate="2026-11-21 23:30:00")

    event = TransactionEvent.objects.get()
    assert journal("order.charged") == [
        {
            "order": order.pk,
            "vendor": shop.vendor.pk,
            "commune": "01501",
            "province": "04",
            "channel": "online",
            "confirmation": "bank",
            "amount_vnd": PRICE_VND,
            "bank_date": "2026-11-21",
            "transaction_event": event.pk,
        }
    ]
    assert journal("order.fully_charged")[0]["day"] == "2026-11-21"


@pytest.mark.parametrize("name", sorted(MANGLINGS))
def test_a_code_is_booked_whatever_the_bank_did_to_it(shop: Shop, name: str) -> None:
    order = an_order(shop)

    assert pay(shop, mangle(name, code_of(order))).state == "booked"


def test_the_code_as_the_provider_read_it_books_too(shop: Shop) -> None:
    order = an_order(shop)

    assert pay(shop, "CHUYEN TIEN", code=code_of(order).lower()).state == "booked"


def test_money_to_a_virtual_account_of_the_shop_is_the_shops(shop: Shop) -> None:
    order = an_order(shop)

    assert pay(shop, code_of(order), accountNumber="0999888777", subAccount=shop.account).state == "booked"


def test_money_to_an_account_the_shop_had_before_is_still_the_shops(shop: Shop) -> None:
    order = an_order(shop)
    set_bank_account(
        actor=shop.owner, vendor=shop.vendor, bin="970418", account_number="CHO40NEW1", account_name="MOI", now=NOW
    )

    assert pay(shop, code_of(order)).state == "booked"


def test_the_sale_counts_where_the_shop_is_now(shop: Shop) -> None:
    order = an_order(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(commune=Commune.objects.get(pk=NENH))

    pay(shop, code_of(order))

    assert TransactionEvent.objects.get().commune_id == NENH
    assert journal("order.charged")[0]["commune"] == NENH
    assert journal("order.charged")[0]["province"] == "24"


# --- Too little, too much -------------------------------------------------------------------------


def test_too_little_is_booked_and_the_rest_is_a_task(shop: Shop) -> None:
    order = an_order(shop, quantity=3)

    pay(shop, code_of(order), 50_000)

    assert (fresh(order).status, fresh(order).charge_status) == ("unconfirmed", "partial")
    assert fresh(order).expires_at is None
    assert waiting(shop) == [("partial", 130_000)]


def test_paying_in_parts_completes_the_order_and_closes_the_task(shop: Shop) -> None:
    order = an_order(shop, quantity=3)

    for amount, rest in ((50_000, [("partial", 130_000)]), (100_000, [("partial", 30_000)]), (30_000, [])):
        pay(shop, code_of(order), amount)
        assert waiting(shop) == rest

    assert fresh(order).charge_status == "full"
    assert len(moved(order)) == 3
    assert TransactionItem.objects.count() == 1
    item = ReviewItem.objects.get()
    assert (item.resolution, item.closed_by, item.closed_at) == ("paid_in_full", None, NOW)
    assert [entry["about"] for entry in journal("review.opened") + journal("review.closed")] == ["partial", "partial"]


def test_too_much_pays_the_order_and_the_excess_is_due_back(shop: Shop) -> None:
    order = an_order(shop)

    pay(shop, code_of(order), 100_000)

    assert (fresh(order).charge_status, fresh(order).charged_vnd) == ("overcharged", 100_000)
    assert waiting(shop) == [("refund_due", 40_000)]


def test_a_last_part_that_is_too_large_turns_the_task_into_a_refund(shop: Shop) -> None:
    order = an_order(shop)

    pay(shop, code_of(order), 10_000)
    pay(shop, code_of(order), 60_000)

    assert waiting(shop) == [("refund_due", 10_000)]


def test_money_for_a_paid_order_that_was_cancelled_is_all_due_back(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))

    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=LATER)
    core_journal.drain(now=LATER)

    assert waiting(shop) == [("refund_due", PRICE_VND)]


@pytest.mark.parametrize(
    ("end", "words"), [("cancelled", "order_cancelled"), ("refunded", "refunded"), ("paid", "paid_in_full")]
)
def test_a_rest_that_nobody_owes_any_more_says_why(shop: Shop, end: str, words: str) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), PRICE_VND - 1_000)
    part = ReviewItem.objects.get(kind="partial")

    if end == "cancelled":
        cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=LATER)
        core_journal.drain(now=LATER)
    elif end == "refunded":
        record_refund(
            actor=shop.owner, order=fresh(order), amount_vnd=PRICE_VND - 1_000, confirmation="cash", now=LATER
        )
    else:
        pay(shop, code_of(order), 1_000)

    part.refresh_from_db()
    assert (part.closed_at is not None, part.resolution) == (True, words)


def test_an_unpaid_order_that_was_cancelled_owes_nothing(shop: Shop) -> None:
    order = an_order(shop)

    cancel_order(actor=shop.owner, order=order, reason="", now=LATER)
    core_journal.drain(now=LATER)

    assert waiting(shop) == []


# --- Late -----------------------------------------------------------------------------------------


def test_late_money_revives_an_expired_order_whose_goods_are_there(shop: Shop) -> None:
    order = an_order(shop, quantity=4)
    assert expire_due_orders(now=LATER, at_most=10) == 1

    assert pay(shop, code_of(order), 240_000, now=LATER).state == "booked"

    assert (fresh(order).status, fresh(order).charge_status) == ("unfulfilled", "full")
    assert Stock.objects.get(pk=shop.stock.pk).allocated == 4


# --- Paid before there is an order ----------------------------------------------------------------


def test_money_for_a_checkout_places_the_order_by_itself(shop: Shop) -> None:
    checkout_id = a_checkout(shop, quantity=2)
    code = reserve_checkout(checkout_id=checkout_id, now=NOW)

    notice = pay(shop, code.code, 120_000)

    order = Order.objects.get(checkout_id=checkout_id)
    assert (order.status, order.charge_status) == ("unfulfilled", "full")
    assert notice.order_id == order.pk
    assert PaymentCode.objects.get(pk=code.pk).order_id == order.pk
    assert not Checkout.objects.filter(pk=checkout_id).exists()
    assert Stock.objects.get(pk=shop.stock.pk).reserved == 0
    assert [item.order_id for item in TransactionItem.objects.all()] == [order.pk]


def test_a_part_of_a_checkouts_price_places_the_order_too(shop: Shop) -> None:
    code = reserve_checkout(checkout_id=a_checkout(shop, quantity=2), now=NOW)

    pay(shop, code.code, 1)

    order = Order.objects.get()
    assert (order.status, order.charge_status) == ("unconfirmed", "partial")
    assert waiting(shop) == [("partial", 119_999)]


# --- A market's shared feed -----------------------------------------------------------------------


@pytest.fixture
def site(db: None) -> MarketSite:
    return MarketSite.objects.create(slug="cho-thu", name="Chợ thử", kind="market", commune_id=NENH)


def test_a_markets_feed_books_for_each_of_its_shops(site: MarketSite) -> None:
    feed = a_site_feed(site)
    shops = [a_shop(name, site=site) for name in ("Sạp 1", "Sạp 2")]
    orders = [an_order(shop) for shop in shops]

    for shop, order in zip(shops, orders, strict=True):
        send(feed, a_notice(feed, shop.account, code_of(order)))

    assert [fresh(order).charge_status for order in orders] == ["full", "full"]


def test_a_markets_feed_says_nothing_of_shops_elsewhere(site: MarketSite, shop: Shop) -> None:
    feed = a_site_feed(site)

    send(feed, a_notice(feed, shop.account, code_of(an_order(shop))))

    assert list(BankNotice.objects.values_list("state", "why")) == [("ignored", "foreign_account")]


def test_on_an_account_that_shops_share_the_code_says_whose_money_it_is(site: MarketSite) -> None:
    feed = a_site_feed(site)
    shops = [a_shop(name, site=site) for name in ("Sạp 1", "Sạp 2")]
    for shop in shops:
        set_bank_account(
            actor=SYSTEM, vendor=shop.vendor, bin="970436", account_number="CHUNG1", account_name="CHO", now=NOW
        )

    send(feed, a_notice(feed, "CHUNG1", code_of(an_order(shops[1]))))
    send(feed, a_notice(feed, "CHUNG1", "no code"))

    booked, waits = BankNotice.objects.order_by("pk")
    assert (booked.state, booked.vendor_id) == ("booked", shops[1].vendor.pk)
    assert (waits.state, waits.vendor_id) == ("review", shops[0].vendor.pk)
