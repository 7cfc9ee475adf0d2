"""The stall sale: goods or a typed amount become an order at once, and go with the buyer as the money comes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import Stock, StockMovement
from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.orders.errors import (
    AgeNotDeclared,
    AmountWrong,
    CannotCancel,
    CheckoutNotReady,
    InsufficientStock,
    NoBankAccount,
    NotForSale,
    OtherVendorsGoods,
    QuantityWrong,
    TotalTooLarge,
)
from marketplace.orders.expiry import UNPAID_ORDER_S
from marketplace.orders.goods import LineWanted
from marketplace.orders.models import Checkout, Order, OrderLine, PaymentCode
from marketplace.orders.services import stock
from marketplace.orders.services.ending import cancel_order, expire_due_orders
from marketplace.orders.services.stall import sell_at_stall
from tests.orders.factories import (
    NOW,
    a_member,
    a_shop,
    a_variant,
    an_order,
    assert_stock_adds_up,
    charge,
    stock_of,
)
from tests.plugins.database import at_once
from vendors.models import BankAccount, Vendor, Warehouse

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(seconds=UNPAID_ORDER_S["stall"] + 1)


def a_sale(seller: Actor, shop: Vendor, amount_vnd: int = 0, *lines: LineWanted, **more: object) -> Order:
    return sell_at_stall(actor=seller, vendor=shop, amount_vnd=amount_vnd, lines=lines, now=NOW, **more)  # type: ignore[arg-type]  # named arguments of the service


def lines_of(order: Order) -> list[tuple[object, ...]]:
    rows = order.lines.order_by("position")
    return list(rows.values_list("product_name", "quantity", "total_vnd", "quantity_fulfilled", "product_id_then"))


def test_a_typed_amount_is_an_order_with_one_line_and_a_code_to_pay_it_by(shop: Vendor, seller: Actor) -> None:
    order = a_sale(seller, shop, 60_000)

    assert (order.channel, order.origin, order.user, order.phone) == ("stall", "stall", None, "")
    assert (order.total_vnd, order.status, order.charge_status) == (60_000, "unconfirmed", "none")
    assert lines_of(order) == [("Hàng tại sạp", 1, 60_000, 0, None)]
    assert PaymentCode.objects.get(order=order).is_live
    assert order.expires_at == NOW + timedelta(minutes=15)
    assert not Checkout.objects.exists()


def test_goods_and_an_amount_are_one_order_and_only_the_goods_take_stock(shop: Vendor, seller: Actor) -> None:
    honey = a_variant(shop, price_vnd=120_000, quantity=5)

    order = a_sale(seller, shop, 15_000, LineWanted(honey.pk, 2))

    assert order.total_vnd == 255_000
    product_id = honey.product_id
    assert lines_of(order) == [
        ("Mật ong hoa nhãn", 2, 240_000, 0, product_id),
        ("Hàng tại sạp", 1, 15_000, 0, None),
    ]
    assert stock_of(honey) == (5, 2, 0)


def test_the_money_hands_the_goods_over(shop: Vendor, seller: Actor) -> None:
    honey = a_variant(shop, price_vnd=120_000, quantity=5)
    order = a_sale(seller, shop, 15_000, LineWanted(honey.pk, 2))

    charge(order, 100_000)
    assert (Order.objects.get().status, stock_of(honey)) == ("unconfirmed", (5, 2, 0))
    charge(order, 155_000)

    paid = Order.objects.get()
    assert (paid.status, paid.charge_status, paid.ended_at) == ("fulfilled", "full", NOW)
    assert [row[3] for row in lines_of(order)] == [2, 1]
    assert stock_of(honey) == (3, 0, 0)
    assert list(StockMovement.objects.values_list("kind", "change")) == [("sold", -2)]
    assert_stock_adds_up()
    kinds = list(
        JournalEvent.objects.filter(aggregate_id=str(order.pk)).order_by("id").values_list("kind", flat=True)
    )
    assert kinds == [
        "order.placed",
        "order.charged",
        "order.charged",
        "order.fully_charged",
        "order.fulfilled",
    ]
    counted = JournalEvent.objects.get(kind="order.fully_charged").data["lines"]
    assert [(row["product"], row["ocop_set"], row["amount_vnd"]) for row in counted] == [
        (honey.product_id, 5, 240_000),
        (None, None, 15_000),
    ]


def test_money_for_an_online_order_hands_nothing_over(shop: Vendor) -> None:
    order = an_order((a_variant(shop), 1))

    charge(order, order.total_vnd)

    assert Order.objects.get().status == "unfulfilled"


def test_money_that_comes_after_the_end_takes_the_stock_again_and_a_person_hands_over(
    shop: Vendor, seller: Actor
) -> None:
    """Nobody knows whether the buyer still stood there."""
    honey = a_variant(shop, quantity=5)
    order = a_sale(seller, shop, 15_000, LineWanted(honey.pk, 2))
    assert expire_due_orders(now=LATE, at_most=10) == 1
    assert stock_of(honey) == (5, 0, 0)

    charge(order, order.total_vnd, now=LATE)

    assert (Order.objects.get().status, stock_of(honey)) == ("unfulfilled", (5, 2, 0))
    assert [row[3] for row in lines_of(order)] == [0, 0]


def test_money_that_is_late_but_before_the_sweep_hands_nothing_over_either(shop: Vendor, seller: Actor) -> None:
    """The seller's page said that the time had run out."""
    honey = a_variant(shop, quantity=5)
    order = a_sale(seller, shop, 0, LineWanted(honey.pk, 2))

    charge(order, order.total_vnd, now=LATE)

    assert (Order.objects.get().status, stock_of(honey)) == ("unfulfilled", (5, 2, 0))
    assert not StockMovement.objects.exists()


def test_the_last_part_of_late_money_hands_nothing_over_either(shop: Vendor, seller: Actor) -> None:
    honey = a_variant(shop, price_vnd=50_000, quantity=5)
    order = a_sale(seller, shop, 0, LineWanted(honey.pk, 2))
    expire_due_orders(now=LATE, at_most=10)

    charge(order, 60_000, now=LATE)
    charge(order, 40_000, now=LATE)

    assert (Order.objects.get().status, stock_of(honey)) == ("unfulfilled", (5, 2, 0))
    assert not StockMovement.objects.exists()


def test_the_stall_sells_what_lies_at_the_stall_first(shop: Vendor, seller: Actor) -> None:
    honey = a_variant(shop, quantity=50)
    stall = Warehouse.objects.create(vendor=shop, kind=Warehouse.Kind.STALL, name="Sạp 12")
    here = Stock.objects.create(variant=honey, warehouse=stall, quantity=5)
    at_home = Stock.objects.exclude(pk=here.pk).get(variant=honey)

    charge(a_sale(seller, shop, 0, LineWanted(honey.pk, 2)), 2 * honey.price_vnd)

    here.refresh_from_db()
    at_home.refresh_from_db()
    assert (here.quantity, at_home.quantity) == (3, 50)


def test_a_cancelled_sale_gives_its_stock_back_and_a_paid_one_is_not_cancelled(shop: Vendor, seller: Actor) -> None:
    honey = a_variant(shop, quantity=5)
    unpaid, paid = (a_sale(seller, shop, 0, LineWanted(honey.pk, 1)) for _ in range(2))
    charge(paid, paid.total_vnd)

    cancel_order(actor=seller, order=unpaid, reason="", now=NOW)
    with pytest.raises(CannotCancel):
        cancel_order(actor=seller, order=paid, reason="", now=NOW)

    assert stock_of(honey) == (4, 0, 0)


def test_the_same_form_sent_twice_is_one_sale_and_its_id_is_good_for_no_other(shop: Vendor, seller: Actor) -> None:
    client_id = uuid.uuid4()

    first, again = (a_sale(seller, shop, 60_000, client_id=client_id) for _ in range(2))
    with pytest.raises(SameIdOtherContent):
        a_sale(seller, shop, 70_000, client_id=client_id)

    assert first == again
    assert (Order.objects.count(), PaymentCode.objects.count()) == (1, 1)


def test_alcohol_is_sold_when_the_seller_saw_that_the_buyer_is_of_age(shop: Vendor, seller: Actor) -> None:
    wine = LineWanted(a_variant(shop, alcohol=True).pk, 1)

    with pytest.raises(AgeNotDeclared):
        a_sale(seller, shop, 0, wine)

    assert a_sale(seller, shop, 0, wine, age_declared=True).total_vnd == 120_000


def nothing(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop)


def too_little(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, -1)


def too_much(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 10**12)


def too_much_together(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 10**12 - 1, LineWanted(a_variant(shop).pk, 1))


def not_there(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 0, LineWanted(a_variant(shop, quantity=1).pk, 2))


def none_of_it(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 0, LineWanted(a_variant(shop).pk, 0))


def not_listed(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 0, LineWanted(a_variant(shop, listing="draft").pk, 1))


def of_another_shop(shop: Vendor, seller: Actor) -> None:
    a_sale(seller, shop, 0, LineWanted(a_variant(a_shop("Gian hàng khác")).pk, 1))


def by_a_stranger(shop: Vendor, _seller: Actor) -> None:
    a_sale(ANONYMOUS, shop, 60_000)


def by_the_owner_of_another(shop: Vendor, _seller: Actor) -> None:
    a_sale(a_member(a_shop("Gian hàng khác"), phone="+84987654322"), shop, 60_000)


def before_it_was_verified(shop: Vendor, seller: Actor) -> None:
    shop.verification = Vendor.Verification.DECLARED
    a_sale(seller, shop, 60_000)


def without_an_account(shop: Vendor, seller: Actor) -> None:
    BankAccount.objects.update(is_active=False)
    a_sale(seller, shop, 60_000)


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        (nothing, CheckoutNotReady),
        (too_little, AmountWrong),
        (too_much, AmountWrong),
        (too_much_together, TotalTooLarge),
        (not_there, InsufficientStock),
        (none_of_it, QuantityWrong),
        (not_listed, NotForSale),
        (of_another_shop, OtherVendorsGoods),
        (by_a_stranger, NotFound),
        (by_the_owner_of_another, NotFound),
        (before_it_was_verified, NotForSale),
        (without_an_account, NoBankAccount),
    ],
)
def test_a_sale_that_cannot_be_made_leaves_nothing_behind(
    shop: Vendor, seller: Actor, attempt: Callable[[Vendor, Actor], None], refusal: type[MarketError]
) -> None:
    with pytest.raises(refusal):
        attempt(shop, seller)

    assert (Order.objects.count(), OrderLine.objects.count(), Checkout.objects.count()) == (0, 0, 0)
    assert not JournalEvent.objects.exists()
    assert_stock_adds_up()


def test_control_a_line_of_the_catalogue_without_its_variant_still_wants_stock() -> None:
    typed = OrderLine(product_name="Hàng tại sạp", quantity=1)
    gone = OrderLine(product_name="Mật ong", quantity=1, product_id_then=7)

    assert (typed.is_typed_amount, gone.is_typed_amount) == (True, False)
    wanted = stock.wanted_by_order([typed, gone])
    assert [one.name for one in wanted] == ["Mật ong"]
    with pytest.raises(InsufficientStock):
        stock.plan([replace(wanted[0], variant_id=7)], [])


@pytest.mark.usefixtures("committed_db")
def test_many_sellers_at_once_sell_the_last_units_once() -> None:
    shop = a_shop()
    seller, honey = a_member(shop), a_variant(shop, quantity=3)

    answers = at_once([lambda: a_sale(seller, shop, 0, LineWanted(honey.pk, 1)) for _ in range(12)])

    assert sum(isinstance(answer, Order) for answer in answers) == 3
    assert sum(isinstance(answer, InsufficientStock) for answer in answers) == 9
    assert stock_of(honey) == (3, 3, 0)
    assert_stock_adds_up()


@pytest.mark.usefixtures("committed_db")
def test_money_and_a_cancellation_at_once_never_do_both() -> None:
    """Whichever comes first: handed over and not cancelled, or cancelled and the money not booked on it."""
    shop = a_shop()
    seller, honey = a_member(shop), a_variant(shop, quantity=8)
    orders = [a_sale(seller, shop, 0, LineWanted(honey.pk, 1)) for _ in range(8)]

    def paying(order: Order) -> Callable[[], object]:
        return lambda: charge(order, order.total_vnd)

    def cancelling(order: Order) -> Callable[[], object]:
        return lambda: cancel_order(actor=seller, order=order, reason="", now=NOW)

    at_once([work(order) for order in orders for work in (paying, cancelling)])

    ends = list(Order.objects.values_list("status", "charge_status"))
    assert set(ends) <= {("fulfilled", "full"), ("canceled", "none")}
    sold = ends.count(("fulfilled", "full"))
    assert stock_of(honey) == (8 - sold, 0, 0)
    assert_stock_adds_up()
