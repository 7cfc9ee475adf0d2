from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"

    def ready(self) -> None:
        import_module("catalog.tasks")  # registers what comes round by itself; models are not there any sooner
        import_string("catalog.shop_changes.subscribe_shop_changes")()
