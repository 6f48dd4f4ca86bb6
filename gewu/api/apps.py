"""The JSON API as an app of its own, for its translations."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.api"
    label = "api"
