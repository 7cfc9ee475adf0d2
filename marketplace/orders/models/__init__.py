"""Baskets' checkouts, orders, deliveries, allocations and payment codes."""

from marketplace.orders.models.addresses import Address, SavedAddress
from marketplace.orders.models.allocations import Allocation, Reservation
from marketplace.orders.models.checkouts import LINE_QUANTITY_MAX, Channel, Checkout, CheckoutDelivery, CheckoutLine
from marketplace.orders.models.codes import PaymentCode
from marketplace.orders.models.complaints import COMPLAINT_CHARACTERS_MAX, Complaint, ComplaintMessage
from marketplace.orders.models.deliveries import DeliveryRate, Fulfillment, FulfillmentLine
from marketplace.orders.models.messages import MESSAGE_CHARACTERS_MAX, OrderMessage
from marketplace.orders.models.orders import Order, OrderLine
from marketplace.orders.models.vouchers import (
    VOUCHER_CODE_CHARACTERS_MAX,
    VOUCHER_CODE_CHARACTERS_MIN,
    VOUCHER_NAME_CHARACTERS_MAX,
    Voucher,
)

__all__ = [
    "COMPLAINT_CHARACTERS_MAX",
    "LINE_QUANTITY_MAX",
    "MESSAGE_CHARACTERS_MAX",
    "VOUCHER_CODE_CHARACTERS_MAX",
    "VOUCHER_CODE_CHARACTERS_MIN",
    "VOUCHER_NAME_CHARACTERS_MAX",
    "Address",
    "Allocation",
    "Channel",
    "Checkout",
    "CheckoutDelivery",
    "CheckoutLine",
    "Complaint",
    "ComplaintMessage",
    "DeliveryRate",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "OrderMessage",
    "PaymentCode",
    "Reservation",
    "SavedAddress",
    "Voucher",
]
