from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from marketplace.core.triggers import keep_append_only


class PaymentsConfig(AppConfig):
    name = "payments"
    label = "payments"

    def ready(self) -> None:
        keep_append_only("payments.TransactionEvent")
        keep_append_only("payments.NoticeDelivery", may_change=("raw_body",))
        keep_append_only(
            "payments.BankNotice", may_change=("state", "why", "order", "decided_at", "vendor", "same_as")
        )
        keep_append_only("payments.CardEvent", may_change=("state", "why", "session", "decided_at"))
        # These read models, which are there only now.
        import_module("payments.tasks")
        import_string("payments.follow_up.follow_orders")()
