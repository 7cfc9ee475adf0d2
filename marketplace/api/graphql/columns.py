"""Which columns of goods a query needs, so that a list reads no long text and no JSON that nobody asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

ATTRIBUTES: Final = frozenset({"assignedAttribute", "assignedAttributes", "attribute", "attributes"})
METADATA: Final = frozenset({"metadata", "metafield", "metafields"})
PRIVATE_METADATA: Final = frozenset({"privateMetadata", "privateMetafield", "privateMetafields"})
TRANSLATIONS: Final = ATTRIBUTES | {"translation"}
TEXTS: Final = TRANSLATIONS | {"description", "seoDescription", "seoTitle"}

_NOTES: Final = (
    "storage_note",
    "shelf_life_note",
    "brand",
    "producer_name",
    "producer_address",
    "made_note",
    "lot_number",
    "materials_note",
    "trace_code",
)
OF_PRODUCT: Final[Mapping[str, frozenset[str]]] = {
    # Of the search and of the review: shoppers are shown none of it.
    "folded_name": frozenset(),
    "folded_text": frozenset(),
    "listing_reason": frozenset({"listingReason"}),
    "private_metadata": PRIVATE_METADATA,
    "reviewed_at": frozenset(),
    "submitted_at": frozenset(),
    "description": TEXTS,
    "made_at": frozenset({"created"}),
    "metadata": METADATA,
    "translations": TRANSLATIONS,
    **dict.fromkeys(_NOTES, ATTRIBUTES | {"shelfLifeNote", "storageNote"}),
    "updated_at": frozenset({"updatedAt", "productVariants"}),
}
"""Columns of products that are read only where one of these fields is asked; a test asks for each field alone."""
OF_VARIANT: Final[Mapping[str, frozenset[str]]] = {
    # `productVariants` may be narrowed by metadata, and narrowed and sorted by when the product changed.
    "metadata": METADATA | {"productVariants"},
    "private_metadata": PRIVATE_METADATA,
    "translations": TRANSLATIONS,
}


def not_needed(
    columns: Mapping[str, frozenset[str]], fields: frozenset[str], *, but: Collection[str] = ()
) -> list[str]:
    """Those of `columns` that none of the `fields` asked for needs, nor the caller (`but`)."""
    return [column for column, needed_by in columns.items() if not needed_by & fields and column not in but]
