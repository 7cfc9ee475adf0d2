"""What tests of two sides that follow each other share: two shops that sell at a played Saleor, and passing time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from marketplace.core.journal import drain
from marketplace.orders.models import Order
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from marketplace.saleor.models import Installation, SaleorPart, ToFetch, ToTell
from marketplace.saleor.reports.tasks import send_reports
from marketplace.saleor.tasks import catch_up_orders, fetch_wanted, tell_saleors
from tests.payments.factories import Shop, a_shop, pay
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing

Sell = Callable[[Shop], Thing]


@dataclass
class Market:
    """Both sides together."""

    saleor: PlayedSaleor
    shops: tuple[Shop, Shop]
    variants: tuple[Thing, Thing]

    def settle(self, *, seconds: float = 5) -> None:
        """Time passes until neither side has anything left to say: webhooks, the journal, tasks."""
        for _round in range(30):
            self.saleor.pass_time(seconds)
            now = self.saleor.world.now
            said = self.saleor.deliver() + drain(now=now)
            if not said + send_reports(now) + fetch_wanted(now) + tell_saleors(now):
                return
        raise AssertionError([*ToFetch.objects.values_list("problem"), *ToTell.objects.values_list("problem")])

    def catch_up(self) -> int:
        """The catch-up's turn comes; how many orders it wants."""
        return catch_up_orders(self.saleor.world.now)

    def paid_by_code(self, *quantities: int) -> Thing:
        """A Saleor order over these quantities of each shop's goods, paid by VietQR to each shop."""
        wanted = [(variant, number) for variant, number in zip(self.variants, quantities, strict=False) if number]
        checkout = self.saleor.make_checkout(*wanted)
        _transaction, _event, data = self.saleor.initialize(checkout)
        shops = [shop for shop, number in zip(self.shops, quantities, strict=False) if number]
        for shop, code in zip(shops, data.get("codes") or [data], strict=True):
            pay(shop, code["reference"], code["amount"], now=self.saleor.world.now)
        self.settle()
        order = self.saleor.complete(checkout)
        self.settle()
        return order

    def paid_otherwise(self, *quantities: int) -> Thing:
        """A Saleor order over these quantities, which its staff marked as paid."""
        wanted = [(variant, number) for variant, number in zip(self.variants, quantities, strict=False) if number]
        order = self.saleor.make_order(*wanted, is_paid_otherwise=True)
        self.settle()
        return order

    def part(self, order: Thing, shop: Shop) -> Order:
        """The order of ours that is the shop's part."""
        return SaleorPart.objects.get(saleor_order_id=order["id"], order__vendor=shop.vendor).order

    def hand_over(self, order: Order, shop: Shop, *, quantity: int | None = None, tracking: str = "") -> None:
        """The shop hands its part over on our page: so many of its first line, or all."""
        [line] = order.lines.all()
        lines = None if quantity is None else [LineFulfilled(line.pk, quantity)]
        fulfil_order(actor=shop.owner, order=order, lines=lines, tracking_number=tracking, now=self.saleor.world.now)


@pytest.fixture
def market(saleor: PlayedSaleor, installation: Installation, sold_there: Sell) -> Market:
    shops = (a_shop(), a_shop("Cơ sở Nếnh", commune="07795", price_vnd=45_000))
    return Market(saleor, shops, (sold_there(shops[0]), sold_there(shops[1])))
