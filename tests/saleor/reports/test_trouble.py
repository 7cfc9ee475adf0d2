"""A Saleor that is away, says no, or dies in the middle: nothing that came is lost, and what is wrong is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from marketplace.core.models import JournalEvent
from marketplace.saleor.models import Installation, SaleorReport, SaleorTransaction
from marketplace.saleor.reports import sending
from marketplace.saleor.reports.reading_back import LOOK_AGAIN_S
from marketplace.saleor.reports.sending import PAUSE_S_MAX, _claim, pause_after, send_due
from marketplace.saleor.reports.tasks import send_reports
from marketplace.saleor.reports.writing import write_report
from tests.payments.factories import an_order, code_of
from tests.saleor.played import reporting
from tests.saleor.played.items import add_event
from tests.saleor.played.server import closed, html, lost_answer, status, too_many
from tests.saleor.played.transactions import take_effect
from tests.saleor.reports.paying import Begun, Paying, counted, problem_of, told


@pytest.fixture
def paid(market: Paying) -> Begun:
    """A checkout that the bank told of, and the Saleor was not."""
    shop, variant = market.shop()
    begun = market.begin((variant, 1))
    market.bank(shop, begun.data["reference"], referenceCode="FT1")
    return begun


def test_a_saleor_that_is_away_is_told_when_it_is_back(market: Paying, paid: Begun) -> None:
    market.saleor.away()
    for _hour in range(20):
        market.saleor.pass_time(3600)
        assert send_due(now=market.now) == 1
    report = SaleorReport.objects.get()
    assert (report.state, report.attempts) == ("waiting", 20)
    assert report.problem.startswith("Saleor không trả lời: ")

    market.saleor.back()
    market.saleor.pass_time(PAUSE_S_MAX)
    market.send()

    assert (paid.transaction["chargedAmount"], told()[0][3]) == (60_000, "done")
    assert SaleorReport.objects.get().problem == ""


def test_a_saleor_that_is_away_is_asked_once_a_round_whatever_it_is_owed(market: Paying) -> None:
    shop, variant = market.shop()
    for _one in range(5):
        market.bank(shop, market.begin((variant, 1)).data["reference"])
    market.saleor.fail_next(*[closed] * 100)
    before = len(market.saleor.asked())

    assert send_due(now=market.now) == 5
    assert send_due(now=market.now) == 0

    assert len(market.saleor.asked()) == before
    assert [report.attempts for report in SaleorReport.objects.order_by("pk")] == [1, 0, 0, 0, 0]
    assert SaleorReport.objects.values_list("not_before", flat=True).distinct().count() == 1


def test_pauses_grow_to_a_bound_and_are_not_in_step() -> None:
    pauses = [pause_after(attempts).total_seconds() for attempts in range(1, 40)]

    assert 3.5 <= pauses[0] <= 5
    assert all(0.7 * PAUSE_S_MAX <= one <= PAUSE_S_MAX for one in pauses[8:])
    assert len(set(pauses[8:])) > 1


@pytest.mark.parametrize(
    "fault", [status(500), status(502), status(404), too_many(), html, closed, lost_answer, status(200, b"{}")]
)
def test_no_answer_that_can_be_used_is_a_reason_to_try_again(
    market: Paying, paid: Begun, fault: Callable[..., Any]
) -> None:
    market.saleor.fail_next(fault)
    market.send()
    assert told()[0][3] == "waiting"

    market.saleor.pass_time(60)
    market.send()

    assert (paid.transaction["chargedAmount"], told()[0][3]) == (60_000, "done")
    assert counted(paid.transaction).count(("CHARGE_SUCCESS", "FT1", 60_000)) == 1


def test_a_report_that_was_taken_is_only_read_back_after_a_fault(market: Paying, paid: Begun) -> None:
    def fail_at_reading(asked: Any) -> None:
        if asked.operation == "TransactionSums":
            market.saleor.front.before_answer = None
            market.saleor.fail_next(closed, closed)

    # given a Saleor that goes away between the report and our look at it
    market.saleor.front.before_answer = fail_at_reading
    market.send()
    market.saleor.front.next_faults.clear()
    market.saleor.fail_next(*[status(503)])
    market.saleor.pass_time(60)
    market.send()
    market.saleor.pass_time(600)
    market.send()

    assert told()[0][3] == "done"
    assert market.saleor.asked().count("TransactionEventReport") == 1


def test_a_token_that_is_not_taken_waits_for_the_operator(market: Paying, paid: Begun) -> None:
    market.saleor.set_active(market.saleor.app, False)
    market.send()
    assert told()[0][3] == "waiting"
    assert Installation.objects.get().problem.startswith("Saleor không nhận mã của chợ: ")

    market.saleor.set_active(market.saleor.app, True)
    market.saleor.pass_time(PAUSE_S_MAX)
    market.send()

    assert (told()[0][3], Installation.objects.get().problem) == ("done", "")


def test_a_problem_of_another_kind_is_not_taken_away_by_a_report(market: Paying, paid: Begun) -> None:
    Installation.objects.update(problem="Kênh VND chưa mở.")

    market.send()

    assert Installation.objects.get().problem == "Kênh VND chưa mở."


def test_what_saleor_will_always_refuse_is_kept_for_a_person_and_holds_nothing_up(
    market: Paying, paid: Begun
) -> None:
    # given that somebody told the Saleor of this very reference, with another amount
    SaleorReport.objects.update(amount_vnd=50_000)
    market.send()
    SaleorReport.objects.update(state="waiting", amount_vnd=60_000, not_before=market.now)
    report = SaleorReport.objects.get()
    later = SaleorReport.objects.create(
        transaction=report.transaction,
        type="CHARGE_SUCCESS",
        psp_reference="FT2",
        amount_vnd=10_000,
        happened_at=market.now,
        not_before=market.now,
    )

    market.send()

    report.refresh_from_db()
    assert report.state == "refused"
    assert report.problem.startswith("INCORRECT_DETAILS: ")
    later.refresh_from_db()
    assert later.state == "done"


def test_a_permission_that_is_missing_is_waited_for(market: Paying, paid: Begun) -> None:
    granted = market.saleor.app["granted"]
    market.saleor.app["granted"] = granted - {"HANDLE_PAYMENTS"}
    market.send()
    assert told()[0][3] == "waiting"
    assert SaleorReport.objects.get().problem.startswith("PermissionDenied: ")

    market.saleor.app["granted"] = granted
    market.saleor.pass_time(60)
    market.send()

    assert told()[0][3] == "done"


def test_one_transaction_that_is_not_ours_there_holds_no_other_up(market: Paying, paid: Begun) -> None:
    shop, variant = market.shop("Miến Nà Rì")
    paid.transaction["owner"] = {"id": "another"}
    other = market.begin((variant, 1))
    market.bank(shop, other.data["reference"])

    market.send()

    assert [state for *_rest, state in told()] == ["waiting", "done"]


def test_a_token_that_is_refused_again_and_again_is_left_alone_for_a_while(market: Paying) -> None:
    shop, variant = market.shop()
    for _one in range(5):
        market.bank(shop, market.begin((variant, 1)).data["reference"])
    market.saleor.set_active(market.saleor.app, False)
    before = len(market.saleor.asked())

    market.send()
    assert len(market.saleor.asked()) - before == 3

    market.saleor.set_active(market.saleor.app, True)
    market.saleor.pass_time(PAUSE_S_MAX)
    market.send()
    assert {state for *_rest, state in told()} == {"done"}


def test_reports_of_a_transaction_are_told_in_their_order(market: Paying) -> None:
    shop, variant = market.shop()
    begun, other = market.begin((variant, 1)), market.begin((variant, 1))
    for reference, amount_vnd in (("FT1", 10_000), ("FT2", 20_000)):
        market.bank(shop, begun.data["reference"], amount_vnd, referenceCode=reference)
    market.bank(shop, other.data["reference"], 60_000, referenceCode="FT3")
    first = SaleorReport.objects.order_by("pk")[0]
    SaleorReport.objects.filter(pk=first.pk).update(not_before=market.now + timedelta(minutes=1))

    # when the first has to wait, what comes after it waits too, and another transaction does not
    market.send()
    assert [state for *_rest, state in told()] == ["waiting", "waiting", "done"]

    market.saleor.pass_time(60)
    market.send()
    assert [one for one in counted(begun.transaction) if one[0] == "CHARGE_SUCCESS"] == [
        ("CHARGE_SUCCESS", "FT1", 10_000),
        ("CHARGE_SUCCESS", "FT2", 20_000),
    ]


def test_two_workers_do_not_tell_the_same(market: Paying, paid: Begun) -> None:
    assert len(_claim(now=market.now, at_most=20)) == 1

    assert send_due(now=market.now) == 0

    # and one that died leaves its reports to the next
    market.saleor.pass_time(sending.LEASE_S)
    assert send_due(now=market.now) == 1
    assert told()[0][3] == "done"


def test_a_token_that_cannot_be_read_waits_for_its_key(market: Paying, paid: Begun, settings: Any) -> None:
    keys = settings.MARKET_FIELD_KEYS
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]
    assert send_due(now=market.now) == 1
    assert told()[0][3] == "waiting"

    settings.MARKET_FIELD_KEYS = keys
    market.saleor.pass_time(PAUSE_S_MAX)
    market.send()

    assert told()[0][3] == "done"


def test_a_batch_is_bounded(market: Paying) -> None:
    shop, variant = market.shop()
    for _one in range(3):
        market.bank(shop, market.begin((variant, 1)).data["reference"])

    assert send_due(now=market.now, at_most=2) == 2
    assert sorted(state for *_rest, state in told()) == ["done", "done", "waiting"]


def test_nothing_is_told_to_a_saleor_that_the_market_left(market: Paying, paid: Begun) -> None:
    Installation.objects.update(state="left", token="", left_at=market.now)

    assert market.send() == 0


def test_without_a_saleor_the_task_does_nothing(market: Paying, paid: Begun, settings: Any) -> None:
    settings.SALEOR_API_URLS = ()

    assert send_reports(market.now) == 0

    settings.SALEOR_API_URLS = (market.saleor.api_url,)
    assert send_reports(market.now) == 1


# --- Reading back ---------------------------------------------------------------------------------


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
