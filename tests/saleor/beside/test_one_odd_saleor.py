"""One Saleor that answers oddly is its own trouble alone: whatever is done for all of them goes on with the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from marketplace.saleor import upkeep
from marketplace.saleor.catalogue import tasks as catalogue_tasks
from marketplace.saleor.client import Saleor
from marketplace.saleor.each import for_each, installed
from marketplace.saleor.installing import uninstall
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports import catching_up as journal_catching_up
from marketplace.saleor.reports import sending
from marketplace.saleor.reports.sending import PAUSE_S, send_due
from marketplace.saleor.reports.tasks import catch_up_reports
from marketplace.saleor.tasks import catch_up_orders, fetch_wanted
from tests.payments.factories import NOW
from tests.saleor.beside.conftest import Pair
from tests.saleor.sales.standin import gid

SHAPES: tuple[Any, ...] = (
    {"errors": 1},
    {"errors": [{"message": "x", "extensions": "x"}]},
    {"errors": [{"message": "x", "extensions": {"exception": "x"}}]},
    {"data": {"orders": 7, "app": {"webhooks": 7}}},
    {"data": {"orders": {"edges": [7]}, "app": {"webhooks": [7]}}},
)
DENIED = {"errors": [{"message": "no \ud800", "extensions": {"exception": {"code": "PermissionDenied"}}}]}


def a_page(*ids: object, **more: Any) -> dict[str, Any]:
    edges = [{"node": {"id": one, "updatedAt": NOW.isoformat()}} for one in ids]
    return {"data": {"orders": {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": None, **more}}}}


def fail_at(odd: Installation, *, error: Exception | None = None) -> Any:
    """Something done for an installation that answers 1, and fails at the odd one."""

    def do(one: Installation, **_: Any) -> int:
        if one.pk == odd.pk:
            raise error or ZeroDivisionError("odd")
        return 1

    return do


@pytest.mark.parametrize("error", [ZeroDivisionError("odd"), OperationalError("locked"), RecursionError()])
def test_each_saleor_has_its_turn_and_what_went_wrong_is_logged(
    error: Exception, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    assert for_each(installed(), fail_at(pair.odd, error=error)) == 1
    assert f"installation {pair.odd.pk} " in caplog.text


@pytest.mark.parametrize("answer", SHAPES)
def test_lost_orders_of_the_other_are_looked_for(answer: Any, pair: Pair) -> None:
    pair.answers(answer)

    catch_up_orders(NOW)

    assert pair.good_saleor.asked == ["OrdersChanged"]
    pair.odd.refresh_from_db()
    assert pair.odd.orders_seen_until is None


@pytest.mark.parametrize("odd_id", ["\ud800", "x\u0000", "x" * 121, "", 7, None, ["a"]])
def test_what_can_be_no_id_is_no_order(odd_id: object, pair: Pair) -> None:
    own = gid("Order")
    pair.answers(a_page(odd_id, own))

    assert catch_up_orders(NOW) == 1
    assert [one.saleor_id for one in pair.odd.to_fetch.all()] == [own]
    assert pair.good_saleor.asked == ["OrdersChanged"]


@pytest.mark.parametrize("ids", [(), ("T3JkZXI6MQ==",)])
def test_pages_without_an_end_have_one(ids: tuple[str, ...], pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page takes a second: the pass ends after a minute, or at the first page that is empty."""
    spent_s = [0]

    def another_page(turn: int) -> Any:
        spent_s[0] += 1
        assert turn < 100
        return a_page(*ids, hasNextPage=True, endCursor=str(turn))

    monkeypatch.setattr("marketplace.saleor.sales.catching_up.monotonic", lambda: float(spent_s[0]))
    pair.answers(another_page)

    catch_up_orders(NOW)

    assert len(pair.odd_saleor.asked) == (60 if ids else 1)
    assert pair.good_saleor.asked == ["OrdersChanged"]


@pytest.mark.parametrize("answer", SHAPES)
def test_the_webhooks_of_the_other_are_agreed_on(answer: Any, pair: Pair) -> None:
    pair.answers(answer)
    pair.good_saleor.answers["OurWebhooks"] = {"data": {"app": None}}

    assert upkeep.agree_on_webhooks(NOW) == 0
    assert pair.good_saleor.asked == ["OurWebhooks"]


@pytest.mark.parametrize("answer", SHAPES)
def test_a_saleor_that_answers_oddly_is_left_and_its_token_wiped(answer: Any, pair: Pair) -> None:
    pair.answers(answer)

    assert uninstall(api_url=pair.odd.api_url, now=NOW) is False
    row = Installation.objects.get(pk=pair.odd.pk)
    assert (row.state, row.token) == ("left", "")


def test_a_fault_that_nobody_foresaw_keeps_no_token_either(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_installation: Installation, **_: Any) -> Saleor:
        raise ZeroDivisionError

    monkeypatch.setattr(Saleor, "of", fail)

    assert uninstall(api_url=pair.odd.api_url, now=NOW) is False
    assert Installation.objects.get(pk=pair.odd.pk).token == ""


def test_a_saleor_that_does_not_take_our_token_is_told_later_and_the_other_now(pair: Pair) -> None:
    report = pair.owe_a_report()
    pair.answers(DENIED)

    assert send_due(now=NOW) == 2

    report.refresh_from_db()
    assert (report.attempts, report.problem) == (1, "PermissionDenied")
    assert NOW < report.not_before <= NOW + timedelta(seconds=PAUSE_S)
    assert "TransactionEventReport" in pair.good_saleor.asked
    pair.odd.refresh_from_db()
    assert pair.odd.problem == "Saleor không nhận mã của chợ: PermissionDenied"


def test_a_trouble_that_cannot_be_written_down_is_one_try_and_no_others_trouble(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = pair.owe_a_report()
    pair.answers(DENIED)

    def fail(_installation: Installation, problem: str) -> None:
        if problem:
            raise ZeroDivisionError

    monkeypatch.setattr(sending, "_note_problem", fail)

    assert send_due(now=NOW) == 2

    report.refresh_from_db()
    assert (report.attempts, report.problem) == (1, "ZeroDivisionError")
    assert NOW < report.not_before <= NOW + timedelta(seconds=PAUSE_S)
    assert "TransactionEventReport" in pair.good_saleor.asked


def test_a_saleor_over_which_sending_fails_altogether_holds_no_other_up(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.owe_a_report()
    put_off = sending._put_off

    def fail(report: SaleorReport, **given: Any) -> None:
        if report.transaction.installation_id == pair.odd.pk:
            raise ZeroDivisionError
        put_off(report, **given)

    pair.answers(DENIED)
    monkeypatch.setattr(sending, "_put_off", fail)

    assert send_due(now=NOW) == 1
    assert "TransactionEventReport" in pair.good_saleor.asked


def test_what_the_other_told_of_is_fetched_while_the_words_of_the_one_cannot_be_kept(pair: Pair) -> None:
    for one in (pair.odd, pair.good):
        one.to_fetch.create(kind="order", saleor_id=gid("Order"), not_before=NOW, asked_at=NOW)
    pair.answers({"errors": [{"message": "\ud800\u0000"}]})

    fetch_wanted(NOW)

    waiting = pair.odd.to_fetch.get()
    assert (waiting.attempts, waiting.problem) == (1, "Saleor từ chối: \ufffd\ufffd")
    assert pair.good_saleor.asked == ["Order"]


@pytest.mark.parametrize(
    ("work", "task"),
    [
        ("push_due", catalogue_tasks.push_goods),
        ("look_over_stock", catalogue_tasks.compare_stock),
        ("mark_all_stock", catalogue_tasks.ask_stock),
    ],
)
def test_the_goods_of_the_other_are_brought(
    work: str, task: Any, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_tasks, work, fail_at(pair.odd))

    assert task(NOW) == 1


@pytest.mark.parametrize(
    ("where", "work", "task"),
    [
        (upkeep, "agree", upkeep.agree_on_webhooks),
        (upkeep, "agree", upkeep.look_over_webhooks),
        (upkeep, "renew_keys", upkeep.renew_old_keys),
        (journal_catching_up, "_catch_up", catch_up_reports),
    ],
)
def test_what_is_done_from_time_to_time_is_done_for_the_other(
    where: Any, work: str, task: Any, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, work, fail_at(pair.odd))

    assert task(NOW) == 1


def test_the_other_is_asked_whether_it_takes_our_token_again(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    Installation.objects.update(problem=upkeep.TOKEN_REFUSED)

    def reach(one: Installation) -> Any:
        assert one.pk != pair.odd.pk
        return type("Reached", (), {"problem": ""})

    monkeypatch.setattr(upkeep, "reach", reach)

    assert upkeep.ask_those_that_refused(NOW) == 1
    assert list(Installation.objects.order_by("pk").values_list("problem", flat=True)) == [upkeep.TOKEN_REFUSED, ""]
