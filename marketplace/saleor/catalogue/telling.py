"""Telling shops on their own pages how their goods fare at a Saleor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.text import format_lazy

from catalog.models import ListingElsewhere, Product, ProductMedia
from catalog.services.elsewhere import tell_elsewhere
from marketplace.saleor.catalogue.facts import is_offered
from marketplace.saleor.catalogue.pictures import photo_key
from marketplace.saleor.catalogue.refusals import ALCOHOL, DELETED_THERE, HIDDEN_THERE, PICTURE, SOLD_TWICE
from marketplace.saleor.mapping import theirs
from marketplace.saleor.models import Installation, SaleorObject, StockThere
from marketplace.saleor.places import domain_of

TOLD_AT_ONCE_MAX: Final = 500
State = ListingElsewhere.State


def tell_shops(installation: Installation, product_ids: Sequence[int], *, now: datetime) -> None:
    """Write down, for the pages of their shops, how these products fare at that Saleor."""
    place = domain_of(installation.api_url)
    for start in range(0, len(product_ids), TOLD_AT_ONCE_MAX):
        batch = product_ids[start : start + TOLD_AT_ONCE_MAX]
        by_word: dict[tuple[State, str], list[int]] = defaultdict(list)
        rows = _rows(installation, batch)
        short = _short(installation, batch)
        bare = _without_photo(installation, batch)
        for product in Product.objects.filter(pk__in=batch).select_related("vendor"):
            state, problem = _fares(product, rows.get(product.pk), short.get(product.pk, 0))
            if state == State.SHOWN and product.pk in bare:
                problem = problem or str(PICTURE)
            if state is not None:
                by_word[state, problem].append(product.pk)
        for (state, problem), ids in by_word.items():
            tell_elsewhere(product_ids=ids, place=place, state=state, problem=problem, now=now)


def _rows(installation: Installation, product_ids: Sequence[int]) -> dict[int, SaleorObject]:
    own = SaleorObject.objects.filter(
        installation=installation, kind=SaleorObject.Kind.PRODUCT, our_id__in=[str(one) for one in product_ids]
    )
    return {int(row.our_id): row for row in own}


def _short(installation: Installation, product_ids: Sequence[int]) -> dict[int, int]:
    """How many of each product's pieces were sold twice."""
    counted: dict[int, int] = defaultdict(int)
    rows = StockThere.objects.filter(installation=installation, variant__product_id__in=product_ids, short__gt=0)
    for product_id, short in rows.values_list("variant__product_id", "short"):
        counted[product_id] += short
    return counted


def _without_photo(installation: Installation, product_ids: Sequence[int]) -> set[int]:
    """Products of which some photo is not there."""
    photos = ProductMedia.objects.filter(product_id__in=product_ids)
    keys = {photo_key(one): one.product_id for one in photos.only("pk", "product_id")}
    brought = theirs(installation, SaleorObject.Kind.MEDIA, keys)
    return {product_id for key, product_id in keys.items() if key not in brought}


def _fares(product: Product, row: SaleorObject | None, short: int) -> tuple[State | None, str]:
    if row is None:
        is_kept_back = product.is_alcohol and product.listing == Product.Listing.PUBLISHED
        return (State.REFUSED, str(ALCOHOL)) if is_kept_back else (None, "")
    sold_twice = str(format_lazy(SOLD_TWICE, count=short)) if short else ""
    if not row.saleor_id:
        if row.is_hidden_there:
            return State.DELETED, str(DELETED_THERE)
        return (State.REFUSED, row.problem) if row.problem else (State.WAITING, "")
    if not is_offered(product):
        return State.WITHDRAWN, sold_twice
    if row.is_hidden_there:
        return State.HIDDEN, str(HIDDEN_THERE)
    return (State.REFUSED if row.problem else State.SHOWN), row.problem or sold_twice
