"""Nobody signs up: accounts are made by the administrator or by an import."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_noop


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in only. Accounts without e-mail are the rule, so nothing here may depend on one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


# What allauth says on the pages of signing in. Its own Chinese has other words for these things than ours, in
# traditional characters those of another place; this app stands before it, so that these translations are taken.
SAID_BY_ALLAUTH = (
    gettext_noop("Username"),
    gettext_noop("Code"),
    gettext_noop("Authenticator code"),
    gettext_noop("Incorrect code."),
    gettext_noop("Incorrect password."),
    gettext_noop("The username and/or password you specified are not correct."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Successfully signed in as %(name)s."),
    gettext_noop("You have signed out."),
)
