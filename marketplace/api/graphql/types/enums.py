"""Saleor's enums: all values a client may send, and of the others those that this market answers."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import graphene


def _enum(name: str, values: str) -> Any:
    """An enum whose values are its names."""
    return graphene.Enum(name, [(value, value) for value in values.split()])


def _long_enum(name: str, file: str) -> Any:
    return _enum(name, (files("marketplace.api.graphql") / "data" / file).read_text(encoding="ascii"))


CountryCode = _long_enum("CountryCode", "country_codes.txt")
LanguageCodeEnum = _long_enum("LanguageCodeEnum", "language_codes.txt")

AccountErrorCode = _enum(
    "AccountErrorCode", "GRAPHQL_ERROR INVALID INVALID_CREDENTIALS LOGIN_ATTEMPT_DELAYED REQUIRED"
)
CheckoutErrorCode = _enum(
    "CheckoutErrorCode",
    "BILLING_ADDRESS_NOT_SET GRAPHQL_ERROR PRODUCT_NOT_PUBLISHED INSUFFICIENT_STOCK INVALID INVALID_SHIPPING_METHOD "
    "NOT_FOUND QUANTITY_GREATER_THAN_LIMIT REQUIRED SHIPPING_ADDRESS_NOT_SET DELIVERY_METHOD_NOT_APPLICABLE "
    "SHIPPING_METHOD_NOT_SET UNIQUE ZERO_QUANTITY UNAVAILABLE_VARIANT_IN_CHANNEL EMAIL_NOT_SET NO_LINES "
    "VOUCHER_NOT_APPLICABLE",
)
CheckoutAuthorizeStatusEnum = _enum("CheckoutAuthorizeStatusEnum", "NONE")
CheckoutChargeStatusEnum = _enum("CheckoutChargeStatusEnum", "NONE")
DeliveryOptionsCalculateErrorCode = _enum("DeliveryOptionsCalculateErrorCode", "GRAPHQL_ERROR NOT_FOUND INVALID")
DiscountValueTypeEnum = _enum("DiscountValueTypeEnum", "FIXED PERCENTAGE")
FulfillmentStatus = _enum("FulfillmentStatus", "FULFILLED CANCELED")
OrderAuthorizeStatusEnum = _enum("OrderAuthorizeStatusEnum", "NONE")
OrderChargeStatusEnum = _enum("OrderChargeStatusEnum", "NONE PARTIAL FULL OVERCHARGED")
OrderDirection = _enum("OrderDirection", "ASC DESC")
OrderDiscountType = _enum("OrderDiscountType", "VOUCHER")
OrderOriginEnum = _enum("OrderOriginEnum", "CHECKOUT")
OrderStatus = _enum("OrderStatus", "UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED FULFILLED CANCELED EXPIRED")
PaymentChargeStatusEnum = _enum("PaymentChargeStatusEnum", "NOT_CHARGED PARTIALLY_CHARGED FULLY_CHARGED")
ProductMediaType = _enum("ProductMediaType", "IMAGE")
ProductOrderField = _enum(
    "ProductOrderField",
    "NAME RANK PRICE MINIMAL_PRICE LAST_MODIFIED LAST_MODIFIED_AT DATE PUBLICATION_DATE PUBLISHED_AT CREATED_AT",
)
StockAvailability = _enum("StockAvailability", "IN_STOCK")
ThumbnailFormatEnum = _enum("ThumbnailFormatEnum", "ORIGINAL AVIF WEBP")
TransactionActionEnum = _enum("TransactionActionEnum", "CHARGE REFUND CANCEL")
TransactionEventTypeEnum = _enum(
    "TransactionEventTypeEnum",
    "CHARGE_ACTION_REQUIRED CHARGE_REQUEST CHARGE_SUCCESS CHARGE_FAILURE CHARGE_BACK "
    "REFUND_REQUEST REFUND_SUCCESS REFUND_FAILURE INFO",
)
TransactionFlowStrategyEnum = _enum("TransactionFlowStrategyEnum", "AUTHORIZATION CHARGE")
TransactionInitializeErrorCode = _enum("TransactionInitializeErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND UNIQUE")
TransactionProcessErrorCode = _enum("TransactionProcessErrorCode", "GRAPHQL_ERROR INVALID NOT_FOUND")
VendorKind = _enum("VendorKind", "HOUSEHOLD COOPERATIVE ENTERPRISE")
