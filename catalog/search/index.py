"""Keeping the search in step with the products: in the same transaction, by the services, never by signals.

A product is found by the words of its name, description, maker, place, set and kinds, once it was published. Whether
it may be seen now is not kept here, so a shop that is verified or closed changes nothing; a shop that is renamed is
indexed anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from catalog.models import Product
from catalog.ocop_sets import ocop_set
from catalog.search.engines import Fact, Shadow, engine, newness
from catalog.search.words import folded_words
from marketplace.core.generations import raise_all
from marketplace.core.text import name_sort_key

PRODUCTS_A_BATCH_MAX = 100
"""Their rows are locked meanwhile, so a batch takes well below the time that others wait for a lock."""
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
        for product in changed:  # one by one is four times as fast as Django's update of many
            product.save(update_fields=KEPT_FIELDS)
        engine().put([shadow for product in products if (shadow := _shadow(product)) is not None])


def _shadow(product: Product) -> Shadow | None:
    """What the search keeps; nothing of what was never published. Once it was, it stays in the same place."""
    if product.published_at is None:
        return None
    place = product.commune_of_origin
    return Shadow(
        product_id=product.pk,
        newness=newness(product.pk, product.published_at),
        name=product.folded_name,
        text=product.folded_text,
        facts=(
            Fact.PROVINCE.word(place.province_id),
            Fact.COMMUNE.word(place.pk),
            Fact.OCOP_SET.word(product.ocop_set),
            Fact.VENDOR.word(product.vendor_id),
        ),
    )


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
        return _index_all(Product.objects.filter(vendor_id=vendor_id))


def rebuild_index() -> int:
    """Index every product anew and forget those that are gone. Returns how many there are.

    One transaction a batch, so that the market keeps selling and searching meanwhile.
    """
    count = _index_all(Product.objects.all())
    with transaction.atomic():
        engine().forget_orphans()
        raise_all()  # products whose words were right, and the search's were not, raised nothing
    return count


def _index_all(products: QuerySet[Product]) -> int:
    count, last_id = 0, 0
    while batch := _index_next(products.filter(pk__gt=last_id)):
        count += len(batch)
        last_id = batch[-1].pk
    return count


def _index_next(products: QuerySet[Product]) -> list[Product]:
    """Index a batch under its locks: words that a shop changes meanwhile are not overwritten with older ones."""
    with transaction.atomic():
        batch = list(
            products.select_for_update(of=("self",), no_key=True)
            .select_related("vendor", "commune_of_origin__province")
            .prefetch_related("variants")
            .order_by("pk")[:PRODUCTS_A_BATCH_MAX]
        )
        index_products(batch)
    return batch


def _other_text(product: Product) -> str:
    place, product_set = product.commune_of_origin, ocop_set(product.ocop_set)
    kinds = [variant.name for variant in product.variants.all()]
    # Short and telling texts first: a very long description is cut at the end.
    return " ".join(
        [product.vendor.name, place.name, place.province.name, product_set.name, *kinds, product.description]
    )
