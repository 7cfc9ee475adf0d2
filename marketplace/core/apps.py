from importlib import import_module

from django.apps import AppConfig

from marketplace.core.triggers import keep_append_only


class CoreConfig(AppConfig):
    name = "marketplace.core"
    label = "core"

    def ready(self) -> None:
        keep_append_only("core.JournalEvent")
        import_module("marketplace.core.forgetting")
