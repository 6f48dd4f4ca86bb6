"""The pages as an app of their own, for their templates and translations."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "gewu.web"
    label = "web"
