from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"

    def ready(self) -> None:
        import_module("catalog.tasks")  # registers what comes round by itself; models are not there any sooner
