from django.apps import AppConfig

from marketplace.core.generations import Generation, raised_by
from marketplace.core.triggers import guard
from vendors.guards import VILLAGE_GUARDS


class VendorsConfig(AppConfig):
    name = "vendors"
    label = "vendors"

    def ready(self) -> None:
        guard(*VILLAGE_GUARDS)
        raised_by(Generation.CATALOGUE, "vendors.Vendor", "vendors.Warehouse", "vendors.OpeningHours")
