"""Mail through the server of `GEWU_EMAIL_URL`, an Apprise address (mailto://, mailtos://).

Apprise reads the address; the mail itself is made and handed over here. Apprise gives every try a new Message-ID and
keeps the server's answer to itself; we need the one to stay the same, so that a mail sent twice across a crash is one
mail to its reader, and the other to know whether trying again makes sense.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from gewu.core.errors import Broken
from gewu.domain.notify.channels import NotSent, Outgoing

repeatable = True
_TIMEOUT = 15
_FOR_GOOD = 500  # SMTP codes from here on say "never"


def is_on() -> bool:
    """Is a mail server named?"""
    return bool(settings.EMAIL_URL)


def send(message: Outgoing) -> None:
    """Hand one mail to the server."""
    server = _server()
    mail = _mail(message, server)
    try:
        with _connected(server) as connection:
            connection.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = max((code for code, _ in error.recipients.values()), default=0)
        raise NotSent("recipient_refused", for_good=code >= _FOR_GOOD) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent("login_refused", unreachable=True) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"smtp_{error.smtp_code}", for_good=error.smtp_code >= _FOR_GOOD) from None
    except (smtplib.SMTPException, OSError):
        raise NotSent("server_unreachable", unreachable=True) from None


def _server() -> Any:
    from apprise import Apprise  # late: it costs half a second, and only the worker sends

    server = Apprise.instantiate(settings.EMAIL_URL, suppress_exceptions=True)
    if server is None or not hasattr(server, "smtp_host"):
        raise Broken(
            "GEWU_EMAIL_URL is not a mail address such as mailtos://user:password@host?from=office@host."
        )
    return server


def _mail(message: Outgoing, server: Any) -> EmailMessage:
    name, address = server.from_addr
    mail = EmailMessage()
    mail["From"] = Address(display_name=name or "", addr_spec=address)
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Message-ID"] = f"<{message.key}@{urlsplit(settings.ADDRESS).hostname or 'gewu'}>"
    mail["Date"] = format_datetime(message.now)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


@contextmanager
def _connected(server: Any) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if not server.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        smtplib.SMTP_SSL(server.smtp_host, server.port, timeout=_TIMEOUT, context=context)
        if server.secure_mode == "ssl"
        else smtplib.SMTP(server.smtp_host, server.port, timeout=_TIMEOUT)
    ) as connection:
        if server.secure_mode == "starttls":
            connection.starttls(context=context)
        if server.user and server.password:
            connection.login(server.user, server.password)
        yield connection
