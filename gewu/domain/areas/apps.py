"""The areas as a Django app; their facts become known to the journal when it is ready."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "gewu.domain.areas"
    label = "areas"
    verbose_name = _("Areas")

    def ready(self) -> None:
        from gewu.domain.areas import facts

        facts.register()
