"""A Saleor that is away, says no, or dies in the middle: nothing that came is lost, and what is wrong is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports import sending
from marketplace.saleor.reports.sending import PAUSE_S_MAX, _claim, pause_after, send_due
from marketplace.saleor.reports.tasks import send_reports
from tests.saleor.played.server import closed, html, lost_answer, status, too_many
from tests.saleor.reports.paying import Begun, Paying, counted, told


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
    assert SaleorReport.objects.get().problem == "PermissionDenied"

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
