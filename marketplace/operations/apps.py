from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OperationsConfig(AppConfig):
    name = "marketplace.operations"
    label = "operations"


class OperatorAdminConfig(AdminConfig):
    """Django's admin with our own site: people come in by the market's own sign-in."""

    default_site = "marketplace.operations.site.OperatorSite"
