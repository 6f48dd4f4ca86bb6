"""Makes facts, relations and retention of suggestions known when the program starts."""

from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "gewu.domain.suggestions"
    label = "suggestions"

    def ready(self) -> None:
        from gewu.domain.access.table import register_relations
        from gewu.domain.privacy import retention
        from gewu.domain.suggestions import facts, queries

        facts.register_facts()
        register_relations("suggestion", {})
        retention.use_due(queries.due_for_erasure)
