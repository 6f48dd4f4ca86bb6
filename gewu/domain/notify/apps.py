"""Messages as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "gewu.domain.notify"
    label = "notify"
