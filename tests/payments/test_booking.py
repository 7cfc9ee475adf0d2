"""What money that came does: booked by its code and by nothing else, never twice, never dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Stock
from marketplace.core import journal as core_journal
from marketplace.core.actors import SYSTEM
from marketplace.core.payment_codes import code_from_number
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders, release_due_reservations
from marketplace.places.models import Commune, MarketSite
from payments.invariants import violations
from payments.manglings import MANGLINGS, mangle
from payments.models import BankNotice, NoticeDelivery, ReviewItem, TransactionEvent, TransactionItem
from payments.services import booking
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
    journal,
    moved,
    pay,
    send,
    waiting,
)
from vendors.models import Vendor
from vendors.services import set_bank_account

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture(autouse=True)
def _money_adds_up(db: None) -> object:
    yield
    assert violations() == []


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def held(shop: Shop, content: str, amount_vnd: int = PRICE_VND, **more: object) -> tuple[str, str]:
    """What becomes of a transfer that is not booked: state and why."""
    notice = pay(shop, content, amount_vnd, **more)
    return notice.state, notice.why


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


def test_an_unpaid_order_that_was_cancelled_owes_nothing(shop: Shop) -> None:
    order = an_order(shop)

    cancel_order(actor=shop.owner, order=order, reason="", now=LATER)
    core_journal.drain(now=LATER)

    assert waiting(shop) == []


# --- Not booked -----------------------------------------------------------------------------------


def test_money_without_a_code_waits_for_the_shop(shop: Shop) -> None:
    an_order(shop)

    assert held(shop, "chuyen tien mua mien dong") == ("review", "no_code")

    item = ReviewItem.objects.select_related("notice").get()
    assert item.notice is not None
    assert (item.kind, item.amount_vnd, item.order_id, item.vendor_id) == (
        "unmatched",
        PRICE_VND,
        None,
        shop.vendor.pk,
    )
    assert item.notice.vendor_id == shop.vendor.pk
    assert journal("review.opened")[0]["notice"] == item.notice_id


def test_a_code_that_was_never_issued_waits(shop: Shop) -> None:
    assert held(shop, code_from_number(12345)) == ("review", "unknown_code")


def test_two_codes_wait_for_the_shop(shop: Shop) -> None:
    orders = [an_order(shop), an_order(shop)]

    assert held(shop, " ".join(map(code_of, orders))) == ("review", "several_codes")
    assert [moved(order) for order in orders] == [[], []]
    assert ReviewItem.objects.get().order is None


def test_more_codes_than_are_looked_up_wait_too(shop: Shop) -> None:
    order = an_order(shop)
    crowd = " ".join(code_from_number(number) for number in range(20))

    assert held(shop, f"{code_of(order)} {crowd}") == ("review", "several_codes")
    assert moved(order) == []


def test_another_shops_code_waits_without_showing_the_other_shops_order(shop: Shop) -> None:
    order = an_order(a_shop("Hộ ông Páo"))

    assert held(shop, code_of(order)) == ("review", "other_vendors_code")
    assert ReviewItem.objects.get().order is None
    assert moved(order) == []


def test_a_second_payment_of_a_paid_order_waits_with_the_order_named(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))

    assert held(shop, code_of(order)) == ("review", "order_already_paid")
    assert fresh(order).charged_vnd == PRICE_VND
    assert ReviewItem.objects.get().order_id == order.pk


def test_money_for_a_cancelled_order_waits(shop: Shop) -> None:
    order = an_order(shop)
    cancel_order(actor=shop.owner, order=order, reason="", now=NOW)

    assert held(shop, code_of(order)) == ("review", "order_cancelled")


def test_money_beyond_any_purchase_waits(shop: Shop) -> None:
    order = an_order(shop)

    assert held(shop, code_of(order), 1_000_000_000_000) == ("review", "too_large")


def test_a_part_of_a_dong_makes_a_person_look(shop: Shop) -> None:
    order = an_order(shop)

    notice = pay(shop, code_of(order), 60_000.5)

    assert (notice.state, notice.why, notice.amount_vnd) == ("review", "amount_not_whole", PRICE_VND)
    assert moved(order) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"transferType": "out"}, "outgoing"),
        ({"transferAmount": 0}, "not_positive"),
        ({"transferAmount": -PRICE_VND}, "not_positive"),
        ({"accountNumber": "19001234567"}, "foreign_account"),
    ],
)
def test_what_is_no_sale_is_kept_and_let_lie(shop: Shop, changes: dict[str, object], why: str) -> None:
    order = an_order(shop)

    assert held(shop, code_of(order), **changes) == ("ignored", why)
    assert (moved(order), waiting(shop)) == ([], [])


def test_a_test_event_is_kept_and_let_lie(shop: Shop) -> None:
    order = an_order(shop)
    delivery = NoticeDelivery.objects.create(feed=shop.feed, received_at=NOW, raw_body=b"", body_sha256="")
    notice = BankNotice.objects.create(
        delivery=delivery,
        feed=shop.feed,
        provider_tx_id="0",
        is_test=True,
        is_incoming=True,
        amount_vnd=PRICE_VND,
        account_number=shop.account,
        content=code_of(order),
        happened_at=NOW,
        bank_date=NOW.date(),
        received_at=NOW,
    )

    booking.settle(notice, now=NOW)

    assert (notice.state, notice.why, notice.vendor_id) == ("ignored", "test_event", shop.vendor.pk)
    assert (moved(order), waiting(shop)) == ([], [])


# --- Late -----------------------------------------------------------------------------------------


def test_late_money_revives_an_expired_order_whose_goods_are_there(shop: Shop) -> None:
    order = an_order(shop, quantity=4)
    assert expire_due_orders(now=LATER, at_most=10) == 1

    assert pay(shop, code_of(order), 240_000, now=LATER).state == "booked"

    assert (fresh(order).status, fresh(order).charge_status) == ("unfulfilled", "full")
    assert Stock.objects.get(pk=shop.stock.pk).allocated == 4


def test_late_money_for_goods_that_are_gone_waits_and_takes_nothing(shop: Shop) -> None:
    order = an_order(shop, quantity=4)
    expire_due_orders(now=LATER, at_most=10)
    an_order(shop, quantity=8, now=LATER)

    assert held(shop, code_of(order), 240_000, now=LATER) == ("review", "order_expired_without_stock")

    assert (fresh(order).status, moved(order)) == ("expired", [])
    assert Stock.objects.get(pk=shop.stock.pk).allocated == 8
    assert ReviewItem.objects.get().order_id == order.pk


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


def test_money_for_a_checkout_whose_goods_are_gone_waits(shop: Shop) -> None:
    code = reserve_checkout(checkout_id=a_checkout(shop, quantity=8), now=NOW)
    release_due_reservations(now=LATER, at_most=10)
    an_order(shop, quantity=5, now=LATER)

    assert held(shop, code.code, 480_000, now=LATER) == ("review", "order_expired_without_stock")
    assert Order.objects.count() == 1
    assert Checkout.objects.filter(pk=code.checkout_id).exists()


def test_money_for_a_checkout_that_was_given_up_waits(shop: Shop) -> None:
    code = reserve_checkout(checkout_id=a_checkout(shop), now=NOW)
    release_due_reservations(now=LATER, at_most=10)
    Checkout.objects.filter(pk=code.checkout_id).delete()

    assert held(shop, code.code, now=LATER) == ("review", "order_cancelled")


def test_whatever_else_a_sale_refuses_waits_with_its_reason(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    code = reserve_checkout(checkout_id=a_checkout(shop), now=NOW)

    def refused(**_: object) -> Order:
        raise booking.MarketError("không được")

    monkeypatch.setattr(booking, "place_paid_checkout", refused)

    assert held(shop, code.code) == ("review", "sale_cannot_be_made")


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


def test_money_of_nobodys_account_cannot_be_put_into_anybodys_list(shop: Shop) -> None:
    notice = pay(shop, "x", accountNumber="19001234567")

    with pytest.raises(ValueError, match="nobody"):
        booking.hold_for_review(notice, order=None, actor=SYSTEM, now=NOW)
