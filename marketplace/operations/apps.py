from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig

from marketplace.operations.names import APP_NAMES, MODEL_NAMES


class OperationsConfig(AppConfig):
    name = "marketplace.operations"
    label = "operations"

    def ready(self) -> None:
        """Name features and tables as people call them. Migrations do not see it: they read what models declare."""
        for label, name in APP_NAMES.items():
            apps.get_app_config(label).verbose_name = name
        for label, name in MODEL_NAMES.items():
            options = apps.get_model(label)._meta
            options.verbose_name = options.verbose_name_plural = name


class OperatorAdminConfig(AdminConfig):
    """Django's admin with our own site: people come in by the market's own sign-in."""

    default_site = "marketplace.operations.site.OperatorSite"
