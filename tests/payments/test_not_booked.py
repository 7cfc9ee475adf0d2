"""Money that is not booked: it waits with its reason or is let lie, and none of it is dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Stock
from marketplace.core.actors import SYSTEM
from marketplace.core.payment_codes import code_from_number
from marketplace.orders.models import Checkout, Order
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import cancel_order, expire_due_orders, release_due_reservations
from payments.models import BankNotice, NoticeDelivery, ReviewItem
from payments.services import booking
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_checkout,
    a_shop,
    an_order,
    code_of,
    fresh,
    journal,
    moved,
    pay,
    waiting,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("money_adds_up")]
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def held(shop: Shop, content: str, amount_vnd: int = PRICE_VND, **more: object) -> tuple[str, str]:
    """What becomes of a transfer that is not booked: state and why."""
    notice = pay(shop, content, amount_vnd, **more)
    return notice.state, notice.why


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


def test_late_money_for_goods_that_are_gone_waits_and_takes_nothing(shop: Shop) -> None:
    order = an_order(shop, quantity=4)
    expire_due_orders(now=LATER, at_most=10)
    an_order(shop, quantity=8, now=LATER)

    assert held(shop, code_of(order), 240_000, now=LATER) == ("review", "order_expired_without_stock")

    assert (fresh(order).status, moved(order)) == ("expired", [])
    assert Stock.objects.get(pk=shop.stock.pk).allocated == 8
    assert ReviewItem.objects.get().order_id == order.pk


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


def test_money_of_nobodys_account_cannot_be_put_into_anybodys_list(shop: Shop) -> None:
    notice = pay(shop, "x", accountNumber="19001234567")

    with pytest.raises(ValueError, match="nobody"):
        booking.hold_for_review(notice, order=None, actor=SYSTEM, now=NOW)
