"""Text messages through the gateway of `GEWU_SMS_URL`, an Apprise address with `{phone}` where the number belongs.

A gateway cannot tell a second delivery from a new text, so a message whose end is unknown is not sent again: better one
text missing, and a finding, than two texts about one thing.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

from gewu.core.errors import Broken
from gewu.domain.notify.channels import NotSent, Outgoing

repeatable = False
PLACE = "{phone}"


def is_on() -> bool:
    """Is a gateway named?"""
    return bool(settings.SMS_URL)


def send(message: Outgoing) -> None:
    """Hand one text to the gateway."""
    from apprise import Apprise  # late: it costs half a second, and only the worker sends

    if PLACE not in settings.SMS_URL:
        raise Broken("GEWU_SMS_URL needs {phone} where the number belongs.")
    gateway = Apprise()
    if not gateway.add(settings.SMS_URL.replace(PLACE, quote(message.address))):
        raise Broken("GEWU_SMS_URL is not an address that Apprise knows.")
    if not gateway.notify(body=message.body):
        raise NotSent("gateway_refused")
