"""The checks of the whole installation register when this app is ready."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.config"
    label = "config"
