"""A report whose transaction gives trouble is put off by itself: what other sales are owed goes on."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.client import SaleorRefuses
from marketplace.saleor.models import SaleorReport, SaleorTransaction
from marketplace.saleor.reports import reading_back, sending, sums
from marketplace.saleor.tasks import fetch_wanted
from payments.services.by_hand import record_refund
from tests.payments.factories import Shop
from tests.saleor.played.world import Thing
from tests.saleor.reports.paying import Begun, Paying, counted, told

GONE = "VHJhbnNhY3Rpb25JdGVtOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA=="


@pytest.fixture
def goods(market: Paying) -> tuple[Shop, Thing]:
    return market.shop()


def pays(market: Paying, goods: tuple[Shop, Thing], **changes: Any) -> Begun:
    shop, variant = goods
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], **changes)
    return begun


def test_a_sum_below_nothing_there_is_read_and_holds_no_other_sale_up(
    market: Paying, goods: tuple[Shop, Thing]
) -> None:
    # given an order with a code of ours that the Saleor's staff mark as paid, and that the vendor pays back here
    shop, variant = goods
    order = market.saleor.make_order((variant, 1))
    begun = market.begin_for(order)
    market.saleor.mark_as_paid(order)
    market.saleor.deliver()
    fetch_wanted(market.now)
    ours = Order.objects.get()
    record_refund(actor=shop.owner, order=ours, amount_vnd=60_000, confirmation="vendor", now=market.now)
    market.hear()
    other = pays(market, market.shop("Miến Nà Rì", price_vnd=45_000), amount_vnd=45_000)

    market.send()

    # then our transaction stands at less than nothing there, and both were told
    assert begun.transaction["chargedAmount"] == -60_000
    assert SaleorTransaction.objects.get(saleor_id=begun.transaction["id"]).charged_there_vnd == -60_000
    assert [(kind, amount, state) for kind, _reference, amount, state in told()] == [
        ("REFUND_SUCCESS", 60_000, "done"),
        ("CHARGE_SUCCESS", 45_000, "done"),
    ]
    assert other.transaction["chargedAmount"] == 45_000


@pytest.mark.parametrize("trouble", ["not there", "cannot be read"])
def test_a_transaction_that_cannot_be_read_back_holds_no_other_sale_up(
    market: Paying, goods: tuple[Shop, Thing], trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, other = pays(market, goods), pays(market, goods)
    row = SaleorTransaction.objects.get(saleor_id=bad.transaction["id"])
    row.reports.update(state="sent")
    if trouble == "not there":
        SaleorTransaction.objects.filter(pk=row.pk).update(saleor_id=GONE)
    else:
        read = sums.told_of

        def cannot_read(answer: Any) -> Any:
            return read({} if answer["events"][0]["type"] == "CHARGE_ACTION_REQUIRED" else answer)

        monkeypatch.setattr(reading_back, "told_of", cannot_read)

    market.send()

    assert [state for *_rest, state in told()] == ["sent", "done"]
    assert other.transaction["chargedAmount"] == 60_000
    report = row.reports.get()
    assert (report.attempts, trouble in report.problem) == (1, True)
    assert report.not_before > market.now


def test_a_fault_that_nobody_foresaw_holds_no_other_sale_up(
    market: Paying, goods: tuple[Shop, Thing], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, other = pays(market, goods), pays(market, goods)
    first = SaleorReport.objects.get(transaction__saleor_id=bad.transaction["id"]).pk
    read_back = reading_back.read_back

    def stumble(saleor: Any, report: SaleorReport, *, now: Any) -> None:
        if report.pk == first:
            raise ZeroDivisionError
        read_back(saleor, report, now=now)

    monkeypatch.setattr(sending, "read_back", stumble)

    market.send()

    assert [state for *_rest, state in told()] == ["sent", "done"]
    assert SaleorReport.objects.get(pk=first).problem == "ZeroDivisionError"
    assert other.transaction["chargedAmount"] == 60_000


def test_a_repair_that_is_refused_does_not_refuse_the_report_that_was_taken(
    market: Paying, goods: tuple[Shop, Thing], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a report that the Saleor took, its effect lost, and a Saleor that does not want the repair
    paid = pays(market, goods, referenceCode="FT1")
    market.saleor.die_after_event()
    market.send()
    market.saleor.pass_time(60)

    def refuse(*_: Any, **__: Any) -> None:
        raise SaleorRefuses("no such event", code="INVALID")

    with monkeypatch.context() as refusing:
        refusing.setattr(reading_back, "_let_it_work_out_anew", refuse)
        market.send()
    report = SaleorReport.objects.get()
    assert (report.state, report.problem) == ("sent", "INVALID: no such event")

    # when it does again
    market.saleor.pass_time(600)
    market.send()

    assert (told()[0][3], paid.transaction["chargedAmount"]) == ("done", 60_000)
    assert counted(paid.transaction).count(("CHARGE_SUCCESS", "FT1", 60_000)) == 1
