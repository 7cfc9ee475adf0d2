"""Saleor's enums: all values a client may send, and of the others those that this market answers."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import graphene

from marketplace.people.programs import PERMISSIONS


def _enum(name: str, values: str) -> Any:
    """An enum whose values are its names."""
    return graphene.Enum(name, [(value, value) for value in values.split()])


def _long_enum(name: str, file: str) -> Any:
    return _enum(name, (files("marketplace.api.graphql") / "data" / file).read_text(encoding="ascii"))


CountryCode = _long_enum("CountryCode", "country_codes.txt")
LanguageCodeEnum = _long_enum("LanguageCodeEnum", "language_codes.txt")

AccountErrorCode = _enum(
    "AccountErrorCode",
    "DELETE_STAFF_ACCOUNT GRAPHQL_ERROR INVALID INVALID_CREDENTIALS JWT_DECODE_ERROR JWT_INVALID_TOKEN "
    "JWT_MISSING_TOKEN JWT_SIGNATURE_EXPIRED LOGIN_ATTEMPT_DELAYED NOT_FOUND "
    "PASSWORD_TOO_COMMON PASSWORD_TOO_SHORT REQUIRED UNIQUE",
)
AddressTypeEnum = _enum("AddressTypeEnum", "BILLING SHIPPING")
AppTypeEnum = _enum("AppTypeEnum", "LOCAL THIRDPARTY")
AttributeEntityTypeEnum = _enum("AttributeEntityTypeEnum", "PAGE PRODUCT PRODUCT_VARIANT CATEGORY COLLECTION")
AttributeInputTypeEnum = _enum(
    "AttributeInputTypeEnum",
    "DROPDOWN MULTISELECT FILE REFERENCE SINGLE_REFERENCE NUMERIC RICH_TEXT PLAIN_TEXT SWATCH BOOLEAN DATE DATE_TIME",
)
AttributeTypeEnum = _enum("AttributeTypeEnum", "PRODUCT_TYPE PAGE_TYPE CUSTOMER_TYPE")
BankNoticeState = _enum("BankNoticeState", "RECEIVED BOOKED REVIEW IGNORED")
CategorySortField = _enum("CategorySortField", "NAME PRODUCT_COUNT SUBCATEGORY_COUNT")
CheckoutErrorCode = _enum(
    "CheckoutErrorCode",
    "BILLING_ADDRESS_NOT_SET GRAPHQL_ERROR PRODUCT_NOT_PUBLISHED INSUFFICIENT_STOCK INVALID INVALID_SHIPPING_METHOD "
    "NOT_FOUND QUANTITY_GREATER_THAN_LIMIT REQUIRED SHIPPING_ADDRESS_NOT_SET DELIVERY_METHOD_NOT_APPLICABLE "
    "SHIPPING_METHOD_NOT_SET UNIQUE ZERO_QUANTITY UNAVAILABLE_VARIANT_IN_CHANNEL EMAIL_NOT_SET NO_LINES "
    "VOUCHER_NOT_APPLICABLE PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE MISSING_ADDRESS_DATA",
)
CheckoutAuthorizeStatusEnum = _enum("CheckoutAuthorizeStatusEnum", "NONE")
CheckoutChargeStatusEnum = _enum("CheckoutChargeStatusEnum", "NONE")
CollectionPublished = _enum("CollectionPublished", "PUBLISHED HIDDEN")
CollectionSortField = _enum("CollectionSortField", "NAME AVAILABILITY PRODUCT_COUNT PUBLICATION_DATE PUBLISHED_AT")
DeliveryOptionsCalculateErrorCode = _enum("DeliveryOptionsCalculateErrorCode", "GRAPHQL_ERROR NOT_FOUND INVALID")
DiscountValueTypeEnum = _enum("DiscountValueTypeEnum", "FIXED PERCENTAGE")
ErrorPolicyEnum = _enum("ErrorPolicyEnum", "IGNORE_FAILED REJECT_EVERYTHING REJECT_FAILED_ROWS")
FulfillmentStatus = _enum("FulfillmentStatus", "FULFILLED CANCELED")
MarketSiteKind = _enum("MarketSiteKind", "MARKET OCOP_POINT")
MediaChoicesSortField = _enum("MediaChoicesSortField", "ID")
MetadataErrorCode = _enum("MetadataErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED NOT_UPDATED")
OcopCertificateErrorCode = _enum("OcopCertificateErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE")
OcopCertificateState = _enum("OcopCertificateState", "DECLARED VERIFIED REFUSED WITHDRAWN")
OrderAuthorizeStatusEnum = _enum("OrderAuthorizeStatusEnum", "NONE PARTIAL FULL")
OrderChargeStatusEnum = _enum("OrderChargeStatusEnum", "NONE PARTIAL FULL OVERCHARGED")
OrderDirection = _enum("OrderDirection", "ASC DESC")
OrderDiscountType = _enum("OrderDiscountType", "VOUCHER")
OrderErrorCode = _enum(
    "OrderErrorCode",
    "CANNOT_CANCEL_ORDER CANNOT_FULFILL_UNPAID_ORDER FULFILL_ORDER_LINE GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED "
    "UNIQUE ZERO_QUANTITY INSUFFICIENT_STOCK",
)
OrderGrantRefundCreateErrorCode = _enum(
    "OrderGrantRefundCreateErrorCode", "GRAPHQL_ERROR NOT_FOUND AMOUNT_GREATER_THAN_AVAILABLE REQUIRED INVALID"
)
OrderGrantedRefundStatusEnum = _enum("OrderGrantedRefundStatusEnum", "NONE SUCCESS FAILURE")
OrderOriginEnum = _enum("OrderOriginEnum", "CHECKOUT")
OrderSortField = _enum(
    "OrderSortField", "NUMBER CREATION_DATE CREATED_AT LAST_MODIFIED_AT PAYMENT FULFILLMENT_STATUS STATUS"
)
OrderStatus = _enum("OrderStatus", "UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED FULFILLED CANCELED EXPIRED")
OrderStatusFilter = _enum(
    "OrderStatusFilter",
    "READY_TO_FULFILL READY_TO_CAPTURE UNFULFILLED UNCONFIRMED PARTIALLY_FULFILLED FULFILLED CANCELED",
)
PageSortField = _enum(
    "PageSortField", "TITLE SLUG VISIBILITY CREATION_DATE PUBLICATION_DATE PUBLISHED_AT CREATED_AT RANK"
)
PaymentCodeState = _enum("PaymentCodeState", "AWAITING PAID CLOSED")
PaymentGatewayConfigErrorCode = _enum("PaymentGatewayConfigErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND")
PaymentGatewayInitializeErrorCode = _enum("PaymentGatewayInitializeErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND")
PaymentChargeStatusEnum = _enum("PaymentChargeStatusEnum", "NOT_CHARGED PARTIALLY_CHARGED FULLY_CHARGED")
PermissionEnum = _enum("PermissionEnum", " ".join(PERMISSIONS))
ProductBulkCreateErrorCode = _enum(
    "ProductBulkCreateErrorCode",
    "ATTRIBUTE_CANNOT_BE_ASSIGNED DUPLICATED_INPUT_ITEM GRAPHQL_ERROR INVALID INVALID_PRICE NOT_FOUND "
    "REQUIRED UNIQUE",
)
ProductErrorCode = _enum(
    "ProductErrorCode",
    "ATTRIBUTE_CANNOT_BE_ASSIGNED DUPLICATED_INPUT_ITEM GRAPHQL_ERROR INVALID INVALID_PRICE NOT_FOUND REQUIRED "
    "UNIQUE UNSUPPORTED_MIME_TYPE FILE_SIZE_LIMIT_EXCEEDED",
)
ProductListing = _enum("ProductListing", "DRAFT IN_REVIEW PUBLISHED REJECTED WITHDRAWN")
ProductMediaType = _enum("ProductMediaType", "IMAGE")
ProductOrderField = _enum(
    "ProductOrderField",
    "NAME RANK PRICE MINIMAL_PRICE LAST_MODIFIED DATE TYPE PUBLISHED PUBLICATION_DATE PUBLISHED_AT LAST_MODIFIED_AT "
    "COLLECTION RATING CREATED_AT",
)
ProductTypeKindEnum = _enum("ProductTypeKindEnum", "NORMAL GIFT_CARD")
ProductVariantSortField = _enum("ProductVariantSortField", "LAST_MODIFIED_AT")
ReviewItemErrorCode = _enum(
    "ReviewItemErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE INSUFFICIENT_STOCK"
)
ReviewItemKind = _enum("ReviewItemKind", "UNMATCHED REFUND_DUE PARTIAL DISPUTE")
ReviewItemOutcome = _enum("ReviewItemOutcome", "BOOKED REFUNDED SET_ASIDE REPEAT SETTLED")
RefundMethod = _enum("RefundMethod", "VENDOR CASH")
StockAvailability = _enum("StockAvailability", "IN_STOCK OUT_OF_STOCK")
ThumbnailFormatEnum = _enum("ThumbnailFormatEnum", "ORIGINAL AVIF WEBP")
TransactionActionEnum = _enum("TransactionActionEnum", "CHARGE REFUND CANCEL")
TransactionEventReportErrorCode = _enum(
    "TransactionEventReportErrorCode", "INVALID GRAPHQL_ERROR NOT_FOUND INCORRECT_DETAILS ALREADY_EXISTS REQUIRED"
)
TransactionEventTypeEnum = _enum(
    "TransactionEventTypeEnum",
    "AUTHORIZATION_SUCCESS AUTHORIZATION_FAILURE AUTHORIZATION_ADJUSTMENT AUTHORIZATION_REQUEST "
    "AUTHORIZATION_ACTION_REQUIRED CHARGE_ACTION_REQUIRED CHARGE_SUCCESS CHARGE_FAILURE CHARGE_BACK CHARGE_REQUEST "
    "REFUND_SUCCESS REFUND_FAILURE REFUND_REVERSE REFUND_REQUEST CANCEL_SUCCESS CANCEL_FAILURE CANCEL_REQUEST INFO",
)
TransactionFlowStrategyEnum = _enum("TransactionFlowStrategyEnum", "AUTHORIZATION CHARGE")
TransactionInitializeErrorCode = _enum("TransactionInitializeErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND UNIQUE")
TransactionProcessErrorCode = _enum("TransactionProcessErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND")
VariantAttributeScope = _enum("VariantAttributeScope", "ALL VARIANT_SELECTION NOT_VARIANT_SELECTION")
VendorErrorCode = _enum("VendorErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE")
VendorKind = _enum("VendorKind", "HOUSEHOLD COOPERATIVE ENTERPRISE")
VendorVerification = _enum("VendorVerification", "NONE DECLARED VERIFIED_BY_STAFF VNEID")
VendorSortField = _enum("VendorSortField", "NAME")
