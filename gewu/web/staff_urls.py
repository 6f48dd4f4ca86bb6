"""Addresses of the staff's pages, all below `/staff/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "staff"
urlpatterns: list[URLPattern | URLResolver] = []
