"""Two Saleors: an odd one, whose turn is always the first, and a good one, which must have its own all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from marketplace.saleor.client import Saleor
from marketplace.saleor.client import _data_of as data_of
from marketplace.saleor.models import Installation, SaleorReport, SaleorTransaction
from tests.payments.factories import NOW
from tests.saleor.sales.standin import StandIn, gid

ODD_URL, GOOD_URL = "https://odd.example/graphql/", "https://good.example/graphql/"
REPORTED = {"data": {"transactionEventReport": {"errors": []}}}


class OddSaleor(StandIn):
    """Answers everything with the JSON of `answer`, given how many questions it was asked."""

    answer: Callable[[int], Any] = staticmethod(lambda _turn: {"data": {}})

    def ask(self, name: str, _variables: Mapping[str, Any]) -> dict[str, Any]:
        """Read as the real one's answer is."""
        self.asked.append(name)
        return data_of(json.dumps(self.answer(len(self.asked))).encode())


@dataclass
class Pair:
    """Both, and the market's installation into each."""

    odd: Installation
    good: Installation
    odd_saleor: OddSaleor
    good_saleor: StandIn

    def answers(self, answer: Any) -> None:
        """What the odd one answers whatever it is asked: JSON, or a function of the question's number."""
        self.odd_saleor.answer = answer if callable(answer) else lambda _turn: answer

    def owe_a_report(self) -> SaleorReport:
        """A report that each of them is owed; answers the odd one's."""
        for one in (self.odd, self.good):
            row = SaleorTransaction.objects.create(
                installation=one,
                saleor_id=gid("TransactionItem"),
                source="checkout",
                source_id=gid("Checkout"),
                amount_vnd=1000,
                made_at=NOW,
            )
            SaleorReport.objects.create(
                transaction=row,
                type="CHARGE_SUCCESS",
                psp_reference="FT1",
                amount_vnd=1000,
                happened_at=NOW,
                not_before=NOW,
            )
        return SaleorReport.objects.get(transaction__installation=self.odd)


@pytest.fixture
def pair(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Pair:
    settings.SALEOR_API_URLS = (ODD_URL, GOOD_URL)
    odd, good = (
        Installation.objects.create(api_url=url, app_id=gid("App"), token="a" * 30, channel="vnd", installed_at=NOW)
        for url in (ODD_URL, GOOD_URL)
    )
    two = Pair(odd, good, OddSaleor(), StandIn())
    two.good_saleor.answers["TransactionEventReport"] = REPORTED
    of = {odd.pk: two.odd_saleor, good.pk: two.good_saleor}
    monkeypatch.setattr(Saleor, "of", lambda installation, **_limits: of[installation.pk])
    return two
