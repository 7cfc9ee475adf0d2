"""Loading the same thing for many rows at once.

GraphQL asks row by row. Whoever resolves a list says which keys its rows may ask for (`expect`), and the first row
that asks loads for all of them: one statement a kind of thing, whatever the length of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Generic, TypeVar

from catalog.categories import category_by_no, in_category
from catalog.collections import in_collection, newest_ids
from catalog.models import OcopCertificate, ProductMedia, ProductVariant, Stock
from catalog.selectors import available_quantity, visible_variants
from catalog.selectors.several import media_of_products, shown_certificates, stocks_of_variants, variants_of_products
from catalog.selectors.showing import picture_of_each
from marketplace.api.graphql.columns import OF_VARIANT, not_needed
from marketplace.orders.models import Order
from payments.models import GrantedRefund, TransactionItem
from payments.selectors import granted_refunds_of_orders, transactions_of_orders

Key = TypeVar("Key")
Value = TypeVar("Value")
Row = TypeVar("Row")


class Loader(Generic[Key, Value]):
    """Answers `load(key)` out of one fetch for all keys that were expected by then."""

    def __init__(self, fetch: Callable[[Collection[Key]], Mapping[Key, Value]]) -> None:
        self._fetch = fetch
        self._expected: set[Key] = set()
        self._known: dict[Key, Value | None] = {}

    def expect(self, keys: Iterable[Key]) -> None:
        """These keys may be asked for soon."""
        self._expected.update(key for key in keys if key not in self._known)

    def load(self, key: Key) -> Value | None:
        """The value of a key; None where there is none."""
        if key not in self._known:
            self._expected.add(key)
            wanted, self._expected = self._expected, set()
            self._known.update(dict.fromkeys(wanted))
            self._known.update(self._fetch(wanted))
        return self._known[key]


class Together(Generic[Row]):
    """Rows that came in one list, so that a part of them is fetched for all at once."""

    def __init__(self) -> None:
        self._lists: dict[int, list[Row]] = {}

    def came(self, rows: Iterable[Row]) -> None:
        """These rows came together."""
        rows = list(rows)
        self._lists.update((id(row), rows) for row in rows)

    def with_(self, row: Row) -> list[Row]:
        """The rows that came with this one, itself among them."""
        return self._lists.get(id(row), [row])


class Loaders:
    """What rows of one request load together."""

    def __init__(self, *, today: date, age_declared: bool) -> None:
        self._today = today
        self._age_declared = age_declared
        self.variants: Loader[int, list[ProductVariant]] = Loader(self._variants)
        """The variants on sale of a product."""
        self.media: Loader[int, list[ProductMedia]] = Loader(media_of_products)
        """The photos of a product."""
        self.certificate: Loader[int, OcopCertificate] = Loader(self._certificates)
        """The certificate whose stars a product shows."""
        self.left: Loader[int, int] = Loader(available_quantity)
        """How many of a variant a new buyer can still get."""
        self.stocks: Loader[int, list[Stock]] = Loader(stocks_of_variants)
        """Where a variant lies."""
        self.visible_variant: Loader[int, ProductVariant] = Loader(self._visible_variants)
        """A variant, if the asker may see it."""
        self.orders: Together[Order] = Together()
        """Orders of one list."""
        self.transactions: Loader[int, list[TransactionItem]] = Loader(transactions_of_orders)
        """The money of an order."""
        self.granted_refunds: Loader[int, list[GrantedRefund]] = Loader(granted_refunds_of_orders)
        """What was promised back of an order."""
        self.category_picture: Loader[int, ProductMedia] = Loader(self._category_pictures)
        """A photo of one of the goods of a category, by its number."""
        self.collection_picture: Loader[int, ProductMedia] = Loader(self._collection_pictures)
        """A photo of one of the goods of a collection, by its number."""
        self._newest: frozenset[int] | None = None
        self.fields: frozenset[str] | None = None
        """What the operation asks for, where a list said it: columns that none of it needs are not read."""

    def expect_products(self, product_ids: Iterable[int]) -> None:
        """Rows of these products may be asked for what belongs to a product."""
        ids = list(product_ids)
        self.variants.expect(ids)
        self.media.expect(ids)
        self.certificate.expect(ids)

    def newest(self) -> frozenset[int]:
        """The goods that are called new now."""
        if self._newest is None:
            self._newest = newest_ids(age_declared=self._age_declared)
        return self._newest

    def _variants(self, product_ids: Collection[int]) -> Mapping[int, list[ProductVariant]]:
        without = [] if self.fields is None else not_needed(OF_VARIANT, self.fields)
        found = variants_of_products(product_ids, without=without)
        self.stocks.expect(variant.pk for variants in found.values() for variant in variants)
        self.left.expect(variant.pk for variants in found.values() for variant in variants)
        return found

    def _certificates(self, product_ids: Collection[int]) -> Mapping[int, OcopCertificate]:
        return shown_certificates(product_ids, today=self._today)

    def _visible_variants(self, variant_ids: Collection[int]) -> Mapping[int, ProductVariant]:
        variants = visible_variants(age_declared=self._age_declared).filter(pk__in=variant_ids)
        found = variants.select_related("product__vendor__commune__province", "product__commune_of_origin__province")
        self.left.expect(variant_ids)
        rows = {variant.pk: variant for variant in found}
        self.expect_products(variant.product_id for variant in rows.values())
        return rows

    def _category_pictures(self, numbers: Collection[int]) -> Mapping[int, ProductMedia]:
        categories = {number: category_by_no(number) for number in numbers}
        conditions = {number: in_category(one) for number, one in categories.items() if one is not None}
        return picture_of_each(conditions, age_declared=self._age_declared)

    def _collection_pictures(self, numbers: Collection[int]) -> Mapping[int, ProductMedia]:
        conditions = {
            number: in_collection(number, today=self._today, age_declared=self._age_declared) for number in numbers
        }
        return picture_of_each(conditions, age_declared=self._age_declared)
