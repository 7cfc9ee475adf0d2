"""Which events of a Saleor we subscribe to, and who answers each.

Every event here has its subscription in `subscriptions/<event>.graphql` (a test holds both together), and each of
those asks `__typename`, `issuedAt`, `version` and `recipient { id }` of the event: by these a body is bound to its
event, its App and its day (`marketplace.saleor.receiving`). Synchronous ones are answered at once; asynchronous ones
only write down what is to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from marketplace.saleor.catalogue.hearing import page_changed, product_changed, stock_changed, variant_changed
from marketplace.saleor.gateway.requests import (
    transaction_cancelation_requested,
    transaction_charge_requested,
    transaction_refund_requested,
)
from marketplace.saleor.gateway.sessions import (
    payment_gateway_initialize_session,
    transaction_initialize_session,
    transaction_process_session,
)
from marketplace.saleor.later import Later
from marketplace.saleor.leaving import hear_deleted, hear_status_changed
from marketplace.saleor.models import Installation
from marketplace.saleor.sales.hearing import order_changed, orders_imported, transaction_changed

Answer = Callable[[Installation, Mapping[str, Any], datetime], dict[str, Any] | Later]
"""Given who asks, the subscription's result and the moment: what Saleor's answer schema of that event asks for."""
Heard = Callable[[Installation, Mapping[str, Any], datetime], None]
"""Given the same: writes down what is to be done. Inside the transaction of the webhook's receipt."""

SYNC_EVENTS: Final[Mapping[str, Answer]] = {
    "payment_gateway_initialize_session": payment_gateway_initialize_session,
    "transaction_cancelation_requested": transaction_cancelation_requested,
    "transaction_charge_requested": transaction_charge_requested,
    "transaction_initialize_session": transaction_initialize_session,
    "transaction_process_session": transaction_process_session,
    "transaction_refund_requested": transaction_refund_requested,
}
"""Saleor's name in lower case (`transaction_initialize_session`) -> who answers."""
ASYNC_EVENTS: Final[Mapping[str, Heard]] = {
    "app_deleted": hear_deleted,
    "app_status_changed": hear_status_changed,
    "fulfillment_approved": order_changed,
    "fulfillment_canceled": order_changed,
    "fulfillment_created": order_changed,
    "order_bulk_created": orders_imported,
    "order_cancelled": order_changed,
    "order_confirmed": order_changed,
    "order_created": order_changed,
    "order_expired": order_changed,
    "order_fulfilled": order_changed,
    "order_fully_paid": order_changed,
    "order_fully_refunded": order_changed,
    "order_paid": order_changed,
    "order_refunded": order_changed,
    "order_updated": order_changed,
    "page_deleted": page_changed,
    "page_updated": page_changed,
    "product_deleted": product_changed,
    "product_updated": product_changed,
    "product_variant_back_in_stock": stock_changed,
    "product_variant_created": variant_changed,
    "product_variant_deleted": variant_changed,
    "product_variant_out_of_stock": stock_changed,
    "product_variant_stock_updated": stock_changed,
    "product_variant_updated": variant_changed,
    "transaction_item_metadata_updated": transaction_changed,
}
"""Saleor's name in lower case (`order_updated`) -> who hears."""
