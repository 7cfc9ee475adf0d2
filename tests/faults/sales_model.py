"""What the state machine knows by itself: the transfers that really happened, and what must be true of the market.

Nothing here reads how the market decides. The tables are read once after a step, plainly, and each truth is a
function of them that answers what is wrong, by numbers only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from catalog.models import Stock
from marketplace.core.models import JournalDelivery, JournalEvent
from marketplace.orders.models import Allocation, Order, OrderLine, Reservation
from marketplace.reporting import services as figures
from payments.invariants import violations
from payments.models import BankNotice, Feed, ReviewItem, TransactionEvent
from tests.payments.factories import Shop

CHARGE, REFUND = TransactionEvent.Type.CHARGE_SUCCESS, TransactionEvent.Type.REFUND_SUCCESS
ENDED = (Order.Status.CANCELED, Order.Status.EXPIRED)
LIVE = (BankNotice.State.BOOKED, BankNotice.State.REVIEW, BankNotice.State.RECEIVED)
Row = dict[str, Any]


@dataclass
class RealTransfer:
    """Money that truly moved once, however many feeds tell of it however often."""

    number: int
    shop: Shop
    amount_vnd: int
    content: str
    reference: str
    happened_at: datetime
    is_ours: bool = True
    """Whether it came into the shop's account: it may have gone out, or to somebody else."""
    changes: dict[str, object] = field(default_factory=dict)
    """Fields of its notice that are not as usual."""
    told: dict[str, str] = field(default_factory=dict)
    """By which feeds it was told and acknowledged, with the id each gave it."""


@dataclass
class Known:
    """Everything that happened in one run of the machine."""

    shops: list[Shop]
    feeds: dict[int, list[Feed]]
    """Of each shop, by its place in `shops`: two that send notices, then its statements."""
    transfers: list[RealTransfer] = field(default_factory=list)
    stocked: Counter[int] = field(default_factory=Counter)
    """Units that were ever put on a shelf, by variant."""

    def notices_of(self, transfer: RealTransfer) -> list[BankNotice]:
        """What the market kept of a transfer."""
        kept = {(str(row.feed_id), row.provider_tx_id): row for row in BankNotice.objects.all()}
        return [kept[told] for told in transfer.told.items() if told in kept]


class Seen:
    """The rows of the market after a step."""

    def __init__(self) -> None:
        self.orders = _rows(Order, "id", "status", "charged_vnd")
        self.events = _rows(TransactionEvent, "id", "order_id", "type", "amount_vnd", "notice_id", "confirmation")
        self.notices = _rows(BankNotice, "id", "feed_id", "provider_tx_id", "state", "amount_vnd", "order_id")
        self.items = _rows(ReviewItem, "id", "notice_id", "outcome", "amount_vnd")
        self.stocks = _rows(Stock, "id", "variant_id", "quantity", "allocated", "reserved")
        self.lines = _rows(OrderLine, "order_id", "variant_id", "quantity", "quantity_fulfilled")
        self.allocations = _rows(Allocation, "stock_id", "quantity")
        self.reservations = _rows(Reservation, "stock_id", "quantity")
        self.journal = _rows(JournalEvent, "kind", "data")


def _rows(model: type[models.Model], *columns: str) -> list[Row]:
    return list(model._default_manager.values(*columns))


Truth = Callable[[Known, Seen], Iterable[str]]


def balances_are_their_events(known: Known, seen: Seen) -> Iterable[str]:
    """Charged == bank + card + cash + by hand - refunds, for each order."""
    moved: Counter[int] = Counter()
    for event in seen.events:
        moved[event["order_id"]] += {CHARGE: 1, REFUND: -1}.get(event["type"], 0) * event["amount_vnd"]
    for order in seen.orders:
        if order["charged_vnd"] != moved[order["id"]]:
            yield f"order {order['id']} says {order['charged_vnd']} đồng came, its events {moved[order['id']]}"


def every_acknowledged_notice_is_kept(known: Known, seen: Seen) -> Iterable[str]:
    """What was answered with 2xx is in the database, once, and nothing else is."""
    told = Counter((feed, tx_id) for one in known.transfers for feed, tx_id in one.told.items())
    kept = Counter((str(row["feed_id"]), row["provider_tx_id"]) for row in seen.notices)
    for feed, tx_id in (told - kept) | (kept - told):
        yield f"notice {tx_id} of feed {feed} was told {told[feed, tx_id]} times and is kept {kept[feed, tx_id]}"


def no_transfer_is_booked_twice(known: Known, seen: Seen) -> Iterable[str]:
    """Each real transfer is one charge at most, and a transfer that is nobody's here is none."""
    states = {(str(row["feed_id"]), row["provider_tx_id"]): row["state"] for row in seen.notices}
    for one in known.transfers:
        booked = [states.get(told) for told in one.told.items()].count(BankNotice.State.BOOKED)
        if booked > int(one.is_ours):
            yield f"transfer {one.number} of {one.amount_vnd} đồng is booked {booked} times"


def no_money_is_dropped(known: Known, seen: Seen) -> Iterable[str]:
    """Each transfer into a shop's account is booked, held for a person, or waits for the sweep."""
    states = {(str(row["feed_id"]), row["provider_tx_id"]): row["state"] for row in seen.notices}
    for one in known.transfers:
        found = {states.get(told) for told in one.told.items()}
        if one.is_ours and found and not found & set(LIVE):
            yield f"transfer {one.number} of {one.amount_vnd} đồng is nowhere"


def a_booked_notice_is_one_charge(known: Known, seen: Seen) -> Iterable[str]:
    """A notice is booked by exactly one event of its amount on its order, said by the bank; a held one by none."""
    of_notice: defaultdict[int, list[tuple[int, int, str, str]]] = defaultdict(list)
    for event in seen.events:
        told = (event["order_id"], event["amount_vnd"], event["type"], event["confirmation"])
        of_notice[event["notice_id"]].append(told)
    for notice in seen.notices:
        is_booked = notice["state"] == BankNotice.State.BOOKED
        due = [(notice["order_id"], notice["amount_vnd"], CHARGE, "bank")] if is_booked else []
        if of_notice.get(notice["id"], []) != due:
            yield f"notice {notice['id']} is {notice['state']} and has {len(of_notice[notice['id']])} events"


def held_money_is_before_a_person(known: Known, seen: Seen) -> Iterable[str]:
    """Held money has an item that says what became of it, and the item's amount is the money's."""
    items = {row["notice_id"]: row for row in seen.items if row["notice_id"] is not None}
    for notice in seen.notices:
        item = items.get(notice["id"])
        if notice["state"] == BankNotice.State.REVIEW and item is None:
            yield f"notice {notice['id']} is held and nobody can see it"
        if item is not None and item["amount_vnd"] != notice["amount_vnd"]:
            yield f"item {item['id']} does not say what its notice says"
        if item is not None and (item["outcome"] == "booked") is not (notice["state"] == BankNotice.State.BOOKED):
            yield f"item {item['id']} ended {item['outcome']} and its notice is {notice['state']}"


def no_unit_is_sold_twice(known: Known, seen: Seen) -> Iterable[str]:
    """What is on the shelf and what was handed over is what was put there, and never more is promised."""
    ended = {order["id"] for order in seen.orders if order["status"] in ENDED}
    for stock in seen.stocks:
        lines = [line for line in seen.lines if line["variant_id"] == stock["variant_id"]]
        handed = sum(line["quantity_fulfilled"] for line in lines)
        owed = sum(line["quantity"] - line["quantity_fulfilled"] for line in lines if line["order_id"] not in ended)
        held = [
            sum(row["quantity"] for row in rows if row["stock_id"] == stock["id"])
            for rows in (seen.allocations, seen.reservations)
        ]
        if [stock["allocated"], stock["reserved"]] != held or sum(held) > stock["quantity"] or owed != held[0]:
            yield f"stock {stock['id']} has {stock['quantity']}, promises {held}, owes {owed}"
        if stock["quantity"] + handed != known.stocked[stock["variant_id"]]:
            yield f"stock {stock['id']} has {stock['quantity']} and {handed} went out"


def the_journal_is_the_money(known: Known, seen: Seen) -> Iterable[str]:
    """Every movement is in the journal once, with its amount."""
    for kind, moved in (("order.charged", CHARGE), ("order.refunded", REFUND)):
        data = [row["data"] for row in seen.journal if row["kind"] == kind]
        told = Counter((one["transaction_event"], one["amount_vnd"]) for one in data)
        kept = Counter((row["id"], row["amount_vnd"]) for row in seen.events if row["type"] == moved)
        for event, amount in (told - kept) | (kept - told):
            yield f"event {event} of {amount} đồng is in the journal {told[event, amount]} times"


TRUTHS: tuple[Truth, ...] = (
    balances_are_their_events,
    every_acknowledged_notice_is_kept,
    no_transfer_is_booked_twice,
    no_money_is_dropped,
    a_booked_notice_is_one_charge,
    held_money_is_before_a_person,
    no_unit_is_sold_twice,
    the_journal_is_the_money,
)


class FiguresWatch:
    """Figures kept == figures rebuilt, asked whenever a delivery has moved them, and of what the doctor asks."""

    def __init__(self) -> None:
        self._delivered = -1

    def wrong(self, now: datetime) -> list[str]:
        """What is wrong with the figures; nothing is read where no delivery was done since."""
        delivered = JournalDelivery.objects.filter(state=JournalDelivery.State.DONE).count()
        if delivered == self._delivered:
            return []
        self._delivered = delivered
        return [f"figures_are_the_journal: {one}" for one in figures.check(now=now)]


def everything_wrong(known: Known) -> list[str]:
    """Each truth that does not hold, by its name."""
    seen = Seen()
    return [f"{truth.__name__}: {one}" for truth in TRUTHS for one in truth(known, seen)]


def wrong_for_the_doctor() -> list[str]:
    """What the market's own watch over the money finds; it reads everything with large queries."""
    return [f"violations: {one}" for one in violations()]
