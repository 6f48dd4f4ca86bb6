"""What is said and checked for the whole installation, ready when Django is."""

from django.apps import AppConfig
from django.utils.translation import gettext


class Config(AppConfig):
    name = "gewu.config"
    label = "config"

    def ready(self) -> None:
        from gewu.config import checks
        from gewu.core.sentences import speak_with

        checks.register_all()
        speak_with(gettext)
