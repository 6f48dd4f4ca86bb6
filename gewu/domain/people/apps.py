"""Registers the facts of people when the program starts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "gewu.domain.people"
    label = "people"

    def ready(self) -> None:
        from gewu.domain.people import facts

        facts.register()
