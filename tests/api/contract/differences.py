"""Where our schema is another than Saleor's, each with its reason: the tables of the comparison.

Names are coordinates as in `facts`. An entry that is no longer so fails the comparison, like one that is not here.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.api.contract.absent_inputs import ABSENT


def _each(*names: str, because: str) -> dict[str, str]:
    return dict.fromkeys(names, because)


DIFFERENCES: Mapping[str, str] = {
    "AddressInput.metadata": "An order's address is a snapshot that programs keep no texts with.",
    "AddressInput.skipValidation": "A place is kept by its code, so that nobody can skip reading it.",
    **ABSENT,
}
"""What Saleor has and we have not or otherwise, among what both have and what Saleor's storefront asks."""

OURS: Mapping[str, str] = {
    **_each(
        "Address.communeCode",
        "Commune",
        "Product.communeOfOrigin",
        "Province",
        "Query.communes",
        "Query.provinces",
        because="Vietnam's two tiers of places are known by code, not by words alone.",
    ),
    **_each(
        "Checkout.vendor",
        "Order.vendor",
        "Product.vendor",
        "Query.vendor",
        "Query.vendors",
        "User.vendors",
        "Vendor",
        "VendorCountableConnection",
        "VendorCountableEdge",
        "VendorKind",
        "VendorSortField",
        "VendorSortingInput",
        because="Saleor knows one seller; here every sale is one shop's.",
    ),
    **_each(
        "MarketSite",
        "MarketSiteCountableConnection",
        "MarketSiteCountableEdge",
        "MarketSiteKind",
        "Query.marketSites",
        because="Shops stand on a market or at an OCOP point, where people find them.",
    ),
    **_each(
        "OcopCertificate",
        "Product.ocopCertificate",
        "Query.ocopCertificate",
        because="The decision that gave a product its OCOP stars, with number, issuer and expiry.",
    ),
    **_each(
        "ProductFilterInput.commune",
        "ProductFilterInput.province",
        "ProductFilterInput.stars",
        "ProductFilterInput.vendor",
        because="Shoppers look for goods of a place, of a shop and with stars.",
    ),
    **_each(
        "CategoryFacet",
        "CommuneFacet",
        "ProductFacets",
        "ProvinceFacet",
        "Query.productFacets",
        "StarsFacet",
        "VendorFacet",
        because="How many goods each choice of a filter would leave; Saleor counts only the whole list.",
    ),
    **_each(
        "Figures",
        "PlaceFigures",
        "Query.figures",
        "SetSales",
        "Takings",
        "TakingsDay",
        because="What a commune or a province sold, for the staff who report it.",
    ),
    **_each(
        "Order.expiresAt",
        "Order.paymentCode",
        "PaymentBank",
        "PaymentCode",
        "PaymentCodeState",
        "Query.paymentCode",
        because="Orders are paid by a bank transfer after they are placed: with which words, until when.",
    ),
    **_each(
        "Checkout.phone",
        "User.name",
        "User.phone",
        because="People here have a phone rather than an e-mail address, and one name rather than two.",
    ),
    **_each(
        "OrderLine.unit",
        "Product.isAlcohol",
        "Product.isDemo",
        "Product.shelfLifeNote",
        "Product.storageNote",
        "ProductVariant.unit",
        because="What food is sold by, how it keeps, that it is alcohol, and that it is not real at all.",
    ),
    **_each(
        "Checkout.basket",
        "CheckoutCreateInput.basket",
        "CheckoutError.checkoutId",
        "MarketBasket",
        "Query.marketBasket",
        because="A basket over several shops is a checkout at each of them, under one token.",
    ),
    **_each(
        "Mutation.vendorRegister",
        "Mutation.vendorVerify",
        "ProductBulkCreateInput.vendor",
        "ProductCreateInput.vendor",
        "VendorError",
        "VendorErrorCode",
        "VendorRegister",
        "VendorRegisterInput",
        "VendorVerification",
        "VendorVerify",
        because="People open shops here, staff of their commune verify them, and goods are one shop's.",
    ),
    **_each(
        "Product.generation",
        "Product.listing",
        "Product.listingReason",
        "ProductChannelListingAddInput.reason",
        "ProductChannelListingAddInput.seenGeneration",
        "ProductListing",
        because="Staff of the commune review what is listed before anybody sees it, and say what is to be mended.",
    ),
    **_each(
        "Mutation.ocopCertificateCreate",
        "Mutation.ocopCertificateRefuse",
        "Mutation.ocopCertificateRevoke",
        "Mutation.ocopCertificateVerify",
        "OcopCertificateCreate",
        "OcopCertificateCreateInput",
        "OcopCertificateError",
        "OcopCertificateErrorCode",
        "OcopCertificateRefuse",
        "OcopCertificateRevoke",
        "OcopCertificateState",
        "OcopCertificateVerify",
        because="Stars are declared by the shop and confirmed, refused or taken back by staff who saw the decision.",
    ),
    **_each(
        "BankNotice",
        "BankNoticeCountableConnection",
        "BankNoticeCountableEdge",
        "BankNoticeState",
        "Mutation.reviewItemBook",
        "Mutation.reviewItemLinkToFirst",
        "Mutation.reviewItemRefund",
        "Mutation.reviewItemSetAside",
        "Mutation.reviewItemTakeUpAgain",
        "Query.bankNotices",
        "Query.reviewItems",
        "ReviewItem",
        "ReviewItemBook",
        "ReviewItemCountableConnection",
        "ReviewItemCountableEdge",
        "ReviewItemError",
        "ReviewItemErrorCode",
        "ReviewItemKind",
        "ReviewItemLinkToFirst",
        "ReviewItemOutcome",
        "ReviewItemRefund",
        "ReviewItemSetAside",
        "ReviewItemTakeUpAgain",
        because="Money comes by bank transfer, and what cannot be booked by itself waits for a person of the shop.",
    ),
    **_each(
        "Mutation.orderGrantedRefundCancel",
        "Mutation.orderGrantedRefundSettle",
        "OrderGrantedRefundCancel",
        "OrderGrantedRefundSettle",
        "RefundMethod",
        because="The shop itself gives money back, by transfer or in cash, and says so: no gateway does.",
    ),
    **_each(
        "CheckoutLineDelete",
        "Mutation.checkoutLineDelete",
        because="Saleor 3.24 dropped it, and the documents of its own storefront name it still: they must fit.",
    ),
    "ProductVariantCreateInput.price": "A kind has its price from its first day: none is ever on sale without one.",
    "CheckoutLine.problem": "What stands against buying it, as a sentence that a person can read.",
    "ShippingMethod.isPickUp": "Fetching at the shop is a way of delivery here: clients ask for no address then.",
    "Mutation.tokenCreate(code)": "The second step of accounts that have one.",
    "RefreshToken.refreshToken": "A client that asks for it has its refresh token rotated; Saleor's own keep theirs.",
}
"""What only we have. A type of ours stands for all that is in it."""
