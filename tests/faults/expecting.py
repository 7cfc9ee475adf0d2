"""What must hold after a storm of notices, whatever it was made of."""

from typing import Any


def assert_books_agree(found: dict[str, Any], seeded: dict[str, Any]) -> None:
    """Every seeded payment is booked once, and journal, orders and figures say the same sum as a rebuild."""
    count = len(seeded["payments"])
    expected_vnd = sum(payment["amount"] for payment in seeded["payments"])
    assert found["notices"] == found["provider_ids"] == found["booked"] == found["charges"] == count
    assert found["orders_full"] == count
    assert found["charged_vnd"] == found["orders_charged_vnd"] == found["takings_vnd"] == expected_vnd
    assert found["takings_rebuilt_vnd"] == expected_vnd
    assert (found["deliveries_open"], found["differences"], found["violations"]) == (0, [], [])
