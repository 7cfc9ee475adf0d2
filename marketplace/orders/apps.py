from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "marketplace.orders"
    label = "orders"

    def ready(self) -> None:
        # Its tasks read models, which are there only now.
        import_module("marketplace.orders.tasks")
