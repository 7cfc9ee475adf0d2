"""Who owns which field of a product, a shop and its stock: one table for the code's readers and the docs.

Ours are said, and said again where somebody there changed them. Saleor's are not written after a product was made,
and what the market has to know of them is taken over. A test holds `docs/saleor-fields.md` against this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Owner(StrEnum):
    """Whose word counts."""

    MARKET = "Chợ"
    SALEOR = "Saleor"
    BOTH = "Cả hai"
    """Each may take away, and only who took away may give back."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as Saleor calls it, its owner, and why."""

    name: str
    owner: Owner
    why: str


M, S, B = Owner.MARKET, Owner.SALEOR, Owner.BOTH
FIELDS: Final = (
    Field("Page.title, content, attributes", M, "the shop's identity as commune staff verified it"),
    Field("Page.isPublished", M, "a shop that may not sell is shown nowhere (Law 122/2025/QH15, article 17)"),
    Field("Page.slug", M, "our shops keep theirs for life; it is how a page is found again"),
    Field("Page.seo", S, "written by the storefront's people"),
    Field("Product.name, description", M, "reviewed by commune staff as it stands"),
    Field("Product.category", M, "the OCOP set decides it"),
    Field("Product.productType", M, "goods or service; Saleor lets nobody change it"),
    Field("Product.attributes (ours)", M, "shop, OCOP set, stars, certificate, origin, label: proven here"),
    Field("Product.attributes (others)", S, "not ours to know"),
    Field("Product.externalReference", M, "our id; a lost mapping is found again by it"),
    Field("Product.slug", S, "given once when made; a storefront's links hang on it"),
    Field("Product.seo, collections, rating, weight, taxClass, metadata", S, "the storefront's business"),
    Field("Product.translations", S, "not said yet"),
    Field("Product.media", M, "brought and taken away by us; order and alt there are Saleor's"),
    Field("ProductChannelListing.isPublished, isAvailableForPurchase (our channel)", B, "both may hide a product"),
    Field("ProductChannelListing.visibleInListings, publishedAt", S, "how a storefront arranges its lists"),
    Field("ProductChannelListing (other channels)", S, "we sell in one channel in đồng"),
    Field("ProductVariant.name, sku, externalReference", M, "the shop's own words; its number leads the code"),
    Field("ProductVariantChannelListing.price (our channel)", M, "the shop sets its price, whole đồng"),
    Field("ProductVariantChannelListing.costPrice, priorPrice", S, "not ours to know"),
    Field("Promotions, vouchers", S, "what they take off is in the order's prices"),
    Field("Stock.quantity (our warehouse)", M, "what can be given here, and what Saleor allocated"),
    Field("Stock.quantityAllocated", S, "what it sold; taken off our stock"),
    Field("Stock (other warehouses)", S, "goods that the market knows nothing of"),
)
"""In the order of the docs."""
