from importlib import import_module

from django.apps import AppConfig

from marketplace.core.triggers import keep_append_only

FROZEN = (
    *("vendor", "channel", "origin", "checkout_id", "placed_at"),
    *("subtotal_vnd", "discount_vnd", "voucher", "voucher_code", "shipping_vnd", "total_vnd"),
)
"""What a sale was agreed on."""


class OrdersConfig(AppConfig):
    name = "marketplace.orders"
    label = "orders"

    def ready(self) -> None:
        keep_append_only("orders.Order", fixed=FROZEN)
        keep_append_only("orders.ComplaintMessage")
        keep_append_only("orders.OrderMessage")
        # Its tasks read models, which are there only now.
        import_module("marketplace.orders.tasks")
