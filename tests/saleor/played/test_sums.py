"""The played Saleor adds up as a running 3.24 did: amounts by pspReference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.saleor.played.sums import sums_of
from tests.saleor.played.world import Thing

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
Told = tuple[str, str, int]


def events(*told: Told) -> list[Thing]:
    return [
        {
            "type": kind,
            "pspReference": reference,
            "amount": amount,
            "counts": True,
            "createdAt": START + timedelta(seconds=place),
        }
        for place, (kind, reference, amount) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "sums"),
    [
        ([("CHARGE_SUCCESS", "FT1", 70_000)], {"chargedAmount": 70_000}),
        ([("CHARGE_SUCCESS", "FT1", 70_000), ("CHARGE_SUCCESS", "FT2", 30_000)], {"chargedAmount": 100_000}),
        ([("CHARGE_REQUEST", "A", 50_000)], {"chargePendingAmount": 50_000}),
        ([("CHARGE_REQUEST", "A", 50_000), ("CHARGE_SUCCESS", "A", 50_000)], {"chargedAmount": 50_000}),
        (
            [("CHARGE_REQUEST", "A", 50_000), ("CHARGE_SUCCESS", "B", 50_000)],
            {"chargePendingAmount": 50_000, "chargedAmount": 50_000},
        ),
        ([("CHARGE_ACTION_REQUIRED", "A", 50_000), ("CHARGE_SUCCESS", "FT1", 50_000)], {"chargedAmount": 50_000}),
        ([("CHARGE_SUCCESS", "A", 50_000), ("CHARGE_FAILURE", "A", 50_000)], {}),
        ([("CHARGE_FAILURE", "A", 50_000), ("CHARGE_SUCCESS", "A", 50_000)], {"chargedAmount": 50_000}),
        (
            [("CHARGE_SUCCESS", "FT1", 90_000), ("REFUND_REQUEST", "R", 20_000)],
            {"chargedAmount": 70_000, "refundPendingAmount": 20_000},
        ),
        (
            [("CHARGE_SUCCESS", "FT1", 90_000), ("REFUND_REQUEST", "R", 20_000), ("REFUND_SUCCESS", "R", 20_000)],
            {"chargedAmount": 70_000, "refundedAmount": 20_000},
        ),
        (
            [("CHARGE_SUCCESS", "FT1", 90_000), ("REFUND_REQUEST", "R", 20_000), ("REFUND_FAILURE", "R", 20_000)],
            {"chargedAmount": 90_000},
        ),
        ([("CHARGE_SUCCESS", "FT1", 90_000), ("CHARGE_BACK", "FT1", 90_000)], {}),
        (
            [("CHARGE_SUCCESS", "FT1", 90_000), ("REFUND_SUCCESS", "R", 20_000), ("REFUND_REVERSE", "R", 20_000)],
            {"chargedAmount": 90_000},
        ),
        (
            [("AUTHORIZATION_SUCCESS", "A", 90_000), ("CHARGE_SUCCESS", "A", 90_000)],
            {"chargedAmount": 90_000},
        ),
        (
            [("AUTHORIZATION_SUCCESS", "A", 90_000), ("CANCEL_REQUEST", "C", 90_000)],
            {"cancelPendingAmount": 90_000},
        ),
        (
            [("AUTHORIZATION_SUCCESS", "A", 90_000), ("AUTHORIZATION_ADJUSTMENT", "B", 60_000)],
            {"authorizedAmount": 60_000},
        ),
        ([("INFO", "A", 0)], {}),
    ],
)
def test_a_transactions_amounts_are_summed_by_reference(told: list[Told], sums: dict[str, int]) -> None:
    assert {name: amount for name, amount in sums_of(events(*told)).items() if amount} == sums


def test_an_event_that_does_not_count_is_left_out() -> None:
    told = events(("CHARGE_SUCCESS", "FT1", 70_000), ("CHARGE_FAILURE", "FT1", 70_000))
    told[1]["counts"] = False

    assert sums_of(told)["chargedAmount"] == 70_000
