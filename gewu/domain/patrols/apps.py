"""Makes facts, relations and hooks of patrols known when the program starts."""

from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "gewu.domain.patrols"
    label = "patrols"

    def ready(self) -> None:
        from gewu.domain.patrols import facts, hooks, relations

        facts.register_facts()
        relations.register()
        hooks.register()
