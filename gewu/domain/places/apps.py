"""Makes the facts and relations of places known when the program starts."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "gewu.domain.places"
    label = "places"

    def ready(self) -> None:
        from gewu.domain.places import facts, relations

        facts.register_facts()
        relations.register()
