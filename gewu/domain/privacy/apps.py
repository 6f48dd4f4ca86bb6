"""Names the app; nothing happens when it is ready, keys are read when first needed."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.domain.privacy"
    label = "privacy"
