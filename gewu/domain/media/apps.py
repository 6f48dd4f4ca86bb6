"""Names the app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.domain.media"
    label = "media"
