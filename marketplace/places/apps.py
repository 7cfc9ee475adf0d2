from django.apps import AppConfig

from marketplace.core.generations import Generation, raised_by


class PlacesConfig(AppConfig):
    name = "marketplace.places"
    label = "places"

    def ready(self) -> None:
        raised_by(Generation.CATALOGUE, "places.Province", "places.Commune", "places.MarketSite")
