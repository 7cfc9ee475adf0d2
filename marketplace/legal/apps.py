from django.apps import AppConfig

from marketplace.core.generations import Generation, raised_by
from marketplace.core.triggers import keep_append_only


class LegalConfig(AppConfig):
    name = "marketplace.legal"
    label = "legal"

    def ready(self) -> None:
        keep_append_only("legal.LegalVersion")
        raised_by(Generation.CATALOGUE, "legal.LegalVersion")
