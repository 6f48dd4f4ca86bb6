"""Client keys and limits as a Django app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "gewu.domain.requests"
    label = "requests"
