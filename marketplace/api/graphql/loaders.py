"""Loading the same thing for many rows at once.

GraphQL asks row by row. Whoever resolves a list says which keys its rows may ask for (`expect`), and the first row
that asks loads for all of them: one statement a kind of thing, whatever the length of the list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Generic, TypeVar

from catalog.models import OcopCertificate, ProductMedia, ProductVariant
from catalog.selectors import available_quantity, visible_variants
from catalog.selectors.several import media_of_products, shown_certificates, variants_of_products

Key = TypeVar("Key")
Value = TypeVar("Value")


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
        self.visible_variant: Loader[int, ProductVariant] = Loader(self._visible_variants)
        """A variant, if the asker may see it."""

    def expect_products(self, product_ids: Iterable[int]) -> None:
        """Rows of these products may be asked for what belongs to a product."""
        ids = list(product_ids)
        self.variants.expect(ids)
        self.media.expect(ids)
        self.certificate.expect(ids)

    def _variants(self, product_ids: Collection[int]) -> Mapping[int, list[ProductVariant]]:
        found = variants_of_products(product_ids)
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
