"""A state machine over everything that happens to an order and its money: no step breaks a truth of the market.

Full size is 20,000 steps; each truth is shown to bite by a fault planted behind the services' back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from marketplace.core.payment_codes import CODES_MAX, code_from_number
from marketplace.orders.services import codes as order_codes
from payments.models import Feed
from payments.services.feeds import create_feed
from tests.faults.sales_machine import SHELF, SalesMachine
from tests.payments.factories import NOW, SECRET, Shop, a_shop

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
STEPS = 20_000
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
def machine(db: None, monkeypatch: pytest.MonkeyPatch) -> type[SalesMachine]:
    """A machine in a market of two shops."""
    drawn = iter(range(1, CODES_MAX))
    monkeypatch.setattr(order_codes, "new_code", lambda: code_from_number(next(drawn) * STRIDE % CODES_MAX))
    shops = [a_shop(name, quantity=SHELF) for name in ("Hợp tác xã Bản Giốc", "Hộ ông Páo")]

    class Machine(SalesMachine):
        pass

    Machine.shops, Machine.feeds = shops, dict(enumerate(map(feeds_of, shops)))
    Machine.steps, Machine.done = 0, {}
    return Machine


def run(machine: type[SalesMachine], *, runs: int, **changes: Any) -> None:
    calm = settings(
        max_examples=runs,
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        **changes,
    )
    run_state_machine_as_test(machine, settings=calm)  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped


def test_no_step_breaks_a_truth(
    machine: type[SalesMachine],
    scaled: Callable[[int], int],
    record_property: Callable[[str, object], None],
) -> None:
    began, wanted = time.monotonic(), scaled(STEPS)

    run(machine, runs=max(1, wanted // STEPS_A_RUN + 1))

    seconds = time.monotonic() - began
    record_property("steps", machine.steps)
    record_property("steps_a_second", round(machine.steps / seconds, 1))
    record_property("what_was_done", dict(sorted(machine.done.items())))
    assert machine.steps >= wanted
