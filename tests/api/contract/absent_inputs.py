"""What clients may give Saleor and cannot give us, each with its reason: optional arguments and members of inputs.

A request that names one is refused as a whole (400), so that nobody believes it was heeded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PRODUCTS: Final = ("ProductBulkCreateInput", "ProductCreateInput", "ProductInput")
_VARIANTS: Final = ("ProductVariantBulkCreateInput", "ProductVariantCreateInput", "ProductVariantInput")
_VALUES: Final = ("AttributeValueInput", "BulkAttributeValueInput")
_LISTINGS: Final = ("ProductChannelListingAddInput", "ProductChannelListingCreateInput")


def _each(*types: str, members: str, because: str) -> dict[str, str]:
    return {f"{name}.{member}": because for name in types for member in members.split()}


ABSENT: Mapping[str, str] = {
    **_each(
        *_PRODUCTS,
        *_VARIANTS,
        *_VALUES,
        members="externalReference",
        because="Rows are named by ids, slugs and a shop's codes; a program keeps its own names in metadata.",
    ),
    **_each(
        "Mutation",
        members="productDelete(externalReference) productUpdate(externalReference) "
        "productVariantUpdate(externalReference)",
        because="Rows are named by ids, slugs and a shop's codes; a program keeps its own names in metadata.",
    ),
    **_each(
        "Query",
        members="order(externalReference)",
        because="Rows are named by ids, slugs and a shop's codes; a program keeps its own names in metadata.",
    ),
    **_each(
        *_PRODUCTS,
        *_VARIANTS,
        members="metadata privateMetadata",
        because="Texts of programs are put by updateMetadata once the row is there.",
    ),
    **_each(
        *_PRODUCTS,
        members="chargeTaxes taxClass taxCode",
        because="Prices hold every tax; a shop's taxes follow from its takings.",
    ),
    **_each(
        *_PRODUCTS,
        *_VARIANTS,
        members="weight",
        because="A delivery costs by where it goes, whatever the goods weigh.",
    ),
    **_each(*_PRODUCTS, members="collections", because="Collections follow certificates and places (decision 0025)."),
    **_each(*_PRODUCTS, members="seo", because="Titles for search engines are made of the product's own words."),
    **_each(*_PRODUCTS, members="rating", because="Nobody rates goods here, least of all who sells them."),
    **_each("ProductInput", members="slug", because="A product's address stays what people were sent."),
    **_each(
        "ProductBulkCreateInput",
        members="media",
        because="Photos come as files by productMediaCreate: nothing is fetched from where a client says.",
    ),
    **_each(
        "ProductMediaCreateInput",
        members="mediaUrl",
        because="Photos come as files: nothing is fetched from where a client says.",
    ),
    **_each(
        *_LISTINGS,
        members="publishedAt visibleInListings isAvailableForPurchase availableForPurchaseAt",
        because="Goods are shown, listed and sold from when staff publish them, not from a day that a shop names.",
    ),
    **_each(
        "ProductChannelListingAddInput",
        members="publicationDate availableForPurchaseDate addVariants removeVariants",
        because="Goods are shown, listed and sold from when staff publish them, with all their kinds.",
    ),
    **_each(
        *_VARIANTS,
        members="trackInventory preorder quantityLimitPerCustomer",
        because="What is sold lies somewhere and is counted; a basket takes as many as there are.",
    ),
    **_each(
        "ProductVariantChannelListingAddInput",
        members="costPrice priorPrice preorderThreshold",
        because="A kind has one price; what it cost the shop and what it cost before are not kept.",
    ),
    **_each(
        *_VALUES,
        members="dropdown swatch multiselect numeric file contentType reference references richText date dateTime",
        because="What a shop writes as an attribute is plain words; all others follow from the product.",
    ),
    **_each(
        "AttributeFilterInput",
        members="valueRequired isVariantOnly visibleInStorefront metadata inCollection inCategory availableInGrid "
        "filterableInDashboard channel",
        because="There are a dozen attributes, the same for all goods and channels.",
    ),
    **_each(
        "Query",
        members="attributes(where) attributes(sortBy) warehouses(filter) warehouses(sortBy)",
        because="There are a dozen attributes, and a shop has a few places: lists that are read whole.",
    ),
    **_each(
        "OrderFilterInput",
        members="paymentStatus customer search metadata channels authorizeStatus updatedAt isClickAndCollect "
        "isPreorder ids checkoutTokens giftCardUsed giftCardBought checkoutIds",
        because="A shop narrows its orders by status, charge, number and day, as on its pages.",
    ),
    **_each(
        "Query",
        members="orders(where) orders(search)",
        because="A shop narrows its orders by status, charge, number and day, as on its pages.",
    ),
    **_each(
        "OrderSortField", members="RANK", because="Ranks follow from a search, and orders are not searched by words."
    ),
    **_each(
        "OrderSortField",
        members="CUSTOMER",
        because="Saleor sorts by the names of billing addresses, which few orders have: there would be no order.",
    ),
    **_each("User", members="orders(where)", because="A buyer's orders are few and come newest first."),
    **_each(
        "OrderGrantRefundCreateInput",
        members="reasonReference lines grantRefundForShipping",
        because="A promise is an amount with a reason in words, whatever it is for.",
    ),
    **_each(
        "Mutation",
        members="transactionEventReport(paymentMethodDetails)",
        because="Which card or purse a buyer paid with is kept nowhere.",
    ),
    **_each(
        "ProductVariant",
        members="stocks(address) stocks(countryCode)",
        because="Every place of a shop sells to all of Vietnam.",
    ),
    **_each(
        "ProductVariantWhereInput",
        members="attributes stocks",
        because="A product has twenty kinds at most: they are read whole.",
    ),
}
"""By coordinate, as in `differences`."""
