from django.apps import AppConfig

from marketplace.core.triggers import keep_append_only


class LegalConfig(AppConfig):
    name = "marketplace.legal"
    label = "legal"

    def ready(self) -> None:
        keep_append_only("legal.LegalVersion")
