"""Registers the relations and facts of a case when the program starts."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "gewu.domain.cases"
    label = "cases"

    def ready(self) -> None:
        from gewu.domain.cases import facts, relations

        facts.register()
        relations.register()
