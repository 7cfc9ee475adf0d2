"""Sales that a Saleor took the money for: split by vendor, each movement counted once, on the word of who told it."""

from __future__ import annotations

import random

import pytest

from marketplace.core import journal as market_journal
from marketplace.core.money import format_vnd
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from marketplace.reporting.models import TakingsDay
from marketplace.reporting.services import check
from marketplace.saleor.models import Installation, SaleorMovement, SaleorPart, SaleorSale, ToFetch
from payments.invariants import violations
from tests.payments.factories import NOW, Shop, an_order, code_of, journal, moved, pay
from tests.saleor.sales.conftest import charged, hear, orders
from tests.saleor.sales.standin import StandIn, gid, line, money


def test_an_order_paid_in_saleor_is_an_order_of_each_vendor_and_its_money_is_counted_once(
    installation: Installation, saleor: StandIn, shop: Shop, other_shop: Shop, sold: str, other_sold: str
) -> None:
    """One vendor's 2 x 60.000, the other's 45.000 less 5.000, 16.001 delivery: 176.001 đồng, charged at once."""
    there = saleor.order(
        line(sold, quantity=2, unit_vnd=60_000),
        line(other_sold, unit_vnd=45_000, total_vnd=40_000),
        shipping_vnd=16_001,
    )
    saleor.event(there, "CHARGE_SUCCESS", 176_001)

    assert hear(installation, there, "order_created", "order_paid", "order_updated", "order_fully_paid") == 1

    first, second = orders()
    assert (first.vendor, first.origin, first.subtotal_vnd, first.shipping_vnd) == (
        shop.vendor,
        "saleor",
        120_000,
        12_000,
    )
    assert (second.vendor, second.subtotal_vnd, second.discount_vnd, second.shipping_vnd) == (
        other_shop.vendor,
        45_000,
        5_000,
        4_001,
    )
    assert moved(first) == [("charge_success", 132_000, "vendor")]
    assert moved(second) == [("charge_success", 44_001, "vendor")]
    assert (first.status, first.charge_status) == ("unfulfilled", "full")
    assert (first.email, first.phone, first.delivery_name) == ("lan@example.com", "+84987654321", "Giao tận nhà")
    assert first.shipping_address is not None
    assert first.shipping_address.commune_id == "01501"
    assert [sale["order"] for sale in journal("order.fully_charged")] == [first.pk, second.pk]
    sale = SaleorSale.objects.get()
    assert (sale.number, sale.status, sale.total_vnd, sale.problem) == (there["number"], "UNFULFILLED", 176_001, "")
    assert not ToFetch.objects.exists()

    saleor.tick()
    assert hear(installation, there, "order_updated") == 1
    assert (Order.objects.count(), SaleorPart.objects.count(), SaleorMovement.objects.count()) == (2, 2, 1)
    assert violations() == []


def test_an_order_that_nobody_paid_yet_waits_without_a_code(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    hear(installation, saleor.order(line(sold, unit_vnd=60_000)))

    [order] = orders()
    assert (order.status, order.charge_status, order.expires_at) == ("unconfirmed", "none", None)
    assert not order.payment_codes.exists()


def test_a_partial_payment_its_rest_and_what_is_over_fall_on_the_vendors_in_proportion(
    installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    """60.000 and 45.000: of 50.001 come 28.572 and 21.429, of the rest 31.428 and 23.571, of 7 more 4 and 3."""
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000))
    for amount_vnd, expected in (
        (50_001, [(28_572, "partial", "unconfirmed"), (21_429, "partial", "unconfirmed")]),
        (54_999, [(60_000, "full", "unfulfilled"), (45_000, "full", "unfulfilled")]),
        (7, [(60_004, "overcharged", "unfulfilled"), (45_003, "overcharged", "unfulfilled")]),
    ):
        saleor.event(there, "CHARGE_SUCCESS", amount_vnd)
        hear(installation, there)
        assert charged() == expected
    assert violations() == []


def test_a_refund_falls_on_what_each_vendor_got(
    installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000))
    transaction = saleor.event(there, "CHARGE_SUCCESS", 105_000)
    hear(installation, there)
    saleor.event(there, "REFUND_SUCCESS", 35_000, by=transaction)
    hear(installation, there, "order_refunded", "order_updated")

    assert [one[0] for one in charged()] == [40_000, 30_000]
    assert [moved(order)[-1] for order in orders()] == [
        ("refund_success", 20_000, "vendor"),
        ("refund_success", 15_000, "vendor"),
    ]
    saleor.event(there, "REFUND_SUCCESS", 70_000, by=transaction)
    hear(installation, there, "order_fully_refunded")
    assert [one[0] for one in charged()] == [0, 0]
    assert violations() == []


def test_what_failed_after_all_and_what_was_only_asked_for_moves_nothing(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    transaction = saleor.event(there, "CHARGE_REQUEST", 60_000, reference="psp-1")
    saleor.event(there, "CHARGE_SUCCESS", 60_000, reference="psp-1", by=transaction)
    saleor.event(there, "CHARGE_FAILURE", 60_000, reference="psp-1", by=transaction)
    saleor.event(there, "INFO", 0, by=transaction)
    hear(installation, there)

    assert charged() == [(0, "none", "unconfirmed")]


def test_a_payment_that_staff_marked_as_received_is_booked_on_their_word(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    """Saleor's older payments: "mark as paid" makes one; what failed there and what was voided moves nothing."""
    there = saleor.order(line(sold, unit_vnd=60_000))
    moves = []
    for kind, amount_vnd, is_success in (
        ("AUTH", 60_000, True),
        ("CAPTURE", 60_000, False),
        ("EXTERNAL", 60_000, True),
        ("REFUND", 10_000, True),
    ):
        one = {"id": gid("Transaction"), "kind": kind, "isSuccess": is_success, "created": saleor.tick()}
        moves.append({**one, "amount": money(amount_vnd)})
    there["totalCharged"] = money(50_000)
    there["payments"].append({"id": gid("Payment"), "transactions": moves})
    there["updatedAt"] = saleor.tick()
    hear(installation, there)
    hear(installation, there)

    [order] = orders()
    assert moved(order) == [("charge_success", 60_000, "vendor"), ("refund_success", 10_000, "vendor")]


def test_a_transaction_that_is_corrected_by_hand_is_followed(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    """An App says that 20.000 went back: Saleor keeps a refund that moves no charge, and a charge of -20.000."""
    there = saleor.order(line(sold, unit_vnd=60_000))
    transaction = saleor.event(there, "CHARGE_SUCCESS", 60_000)
    hear(installation, there)
    for kind, amount_vnd in (("REFUND_SUCCESS", 20_000), ("CHARGE_SUCCESS", -20_000)):
        saleor.event(there, kind, amount_vnd, by=transaction)
        transaction["events"][-1]["pspReference"] = ""
    there["totalCharged"] = money(40_000)
    hear(installation, there)

    assert moved(orders()[0]) == [("charge_success", 60_000, "vendor"), ("refund_success", 20_000, "vendor")]
    assert SaleorSale.objects.get().problem == ""


def test_sums_that_saleor_itself_disagrees_on_are_named(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    there["totalCharged"] = money(0)
    hear(installation, there)

    assert charged() == [(60_000, "full", "unfulfilled")]
    assert "60.000" in SaleorSale.objects.get().problem


def test_saleors_own_goods_in_the_order_are_no_part_of_ours(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    """60.000 of ours and 30.000 of Saleor's own, 9.000 delivery over both: our part costs 66.000 and gets that."""
    there = saleor.order(
        line(sold, unit_vnd=60_000), line(gid("ProductVariant"), unit_vnd=30_000), shipping_vnd=9_000
    )
    saleor.event(there, "CHARGE_SUCCESS", 99_000)
    hear(installation, there)

    assert charged() == [(66_000, "full", "unfulfilled")]
    sale = SaleorSale.objects.get()
    assert (sale.others_vnd, sale.has_others, sale.problem) == (33_000, True, "")
    assert SaleorMovement.objects.get().others_vnd == 33_000


@pytest.mark.parametrize("what", ["others' goods only", "a foreign currency", "a draft", "gone"])
def test_what_is_none_of_our_business_makes_nothing(
    what: str, installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(gid("ProductVariant") if what == "others' goods only" else sold, unit_vnd=60_000))
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    if what == "a foreign currency":
        there["channel"] = {"slug": "eur", "currencyCode": "EUR"}
        there["total"] = {"gross": {"amount": 23.99}}
    if what == "a draft":
        there["status"] = "DRAFT"
    if what == "gone":
        del saleor.orders[there["id"]]

    assert hear(installation, there) == 1
    assert not Order.objects.exists()
    assert not SaleorSale.objects.exists()


def test_a_fraction_of_a_dong_is_no_money_and_waits_for_a_person(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    there["total"]["gross"]["amount"] = 59_999.5

    assert hear(installation, there) == 0
    assert not Order.objects.exists()
    assert "NotWholeDong" in ToFetch.objects.get().problem


def test_a_discount_on_the_whole_order_is_spread_to_the_dong(
    installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    """Lines of 60.000 and 45.000, and 10.001 off that no line explains."""
    hear(
        installation,
        saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000), total_vnd=94_999),
    )

    first, second = orders()
    assert (first.total_vnd, second.total_vnd) == (54_286, 40_713)
    assert first.total_vnd + second.total_vnd == 94_999


def test_an_address_of_before_the_communes_merged_is_kept_in_words(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    there["shippingAddress"] = there["shippingAddress"] | {"city": "HUYỆN MỘC CHÂU", "phone": "not a phone"}
    hear(installation, there)

    [order] = orders()
    assert order.shipping_address is not None
    assert (order.shipping_address.commune_id, order.shipping_address.street_address_2) == (
        None,
        "HUYỆN MỘC CHÂU, Cao Bằng",
    )


def test_money_for_a_part_that_its_vendor_called_off_is_named_and_the_others_get_theirs(
    installation: Installation, saleor: StandIn, shop: Shop, sold: str, other_sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000))
    hear(installation, there)
    cancel_order(actor=shop.owner, order=orders()[0], reason="Hết hàng", now=NOW)
    saleor.event(there, "CHARGE_SUCCESS", 105_000)
    hear(installation, there)

    assert charged() == [(0, "none", "canceled"), (45_000, "full", "unfulfilled")]
    assert "60.000" in SaleorSale.objects.get().problem


@pytest.mark.parametrize("seed", range(5))
def test_figures_count_embedded_and_saleor_sales_alike_each_once_in_any_order(
    seed: int, installation: Installation, saleor: StandIn, shop: Shop, sold: str, other_sold: str
) -> None:
    """Given sales of both kinds and their events repeated and out of order, what is kept is what the journal says."""
    chance = random.Random(seed)
    there = [
        saleor.order(
            line(sold, unit_vnd=60_000), line(other_sold, quantity=number, unit_vnd=45_000), shipping_vnd=10_001
        )
        for number in (1, 2, 3)
    ]
    steps = [
        *((one, "CHARGE_SUCCESS", int(one["total"]["gross"]["amount"])) for one in there),
        (there[0], "CHARGE_SUCCESS", 10_000),
        (there[1], "REFUND_SUCCESS", 30_000),
    ]
    for one, kind, amount_vnd in steps:
        saleor.event(one, kind, amount_vnd)
        for told in chance.choices(there, k=4):
            hear(installation, told, *chance.sample(["order_updated", "order_paid", "order_created"], k=2))
    embedded = an_order(shop)
    pay(shop, code_of(embedded))
    for told in there:
        hear(installation, told, "order_updated", "order_fully_paid")
    market_journal.drain(now=NOW)

    expected = sum(int(one["totalCharged"]["amount"]) for one in there) + 60_000
    assert sum(order.charged_vnd for order in orders()) == expected
    days = TakingsDay.objects.all()
    charged_vnd = sum(day.charged_vendor_online_vnd + day.charged_bank_online_vnd for day in days)
    assert charged_vnd - sum(day.refunded_vendor_online_vnd for day in days) == expected
    assert sum(day.paid_orders_online for day in days) == 7
    assert check(now=NOW) == []
    assert (SaleorPart.objects.count(), len(journal("order.fully_charged"))) == (6, 7)
    assert violations() == []


def test_a_vendors_gift_is_no_order_of_theirs(
    installation: Installation, saleor: StandIn, sold: str, other_sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(other_sold, unit_vnd=45_000, total_vnd=0))
    saleor.event(there, "CHARGE_SUCCESS", 60_000)
    hear(installation, there)
    hear(installation, there)

    assert charged() == [(60_000, "full", "unfulfilled")]
    assert SaleorSale.objects.get().problem == ""


def test_a_refund_of_more_than_came_is_named_and_the_order_is_followed_all_the_same(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    transaction = saleor.event(there, "CHARGE_SUCCESS", 60_000)
    hear(installation, there)
    saleor.event(there, "REFUND_SUCCESS", 70_000, by=transaction)
    there["lines"][0]["quantityFulfilled"] = 1
    hear(installation, there)

    assert charged() == [(60_000, "full", "fulfilled")]
    assert f"Saleor đã hoàn {format_vnd(70_000)}, nhiều hơn" in SaleorSale.objects.get().problem
    assert not ToFetch.objects.exists()

    saleor.event(there, "CHARGE_SUCCESS", 20_000, by=transaction)
    hear(installation, there)
    assert moved(orders()[0])[1:] == [("charge_success", 20_000, "vendor"), ("refund_success", 70_000, "vendor")]
    assert SaleorSale.objects.get().problem == ""


def test_over_payment_of_an_order_with_saleors_own_goods_falls_on_all_in_proportion(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(gid("ProductVariant"), unit_vnd=30_000))
    saleor.event(there, "CHARGE_SUCCESS", 90_000)
    saleor.event(there, "CHARGE_SUCCESS", 9_000)
    hear(installation, there)

    assert charged() == [(66_000, "overcharged", "unfulfilled")]
    assert sum(one.others_vnd for one in SaleorMovement.objects.all()) == 33_000


def test_money_that_goes_back_before_any_came_is_named(
    installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    saleor.event(there, "CHARGE_BACK", 5_000)
    hear(installation, there)

    assert charged() == [(0, "none", "unconfirmed")]
    assert f"Saleor đã hoàn {format_vnd(5_000)}, nhiều hơn" in SaleorSale.objects.get().problem


@pytest.mark.parametrize("moment", ["2026-11-22T03:00:00", "hôm qua", None])
def test_a_moment_that_is_none_waits_for_a_person(
    moment: str | None, installation: Installation, saleor: StandIn, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000))
    told = {"data": {"order": there | {"updatedAt": moment}}}
    saleor.answers["Order"] = told

    assert hear(installation, there) == 0
    assert not Order.objects.exists()
    assert "Không hiểu câu trả lời của Saleor" in ToFetch.objects.get().problem
