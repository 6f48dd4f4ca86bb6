"""Insight as a Django app: no tables, only its translations."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "gewu.domain.insight"
    label = "insight"
