"""Makes the facts of places known when the program starts."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "gewu.domain.places"
    label = "places"

    def ready(self) -> None:
        from gewu.domain.journal import facts

        facts.register(facts.Fact("places.set_up", "batch", ("created", "changed")))
