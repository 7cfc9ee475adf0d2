"""Saleor's events that this play knows: which permission an App needs to hear each, and which are answered."""

from __future__ import annotations

from collections.abc import Mapping

SYNC_EVENTS: Mapping[str, str] = {
    "PAYMENT_GATEWAY_INITIALIZE_SESSION": "HANDLE_PAYMENTS",
    "TRANSACTION_INITIALIZE_SESSION": "HANDLE_PAYMENTS",
    "TRANSACTION_PROCESS_SESSION": "HANDLE_PAYMENTS",
    "TRANSACTION_CHARGE_REQUESTED": "HANDLE_PAYMENTS",
    "TRANSACTION_REFUND_REQUESTED": "HANDLE_PAYMENTS",
    "TRANSACTION_CANCELATION_REQUESTED": "HANDLE_PAYMENTS",
}
_BY_PERMISSION: Mapping[str, tuple[str, ...]] = {
    "MANAGE_ORDERS": (
        "ORDER_CREATED",
        "ORDER_CONFIRMED",
        "ORDER_PAID",
        "ORDER_FULLY_PAID",
        "ORDER_REFUNDED",
        "ORDER_FULLY_REFUNDED",
        "ORDER_UPDATED",
        "ORDER_CANCELLED",
        "ORDER_EXPIRED",
        "ORDER_FULFILLED",
        "ORDER_METADATA_UPDATED",
        "ORDER_BULK_CREATED",
        "FULFILLMENT_CREATED",
        "FULFILLMENT_CANCELED",
        "FULFILLMENT_APPROVED",
        "FULFILLMENT_METADATA_UPDATED",
        "FULFILLMENT_TRACKING_NUMBER_UPDATED",
    ),
    "MANAGE_PRODUCTS": (
        "PRODUCT_CREATED",
        "PRODUCT_UPDATED",
        "PRODUCT_DELETED",
        "PRODUCT_METADATA_UPDATED",
        "PRODUCT_MEDIA_CREATED",
        "PRODUCT_MEDIA_UPDATED",
        "PRODUCT_MEDIA_DELETED",
        "PRODUCT_VARIANT_CREATED",
        "PRODUCT_VARIANT_UPDATED",
        "PRODUCT_VARIANT_DELETED",
        "PRODUCT_VARIANT_METADATA_UPDATED",
        "PRODUCT_VARIANT_STOCK_UPDATED",
        "PRODUCT_VARIANT_OUT_OF_STOCK",
        "PRODUCT_VARIANT_BACK_IN_STOCK",
        "CATEGORY_CREATED",
        "CATEGORY_UPDATED",
        "CATEGORY_DELETED",
        "WAREHOUSE_CREATED",
        "WAREHOUSE_UPDATED",
        "WAREHOUSE_DELETED",
    ),
    "MANAGE_CHECKOUTS": (
        "CHECKOUT_CREATED",
        "CHECKOUT_UPDATED",
        "CHECKOUT_FULLY_PAID",
        "CHECKOUT_FULLY_AUTHORIZED",
        "CHECKOUT_METADATA_UPDATED",
    ),
    "HANDLE_PAYMENTS": ("TRANSACTION_ITEM_METADATA_UPDATED",),
    "MANAGE_PAGES": ("PAGE_CREATED", "PAGE_UPDATED", "PAGE_DELETED"),
    "MANAGE_PAGE_TYPES_AND_ATTRIBUTES": ("PAGE_TYPE_CREATED", "PAGE_TYPE_UPDATED", "PAGE_TYPE_DELETED"),
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES": (
        "PRODUCT_TYPE_CREATED",
        "PRODUCT_TYPE_UPDATED",
        "PRODUCT_TYPE_DELETED",
    ),
    "MANAGE_CHANNELS": ("CHANNEL_CREATED", "CHANNEL_UPDATED", "CHANNEL_DELETED", "CHANNEL_STATUS_CHANGED"),
    "": (
        "APP_INSTALLED",
        "APP_UPDATED",
        "APP_DELETED",
        "APP_STATUS_CHANGED",
        "ATTRIBUTE_CREATED",
        "ATTRIBUTE_UPDATED",
        "ATTRIBUTE_DELETED",
        "ATTRIBUTE_VALUE_CREATED",
        "ATTRIBUTE_VALUE_UPDATED",
        "ATTRIBUTE_VALUE_DELETED",
    ),
}
ASYNC_EVENTS: Mapping[str, str] = {
    event: permission for permission, events in _BY_PERMISSION.items() for event in events
}
"""Event -> permission, empty for none."""
OF_ITSELF = frozenset({"APP_INSTALLED", "APP_UPDATED", "APP_DELETED", "APP_STATUS_CHANGED"})
"""What only the App hears that it happens to, whatever its permissions, also when it is no more."""
RIGHT_AWAY = frozenset(
    {
        "ORDER_BULK_CREATED",
        "FULFILLMENT_CREATED",
        "FULFILLMENT_APPROVED",
        "CHECKOUT_FULLY_PAID",
        "CHECKOUT_FULLY_AUTHORIZED",
        "CHECKOUT_METADATA_UPDATED",
        "TRANSACTION_ITEM_METADATA_UPDATED",
    }
)
_DEFERRED_PREFIXES = ("ORDER_", "FULFILLMENT_", "CHECKOUT_")


def is_deferred(event: str) -> bool:
    """Whether the body is made when it is delivered, and so shows the state of that moment."""
    return event.startswith(_DEFERRED_PREFIXES) and event not in RIGHT_AWAY


def type_of(event: str) -> str:
    """The GraphQL type of an event: `OrderCreated` of `ORDER_CREATED`."""
    return "".join(word.capitalize() for word in event.split("_"))
