"""Registers what others ask of cases when the program starts."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "gewu.domain.cases"
    label = "cases"

    def ready(self) -> None:
        from gewu.domain.cases import facts, hooks, relations

        facts.register()
        relations.register()
        hooks.register()
