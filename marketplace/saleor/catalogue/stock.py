"""One shelf, two tills: what a Saleor may still sell of a variant, and what it sold.

A Saleor counts `quantity`, of which `allocated` are sold and not yet sent. It is told to count what can still be
given here plus what it allocated itself. When what is free there falls by itself, it sold, and ours falls by as much.
Two tills can still sell the same last piece between one look and the next; that is counted as `short` and told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from catalog.models import ProductVariant
from catalog.selectors import available_quantity
from catalog.services.elsewhere import bring_back_from_elsewhere, take_sold_elsewhere
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.mapping import theirs
from marketplace.saleor.models import Installation, SaleorObject, StockThere
from marketplace.saleor.places import domain_of

VARIANTS_A_CALL_MAX: Final = 100
ROUNDS_MAX: Final = 3
"""How often a batch is told anew because Saleor sold or sent something while it was being told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a Saleor counts of a variant in our warehouse of it."""

    quantity: int
    allocated: int


def level_stock(
    saleor: Patient, installation: Installation, warehouse_id: str, variant_ids: Collection[int], *, now: datetime
) -> int:
    """Take over what was sold there of these variants, and tell what can still be. Returns how many were told."""
    told = 0
    ids = theirs(installation, SaleorObject.Kind.VARIANT, variant_ids)
    for batch in _batches(sorted(ids.items(), key=lambda pair: int(pair[0]))):
        told += _level(saleor, installation, warehouse_id, dict(batch), now=now)
    return told


def not_level(rows: Sequence[StockThere], free: Mapping[int, int]) -> list[int]:
    """The variants of which a Saleor, as last seen, counts another number than can be given."""
    return [row.variant_id for row in rows if row.quantity != free[row.variant_id] + row.allocated]


def _level(
    saleor: Patient, installation: Installation, warehouse_id: str, ids: dict[str, str], *, now: datetime
) -> int:
    seen = _ask(saleor, warehouse_id, ids)
    for variant_id, one in seen.items():
        _account(installation, variant_id, one, now=now)
    told = 0
    for _round in range(ROUNDS_MAX):
        wanted = _wanted(installation, seen)
        if not wanted:
            break
        told += len(wanted)
        _write_intent(installation, wanted)
        answers = _tell(saleor, warehouse_id, {variant_id: ids[str(variant_id)] for variant_id in wanted}, wanted)
        for variant_id, one in answers.items():
            _account(installation, variant_id, one, now=now, is_answer=True)
            seen[variant_id] = one
        seen = {variant_id: seen[variant_id] for variant_id in answers}
    return told


def _ask(saleor: Patient, warehouse_id: str, ids: dict[str, str]) -> dict[int, Seen]:
    by_id = {theirs_id: int(our_id) for our_id, theirs_id in ids.items()}
    answer = saleor.ask("CatalogueStocks", {"ids": list(by_id)})
    found: dict[int, Seen] = {}
    for edge in answer["productVariants"]["edges"]:
        node = edge["node"]
        for stock in node["stocks"] or ():
            if stock["warehouse"]["id"] == warehouse_id and node["id"] in by_id:
                found[by_id[node["id"]]] = Seen(stock["quantity"], stock["quantityAllocated"])
    return found


def _tell(saleor: Patient, warehouse_id: str, ids: dict[int, str], wanted: dict[int, int]) -> dict[int, Seen]:
    order = list(wanted)
    stocks = [
        {"variantId": ids[one], "warehouseId": warehouse_id, "quantity": wanted[one]} for one in order
    ]  # fmt: skip
    answer = saleor.change("CatalogueStocksChange", {"stocks": stocks})
    told: dict[int, Seen] = {}
    for variant_id, result in zip(order, answer["results"], strict=True):
        stock: dict[str, Any] | None = result["stock"]
        if stock and not result["errors"]:
            told[variant_id] = Seen(stock["quantity"], stock["quantityAllocated"])
    return told


def _wanted(installation: Installation, seen: dict[int, Seen]) -> dict[int, int]:
    """What each variant should count there and does not: what is free here, and what is allocated there."""
    free = available_quantity(list(seen))
    return {
        variant_id: free[variant_id] + one.allocated
        for variant_id, one in seen.items()
        if one.quantity != free[variant_id] + one.allocated
    }


def _write_intent(installation: Installation, wanted: dict[int, int]) -> None:
    rows = list(StockThere.objects.filter(installation=installation, variant_id__in=list(wanted)))
    for row in rows:
        row.asked_quantity = wanted[row.variant_id]
    StockThere.objects.bulk_update(rows, ["asked_quantity"])


def _account(
    installation: Installation, variant_id: int, seen: Seen, *, now: datetime, is_answer: bool = False
) -> None:
    """Take over what happened to a variant there since it was last seen; one transaction, so that it counts once."""
    with transaction.atomic():
        row = (
            StockThere.objects.select_for_update()
            .filter(installation=installation, variant_id=variant_id)
            .first()
        )  # fmt: skip
        if row is None:
            # A mapping that was lost: what was sold before is accounted for by nobody now.
            row = StockThere(
                installation=installation, variant_id=variant_id, quantity=seen.quantity, allocated=seen.allocated
            )
        came_free = _came_free(row, seen)
        if came_free < 0:
            _sold(row, -came_free, now=now)
        elif came_free > 0 and not is_answer:
            # Right after our own word, fewer allocated may as well mean that they were sent: nothing comes back then.
            _came_back(row, min(came_free, max(0, row.allocated - seen.allocated)), now=now)
        row.quantity, row.allocated, row.asked_quantity, row.seen_at = seen.quantity, seen.allocated, None, now
        row.save()


def _came_free(row: StockThere, seen: Seen) -> int:
    """By how much what is free there rose by itself: below 0, it was sold.

    A question that got no answer may have been done: the quantity that lies nearer says which.
    """
    before = row.quantity
    asked = row.asked_quantity
    if asked is not None and abs(seen.quantity - asked) <= abs(seen.quantity - before):
        before = asked
    return (seen.quantity - before) - (seen.allocated - row.allocated)


def _sold(row: StockThere, quantity: int, *, now: datetime) -> None:
    taken = take_sold_elsewhere(
        product_id=_product_of(row), variant_id=row.variant_id, quantity=quantity, place=_place(row), now=now
    )
    row.sold_there += taken
    row.short += quantity - taken


def _came_back(row: StockThere, quantity: int, *, now: datetime) -> None:
    """What was cancelled there, never more than was sold there; those that were sold twice are made good first."""
    made_good = min(row.short, quantity)
    row.short -= made_good
    rest = min(quantity - made_good, row.sold_there)
    if rest and bring_back_from_elsewhere(
        product_id=_product_of(row), variant_id=row.variant_id, quantity=rest, place=_place(row), now=now
    ):
        row.sold_there -= rest


def _place(row: StockThere) -> str:
    return domain_of(row.installation.api_url)


def _product_of(row: StockThere) -> int:
    return ProductVariant.objects.values_list("product_id", flat=True).get(pk=row.variant_id)


def _batches(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    for start in range(0, len(pairs), VARIANTS_A_CALL_MAX):
        yield pairs[start : start + VARIANTS_A_CALL_MAX]
