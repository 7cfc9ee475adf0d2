"""A market inside a played Saleor, over HTTP both ways, with shops whose goods are sold there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.core import journal
from marketplace.saleor.models import Installation, SaleorReport, SaleorTransaction
from marketplace.saleor.reports.sending import send_due
from tests.payments.factories import Shop, a_shop, pay
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing

Report = tuple[str, str, int, str]


@dataclass
class Begun:
    """A payment that was begun: the Saleor's things, and our data."""

    source: Thing
    transaction: Thing
    data: dict[str, Any]

    @property
    def references(self) -> list[str]:
        """The payment codes."""
        return [code["reference"] for code in self.data["codes"]]


@dataclass
class Paying:
    """What a test of reports does with market and Saleor; one clock for both."""

    saleor: PlayedSaleor
    installation: Installation
    sell: Callable[[Shop], Thing]

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.saleor.world.now

    def shop(self, name: str = "Hợp tác xã Bản Giốc", *, price_vnd: int = 60_000) -> tuple[Shop, Thing]:
        """A shop of ours and the variant of its goods there."""
        shop = a_shop(name, price_vnd=price_vnd)
        return shop, self.sell(shop)

    def begin(self, *lines: tuple[Thing, int], **fields: Any) -> Begun:
        """A checkout there, and its payment by us begun."""
        return self.begin_for(self.saleor.make_checkout(*lines, **fields))

    def begin_for(self, source: Thing, **fields: Any) -> Begun:
        """The payment of a checkout or order begun."""
        transaction, _event, data = self.saleor.initialize(source, **fields)
        return Begun(source, transaction, data)

    def bank(self, shop: Shop, reference: str, amount_vnd: int = 60_000, **changes: Any) -> None:
        """The shop's bank tells of a transfer; the journal is heard."""
        assert pay(shop, reference, amount_vnd, now=self.now, **changes).state == "booked"
        self.hear()

    def hear(self) -> None:
        """The journal reaches its subscribers."""
        journal.drain(now=self.now)

    def send(self) -> int:
        """Tell the Saleor all that is due now; how many were tried."""
        tried = 0
        while sent := send_due(now=self.now):
            tried += sent
        return tried


def told(**only: Any) -> list[Report]:
    """Every report: type, reference, amount, state."""
    rows = SaleorReport.objects.filter(**only).order_by("pk")
    return list(rows.values_list("type", "psp_reference", "amount_vnd", "state"))


def problem_of(transaction: Thing) -> str:
    """What is wrong with a transaction, for the operator."""
    return SaleorTransaction.objects.get(saleor_id=transaction["id"]).problem


def counted(transaction: Thing) -> list[tuple[str, str, int]]:
    """The events that count at the Saleor: type, reference, amount."""
    return [(one["type"], one["pspReference"], one["amount"]) for one in transaction["events"] if one["counts"]]
