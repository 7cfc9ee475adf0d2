from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "marketplace.people"
    label = "people"

    def ready(self) -> None:
        import_module("marketplace.people.tasks")
