from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from marketplace.saleor.places import is_switched_on


class SaleorConfig(AppConfig):
    name = "marketplace.saleor"
    label = "saleor"

    def ready(self) -> None:
        # These read models, which are there only now.
        for tasks in ("upkeep", "reports.tasks", "catalogue.tasks", "tasks"):
            import_module(f"marketplace.saleor.{tasks}")
        if is_switched_on():
            import_string("marketplace.saleor.reports.writing.follow_money")()
            import_string("marketplace.saleor.sales.telling.hear_orders")()
            import_string("marketplace.saleor.catalogue.due.follow_goods")()
