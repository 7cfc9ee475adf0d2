"""What the Saleor kept is read back after every report: what it lost is mended or named."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.models import JournalEvent
from marketplace.saleor.models import SaleorReport, SaleorTransaction
from marketplace.saleor.reports import sending
from marketplace.saleor.reports.reading_back import LOOK_AGAIN_S
from marketplace.saleor.reports.writing import write_report
from tests.payments.factories import an_order, code_of
from tests.saleor.played import reporting
from tests.saleor.played.items import add_event
from tests.saleor.played.transactions import take_effect
from tests.saleor.reports.paying import Begun, Paying, counted, problem_of, told


def test_an_effect_that_saleor_lost_is_worked_out_anew(market: Paying, paid: Begun) -> None:
    market.saleor.die_after_event()
    market.send()
    assert (told()[0][3], paid.transaction["chargedAmount"]) == ("waiting", 0)

    # when the report is told again, Saleor answers that it knows it, and works nothing out
    market.saleor.pass_time(60)
    market.send()

    assert (paid.transaction["chargedAmount"], paid.source["chargeStatus"]) == (60_000, "FULL")
    assert [kind for kind, _reference, _amount in counted(paid.transaction)][-2:] == ["CHARGE_SUCCESS", "INFO"]
    assert (told()[0][3], problem_of(paid.transaction)) == ("done", "")


def test_control_without_reading_back_the_payment_is_lost(
    market: Paying, paid: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def believe(_saleor: Any, report: SaleorReport, *, now: Any) -> None:
        report.state = SaleorReport.State.DONE
        report.save(update_fields=["state"])

    monkeypatch.setattr(sending, "read_back", believe)
    market.saleor.die_after_event()
    market.send()
    market.saleor.pass_time(60)
    market.send()

    # all is well, as far as the market knows; and the Saleor waits for money that came long ago
    assert told()[0][3] == "done"
    assert (paid.transaction["chargedAmount"], paid.source["chargeStatus"]) == (0, "NONE")


def test_sums_that_reached_the_transaction_and_not_its_order_are_mended(market: Paying) -> None:
    shop, variant = market.shop()
    order = market.saleor.make_order((variant, 1))
    begun = market.begin_for(order)
    market.bank(shop, begun.data["reference"])
    market.saleor.die_after_sums()
    market.send()
    assert (begun.transaction["chargedAmount"], order["totalCharged"]) == (60_000, 0)

    market.saleor.pass_time(60)
    market.send()

    assert (order["totalCharged"], order["chargeStatus"]) == (60_000, "FULL")


def test_sums_that_reached_the_transaction_and_not_its_checkout_are_mended(market: Paying) -> None:
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], 20_000)
    market.send()
    market.bank(shop, begun.data["reference"], 40_000)
    market.saleor.die_after_sums()
    market.send()
    assert begun.source["chargeStatus"] == "PARTIAL"

    market.saleor.pass_time(60)
    market.send()

    assert begun.source["chargeStatus"] == "FULL"


def test_a_saleor_that_dies_over_its_repair_is_named_and_repaired_later(market: Paying, paid: Begun) -> None:
    market.saleor.die_after_event()
    market.send()
    market.saleor.die_after_event()
    market.saleor.pass_time(60)
    market.send()
    assert (told()[0][3], problem_of(paid.transaction)) == (
        "sent",
        "Saleor cộng sai các khoản tiền, nay ghi 0\u00a0₫.",
    )

    market.saleor.pass_time(60)
    market.send()

    assert (told()[0][3], problem_of(paid.transaction)) == ("done", "")
    assert paid.transaction["chargedAmount"] == 60_000


def test_sums_that_cannot_be_mended_are_raised_and_looked_at_again(
    market: Paying, paid: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a Saleor that takes every event and works nothing out
    with monkeypatch.context() as broken:
        broken.setattr(reporting, "_take_effect", lambda *_: None)
        market.send()
    asked = market.saleor.asked().count("TransactionEventReport")
    assert problem_of(paid.transaction) == "Saleor cộng sai các khoản tiền, nay ghi 0\u00a0₫."
    report = SaleorReport.objects.get()
    assert (report.state, report.problem) == ("sent", problem_of(paid.transaction))
    assert SaleorTransaction.objects.get().read_back_at is None

    # when it works again
    market.saleor.pass_time(LOOK_AGAIN_S)
    market.send()

    assert (told()[0][3], problem_of(paid.transaction)) == ("done", "")
    assert paid.transaction["chargedAmount"] == 60_000
    assert market.saleor.asked().count("TransactionEventReport") == asked + 1


def test_a_saleor_that_was_put_back_to_an_older_state_is_told_again(market: Paying, paid: Begun) -> None:
    market.send()
    paid.transaction["events"][:] = [one for one in paid.transaction["events"] if one["type"] != "CHARGE_SUCCESS"]
    paid.transaction["chargedAmount"] = 0
    paid.source["chargeStatus"] = "NONE"
    SaleorReport.objects.update(state="sent", not_before=market.now)

    market.send()
    assert (told()[0][3], problem_of(paid.transaction)) == ("waiting", "Saleor đã mất báo cáo, chợ đang gửi lại.")
    market.saleor.pass_time(60)
    market.send()

    assert (told()[0][3], paid.transaction["chargedAmount"]) == ("done", 60_000)


def test_money_that_somebody_else_told_of_is_named(market: Paying, paid: Begun) -> None:
    world = market.saleor.world
    with world.lock:
        add_event(world, paid.transaction, "CHARGE_SUCCESS", 5_000, pspReference="ZZ")
        take_effect(world, paid.transaction)

    market.send()

    assert told()[0][3] == "done"
    assert problem_of(paid.transaction) == "Có khoản tiền do nơi khác báo: CHARGE_SUCCESS ZZ 5.000\u00a0₫."


def test_a_transaction_that_is_gone_there_is_asked_for_again_and_again(market: Paying, paid: Begun) -> None:
    SaleorReport.objects.update(state="sent")
    SaleorTransaction.objects.update(
        saleor_id="VHJhbnNhY3Rpb25JdGVtOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA=="
    )

    market.send()

    assert told()[0][3] == "sent"
    assert "the transaction is not there" in SaleorReport.objects.get().problem


def test_sums_that_cannot_be_read_are_asked_for_again(market: Paying, paid: Begun) -> None:
    paid.transaction["refundedAmount"] = 5_000
    SaleorReport.objects.update(state="sent")
    with pytest.MonkeyPatch.context() as odd:
        odd.setattr("marketplace.saleor.reports.sums.signed_vnd_of", lambda _amount: {}["no"])
        market.send()

    assert told()[0][3] == "sent"
    assert "sums that cannot be read" in SaleorReport.objects.get().problem


def test_an_event_that_the_journal_tells_twice_is_reported_once(market: Paying, paid: Begun) -> None:
    for event in JournalEvent.objects.filter(kind="order.charged"):
        write_report(event)

    assert len(told()) == 1


def test_money_of_an_order_that_no_saleor_sold_is_nobodys_to_report(market: Paying, paid: Begun) -> None:
    shop, _variant = market.shop("Miến Nà Rì")
    order = an_order(shop, now=market.now)
    market.bank(shop, code_of(order))

    assert len(told()) == 1
