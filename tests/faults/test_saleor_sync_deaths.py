"""A first sync that dies at every one of its questions, before it and over its lost answer, then runs again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.saleor.models import SaleorObject
from tests.saleor.catalogue.shelf import (
    Killed,
    a_small_market,
    counts,
    dies_at_call,
    dies_when_waiting,
    installed_into,
    loses_answer_of_call,
    synced,
    there,
)
from tests.saleor.catalogue.test_first_sync import QUESTIONS
from tests.saleor.played.saleor import playing

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("is_done", [False, True], ids=["before the question", "its answer lost"])
def test_a_sync_that_dies_anywhere_goes_on_and_makes_nothing_twice(
    db: None, settings: Any, scaled: Callable[[int], int], is_done: bool
) -> None:
    products = a_small_market()
    step = max(1, round(QUESTIONS / scaled(QUESTIONS)))
    expected: dict[str, int] = {}
    for call in range(QUESTIONS, 1, -step):
        with playing() as saleor:
            settings.SALEOR_API_URLS = [saleor.api_url]
            installation = installed_into(saleor)
            if is_done:
                saleor.front.next_faults.extend(loses_answer_of_call(call))
            with pytest.raises(Killed):
                synced(installation, wait=dies_when_waiting if is_done else dies_at_call(call))

            synced(installation)

            expected = expected or counts(saleor)
            assert counts(saleor) == expected
            own = SaleorObject.objects.filter(installation=installation, kind="product")
            assert {one.saleor_id for one in own} == {there(saleor, one)["id"] for one in products}
            assert not SaleorObject.objects.exclude(problem="").exists()
            assert saleor.faults == []
            installation.delete()
    assert (expected["Page"], expected["Product"], expected["ProductVariant"]) == (2, 3, 3)
