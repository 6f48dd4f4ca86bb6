"""Registers the facts of accounts when the program starts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "gewu.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        from gewu.domain.accounts import facts

        facts.register()
