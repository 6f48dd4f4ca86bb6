"""A town with cases, and a mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gewu.core.clock import DrivenClock
from tests.notify import cast
from tests.services.mail import Mailbox


@pytest.fixture
def town(db: None, clock: DrivenClock, data_dir: Path) -> Iterator[cast.Town]:
    yield from cast.made(clock)


@pytest.fixture
def post_office(mailbox: Mailbox, settings: Any) -> Mailbox:
    """The mail server, named in the settings."""
    settings.EMAIL_URL = f"mailto://{mailbox.host}:{mailbox.port}?from=gewu@example.org"
    return mailbox
