"""What happened in the market that a Saleor should hear of: it only makes rows due, and a task works them off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from catalog.models import Product
from catalog.selectors import available_quantity
from marketplace.core import journal
from marketplace.core.clock import vietnam_date
from marketplace.core.models import JournalEvent
from marketplace.orders.models import Order, OrderLine
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.facts import digest, is_offered, product_facts, vendor_facts
from marketplace.saleor.catalogue.stock import not_level
from marketplace.saleor.each import installed
from marketplace.saleor.models import Installation, SaleorObject, StockThere
from vendors.models import Vendor

SUBSCRIBER: Final = "saleor-catalogue"
OF_PRODUCTS: Final = frozenset({
    "certificate.refused", "certificate.verified", "certificate.withdrawn",
    "photo.added", "photo.moved", "photo.removed",
    "product.published", "product.rejected", "product.submitted", "product.traced", "product.updated",
    "product.withdrawn",
    "variant.added", "variant.updated",
})  # fmt: skip
OF_STOCK: Final = frozenset({"stock.moved", "stock.set"})
OF_ORDERS: Final = frozenset({"order.cancelled", "order.expired", "order.placed", "order.revived"})
"""These allocate or free goods. Handing over lowers what lies there and what is allocated alike."""
CHARGED: Final = "order.charged"
"""Of a sale at a Saleor: its own order is made about then, and allocates there."""
OF_SHOPS: Final = frozenset({"vendor.changed", "vendor.declared", "vendor.refused", "vendor.verified"})
ROWS_LOOKED_OVER_AT_ONCE: Final = 500
Kind = SaleorObject.Kind


def follow_goods() -> None:
    """Let what happens to goods reach the Saleors. Called where a Saleor is listed."""
    kinds = OF_PRODUCTS | OF_STOCK | OF_ORDERS | OF_SHOPS | {CHARGED}
    journal.subscribe(journal.Subscription(name=SUBSCRIBER, kinds=kinds, handle=hear))


def hear(event: JournalEvent) -> None:
    """Make due what an event is about; in the delivery's transaction, without asking anybody."""
    now = event.happened_at
    for installation in installed():
        if event.kind in OF_PRODUCTS:
            mark_products(installation, [int(event.data["product"])], now=now)
        elif event.kind in OF_STOCK:
            mark_stock(installation, [int(event.data["variant"])], now=now)
        elif event.kind in OF_ORDERS or event.kind == CHARGED:
            lines = OrderLine.objects.filter(order_id=int(event.aggregate_id), variant__isnull=False)
            if event.kind == CHARGED:
                lines = lines.filter(order__origin=Order.Origin.SALEOR)
            mark_stock(installation, list(lines.values_list("variant_id", flat=True)), now=now)
        else:
            _mark_shop(installation, int(event.data["vendor"]), now=now)


def mark_products(installation: Installation, product_ids: Collection[int], *, now: datetime) -> None:
    """Look after these products there: those that are known there, and those that are offered now."""
    known = Product.objects.filter(pk__in=product_ids).select_related("vendor")
    offered = [one for one in known if is_offered(one)]
    shops = {one.vendor_id for one in offered}
    things.expect_all(installation, Kind.PRODUCT, [one.pk for one in offered])
    things.expect_all(installation, Kind.VENDOR, shops)
    pageless = SaleorObject.objects.filter(installation=installation, kind=Kind.VENDOR, saleor_id="")
    _mark(
        installation,
        Kind.VENDOR,
        pageless.filter(our_id__in=[str(one) for one in shops]).values_list("our_id", flat=True),
        now=now,
    )
    _mark(installation, Kind.PRODUCT, product_ids, now=now)


def mark_stock(installation: Installation, variant_ids: Collection[int], *, now: datetime) -> None:
    """Ask how many of these variants are counted there, and level it with what can be given here."""
    _mark(installation, Kind.VARIANT, variant_ids, now=now)


def mark_there(
    installation: Installation, kind: SaleorObject.Kind, saleor_ids: Collection[str], *, now: datetime
) -> int:
    """Look after things that a Saleor names: something happened to them there. Returns how many are ours."""
    own = SaleorObject.objects.filter(installation=installation, kind=kind, saleor_id__in=saleor_ids)
    return things.want(own, now=now)


def look_over_stock(installation: Installation, *, now: datetime) -> int:
    """Make due every variant of which more or fewer can be given than that Saleor last said: nothing tells of holds
    for checkouts, and a worker may have died over an event. Returns how many."""
    found = 0
    for rows in _batches(StockThere.objects.filter(installation=installation).order_by("pk")):
        wrong = not_level(rows, available_quantity([row.variant_id for row in rows]))
        mark_stock(installation, wrong, now=now)
        found += len(wrong)
    return found


def look_over_shops(installation: Installation, *, now: datetime) -> int:
    """Make due every shop whose page says something else than the shop does, or is not there. Returns how many."""
    own = SaleorObject.objects.filter(installation=installation, kind=Kind.VENDOR)
    said = {
        int(our_id): (saleor_id, word) for our_id, saleor_id, word in own.values_list("our_id", "saleor_id", "said")
    }
    known = sorted(said)
    found = 0
    for start in range(0, len(known), ROWS_LOOKED_OVER_AT_ONCE):
        vendors = Vendor.objects.filter(pk__in=known[start : start + ROWS_LOOKED_OVER_AT_ONCE])
        shops = [vendor_facts(one) for one in vendors.select_related("commune__province")]
        wrong = [
            shop.our_id
            for shop in shops
            if (said[shop.our_id][0] or shop.is_shown) and said[shop.our_id][1] != digest(shop)
        ]
        _mark(installation, Kind.VENDOR, wrong, now=now)
        found += len(wrong)
    return found


def look_over_goods(installation: Installation, *, now: datetime) -> int:
    """Make due every product that says something else than it last did there, or is offered and not there: stars end
    on a day without an event. Returns how many."""
    own = SaleorObject.objects.filter(installation=installation, kind=Kind.PRODUCT)
    said = dict(own.values_list("our_id", "said"))
    deleted = set(own.filter(is_hidden_there=True, saleor_id="").values_list("our_id", flat=True))
    offered = Q(listing=Product.Listing.PUBLISHED) | Q(pk__in=[int(one) for one in said])
    found = 0
    products = Product.objects.filter(offered).order_by("pk").values_list("pk", flat=True)
    for start in range(0, len(products), ROWS_LOOKED_OVER_AT_ONCE):
        batch = list(products[start : start + ROWS_LOOKED_OVER_AT_ONCE])
        changed = [
            facts.our_id
            for facts in product_facts(batch, today=vietnam_date(now))
            if (facts.is_shown or str(facts.our_id) in said)
            and str(facts.our_id) not in deleted
            and said.get(str(facts.our_id)) != digest(facts)
        ]
        mark_products(installation, changed, now=now)
        found += len(changed)
    return found


def mark_all_stock(installation: Installation, *, now: datetime) -> int:
    """Ask after every variant that is not due yet: a sale there that no webhook told of is found by this. Returns how
    many."""
    own = SaleorObject.objects.filter(installation=installation, kind=Kind.VARIANT, due_at=None)
    return things.want(own.exclude(saleor_id=""), now=now)


def _mark_shop(installation: Installation, vendor_id: int, *, now: datetime) -> None:
    """A shop changed: its page, and all of its goods, which may be sold or not with it."""
    _mark(installation, Kind.VENDOR, [vendor_id], now=now)
    goods = Product.objects.filter(vendor_id=vendor_id).values_list("pk", flat=True)
    mark_products(installation, list(goods), now=now)


def _mark(installation: Installation, kind: SaleorObject.Kind, our_ids: Iterable[object], *, now: datetime) -> None:
    own = SaleorObject.objects.filter(installation=installation, kind=kind)
    things.want(own.filter(our_id__in=[str(one) for one in our_ids]), now=now)


def _batches(rows: QuerySet[StockThere]) -> Iterator[list[StockThere]]:
    """By their keys: an iterator over all of them would hold a transaction open."""
    after = 0
    while batch := list(rows.filter(pk__gt=after)[:ROWS_LOOKED_OVER_AT_ONCE]):
        yield batch
        after = batch[-1].pk
