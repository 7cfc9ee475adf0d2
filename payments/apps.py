from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from marketplace.core.triggers import guard
from payments.guards import MONEY_GUARDS, WHOLE_DONG


class PaymentsConfig(AppConfig):
    name = "payments"
    label = "payments"

    def ready(self) -> None:
        guard(*MONEY_GUARDS, *WHOLE_DONG)
        # These read models, which are there only now.
        import_module("payments.tasks")
        import_string("payments.follow_up.follow_orders")()
