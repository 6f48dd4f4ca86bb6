"""Browsers for the staff pages: a test client signed in as somebody of the town, and Chromium reading through it.

Chromium's requests are answered by the test client in this process, so time stands where the test put it and nothing
has to listen anywhere.
"""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route

from gewu.domain.accounts.models import User

HOST = "http://localhost"


def client_of(name: str, *, strong: bool = True, language: str = "en") -> Client:
    """A browser signed in as somebody of the cast, by default after the second factor."""
    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE=language)
    user = User.objects.get(username=name)
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    if strong:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp"}]
        session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()
    return client


def text_of(response: Any) -> str:
    """The page as text."""
    return str(response.content.decode())


def show(browser: BrowserContext, client: Client, address: str) -> Page:
    """The page in Chromium, as `client` gets it."""
    page, here = browser.new_page(), copy_context()

    def answer(route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(HOST)
        asks = {name: value for name, value in request.headers.items() if name.startswith("x-")}
        # A redirect is followed here: Chromium would follow it without asking this route.
        if request.method == "POST":
            kind = request.headers.get("content-type", "application/octet-stream")
            body = request.post_data_buffer or b""
            found = here.run(client.post, path, body, content_type=kind, follow=True, headers=asks)
        else:
            found = here.run(client.get, path, follow=True, headers=asks)
        content = b"".join(found.streaming_content) if found.streaming else found.content
        headers = {name: value for name, value in found.items() if name.lower() != "content-length"}
        route.fulfill(status=found.status_code, headers=headers, body=content)

    page.route("**/*", answer)
    page.goto(HOST + address)
    return page
