"""A state machine over everything that happens to an order and its money: no step breaks a truth of the market.

Full size is 20,000 steps; each truth is shown to bite by a fault planted behind the services' back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db.models import F
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from marketplace.core import journal
from marketplace.core.models import JournalDelivery, JournalEvent
from marketplace.core.payment_codes import CODES_MAX, code_from_number
from marketplace.core.triggers import drop_triggers
from marketplace.orders.services import codes as order_codes
from marketplace.orders.services import stock
from marketplace.reporting.models import TakingsDay
from payments import matching
from payments.models import BankNotice, Feed
from payments.services import booking, moving, notices
from payments.services.feeds import create_feed
from tests.faults.sales_machine import SHELF, SalesMachine
from tests.faults.sales_model import TRUTHS
from tests.payments.factories import NOW, SECRET, Shop, a_shop

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
STEPS = 20_000
PARTS = 10
"""The steps are played in as many tests, so that one that hangs is seen to."""
STEPS_A_RUN = 50
RUNS_OF_A_CONTROL = 60
STRIDE = 7_777_777_777
"""So that codes differ from each other as drawn ones do, and are the same at every run."""


def feeds_of(shop: Shop) -> list[Feed]:
    second = create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed
    statements = Feed.objects.create(
        provider=Feed.Provider.STATEMENT, vendor=shop.vendor, secret="", is_active=False, made_at=NOW
    )
    return [shop.feed, second, statements]


@pytest.fixture
def unguarded(db: None) -> None:
    """What the database itself refuses is let through until the test's transaction is taken back."""
    drop_triggers()


@pytest.fixture
def machine(db: None, monkeypatch: pytest.MonkeyPatch) -> type[SalesMachine]:
    """A machine in a market of two shops."""
    shops = [a_shop(name, quantity=SHELF) for name in ("Hợp tác xã Bản Giốc", "Hộ ông Páo")]

    class Machine(SalesMachine):
        pass

    # Drawn anew, hypothesis could not play a run again.
    monkeypatch.setattr(order_codes, "new_code", lambda: code_from_number(next(Machine.drawn) * STRIDE % CODES_MAX))
    Machine.shops, Machine.feeds = shops, dict(enumerate(map(feeds_of, shops)))
    Machine.steps, Machine.done = 0, {}
    return Machine


def run(machine: type[SalesMachine], *, runs: int, number: int, **changes: Any) -> None:
    """Play the machine `runs` times; the same `number` plays the same."""
    calm = settings(
        max_examples=runs,
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        **changes,
    )
    run_state_machine_as_test(seed(number)(machine), settings=calm)  # type: ignore[no-untyped-call]  # theirs


@pytest.mark.parametrize("part", range(PARTS))
def test_no_step_breaks_a_truth(
    machine: type[SalesMachine],
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
    part: int,
) -> None:
    began, wanted = time.process_time(), scaled(STEPS // PARTS)

    while machine.steps < wanted:
        missing = wanted - machine.steps
        run(machine, runs=missing // STEPS_A_RUN + 1, number=1_000 * part + machine.steps)

    seconds = time.process_time() - began
    record_property("steps", machine.steps)
    record_property("steps_a_processor_second", round(machine.steps / seconds, 1))
    record_property("what_was_done", dict(sorted(machine.done.items())))


def _repeats_are_not_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "repeat_of", lambda _telling, _earlier: None)


def _a_notice_is_acknowledged_and_lost(patch: pytest.MonkeyPatch) -> None:
    take_in = notices.take_in

    def lossy(feed: Feed, *, raw: bytes, **rest: Any) -> object:
        return None if b"12345" in raw else take_in(feed, raw=raw, **rest)

    patch.setattr(notices, "take_in", lossy)


def _held_money_is_put_before_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(booking, "hold_for_review", lambda *_, **__: None)


def _held_money_is_let_lie(patch: pytest.MonkeyPatch) -> None:
    def let_lie(notice: BankNotice, why: str, *, now: Any, **_rest: Any) -> None:
        booking._finish(notice, BankNotice.State.IGNORED, why=why, now=now)

    patch.setattr(booking, "_hold", let_lie)


def _a_booking_says_a_dong_more_than_its_notice(patch: pytest.MonkeyPatch) -> None:
    told = moving.Movement.of_notice

    def one_more(notice: BankNotice) -> moving.Movement:
        return replace(told(notice), amount_vnd=notice.amount_vnd + 1)

    patch.setattr(moving.Movement, "of_notice", one_more)


def _a_refund_leaves_the_balance(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moving, "apply_refund", lambda **_rest: None)


def _stock_that_was_sold_stays_on_the_shelf(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stock, "write", lambda _stocks: None)


def _the_figures_are_a_dong_off(patch: pytest.MonkeyPatch) -> None:
    drain = journal.drain

    def one_off(**rest: Any) -> int:
        tried = drain(**rest)
        TakingsDay.objects.update(charged_bank_online_vnd=F("charged_bank_online_vnd") + 1)
        return tried

    patch.setattr(journal, "drain", one_off)


def _the_journal_misses_a_charge(patch: pytest.MonkeyPatch) -> None:
    apply_charge = moving.apply_charge

    def forgetful(**rest: Any) -> object:
        outcome = apply_charge(**rest)
        last = JournalEvent.objects.filter(kind="order.charged").order_by("-pk")[:1].get()
        JournalDelivery.objects.filter(event=last).delete()
        last.delete()
        return outcome

    patch.setattr(moving, "apply_charge", forgetful)


PLANTED = {
    "no_transfer_is_booked_twice": _repeats_are_not_seen,
    "every_acknowledged_notice_is_kept": _a_notice_is_acknowledged_and_lost,
    "held_money_is_before_a_person": _held_money_is_put_before_nobody,
    "no_money_is_dropped": _held_money_is_let_lie,
    "a_booked_notice_is_one_charge": _a_booking_says_a_dong_more_than_its_notice,
    "balances_are_their_events": _a_refund_leaves_the_balance,
    "no_unit_is_sold_twice": _stock_that_was_sold_stays_on_the_shelf,
    "figures_are_the_journal": _the_figures_are_a_dong_off,
    "the_journal_is_the_money": _the_journal_misses_a_charge,
}


@pytest.mark.parametrize("truth", PLANTED)
def test_control_each_truth_bites(
    unguarded: None, machine: type[SalesMachine], monkeypatch: pytest.MonkeyPatch, truth: str
) -> None:
    """If one of these fails, the steps above prove nothing of that truth: the fault was there and nobody saw it."""
    PLANTED[truth](monkeypatch)

    with pytest.raises(AssertionError, match=truth):
        run(machine, runs=RUNS_OF_A_CONTROL, number=1, phases=[Phase.generate])


def test_every_truth_has_its_control() -> None:
    assert set(PLANTED) == {truth.__name__ for truth in TRUTHS} | {"figures_are_the_journal"}
