"""Nobody signs up: accounts are made by the administrator or by an import."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in only. Accounts without e-mail are the rule, so nothing here may depend on one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
