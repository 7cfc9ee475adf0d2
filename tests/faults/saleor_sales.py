"""Many sales at a Saleor, each a row of steps that its people try again until they can be done."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Sum

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.reporting.selectors.takings import commune_takings
from marketplace.reporting.services import check
from marketplace.saleor.models import SaleorPart
from payments.invariants import violations
from tests.payments.factories import Shop, pay
from tests.saleor.played.orders import CheckoutNotFullyPaid
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing
from tests.saleor.working import MarketAtWork

STEP_S = 2
MORE_VND = 5_000
ROUNDS_MAX = 100
ROUNDS_A_SALE = 20
"""The more sales, the more tries of people lie between two rounds of work."""
Step = Callable[[], bool]
"""Tries one thing; whether it is done. What one side cannot do now is tried again."""


@dataclass
class Outage:
    """Who is away, from now on."""

    saleor: bool = False
    market: bool = False


@dataclass
class Sale:
    """One sale: what is bought, how it is paid, and what came of it there."""

    number: int
    lines: Sequence[tuple[Thing, int]]
    shops: Sequence[Shop]
    kind: str
    """`checkout` (paid by codes, then an order), `order` (an order, then paid by codes) or `otherwise`."""
    steps: deque[Step] = field(default_factory=deque)
    order: Thing | None = None
    checkout: Thing | None = None
    transaction: Thing | None = None
    codes: list[dict[str, Any]] = field(default_factory=list)


class Street:
    """Sales of two shops, in any order, through outages of either side."""

    def __init__(
        self, saleor: PlayedSaleor, at_work: MarketAtWork, goods: Sequence[tuple[Shop, Thing]], dice: random.Random
    ) -> None:
        self.saleor = saleor
        self.at_work = at_work
        self.goods = goods
        self.dice = dice
        self.outage = Outage()
        self.paid_vnd = 0
        """What buyers sent to the shops' banks."""
        self.seen: Counter[str] = Counter()
        self.sales: list[Sale] = []

    def open(self, count: int) -> None:
        """So many sales are about to happen."""
        self.sales += [self._sale(number) for number in range(count)]

    @property
    def steps_left(self) -> int:
        """How many things are still to be done."""
        return sum(len(sale.steps) for sale in self.sales)

    def go_on(self, *, tries: int, step_s: float = STEP_S) -> None:
        """So many tries of people, of any of the sales; time passes, and both sides do their work now and then."""
        tries_a_round = max(1, len(self.sales) // ROUNDS_A_SALE)
        for number in range(tries):
            open_sales = [sale for sale in self.sales if sale.steps]
            if not open_sales:
                return
            sale = self.dice.choice(open_sales)
            self.seen["tries"] += 1
            if sale.steps[0]():
                sale.steps.popleft()
            else:
                self.seen["tries in vain"] += 1
            self.saleor.pass_time(step_s)
            if number % tries_a_round == 0:
                self.work()

    def end_all(self) -> None:
        """Go on until every sale is done, and nothing waits on either side."""
        for _round in range(ROUNDS_MAX):
            self.go_on(tries=self.steps_left * 2)
            self.at_work.settle()
            if not self.steps_left:
                return
        raise AssertionError(f"{self.steps_left} steps cannot be done")

    def work(self) -> None:
        """Who is not away does what is to be done now."""
        if not self.outage.saleor:
            self.saleor.deliver()
        if not self.outage.market:
            self.at_work.work()

    def market_goes(self) -> None:
        """The market's server and worker end."""
        self.outage.market = self.saleor.post.market_is_away = True

    def market_returns(self) -> None:
        """They are there again."""
        self.outage.market = self.saleor.post.market_is_away = False

    def saleor_goes(self) -> None:
        """The Saleor ends."""
        self.outage.saleor = True
        self.saleor.away()

    def saleor_returns(self) -> None:
        """It is there again."""
        self.outage.saleor = False
        self.saleor.back()

    # What people do.

    def _sale(self, number: int) -> Sale:
        chosen = [self.goods[number % 2]] if number % 3 else list(self.goods)
        kind = ("checkout", "checkout", "order", "otherwise")[number % 4]
        lines = [(variant, self.dice.randint(1, 3)) for _shop, variant in chosen]
        sale = Sale(number, lines, [shop for shop, _variant in chosen], kind)
        if kind == "otherwise":
            sale.steps = deque([partial(self._buy_otherwise, sale), partial(self._hand_over, sale)])
        else:
            sale.steps = deque([partial(self._begin, sale), partial(self._complete, sale)])
        return sale

    def _buy_otherwise(self, sale: Sale) -> bool:
        if self.outage.saleor:
            return False
        sale.order = self.saleor.make_order(*sale.lines, is_paid_otherwise=True, shipping_vnd=15_000)
        return True

    def _hand_over(self, sale: Sale) -> bool:
        if self.outage.saleor or sale.order is None:
            return False
        self.saleor.fulfill(sale.order)
        return True

    def _begin(self, sale: Sale) -> bool:
        """The buyer asks for the codes; what failed is asked anew, as another transaction."""
        if self.outage.saleor:
            return False
        source = sale.order or sale.checkout
        if source is None:
            make = self.saleor.make_order if sale.kind == "order" else self.saleor.make_checkout
            source = make(*sale.lines, shipping_vnd=15_000)
            sale.order, sale.checkout = (source, None) if sale.kind == "order" else (None, source)
        transaction, event, data = self.saleor.initialize(source)
        if event["type"] != "CHARGE_ACTION_REQUIRED":
            self.seen["codes that did not come"] += 1
            return False
        sale.transaction, sale.codes = transaction, data["codes"]
        this, *later = sale.steps
        sale.steps = deque([this, *self._transfers(sale), *later])
        return True

    def _transfers(self, sale: Sale) -> Iterator[Step]:
        """The buyer sends the money of each code: as asked, in two parts, or more than asked."""
        for code in sale.codes:
            shop = next(one for one in sale.shops if one.vendor.slug == code["vendor"]["slug"])
            amount_vnd, first_vnd = code["amount"], code["amount"] // 3
            amounts = [first_vnd, amount_vnd - first_vnd] if sale.number % 5 == 1 else [amount_vnd]
            if sale.number % 7 == 2:
                amounts[-1] += MORE_VND
            for one in amounts:
                yield partial(self._transfer, shop, code["reference"], one)

    def _transfer(self, shop: Shop, reference: str, amount_vnd: int) -> bool:
        """The bank tells the market; while it is away, the bank tells it later."""
        if self.outage.market:
            return False
        pay(shop, reference, amount_vnd, now=self.saleor.world.now)
        self.paid_vnd += amount_vnd
        return True

    def _complete(self, sale: Sale) -> bool:
        if self.outage.saleor:
            return False
        if sale.order is not None:
            return True
        assert sale.checkout is not None
        try:
            sale.order = self.saleor.complete(sale.checkout)
        except CheckoutNotFullyPaid:
            return False
        return True


def compared(street: Street) -> dict[str, tuple[int, int]]:
    """The Saleor's orders whose paid amounts there and here are not the same, by number."""
    wrong = {}
    for order in street.saleor.world.kinds["Order"]:
        parts = SaleorPart.objects.filter(saleor_order_id=order["id"])
        ours_vnd = parts.aggregate(sum=Sum("order__charged_vnd"))["sum"] or 0
        if order["totalCharged"] != ours_vnd:
            wrong[order["number"]] = (order["totalCharged"], ours_vnd)
    return wrong


def figures_vnd(street: Street) -> int:
    """What the communes' figures say was taken in all."""
    last = vietnam_date(street.saleor.world.now)
    communes = {shop.vendor.commune_id: shop.vendor.commune for shop, _variant in street.goods}
    rows = [
        row
        for commune in communes.values()
        for row in commune_takings(
            actor=Actor(is_operator=True), commune=commune, first_day=last - timedelta(days=9), last_day=last
        )
    ]
    return sum(row.takings.total_vnd for row in rows)


def charged_by_code_vnd(street: Street) -> int:
    """What all transactions of our gateway were charged there, in đồng."""
    transactions = street.saleor.world.kinds["TransactionItem"]
    return sum(one["chargedAmount"] for one in transactions if one["owner"] is not None)


def require_agreement(street: Street) -> None:
    """Every order's paid amount is the same there, here, and in the figures; nothing is left over."""
    assert compared(street) == {}
    assert charged_by_code_vnd(street) == street.paid_vnd
    assert figures_vnd(street) == sum(order["totalCharged"] for order in street.saleor.world.kinds["Order"])
    assert check(now=street.saleor.world.now) == []
    assert violations() == []
