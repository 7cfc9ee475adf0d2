"""Bringing all goods of the market to a Saleor, in bulk: resumable after a death at any point, and safe to repeat.

Every step first reads or writes down what it is about, so that the next run goes on where this one died: rows without
a `saleor_id` were asked for and not answered, and are looked for by our external reference before they are asked for
again.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from marketplace.core import leases
from marketplace.core.clock import vietnam_date
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient, Wait
from marketplace.saleor.catalogue.changing import follow_product
from marketplace.saleor.catalogue.errors import NotInstalled, SyncRuns
from marketplace.saleor.catalogue.facts import ProductFacts, digest, product_facts
from marketplace.saleor.catalogue.making import PRODUCTS_A_CALL_MAX, find_products, make_products
from marketplace.saleor.catalogue.pictures import push_pictures
from marketplace.saleor.catalogue.shape import Shape, ensure_shape
from marketplace.saleor.catalogue.shops import find_shops, push_shops
from marketplace.saleor.catalogue.stock import level_stock
from marketplace.saleor.catalogue.telling import tell_shops
from marketplace.saleor.client import Saleor
from marketplace.saleor.models import Installation, SaleorObject
from vendors.selectors import MAY_SELL

LEASE_S: Final = 120
"""Renewed with every batch: a process that died leaves the way free after this."""
BATCH_MAX: Final = 100
_PRODUCT = SaleorObject.Kind.PRODUCT

Progress = Callable[[str, int, int], None]
"""Given the step's name, how much of it is done, and of how much."""


@dataclass(slots=True)
class Synced:
    """What a run did, in numbers."""

    shops: int = 0
    made: int = 0
    changed: int = 0
    stocks: int = 0
    without_photo: int = 0
    refused: int = 0
    calls: int = 0


class Turn:
    """The lease of whoever brings goods to one Saleor; two at once would make things twice."""

    def __init__(self, installation: Installation, *, clock: Callable[[], datetime]) -> None:
        self._name = f"saleor-catalogue-{installation.pk}"
        self._holder = uuid.uuid4()
        self._clock = clock

    def __enter__(self) -> Turn:
        self.renew()
        return self

    def __exit__(self, *_error: object) -> None:
        leases.give_up(self._name, holder=self._holder)

    def renew(self) -> None:
        """Hold it on. Raises `SyncRuns` where another process has it."""
        if not leases.hold(self._name, holder=self._holder, now=self._clock(), seconds=LEASE_S):
            raise SyncRuns(_("Đang có lần đồng bộ khác với Saleor này. Đợi xong rồi chạy lại."))


def sync(
    installation: Installation,
    *,
    clock: Callable[[], datetime],
    channel_slug: str = "",
    progress: Progress = lambda _step, _done, _of: None,
    wait: Wait = time.sleep,
) -> Synced:
    """Bring shops, goods, stock and photos to a Saleor, and take over what was sold and decided there.

    Raises `NotInstalled`, `SyncRuns`, what `ensure_shape` raises, and `SaleorAway` or `TokenRefused` when Saleor
    stays away or takes our token no more: run again, it goes on.
    """
    if not installation.is_installed:
        raise NotInstalled(_("Chợ chưa được cài vào Saleor này, hoặc đã rời."))
    with Turn(installation, clock=clock) as turn, Saleor.of(installation) as asked:
        saleor = Patient(asked, wait=wait)
        run = _Run(saleor, installation, turn, clock=clock, progress=progress)
        shape = ensure_shape(saleor, installation, channel_slug=channel_slug)
        return run.all(shape)


class _Run:
    def __init__(
        self,
        saleor: Patient,
        installation: Installation,
        turn: Turn,
        *,
        clock: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        self._saleor = saleor
        self._installation = installation
        self._turn = turn
        self._clock = clock
        self._progress = progress
        self._done = Synced()

    def all(self, shape: Shape) -> Synced:
        find_shops(self._saleor, self._installation, shape)
        find_products(self._saleor, self._installation, shape)
        self._shops(shape)
        products = _products(self._installation)
        self._goods(shape, products)
        self._stocks(shape, products)
        self._photos(products)
        tell_shops(self._installation, products, now=self._clock())
        self._done.refused = SaleorObject.objects.filter(installation=self._installation).exclude(problem="").count()
        self._done.calls = self._saleor.calls
        return self._done

    def _shops(self, shape: Shape) -> None:
        own = SaleorObject.objects.filter(installation=self._installation, kind=SaleorObject.Kind.VENDOR)
        known = {int(one) for one in own.values_list("our_id", flat=True)}
        selling = Product.objects.filter(vendor__verification__in=MAY_SELL).values_list("vendor_id", flat=True)
        vendors = sorted(known | set(selling.distinct().order_by()))
        for batch in self._steps("shops", vendors, BATCH_MAX):
            self._done.shops += push_shops(self._saleor, self._installation, shape, batch, now=self._clock())

    def _goods(self, shape: Shape, products: Sequence[int]) -> None:
        for batch in self._steps("goods", products, PRODUCTS_A_CALL_MAX):
            now = self._clock()
            made, changed = push_products(self._saleor, self._installation, shape, batch, now=now)
            self._done.made += made
            self._done.changed += changed

    def _stocks(self, shape: Shape, products: Sequence[int]) -> None:
        for batch in self._steps("stocks", products, BATCH_MAX):
            variants = ProductVariant.objects.filter(product_id__in=batch).values_list("pk", flat=True)
            self._done.stocks += level_stock(
                self._saleor, self._installation, shape.warehouse, list(variants), now=self._clock()
            )

    def _photos(self, products: Sequence[int]) -> None:
        for batch in self._steps("photos", products, BATCH_MAX):
            lacking = push_pictures(self._saleor, self._installation, batch, now=self._clock())
            self._done.without_photo += len(lacking)

    def _steps(self, step: str, ids: Sequence[int], size: int) -> Iterator[list[int]]:
        self._progress(step, 0, len(ids))
        for start in range(0, len(ids), size):
            self._turn.renew()
            yield list(ids[start : start + size])
            self._progress(step, min(start + size, len(ids)), len(ids))


def push_products(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    product_ids: Sequence[int],
    *,
    now: datetime,
    is_due: bool = False,
) -> tuple[int, int]:
    """Make those of these products that the Saleor lacks, and follow those that changed here, or all where they are
    due: something may have happened to them there.

    A product that was never offered there and may not be now is left out; so is one that staff there deleted, and one
    whose shop has no page. Returns how many were made, and how many told.
    """
    rows = things.rows_of(installation, _PRODUCT, product_ids)
    facts = product_facts(product_ids, today=vietnam_date(now))
    pages = _pages(installation, facts)
    new = [
        one for one in facts if one.is_shown and one.vendor_id in pages and not _is_there(rows.get(str(one.our_id)))
    ]
    found = make_products(saleor, installation, shape, new, pages=pages, now=now) if new else []
    rows = things.rows_of(installation, _PRODUCT, product_ids)
    changed = 0
    for one in facts:
        row = rows.get(str(one.our_id))
        if row is None or not row.saleor_id or one.vendor_id not in pages:
            continue
        if row.said != digest(one) or is_due or row.due_at is not None or one.our_id in found:
            follow_product(saleor, installation, shape, one, row, page_id=pages[one.vendor_id], now=now)
            changed += 1
    made = [one for one in new if one.our_id not in found and rows[str(one.our_id)].saleor_id]
    return len(made), changed


def _is_there(row: SaleorObject | None) -> bool:
    """Whether a product is there, or was deleted by staff there."""
    return row is not None and (bool(row.saleor_id) or row.is_hidden_there)


def _pages(installation: Installation, facts: Sequence[ProductFacts]) -> dict[int, str]:
    rows = things.rows_of(installation, SaleorObject.Kind.VENDOR, {one.vendor_id for one in facts})
    return {int(our_id): row.saleor_id for our_id, row in rows.items() if row.saleor_id}


def _products(installation: Installation) -> list[int]:
    """Products that are offered, and those that are known there."""
    own = SaleorObject.objects.filter(installation=installation, kind=_PRODUCT)
    known = {int(one) for one in own.values_list("our_id", flat=True)}
    offered = Product.objects.filter(
        Q(listing=Product.Listing.PUBLISHED, vendor__verification__in=MAY_SELL, is_alcohol=False)
    )
    return sorted(known | set(offered.values_list("pk", flat=True)))
