"""Money out of a Saleor's JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from marketplace.saleor.money import EXACT_VND_MAX, NotWholeDong, vnd_of


@pytest.mark.parametrize(
    ("amount", "vnd"),
    [
        (185_000.0, 185_000),
        (185_000, 185_000),
        (Decimal("185000.00"), 185_000),
        (0, 0),
        (0.0, 0),
        (float(EXACT_VND_MAX), EXACT_VND_MAX),
    ],
)
def test_a_number_with_or_without_a_point_is_whole_dong(amount: Any, vnd: int) -> None:
    read = vnd_of(amount)

    assert (read, type(read)) == (vnd, int)


@pytest.mark.parametrize(
    "amount",
    [
        0.5,
        Decimal("0.1"),
        -1,
        -0.5,
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        2**53 + 1,
        1e300,
        "5",
        None,
        True,
        [],
        {},
    ],
)
def test_what_is_not_whole_dong_is_refused(amount: Any) -> None:
    with pytest.raises(NotWholeDong):
        vnd_of(amount)


def test_it_is_written_back_as_a_whole_number() -> None:
    assert json.dumps(vnd_of(json.loads("185000.0", parse_float=Decimal))) == "185000"
