from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from marketplace.core.generations import Generation, raised_by


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"

    def ready(self) -> None:
        raised_by(
            Generation.CATALOGUE,
            "catalog.Product",
            "catalog.ProductVariant",
            "catalog.OcopCertificate",
            "catalog.ProductMedia",
        )
        raised_by(Generation.STOCK, "catalog.Stock")
        import_module("catalog.tasks")  # registers what comes round by itself; models are not there any sooner
        import_string("catalog.shop_changes.subscribe_shop_changes")()
