"""Money that the bank tells of reaches the Saleor's checkouts and orders, over HTTP and held to its schema."""

from __future__ import annotations

from marketplace.orders.models import Order
from marketplace.saleor.models import SaleorReport, SaleorTransaction
from marketplace.saleor.tasks import fetch_wanted
from payments.models import GrantedRefund
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.granting import cancel_granted_refund, settle_granted_refund
from tests.saleor.reports.paying import Paying, counted, problem_of, told


def test_money_at_the_bank_makes_the_checkout_full(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 2), shipping_vnd=15_000)
    assert (begun.transaction["events"][-1]["type"], begun.data["amount"]) == ("CHARGE_ACTION_REQUIRED", 135_000)

    market.bank(shop, begun.data["reference"], 135_000, referenceCode="FT26326000001")
    assert market.send() == 1

    assert told() == [("CHARGE_SUCCESS", "FT26326000001", 135_000, "done")]
    assert (begun.transaction["chargedAmount"], begun.source["chargeStatus"]) == (135_000, "FULL")
    assert begun.transaction["actions"] == ["REFUND"]
    event = next(one for one in begun.transaction["events"] if one["type"] == "CHARGE_SUCCESS")
    assert event["message"] == "Ngân hàng báo có tiền."
    assert market.saleor.complete(begun.source)["chargeStatus"] == "FULL"
    assert Order.objects.get().charge_status == "full"
    row = SaleorTransaction.objects.get()
    assert (row.charged_there_vnd, row.read_back_at, row.problem) == (135_000, market.now, "")


def test_parts_are_reported_one_by_one_and_the_rest_is_asked_for_again(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))

    market.bank(shop, begun.data["reference"], 25_000, referenceCode="FT1")
    market.send()
    assert begun.source["chargeStatus"] == "PARTIAL"
    rest = market.begin_for(begun.source)
    assert (rest.references, rest.data["amount"], rest.data["state"]) == (begun.references, 35_000, "partial")
    market.bank(shop, rest.data["reference"], 35_000, referenceCode="FT2")
    market.send()

    assert told() == [("CHARGE_SUCCESS", "FT1", 25_000, "done"), ("CHARGE_SUCCESS", "FT2", 35_000, "done")]
    assert (begun.transaction["chargedAmount"], rest.transaction["chargedAmount"]) == (60_000, 0)
    assert begun.source["chargeStatus"] == "FULL"


def test_too_much_is_reported_as_it_came(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))

    market.bank(shop, begun.data["reference"], 70_000)
    market.send()

    assert (begun.transaction["chargedAmount"], begun.source["chargeStatus"]) == (70_000, "OVERCHARGED")


def test_each_vendors_transfer_is_a_report_of_its_own_even_under_one_reference(market: Paying) -> None:
    # given two banks that call their transfers the same
    (shop, variant), (other, theirs) = market.shop(), market.shop("Miến Nà Rì", price_vnd=45_000)
    begun = market.begin((variant, 1), (theirs, 1))

    market.bank(shop, begun.references[0], 60_000, referenceCode="FT1")
    market.send()
    assert begun.source["chargeStatus"] == "PARTIAL"
    market.bank(other, begun.references[1], 45_000, referenceCode="FT1")
    market.send()

    second = SaleorReport.objects.order_by("pk")[1]
    assert told() == [
        ("CHARGE_SUCCESS", "FT1", 60_000, "done"),
        ("CHARGE_SUCCESS", f"FT1-{second.event_id}", 45_000, "done"),
    ]
    assert (begun.transaction["chargedAmount"], begun.source["chargeStatus"]) == (105_000, "FULL")


def test_what_a_vendor_marks_by_hand_is_said_to_be_its_word(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    order = Order.objects.get()

    event = mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=60_000, confirmation="vendor", now=market.now)
    market.hear()
    market.send()

    assert told() == [("CHARGE_SUCCESS", f"cho40-{event.pk}", 60_000, "done")]
    assert SaleorReport.objects.get().message == "Gian hàng tự ghi nhận."
    assert begun.source["chargeStatus"] == "FULL"


def test_an_answer_that_told_of_the_money_before_its_report_counts_it_once(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], referenceCode="FT1")

    event, data = market.saleor.process(begun.transaction)
    assert (event["type"], event["pspReference"], data["state"]) == ("CHARGE_SUCCESS", "FT1", "paid")
    market.send()

    assert counted(begun.transaction)[-1:] == [("CHARGE_SUCCESS", "FT1", 60_000)]
    assert (begun.transaction["chargedAmount"], told()[0][3]) == (60_000, "done")


def test_a_refund_that_staff_asks_for_is_pending_until_the_vendor_kept_its_promise(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], referenceCode="FT1")
    market.send()
    market.saleor.complete(begun.source)

    market.saleor.request(begun.transaction, "REFUND", amount_vnd=20_000)
    market.saleor.deliver()
    assert (begun.transaction["chargedAmount"], begun.transaction["refundPendingAmount"]) == (40_000, 20_000)
    granted = GrantedRefund.objects.get()
    settle_granted_refund(actor=shop.owner, granted=granted, confirmation="vendor", now=market.now)
    market.hear()
    market.send()

    sums = {name: begun.transaction[name] for name in ("chargedAmount", "refundPendingAmount", "refundedAmount")}
    assert sums == {"chargedAmount": 40_000, "refundPendingAmount": 0, "refundedAmount": 20_000}
    assert problem_of(begun.transaction) == ""
    assert Order.objects.get().charged_vnd == 40_000


def test_a_promise_that_is_taken_back_frees_the_money_there(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"])
    market.send()
    market.saleor.request(begun.transaction, "REFUND")
    market.saleor.deliver()
    assert begun.transaction["refundPendingAmount"] == 60_000

    cancel_granted_refund(actor=shop.owner, granted=GrantedRefund.objects.get(), now=market.now)
    market.hear()
    market.send()

    assert (begun.transaction["chargedAmount"], begun.transaction["refundPendingAmount"]) == (60_000, 0)


def test_what_a_vendor_gives_back_by_itself_is_refunded_there(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"])
    market.send()

    record_refund(actor=shop.owner, order=Order.objects.get(), amount_vnd=60_000, confirmation="cash", now=market.now)
    market.hear()
    market.send()

    assert (begun.transaction["chargedAmount"], begun.transaction["refundedAmount"]) == (0, 60_000)
    assert begun.transaction["actions"] == []


def test_a_refund_over_two_vendors_ends_there_as_one(market: Paying) -> None:
    (shop, variant), (other, theirs) = market.shop(), market.shop("Miến Nà Rì", price_vnd=45_000)
    begun = market.begin((variant, 1), (theirs, 1))
    market.bank(shop, begun.references[0], 60_000)
    market.bank(other, begun.references[1], 45_000)
    market.send()

    market.saleor.request(begun.transaction, "REFUND", amount_vnd=50_000)
    market.saleor.deliver()
    for who, granted in zip((shop, other), GrantedRefund.objects.order_by("pk"), strict=True):
        settle_granted_refund(actor=who.owner, granted=granted, confirmation="vendor", now=market.now)
        market.hear()
        market.send()

    assert (begun.transaction["chargedAmount"], begun.transaction["refundedAmount"]) == (55_000, 50_000)
    assert begun.transaction["refundPendingAmount"] == 0


def test_goods_that_are_given_back_are_paid_back_by_their_own_vendor(market: Paying) -> None:
    # given an order there over two vendors, taken over here, and a refund that was granted for the second one's line
    (shop, variant), (other, theirs) = market.shop(), market.shop("Miến Nà Rì", price_vnd=45_000)
    begun = market.begin((variant, 1), (theirs, 1))
    market.bank(shop, begun.references[0], 60_000)
    market.bank(other, begun.references[1], 45_000)
    market.send()
    order = market.saleor.complete(begun.source)
    market.saleor.deliver()
    fetch_wanted(market.now)
    granted = market.saleor.grant_refund(order, begun.transaction, 45_000)
    granted["lines"] = [market.saleor.world.add("OrderGrantedRefundLine", quantity=1, orderLine=order["lines"][1])]

    market.saleor.request(begun.transaction, "REFUND", amount_vnd=45_000, granted=granted)
    market.saleor.deliver()
    promise = GrantedRefund.objects.get()
    assert (promise.order.vendor, promise.amount_vnd, granted["status"]) == (other.vendor, 45_000, "PENDING")
    settle_granted_refund(actor=other.owner, granted=promise, confirmation="vendor", now=market.now)
    market.hear()
    market.send()

    assert (granted["status"], begun.transaction["refundedAmount"]) == ("SUCCESS", 45_000)


def test_a_payment_that_staff_calls_off_has_no_live_order_here(market: Paying) -> None:
    _shop, variant = market.shop()
    begun = market.begin((variant, 1))

    market.saleor.request(begun.transaction, "CANCEL")
    market.saleor.deliver()

    assert Order.objects.get().status == "canceled"
    assert begun.transaction["events"][-1]["type"] == "CANCEL_SUCCESS"


def test_money_that_staff_wants_to_pull_is_refused(market: Paying) -> None:
    _shop, variant = market.shop()
    begun = market.begin((variant, 1))

    market.saleor.request(begun.transaction, "CHARGE", amount_vnd=60_000)
    market.saleor.deliver()

    assert begun.transaction["events"][-1]["type"] == "CHARGE_FAILURE"
    assert begun.transaction["chargePendingAmount"] == 0


def test_a_changed_basket_gets_another_code_and_the_old_order_is_called_off(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.saleor.change_checkout(begun.source, (variant, 3))

    again = market.begin_for(begun.source)
    market.bank(shop, again.data["reference"], 180_000)
    market.send()

    assert again.references != begun.references
    assert (begun.transaction["chargedAmount"], again.transaction["chargedAmount"]) == (0, 180_000)
    assert begun.source["chargeStatus"] == "FULL"
    assert sorted(Order.objects.values_list("status", flat=True)) == ["canceled", "unfulfilled"]


def test_an_order_of_the_saleor_is_paid_by_us(market: Paying) -> None:
    shop, variant = market.shop()
    order = market.saleor.make_order((variant, 1))
    begun = market.begin_for(order)

    market.bank(shop, begun.data["reference"])
    market.send()

    assert (order["chargeStatus"], order["totalCharged"]) == ("FULL", 60_000)
