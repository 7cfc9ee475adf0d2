"""A Saleor 3.24 played on 127.0.0.1: what a test does with it.

Held to Saleor's own schema on both sides: a request of ours that is not valid in it is answered 400 and kept in
`faults`, every answer and every webhook's body is executed against it. It reaches the market through Django's test
client, in the test's own thread; the market reaches it over real HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from tests.saleor.played import (
    actions,
    app_webhooks,
    apps,
    attributes,
    catalogue,
    checkouts,
    fulfilments,
    kinds,
    metadata,
    notes,
    order_lists,
    orders,
    products,
    reporting,
    shop,
    stocks,
    transactions,
)
from tests.saleor.played.items import add_event, new_transaction
from tests.saleor.played.server import Fault, Front, Server, too_many
from tests.saleor.played.signing import Keys
from tests.saleor.played.transport import Transport, through_django
from tests.saleor.played.webhooks import Delivery, Post
from tests.saleor.played.world import Thing, World

TAUGHT = (app_webhooks, attributes, catalogue, kinds, metadata, notes, order_lists, products, reporting, shop, stocks)
"""Whose import alone teaches the play to answer something."""
MANIFEST_URL = "http://testserver/saleor/manifest.json"


class PlayedSaleor:
    """One Saleor. Things are dictionaries (`thing["id"]`, `thing["chargedAmount"]`), money in them whole đồng."""

    def __init__(self, transport: Transport = through_django) -> None:
        self.world = World()
        self.keys = Keys()
        self.front = Front(self.world, self.keys)
        self._server = Server(self.front)
        self.world.url = self._server.url
        self.post = Post(self.world, self.keys, transport)
        self.world.tell_to = self.post.tell
        shop.furnish(self.world)

    # Where it is, and what it was asked.

    @property
    def api_url(self) -> str:
        """Its GraphQL's address, for `SALEOR_API_URLS`."""
        return self.world.api_url

    @property
    def faults(self) -> list[str]:
        """What was asked or answered against Saleor's schema; must be empty at the end of a test."""
        return self.world.faults

    def asked(self) -> list[str]:
        """The names of the operations that it was asked, in order."""
        return [one.operation for one in self.front.asked]

    # Apps.

    def install(self, manifest_url: str = MANIFEST_URL, *, permissions: set[str] | None = None) -> Thing:
        """Staff installs the market: the whole handshake. Raises `apps.InstallationFailed`."""
        return apps.install(self.world, self.post.transport, manifest_url, permissions)

    def add_app(self, *, permissions: set[str], webhooks: Sequence[tuple[str, str]] = (), **fields: Any) -> Thing:
        """An App without a handshake (`appCreate`): `webhooks` are event (capitals) and subscription."""
        return apps.create(self.world, permissions, webhooks, **fields)

    def uninstall(self, app: Thing) -> None:
        """Staff deletes an App: its APP_DELETED waits, and its token is refused from now on."""
        apps.delete(self.world, app)

    def set_active(self, app: Thing, is_active: bool) -> None:
        """Staff switches an App off or on."""
        apps.set_active(self.world, app, is_active)

    @property
    def app(self) -> Thing:
        """The App installed last."""
        return self.world.kinds["App"][-1]

    # Goods, checkouts and orders.

    @property
    def channel(self) -> Thing:
        """Its first channel, in đồng."""
        return self.world.kinds["Channel"][0]

    def make_product(self, name: str, price_vnd: int, **fields: Any) -> Thing:
        """A product with one variant at this price in the first channel; the product, with its `variants`."""
        return catalogue.make_product(self.world, name, price_vnd, **fields)

    def make_checkout(self, *lines: tuple[Thing, int], **fields: Any) -> Thing:
        """A checkout of variants and quantities: see `checkouts.make_checkout`."""
        with self.world.lock:
            return checkouts.make_checkout(self.world, lines, **fields)

    def change_checkout(self, checkout: Thing, *lines: tuple[Thing, int], shipping_vnd: int = 0) -> None:
        """The buyer puts other lines into it."""
        with self.world.lock:
            checkouts.change_checkout(self.world, checkout, lines, shipping_vnd=shipping_vnd)

    def complete(self, checkout: Thing) -> Thing:
        """`checkoutComplete`: the order. Raises `orders.CheckoutNotFullyPaid`."""
        with self.world.lock:
            return orders.complete(self.world, checkout)

    def make_order(self, *lines: tuple[Thing, int], is_paid_otherwise: bool = False, **fields: Any) -> Thing:
        """An order without money of ours (a channel that allows unpaid orders), or paid some other way."""
        with self.world.lock:
            checkout = checkouts.make_checkout(self.world, lines, **fields)
            settings = checkout["channel"]["orderSettings"]
            allowed, settings["allowUnpaidOrders"] = settings["allowUnpaidOrders"], True
            order = orders.complete(self.world, checkout)
            settings["allowUnpaidOrders"] = allowed
            if is_paid_otherwise:
                orders.mark_as_paid(self.world, order)
            return order

    def mark_as_paid(self, order: Thing) -> Thing:
        """`orderMarkAsPaid`: its transaction."""
        with self.world.lock:
            return orders.mark_as_paid(self.world, order)

    def cancel(self, order: Thing) -> None:
        """Staff cancels an order there."""
        with self.world.lock:
            orders.cancel(self.world, order)

    def expire(self, order: Thing) -> None:
        """An unpaid order's time is over there."""
        with self.world.lock:
            orders.expire(self.world, order)

    def fulfill(self, order: Thing, *lines: tuple[Thing, int], tracking_number: str = "") -> Thing:
        """Staff hands goods over there: order lines and quantities, or all that is left; the fulfilment."""
        with self.world.lock:
            return fulfilments.fulfill(self.world, order, lines, tracking_number=tracking_number)

    # Money. These call the market, so they hold no lock.

    def gateway(self, source: Thing, *, data: Any = None) -> Any:
        """`paymentGatewayInitialize`: the market's data for the checkout or order."""
        return transactions.initialize_gateway(self.world, self.post, self.app, source, data=data)

    def initialize(
        self, source: Thing, *, amount_vnd: int | None = None, data: Any = None, idempotency_key: str = ""
    ) -> tuple[Thing, Thing, Any]:
        """`transactionInitialize`: the transaction, the event, and the market's data."""
        return transactions.initialize(
            self.world,
            self.post,
            self.app,
            source,
            amount_vnd=amount_vnd,
            data=data,
            idempotency_key=idempotency_key,
        )

    def process(self, transaction: Thing, *, data: Any = None) -> tuple[Thing, Any]:
        """`transactionProcess`: the event, and the market's data (None where Saleor answers by itself)."""
        return transactions.process(self.world, self.post, transaction, data=data)

    def request(
        self, transaction: Thing, action: str, *, amount_vnd: int | None = None, granted: Thing | None = None
    ) -> Thing:
        """`transactionRequestAction` CHARGE, REFUND or CANCEL: its webhook waits in the queue."""
        return actions.request_action(
            self.world, self.post, transaction, action, amount_vnd=amount_vnd, granted=granted
        )

    def grant_refund(self, order: Thing, transaction: Thing, amount_vnd: int) -> Thing:
        """`orderGrantRefundCreate`."""
        return actions.grant_refund(self.world, order, transaction, amount_vnd)

    def moved_by_another(self, order: Thing, kind: str, amount_vnd: int, *, by: Thing | None = None) -> Thing:
        """Another gateway reports an event of an order, in a new transaction or `by` one: that transaction."""
        with self.world.lock:
            transaction = by or new_transaction(self.world, order, owner=None, name="Card", pspReference="card-1")
            add_event(self.world, transaction, kind, amount_vnd, pspReference=transaction["pspReference"])
            transactions.take_effect(self.world, transaction)
        return transaction

    # Asynchronous webhooks.

    @property
    def waiting(self) -> list[Delivery]:
        """Webhooks that were not delivered yet: reorder, remove or deliver them as the test likes."""
        return self.post.waiting

    def deliver(self) -> int:
        """Deliver all that is due by its clock; how many were sent."""
        return self.post.deliver_due()

    def deliver_in(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver these in this order; one that comes twice is sent twice."""
        for one in deliveries:
            self.post.deliver(one)

    # Time and faults.

    def pass_time(self, seconds: float) -> None:
        """Its clock goes on."""
        self.world.now += timedelta(seconds=seconds)

    def away(self) -> None:
        """Nobody listens any more."""
        self._server.stop()

    def back(self) -> None:
        """It listens again, at the same address."""
        self._server.start()

    def die_after_event(self) -> None:
        """The next reported event is committed and its effect is lost; the connection is cut."""
        self.world.dies_after = "event"

    def die_after_sums(self) -> None:
        """The next reported event and the transaction's sums are committed, what they pay is lost."""
        self.world.dies_after = "sums"

    def fail_next(self, *faults: Fault) -> None:
        """The next answers fail so: `status(500)`, `too_many()`, `html`, `closed`, `held`, `lost_answer`."""
        self.front.next_faults.extend(faults)

    def limit(self, retry_after_s: int = 30) -> None:
        """The next question comes too often."""
        self.fail_next(too_many(retry_after_s))

    def stop(self) -> None:
        """End it for good."""
        self._server.stop()


@contextmanager
def playing(transport: Transport = through_django) -> Iterator[PlayedSaleor]:
    """A played Saleor, ended afterwards; whatever was asked or answered against the schema fails the test."""
    saleor = PlayedSaleor(transport)
    try:
        yield saleor
        if saleor.faults:
            raise AssertionError("\n".join(saleor.faults))
    finally:
        saleor.stop()
