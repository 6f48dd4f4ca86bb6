"""The app of a clerk's desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "gewu.domain.desk"
    label = "desk"
