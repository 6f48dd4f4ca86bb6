"""The town in a data folder of its own, with a worker's session: `python -m tests.field.phone_town` prints the cookies.

Runs as a program of its own, because the served installation is not the one of the test's process.
"""

from __future__ import annotations

import json
import sys

import django


def main() -> None:
    """Fill, sign in, print."""
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    from gewu.domain.accounts.models import User
    from gewu.domain.cases.models import Case
    from tests import town

    if sys.argv[1:] == ["numbers"]:
        sys.stdout.write(json.dumps(sorted(Case.objects.values_list("number", flat=True))))
        return
    town.town()
    user = User.objects.get(username="worker_a1")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    token = _get_new_csrf_string()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    sys.stdout.write(json.dumps({"cookie": cookie, "csrf": token}))


if __name__ == "__main__":
    main()
