"""First passwords for people taken in from a workbook: made here, written once into a file its owner alone can read."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.contrib.auth.hashers import is_password_usable

from gewu.core.errors import Broken
from gewu.core.tables import write_csv
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User


def refuse_existing(file: Path | None) -> None:
    """Before anything is done: passwords are never written over a file."""
    if file is not None and file.exists():
        raise Broken(f"The file {file} exists already.")


def give(file: Path, *, now: datetime) -> int:
    """A password for each open account that has none; how many."""
    users = [user for user in User.objects.filter(is_active=True).order_by("username") if _has_none(user)]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        rows = [
            (user.username, user.name, accounts.set_password(user, actor=SYSTEM, now=now)) for user in users
        ]
        out.write(write_csv([("username", "name", "password"), *rows]))
        out.flush()
        os.fsync(out.fileno())
    return len(users)


def _has_none(user: User) -> bool:
    return not user.password or not is_password_usable(user.password)
