from django.apps import AppConfig
from django.utils.module_loading import import_string


class ReportingConfig(AppConfig):
    name = "marketplace.reporting"
    label = "reporting"

    def ready(self) -> None:
        import_string("marketplace.reporting.subscriptions.subscribe_figures")()
