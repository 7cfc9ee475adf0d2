"""What a Saleor's staff asks of a payment: charge it, call it off, give money back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.orders.services.ending import expire_due_orders
from marketplace.saleor.models import Installation, SaleorPart, SaleorRefundRequest, SaleorReport
from payments.models import GrantedRefund
from payments.services.by_hand import record_refund
from payments.services.granting import cancel_granted_refund, settle_granted_refund
from tests.payments.factories import NOW, Shop, pay, waiting
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import (
    a_checkout,
    a_line,
    cancelation_requested,
    charge_requested,
    gid,
    hear,
    initialize,
    refund_requested,
)


def paid(installed: Installation, *shops: Shop, lines: list[dict[str, Any]] | None = None) -> str:
    """A checkout of these shops' goods that was paid in full; answers its transaction."""
    transaction = gid("TransactionItem")
    source = a_checkout(*(lines or [a_line(shop) for shop in shops]))
    codes = initialize(installed, source, transaction_id=transaction)["data"]["codes"]
    for shop, code in zip(shops, codes, strict=True):
        pay(shop, code["reference"], code["amount"])
    hear()
    SaleorReport.objects.update(state="done")
    return transaction


def promises() -> list[tuple[int, str]]:
    return list(GrantedRefund.objects.order_by("pk").values_list("amount_vnd", "status"))


def refund_reports() -> list[tuple[str, str, int]]:
    rows = SaleorReport.objects.filter(type__startswith="REFUND").order_by("pk")
    return list(rows.values_list("type", "psp_reference", "amount_vnd"))


def keep(shop: Shop, granted: GrantedRefund) -> None:
    settle_granted_refund(actor=shop.owner, granted=granted, confirmation="vendor", now=NOW)
    hear()


def take_back(shop: Shop, granted: GrantedRefund) -> None:
    cancel_granted_refund(actor=shop.owner, granted=granted, now=NOW)
    hear()


# --- Charging -------------------------------------------------------------------------------------


def test_money_cannot_be_pulled(installed: Installation, shop: Shop) -> None:
    answer = validity.action(charge_requested(installed, gid("TransactionItem"), 60_000.0), "CHARGE")

    assert answer["result"] == "CHARGE_FAILURE"
    assert answer["message"].startswith("VietQR không tự thu tiền được")


def test_two_refusals_are_two_events_to_saleor(installed: Installation) -> None:
    first, second = (charge_requested(installed, gid("TransactionItem"), amount) for amount in (1.0, 2.0))

    assert first["pspReference"] != second["pspReference"]


# --- Calling off ----------------------------------------------------------------------------------


def test_unpaid_orders_are_called_off(installed: Installation, shop: Shop, other: Shop) -> None:
    transaction = gid("TransactionItem")
    initialize(installed, a_checkout(a_line(shop), a_line(other)), transaction_id=transaction)

    answer = validity.action(cancelation_requested(installed, transaction), "CANCEL")

    assert answer["result"] == "CANCEL_SUCCESS"
    assert list(Order.objects.values_list("status", flat=True)) == ["canceled", "canceled"]
    # and again it is called off still
    again = cancelation_requested(installed, transaction)
    assert (again["result"], again["pspReference"]) == ("CANCEL_SUCCESS", answer["pspReference"])


def test_nothing_is_called_off_once_money_came_for_a_part(installed: Installation, shop: Shop, other: Shop) -> None:
    transaction = gid("TransactionItem")
    codes = initialize(installed, a_checkout(a_line(shop), a_line(other)), transaction_id=transaction)["data"][
        "codes"
    ]
    pay(shop, codes[0]["reference"], 10_000)

    answer = validity.action(cancelation_requested(installed, transaction), "CANCEL")

    assert answer["result"] == "CANCEL_FAILURE"
    assert set(Order.objects.values_list("status", flat=True)) == {"unconfirmed"}


def test_a_payment_that_ran_out_and_was_called_off_is_not_revived_by_late_money(
    installed: Installation, shop: Shop
) -> None:
    transaction, later = gid("TransactionItem"), NOW + timedelta(hours=2)
    code = initialize(installed, a_checkout(a_line(shop)), transaction_id=transaction)["data"]["reference"]
    assert expire_due_orders(now=later, at_most=10) == 1

    assert cancelation_requested(installed, transaction)["result"] == "CANCEL_SUCCESS"
    pay(shop, code, 60_000, now=later)
    hear(later)

    order = Order.objects.get()
    assert (order.status, order.charged_vnd) == ("canceled", 0)
    assert waiting(shop) == [("unmatched", 60_000)]
    assert SaleorPart.objects.get().is_replaced


def test_a_second_tab_that_is_called_off_leaves_the_firsts_code_alone(installed: Installation, shop: Shop) -> None:
    source, second = a_checkout(a_line(shop)), gid("TransactionItem")
    initialize(installed, source)
    initialize(installed, source, transaction_id=second)

    assert cancelation_requested(installed, second)["result"] == "CANCEL_SUCCESS"
    assert Order.objects.get().status == "unconfirmed"


def test_what_was_never_begun_cannot_be_called_off(installed: Installation) -> None:
    answer = validity.action(cancelation_requested(installed, gid("TransactionItem")), "CANCEL")

    assert answer["result"] == "CANCEL_FAILURE"


# --- Giving back ----------------------------------------------------------------------------------


def test_a_refund_is_promised_and_reported_when_the_vendor_kept_it(installed: Installation, shop: Shop) -> None:
    transaction = paid(installed, shop)

    answer = validity.action(refund_requested(installed, transaction, 20_000.0), "REFUND")

    assert answer.keys() == {"pspReference"}
    assert (promises(), refund_reports()) == ([(20_000, "none")], [])
    keep(shop, GrantedRefund.objects.get())
    assert refund_reports() == [("REFUND_SUCCESS", answer["pspReference"], 20_000)]


def test_the_same_request_again_is_the_same_promise(installed: Installation, shop: Shop) -> None:
    transaction, event = paid(installed, shop), gid("TransactionEvent")

    first = refund_requested(installed, transaction, 20_000.0, event_id=event)
    second = refund_requested(installed, transaction, 20_000.0, event_id=event)

    assert (first, promises()) == (second, [(20_000, "none")])


def test_two_requests_of_one_amount_are_two_promises(installed: Installation, shop: Shop) -> None:
    transaction = paid(installed, shop)

    first = refund_requested(installed, transaction, 20_000.0)
    second = refund_requested(installed, transaction, 20_000.0)

    assert first["pspReference"] != second["pspReference"]
    assert promises() == [(20_000, "none"), (20_000, "none")]


def test_a_body_without_saleors_own_event_is_a_request_of_its_own(installed: Installation, shop: Shop) -> None:
    transaction = paid(installed, shop)

    validity.action(refund_requested(installed, transaction, 20_000.0, event_id=None), "REFUND")

    assert promises() == [(20_000, "none")]


def test_a_promise_that_the_vendor_takes_back_is_a_failure(installed: Installation, shop: Shop) -> None:
    answer = refund_requested(installed, paid(installed, shop), 20_000.0)

    take_back(shop, GrantedRefund.objects.get())

    assert refund_reports() == [("REFUND_FAILURE", answer["pspReference"], 20_000)]
    assert SaleorReport.objects.get(type="REFUND_FAILURE").message == "Gian hàng không trả lại tiền."


def test_several_vendors_give_back_by_what_they_were_charged_and_it_ends_as_one_event(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    # given 60,000 and 45,000 that were paid
    transaction = paid(installed, shop, other)

    answer = refund_requested(installed, transaction, 50_000.0)

    assert promises() == [(28_571, "none"), (21_429, "none")]
    first, second = GrantedRefund.objects.order_by("pk")
    keep(shop, first)
    assert refund_reports() == []
    keep(other, second)
    assert refund_reports() == [("REFUND_SUCCESS", answer["pspReference"], 50_000)]


def test_what_one_vendor_gives_back_is_reported_when_the_other_will_not(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    answer = refund_requested(installed, paid(installed, shop, other), 50_000.0)
    first, second = GrantedRefund.objects.order_by("pk")

    keep(shop, first)
    take_back(other, second)

    assert refund_reports() == [("REFUND_SUCCESS", answer["pspReference"], 28_571)]
    assert SaleorReport.objects.get(type="REFUND_SUCCESS").message == "Gian hàng đã trả lại một phần."


def test_lines_that_are_given_back_fall_on_their_own_vendor(installed: Installation, shop: Shop, other: Shop) -> None:
    lines = [a_line(shop), a_line(other, line_id=gid("OrderLine", "1"))]
    transaction = paid(installed, shop, other, lines=lines)

    refund_requested(installed, transaction, 45_000.0, lines=[(gid("OrderLine", "1"), 1)])

    assert promises() == [(45_000, "none")]
    assert GrantedRefund.objects.get().order.vendor == other.vendor


def test_more_than_their_vendor_has_falls_on_all(installed: Installation, shop: Shop, other: Shop) -> None:
    lines = [a_line(shop), a_line(other, line_id=gid("OrderLine", "1"))]
    transaction = paid(installed, shop, other, lines=lines)

    refund_requested(installed, transaction, 100_000.0, lines=[(gid("OrderLine", "1"), 1)])

    assert sum(amount for amount, _status in promises()) == 100_000


@pytest.mark.parametrize("amount", [60_001.0, 0.0, 0.5])
def test_more_than_came_or_no_amount_at_all_is_refused(installed: Installation, shop: Shop, amount: float) -> None:
    transaction = paid(installed, shop)

    answer = validity.action(refund_requested(installed, transaction, amount), "REFUND")

    assert (answer["result"], promises()) == ("REFUND_FAILURE", [])


def test_what_is_promised_already_is_not_promised_twice(installed: Installation, shop: Shop) -> None:
    transaction = paid(installed, shop)
    refund_requested(installed, transaction, 60_000.0)

    answer = validity.action(refund_requested(installed, transaction, 1.0), "REFUND")

    assert (answer["result"], answer["message"]) == ("REFUND_FAILURE", "Chỉ còn 0\u00a0₫ trả lại được.")


def test_nothing_is_given_back_for_what_was_never_begun(installed: Installation) -> None:
    answer = validity.action(refund_requested(installed, gid("TransactionItem"), 1.0), "REFUND")

    assert answer["result"] == "REFUND_FAILURE"


def test_what_a_vendor_gives_back_by_itself_is_reported_as_it_is(installed: Installation, shop: Shop) -> None:
    paid(installed, shop)
    order = SaleorPart.objects.get().order

    event = record_refund(actor=shop.owner, order=order, amount_vnd=5_000, confirmation="cash", now=NOW)
    hear()

    assert refund_reports() == [("REFUND_SUCCESS", f"cho40-{event.pk}", 5_000)]
    assert SaleorReport.objects.get(type="REFUND_SUCCESS").message == "Tiền mặt, gian hàng ghi nhận."
    assert SaleorRefundRequest.objects.count() == 0
