"""Baskets' checkouts, orders, deliveries, allocations and payment codes."""

from marketplace.orders.models.addresses import Address
from marketplace.orders.models.allocations import Allocation, Reservation
from marketplace.orders.models.checkouts import LINE_QUANTITY_MAX, Channel, Checkout, CheckoutDelivery, CheckoutLine
from marketplace.orders.models.codes import PaymentCode
from marketplace.orders.models.deliveries import DeliveryRate, Fulfillment, FulfillmentLine
from marketplace.orders.models.orders import Order, OrderLine

__all__ = [
    "LINE_QUANTITY_MAX",
    "Address",
    "Allocation",
    "Channel",
    "Checkout",
    "CheckoutDelivery",
    "CheckoutLine",
    "DeliveryRate",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "PaymentCode",
    "Reservation",
]
