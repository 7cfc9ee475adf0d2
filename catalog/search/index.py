"""Keeping the search in step with the products: in the same transaction, by the services, never by signals.

A product is found by the words of its name, description, maker, place, set and kinds. Whether it may be seen is not
kept here, so a shop that is verified or closed changes nothing; a shop that is renamed is indexed anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from catalog.models import Product
from catalog.ocop_sets import ocop_set
from catalog.search.engines import Shadow, engine
from catalog.search.words import folded_words
from marketplace.core.text import name_sort_key

PRODUCTS_A_BATCH_MAX = 500
ROWS_A_STATEMENT_MAX = 50
"""Updates of many rows grow slower with their number than in proportion."""
KEPT_FIELDS = ("folded_name", "folded_text", "sort_key")
FOLDED_NAME_CHARACTERS_MAX = 200
FOLDED_TEXT_CHARACTERS_MAX = 10_000


def index_products(products: Sequence[Product]) -> None:
    """Write the folded words and the sort key of these products, to their rows and to the search.

    Reads each product's shop, place and variants; load them beforehand where there are many. Runs in a
    transaction of its own or in the caller's.
    """
    changed = [product for product in products if _refresh(product)]
    with transaction.atomic():
        Product.objects.bulk_update(changed, KEPT_FIELDS, batch_size=ROWS_A_STATEMENT_MAX)
        engine().put([Shadow(product.pk, product.folded_name, product.folded_text) for product in products])


def _refresh(product: Product) -> bool:
    """Whether what is kept of its words differed from its texts."""
    before = [getattr(product, field) for field in KEPT_FIELDS]
    product.folded_name = " ".join(folded_words(product.name))[:FOLDED_NAME_CHARACTERS_MAX]
    product.folded_text = " ".join(folded_words(_other_text(product)))[:FOLDED_TEXT_CHARACTERS_MAX]
    product.sort_key = name_sort_key(product.name)
    return before != [getattr(product, field) for field in KEPT_FIELDS]


def reindex_vendor(vendor_id: int) -> int:
    """Index a shop's products anew, after it was renamed; one transaction. Returns how many there are."""
    with transaction.atomic():
        return sum(_in_batches(Product.objects.filter(vendor_id=vendor_id)))


def rebuild_index() -> int:
    """Index every product anew and forget those that are gone. Returns how many there are.

    One transaction a batch, so that the market keeps selling and searching meanwhile.
    """
    count = sum(_in_batches(Product.objects.all()))
    with transaction.atomic():
        engine().forget_orphans()
    return count


def _in_batches(products: QuerySet[Product]) -> list[int]:
    loaded = products.select_related("vendor", "commune_of_origin__province").prefetch_related("variants")
    sizes, last_id = [], 0
    while batch := _next_batch(loaded, after=last_id):
        index_products(batch)
        sizes.append(len(batch))
        last_id = batch[-1].pk
    return sizes


def _next_batch(products: QuerySet[Product], *, after: int) -> list[Product]:
    with transaction.atomic():
        return list(products.filter(pk__gt=after).order_by("pk")[:PRODUCTS_A_BATCH_MAX])


def _other_text(product: Product) -> str:
    place, product_set = product.commune_of_origin, ocop_set(product.ocop_set)
    kinds = [variant.name for variant in product.variants.all()]
    # Short and telling texts first: a very long description is cut at the end.
    return " ".join(
        [product.vendor.name, place.name, place.province.name, product_set.name, *kinds, product.description]
    )
