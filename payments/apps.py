from django.apps import AppConfig

from marketplace.core.triggers import keep_append_only


class PaymentsConfig(AppConfig):
    name = "payments"
    label = "payments"

    def ready(self) -> None:
        keep_append_only("payments.TransactionEvent")
        keep_append_only("payments.NoticeDelivery", may_change=("raw_body",))
        keep_append_only(
            "payments.BankNotice", may_change=("state", "why", "order", "decided_at", "vendor")
        )
