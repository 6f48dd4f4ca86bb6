"""Registers the facts of the catalogue when the program starts."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gewu.domain.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from gewu.domain.catalogue import facts

        facts.register()
