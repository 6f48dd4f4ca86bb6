"""Registers the facts of the installation when the program starts."""

from django.apps import AppConfig


class PlaceConfig(AppConfig):
    name = "gewu.domain.place"
    label = "place"

    def ready(self) -> None:
        from gewu.domain.place import facts

        facts.register()
