"""What may be asked about baskets, checkouts, orders and their delivery."""

from marketplace.orders.drafts import draft_of
from marketplace.orders.selectors.addresses import saved_address, saved_addresses
from marketplace.orders.selectors.baskets import (
    BasketLine,
    BasketShop,
    BasketView,
    basket_contents,
    basket_count,
    checkout_by_id,
    checkout_contents,
)
from marketplace.orders.selectors.complaints import (
    ComplaintFigures,
    ComplaintPage,
    complaint_figures,
    complaint_for_member,
    complaint_for_staff,
    complaint_of_buyer,
    complaints_in_commune,
    complaints_of_order,
    complaints_of_vendor,
    complaints_to_answer,
    newest_complaint,
    photo_message,
)
from marketplace.orders.selectors.deliveries import delivery_zone, rate_for, rates_of, vendors_sending_to
from marketplace.orders.selectors.desk import orders_for_slips, stage_counts
from marketplace.orders.selectors.orders import (
    OrderPage,
    must_be_cashless,
    order_by_number_and_phone,
    order_by_token,
    order_for_member,
    order_of_checkout,
    orders_bought_by,
    orders_of_buyer,
    orders_of_vendor,
    stall_sale_for_member,
    whole_orders,
)
from marketplace.orders.selectors.stages import Stage
from marketplace.orders.selectors.stock import left_by_variant, left_for
from marketplace.orders.selectors.vouchers import VoucherPage, VoucherRow, voucher_for_owner, vouchers_of

__all__ = [
    "BasketLine",
    "BasketShop",
    "BasketView",
    "ComplaintFigures",
    "ComplaintPage",
    "OrderPage",
    "Stage",
    "VoucherPage",
    "VoucherRow",
    "basket_contents",
    "basket_count",
    "checkout_by_id",
    "checkout_contents",
    "complaint_figures",
    "complaint_for_member",
    "complaint_for_staff",
    "complaint_of_buyer",
    "complaints_in_commune",
    "complaints_of_order",
    "complaints_of_vendor",
    "complaints_to_answer",
    "delivery_zone",
    "draft_of",
    "left_by_variant",
    "left_for",
    "must_be_cashless",
    "newest_complaint",
    "order_by_number_and_phone",
    "order_by_token",
    "order_for_member",
    "order_of_checkout",
    "orders_bought_by",
    "orders_for_slips",
    "orders_of_buyer",
    "orders_of_vendor",
    "photo_message",
    "rate_for",
    "rates_of",
    "saved_address",
    "saved_addresses",
    "stage_counts",
    "stall_sale_for_member",
    "vendors_sending_to",
    "voucher_for_owner",
    "vouchers_of",
    "whole_orders",
]
