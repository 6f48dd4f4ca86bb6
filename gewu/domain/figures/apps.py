"""The figures as a Django app; `gewu verify` learns here how to recount them."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "gewu.domain.figures"
    label = "figures"

    def ready(self) -> None:
        from gewu.domain.figures.proof import prove
        from gewu.domain.journal.verify import register_check

        register_check("figures", prove)
