from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "marketplace.reporting"
    label = "reporting"
