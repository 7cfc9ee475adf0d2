"""Our reckoning of a Saleor's sums, against the played Saleor's own, which was written apart from it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from marketplace.saleor.reports.sums import EventThere, Sums, difference, sums_of_events, told_of
from tests.saleor.played.sums import sums_of

KINDS = [
    "CHARGE_SUCCESS",
    "CHARGE_BACK",
    "CHARGE_ACTION_REQUIRED",
    "REFUND_REQUEST",
    "REFUND_SUCCESS",
    "REFUND_FAILURE",
    "REFUND_REVERSE",
    "INFO",
]


def test_sums_are_saleors_whatever_was_reported() -> None:
    chance = random.Random(40)
    for _round in range(2_000):
        seen: set[tuple[str, str]] = set()
        events = []
        for moment in range(chance.randint(0, 9)):
            kind, reference = chance.choice(KINDS), chance.choice(["A", "B", "C", ""])
            if reference and (kind, reference) in seen:
                continue  # Saleor keeps one event of a type and a reference
            if kind in {"REFUND_SUCCESS", "REFUND_FAILURE"} and seen & {
                ("REFUND_SUCCESS", reference),
                ("REFUND_FAILURE", reference),
            }:
                continue  # of a request of ours only one of the two is ever reported
            if kind == "REFUND_REQUEST" and not reference:
                continue  # not answered yet: it does not count
            seen.add((kind, reference))
            events.append((kind, reference, chance.randint(1, 100_000), moment))

        theirs = sums_of(
            [
                {"type": kind, "pspReference": reference, "amount": amount, "createdAt": moment, "counts": True}
                for kind, reference, amount, moment in events
            ]
        )

        assert sums_of_events(EventThere(kind, reference, amount) for kind, reference, amount, _at in events) == Sums(
            theirs["chargedAmount"], theirs["refundedAmount"], theirs["refundPendingAmount"]
        )


def test_what_does_not_count_there_does_not_count_here() -> None:
    events = [EventThere("CHARGE_REQUEST", "OCZ1", 60_000), EventThere("REFUND_REQUEST", "", 5_000)]

    assert sums_of_events(events) == Sums(0, 0, 0)


def money(amount: float) -> dict[str, float]:
    return {"amount": amount}


def a_transaction(**changes: Any) -> dict[str, Any]:
    return {
        "chargedAmount": money(60_000.0),
        "refundedAmount": money(0.0),
        "refundPendingAmount": money(0.0),
        "events": [{"type": "CHARGE_SUCCESS", "pspReference": "FT1", "amount": money(60_000.0)}],
        "order": None,
        "checkout": None,
        **changes,
    }


def an_order(charged: float, *, payments: int = 0) -> dict[str, Any]:
    return {
        "id": "T3JkZXI6MQ==",
        "number": "1",
        "totalCharged": money(charged),
        "payments": [{"id": "UGF5bWVudDox"}] * payments,
        "transactions": [{"id": "a", "chargedAmount": money(60_000.0)}],
    }


def a_checkout(status: str, *, total: float, charged: float, pending: float = 0.0) -> dict[str, Any]:
    one = {"id": "a", "chargedAmount": money(charged), "chargePendingAmount": money(pending)}
    return {"id": "c", "chargeStatus": status, "totalPrice": {"gross": money(total)}, "transactions": [one]}


@pytest.mark.parametrize(
    ("what", "is_lost"),
    [
        ({}, False),
        ({"chargedAmount": money(0.0)}, True),
        ({"order": an_order(60_000.0)}, False),
        ({"order": an_order(0.0)}, True),
        ({"order": an_order(90_000.0)}, True),
        ({"order": an_order(90_000.0, payments=1)}, False),
        ({"checkout": a_checkout("FULL", total=60_000.0, charged=60_000.0)}, False),
        ({"checkout": a_checkout("NONE", total=60_000.0, charged=60_000.0)}, True),
        ({"checkout": a_checkout("PARTIAL", total=90_000.0, charged=60_000.0)}, False),
        ({"checkout": a_checkout("FULL", total=90_000.0, charged=60_000.0, pending=30_000.0)}, False),
        ({"checkout": a_checkout("OVERCHARGED", total=50_000.0, charged=60_000.0)}, False),
        ({"checkout": a_checkout("NONE", total=50_000.0, charged=0.0)}, False),
        ({"checkout": a_checkout("FULL", total=0.0, charged=0.0)}, False),
    ],
)
def test_an_effect_is_lost_where_sums_and_events_part(what: dict[str, Any], is_lost: bool) -> None:
    assert difference(told_of(a_transaction(**what)), []).is_effect_lost is is_lost
