"""A storefront at a Saleor asks what became of a payment by VietQR."""

from __future__ import annotations

from datetime import timedelta

from marketplace.orders.models import Order
from marketplace.saleor.models import Installation, SaleorReport
from tests.payments.factories import NOW, Shop, pay
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import a_checkout, a_line, cancelation_requested, gid, hear, initialize, process

LATER = NOW + timedelta(minutes=5)


def test_while_nothing_came_the_same_code_is_shown(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    begun = initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)

    answer = validity.session(process(installed, transaction, now=LATER))

    assert answer == {**begun, "time": "2026-11-22T03:05:00+00:00"}


def test_a_part_that_came_leaves_the_rest_to_be_paid(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    begun = initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)
    pay(shop, begun["data"]["reference"], 25_000)

    answer = validity.session(process(installed, transaction))

    data = answer["data"]
    assert (answer["result"], answer["amount"]) == ("CHARGE_ACTION_REQUIRED", 35_000)
    assert (data["state"], data["charged"], data["outstanding"]) == ("partial", 25_000, 35_000)


def test_money_whose_report_still_waits_is_answered_as_that_very_report(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    begun = initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)
    pay(shop, begun["data"]["reference"], referenceCode="FT26326000001")
    hear()

    answer = validity.session(process(installed, transaction))

    report = SaleorReport.objects.get()
    assert (answer["result"], answer["pspReference"], answer["amount"]) == (
        report.type,
        report.psp_reference,
        report.amount_vnd,
    )
    assert (report.type, report.psp_reference, report.amount_vnd) == ("CHARGE_SUCCESS", "FT26326000001", 60_000)
    assert (answer["actions"], answer["data"]["state"]) == (["REFUND"], "paid")


def test_money_that_was_reported_is_never_answered_as_another_charge(installed: Installation, shop: Shop) -> None:
    # given two tabs: the first one's transaction got the money, and its report is done
    source, first, second = a_checkout(a_line(shop)), gid("TransactionItem"), gid("TransactionItem")
    reference = initialize(installed, source, transaction_id=first)["data"]["reference"]
    initialize(installed, source, transaction_id=second)
    pay(shop, reference)
    hear()
    SaleorReport.objects.update(state="done")

    for transaction in (first, second):
        answer = validity.session(process(installed, transaction))
        assert (answer["result"], answer["data"]["state"]) == ("CHARGE_ACTION_REQUIRED", "paid")
        assert "payload" not in answer["data"]


def test_a_second_tab_does_not_count_the_firsts_money(installed: Installation, shop: Shop) -> None:
    source, second = a_checkout(a_line(shop)), gid("TransactionItem")
    reference = initialize(installed, source)["data"]["reference"]
    initialize(installed, source, transaction_id=second)
    pay(shop, reference)
    hear()

    assert process(installed, second)["result"] == "CHARGE_ACTION_REQUIRED"


def test_an_expired_code_says_so(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)
    Order.objects.update(status="expired", expires_at=None, ended_at=NOW)

    answer = validity.session(process(installed, transaction))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "EXPIRED")
    assert answer["message"] == "Đã hết giờ chuyển khoản. Bạn bấm thanh toán lại giúp nhé."


def test_an_order_that_was_called_off_says_so(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)
    Order.objects.update(status="canceled", expires_at=None, ended_at=NOW)

    answer = validity.session(process(installed, transaction))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "CANCELED")


def test_a_transaction_that_was_never_begun_is_not_known(installed: Installation) -> None:
    answer = validity.session(process(installed, gid("TransactionItem")))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "NOT_FOUND")


def test_a_payment_that_staff_called_off_says_so(installed: Installation, shop: Shop) -> None:
    transaction = gid("TransactionItem")
    initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)
    cancelation_requested(installed, transaction)

    answer = validity.session(process(installed, transaction))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "CANCELED")
