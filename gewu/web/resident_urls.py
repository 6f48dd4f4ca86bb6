"""Addresses of the residents' pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "resident"
urlpatterns: list[URLPattern | URLResolver] = []
