"""Bringing products that a Saleor does not have: many in a call, each exactly once, whatever dies meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from catalog.models import Product, ProductVariant
from catalog.selectors import available_quantity
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.catalogue.facts import ProductFacts, digest
from marketplace.saleor.catalogue.payloads import new_product
from marketplace.saleor.catalogue.references import our_id_of, reference
from marketplace.saleor.catalogue.refusals import sentence, sentence_of
from marketplace.saleor.catalogue.shape import Shape
from marketplace.saleor.client import SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject, StockThere

PRODUCTS_A_CALL_MAX: Final = 25
"""One call is one transaction of Saleor's, answered inside the ten seconds that a question may take here."""
_PRODUCT = SaleorObject.Kind.PRODUCT
_VARIANT = SaleorObject.Kind.VARIANT


def find_products(saleor: Patient, installation: Installation, shape: Shape) -> None:
    """Read which of our products are there, and write down which is which: a lost mapping is whole again."""
    after: str | None = None
    while True:
        asked = {"productTypes": list(shape.product_types.values()), "after": after}
        page = saleor.ask("CatalogueProducts", asked)["products"]
        keep_found(installation, [edge["node"] for edge in page["edges"]])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def keep_found(installation: Installation, told: Sequence[dict[str, Any]]) -> None:
    """Write down which of these products there, with their variants, are ours.

    What this database does not know is left out: it was put back to a time before they were made.
    """
    products = _ours(installation, "product", told)
    variants = [edge["node"] for one in products.values() for edge in one["productVariants"]["edges"]]
    own = Product.objects.filter(pk__in=products).values_list("pk", flat=True)
    things.keep_all(installation, _PRODUCT, [(our_id, products[our_id]["id"]) for our_id in own])
    named = _ours(installation, "variant", variants)
    known = ProductVariant.objects.filter(pk__in=named).values_list("pk", flat=True)
    things.keep_all(installation, _VARIANT, [(our_id, named[our_id]["id"]) for our_id in known])


def _ours(installation: Installation, kind: str, told: Sequence[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Things there by our ids, as far as they are called by our market."""
    named = ((our_id_of(installation.market, kind, one["externalReference"]), one) for one in told)
    return {int(our_id): one for our_id, one in named if our_id is not None}


def make_products(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    products: Sequence[ProductFacts],
    *,
    pages: dict[int, str],
    now: datetime,
) -> list[int]:
    """Make these products, at most `PRODUCTS_A_CALL_MAX`. `pages` are their shops' pages, by our shop.

    Those that an earlier run may have made are looked for first. Returns those that were found instead of made: what
    they say there may be old.
    """
    ids = [one.our_id for one in products]
    rows = things.rows_of(installation, _PRODUCT, ids)
    things.expect_all(installation, _PRODUCT, ids)
    doubtful = [one for one in ids if str(one) in rows]
    found: list[int] = []
    is_sent = False

    def find() -> bool | None:
        found.extend(
            _found_of(saleor, installation, [one for one in ids if one not in found] if is_sent else doubtful)
        )
        return True if len(found) == len(ids) else None

    def make() -> bool:
        nonlocal is_sent
        is_sent = True
        left = [one for one in products if one.our_id not in found]
        _make(saleor, installation, shape, left, pages=pages, now=now)
        return True

    try:
        saleor.find_or_make(find=find, make=make, was_asked_before=bool(doubtful))
    except TokenRefused:
        raise
    except SaleorRefuses as error:
        _one_by_one(saleor, installation, shape, products, error, pages=pages, now=now)
    return found


def _found_of(saleor: Patient, installation: Installation, ids: Collection[int]) -> list[int]:
    found = []
    for our_id in ids:
        asked = {"reference": reference(installation.market, "product", our_id)}
        told = saleor.ask("CatalogueProductByReference", asked)["product"]
        if told:
            keep_found(installation, [told])
            found.append(our_id)
    return found


def _expect_stock(installation: Installation, products: Sequence[ProductFacts], *, now: datetime) -> dict[int, int]:
    """What each variant is about to be made with, written down so that what is sold before the answer is noticed."""
    variants = [one.our_id for product in products for one in product.variants]
    free = available_quantity(variants)
    StockThere.objects.bulk_create(
        [StockThere(installation=installation, variant_id=one, quantity=free[one], seen_at=now) for one in variants],
        update_conflicts=True,
        unique_fields=["installation", "variant"],
        update_fields=["quantity", "allocated", "asked_quantity", "seen_at"],
    )
    return free


def _make(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    products: Sequence[ProductFacts],
    *,
    pages: dict[int, str],
    now: datetime,
) -> None:
    free = _expect_stock(installation, products, now=now)
    asked = [new_product(shape, one, page_id=pages[one.vendor_id], free=free) for one in products]
    answer = saleor.make("CatalogueProductsMake", {"products": asked})
    for facts, result in zip(products, answer["results"], strict=True):
        row, _was_there = things.expect(installation, _PRODUCT, facts.our_id)
        if result["product"]:
            keep_found(installation, [result["product"]])
            things.said(row, digest=digest(facts), now=now)
        else:
            things.refused(row, sentence_of(result["errors"] or []))


def _one_by_one(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    products: Sequence[ProductFacts],
    refusal: SaleorRefuses,
    *,
    pages: dict[int, str],
    now: datetime,
) -> None:
    """A call that was refused as a whole, because of one of its products: each by itself, so that the others come."""
    if len(products) == 1:
        row, _was_there = things.expect(installation, _PRODUCT, products[0].our_id)
        things.refused(row, sentence(refusal.code, field=refusal.field, message=str(refusal)))
        return
    for one in products:
        make_products(saleor, installation, shape, [one], pages=pages, now=now)
