"""The worker as a Django app: its own small record of what it could not do."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gewu.jobs"
    label = "jobs"
