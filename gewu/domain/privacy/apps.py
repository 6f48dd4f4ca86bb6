"""Registers the facts of personal data when the program starts; keys are read when first needed."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.domain.privacy"
    label = "privacy"

    def ready(self) -> None:
        from gewu.domain.privacy import facts, purposes

        facts.register()
        purposes.register_fields()
