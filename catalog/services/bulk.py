"""Many products at once: each row on its own, and what happens to the others where one is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.services.adding_variants import add_variant_with_stocks
from catalog.services.listing import begin_product
from catalog.services.reviewing import submit_for_review
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, MarketError
from vendors.models import Vendor

ROWS_AT_ONCE_MAX = 100


class ErrorPolicy(StrEnum):
    """What is kept where something is refused: Saleor's policies."""

    IGNORE_FAILED = "IGNORE_FAILED"
    """All that can be: a product without the kind that was refused."""
    REJECT_EVERYTHING = "REJECT_EVERYTHING"
    REJECT_FAILED_ROWS = "REJECT_FAILED_ROWS"


class TooManyRows(InvalidInput):
    """More rows than one request may bring."""


@dataclass(frozen=True, kw_only=True)
class RowWanted:
    """A row as it was read: each part may have been refused already, with its reason instead of its facts."""

    vendor: Vendor | MarketError
    actor: Actor
    """Who the person is in that shop."""
    facts: Mapping[str, Any] | MarketError
    """What `begin_product` takes."""
    variants: Sequence[Mapping[str, Any] | MarketError] = ()
    """What `add_variant_with_stocks` takes, each."""
    is_shown: bool = False
    """Whether it is sent to review at once."""


@dataclass
class RowDone:
    """What became of a row: its product, and each refusal with the path of the part that it is about."""

    product: Product | None = None
    refusals: list[tuple[str, MarketError]] = field(default_factory=list)


class _Undo(Exception):
    """Takes back what a row, or all of them, wrote."""


def create_many(
    *, rows: Sequence[RowWanted], policy: ErrorPolicy, now: datetime, client_id: uuid.UUID | None = None
) -> list[RowDone]:
    """Begin the products of `rows`, as drafts with their kinds, or sent to review where a row says so.

    Answers what became of each, in order; under REJECT_EVERYTHING one refusal leaves nothing of any. The same
    `client_id` again answers the same products, and begins those that were refused before. Raises `TooManyRows`.
    """
    if len(rows) > ROWS_AT_ONCE_MAX:
        raise TooManyRows(_("Mỗi lần chỉ thêm được 100 sản phẩm."), field="products")
    done: list[RowDone] = []

    def all_rows() -> None:
        for number, row in enumerate(rows):
            done.append(_row(row, policy=policy, now=now, client_id=_id_of_part(client_id, f"products.{number}")))
        if policy is ErrorPolicy.REJECT_EVERYTHING and any(one.refusals for one in done):
            raise _Undo

    if not _kept(all_rows):
        for one in done:
            one.product = None
    return done


def _id_of_part(client_id: uuid.UUID | None, part: str) -> uuid.UUID | None:
    """Each part of a request that is sent again is known by its place in it."""
    return None if client_id is None else uuid.uuid5(client_id, part)


def _row(row: RowWanted, *, policy: ErrorPolicy, now: datetime, client_id: uuid.UUID | None) -> RowDone:
    done = RowDone()

    def work() -> None:
        _create(row, done, now=now, client_id=client_id)
        if done.refusals and policy is not ErrorPolicy.IGNORE_FAILED:
            raise _Undo

    if not _kept(work):
        done.product = None
    return done


def _create(row: RowWanted, done: RowDone, *, now: datetime, client_id: uuid.UUID | None) -> None:
    if isinstance(row.vendor, MarketError) or isinstance(row.facts, MarketError):
        parts = (row.vendor, row.facts)
        done.refusals += [("", part) for part in parts if isinstance(part, MarketError)]
        return
    vendor, facts = row.vendor, row.facts
    begin = partial(begin_product, actor=row.actor, vendor=vendor, now=now, client_id=client_id, **facts)
    product = _tried(done, "", begin)
    done.product = product
    if product is None:
        return
    for number, variant in enumerate(row.variants):
        path = f"variants.{number}"
        if isinstance(variant, MarketError):
            done.refusals.append((path, variant))
        else:
            said = {**variant, "client_id": _id_of_part(client_id, path)}
            _tried(done, path, partial(_add, said, actor=row.actor, product=product, now=now))
    if row.is_shown and product.listing == Product.Listing.DRAFT:  # one that was begun before may have been sent
        shown = _tried(
            done, "channelListings.0", lambda: submit_for_review(actor=row.actor, product=product, now=now)
        )
        done.product = shown or product


def _add(variant: Mapping[str, Any], *, actor: Actor, product: Product, now: datetime) -> None:
    add_variant_with_stocks(actor=actor, product=product, now=now, **variant)


def _tried(done: RowDone, path: str, act: Callable[[], Any]) -> Any:
    """What `act` answers; None where it is refused, which is noted and leaves nothing of it."""
    try:
        with transaction.atomic():
            return act()
    except MarketError as refusal:
        done.refusals.append((path, refusal))
        return None


def _kept(work: Callable[[], None]) -> bool:
    """Whether what `work` wrote was kept."""
    try:
        with transaction.atomic():
            work()
    except _Undo:
        return False
    return True
