"""What is wrong or will be, in plain words for whoever runs the installation."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import checks
from django.db import connection

from gewu.cli import processes
from gewu.cli.backups import folder as backups
from gewu.domain.journal import queries as journal
from gewu.domain.journal.verify import SEALED_WITHIN
from gewu.domain.people.queries import vacancies
from gewu.domain.place import queries as place
from gewu.domain.privacy import enough
from gewu.jobs import queries as jobs

BACKUP_WITHIN = timedelta(days=2)
DISK_LEAST = 2 * 1024**3
REACTIONS_LATE = 1000
VACANCIES_TOLD = 10


@dataclass(frozen=True)
class Told:
    """`error`: something is lost or stands still. `warning`: it will be. `note`: good to know."""

    code: str
    message: str
    severity: str = "warning"


def has_tables() -> bool:
    """Can anything be counted at all?"""
    return not processes.is_fresh() and not processes.missing_migrations()


def all_findings(now: datetime) -> list[Told]:
    """Errors first."""
    found = [*_checks(), *_tables(), *_disk(), *_backups(now), *_senders(), *_witness()]
    if has_tables():
        for look in _IN_TABLES:
            found += look(now)
    return sorted(found, key=lambda one: ("error", "warning", "note").index(one.severity))


def _checks() -> Iterator[Told]:
    for one in checks.run_checks(databases=["default"]):
        if one.level >= checks.WARNING and str(one.id).startswith("gewu."):
            yield Told(str(one.id), str(one.msg), "error" if one.level >= checks.ERROR else "warning")


def _tables() -> Iterator[Told]:
    if processes.is_fresh():
        yield Told("no_tables", "There are no tables yet. Run: gewu init", "error")
    elif missing := processes.missing_migrations():
        yield Told(
            "migrations_missing", f"{missing} changes of the tables are missing. Run: gewu init", "error"
        )


def _disk() -> Iterator[Told]:
    for name, folder in (("data", settings.DATA), ("backup", settings.BACKUPS)):
        if folder.is_dir() and (free := shutil.disk_usage(folder).free) < DISK_LEAST:
            yield Told("disk_space", f"The disk of the {name} folder has {free // 1024**2} MB left.")


def _backups(now: datetime) -> Iterator[Told]:
    made = backups.all_in(settings.BACKUPS) if settings.BACKUPS.is_dir() else []
    if not made:
        yield Told("no_backup", f"There is no backup in {settings.BACKUPS}. Run: gewu backup")
        return
    last = datetime.fromisoformat(backups.read(made[-1]).made_at)
    if now - last > BACKUP_WITHIN:
        yield Told("backup_old", f"The last backup is {(now - last).days} days old.")


def _senders() -> Iterator[Told]:
    if not settings.EMAIL_URL:
        yield Told("no_email", "No mail server is set (GEWU_EMAIL_URL): messages reach staff on pages only.")
    if not settings.SMS_URL:
        yield Told(
            "no_sms", "No text message gateway is set (GEWU_SMS_URL): residents see news by receipt.", "note"
        )


def _witness() -> Iterator[Told]:
    if (
        settings.HEADS.is_dir()
        and settings.DATA.is_dir()
        and settings.HEADS.stat().st_dev == settings.DATA.stat().st_dev
    ):
        yield Told(
            "witness_same_disk",
            f"The outside witness ({settings.HEADS}) lies on the disk of the data: copy it elsewhere, or mount it.",
            "note",
        )


def _unsealed(now: datetime) -> Iterator[Told]:
    """Waiting a minute is a finding; whether it is an error depends on whether somebody is at it."""
    sealing = journal.sealing(now, within=SEALED_WITHIN)
    waiting = f"{sealing.late} entries have waited for their seal for over a minute"
    if not sealing.late:
        return
    if sealing.filling:
        yield Told("unsealed_filling", f"{waiting}: the demo is filling and seals at its end.", "note")
    elif sealing.goes_on:
        yield Told("unsealed_behind", f"{waiting}; a worker is at it and catching up.")
    elif sealing.holder:
        yield Told("unsealed", f"{waiting}, and {sealing.holder} does not get on. Look at its log.", "error")
    else:
        yield Told("unsealed", f"{waiting}, and no worker runs. Start: gewu serve, or gewu worker", "error")


def _reactions(now: datetime) -> Iterator[Told]:
    for one in jobs.stumbles():
        yield Told(
            "reaction_failed",
            f"{one.reaction} failed {one.attempts} times on entry {one.position} ({one.error}); next try "
            f"{one.next_at:%Y-%m-%d %H:%M} UTC.",
            "error",
        )
    if (behind := jobs.behind()) > REACTIONS_LATE:
        yield Told("reactions_late", f"{behind} entries await their reactions. Does a worker run?")


def _calendar(now: datetime) -> Iterator[Told]:
    if not place.is_open():
        yield Told(
            "not_opened", "The installation is not opened. Run: gewu init --code CODE --name NAME", "error"
        )
        return
    for one in place.provisional_findings(now=now):
        yield Told(one.code, str(one.message))


def _vacant(now: datetime) -> Iterator[Told]:
    vacant = vacancies("", now=now)
    for post in vacant[:VACANCIES_TOLD]:
        yield Told("vacancy", f"Nobody holds the post {post.code} ({post.title}).")
    if len(vacant) > VACANCIES_TOLD:
        yield Told("vacancy", f"{len(vacant) - VACANCIES_TOLD} more posts stand empty.")


def _officers(now: datetime) -> Iterator[Told]:
    """Rules.md 5: three identity officers, none of the unit complained of. Who is left out, and what helps."""
    here = enough.officers()
    helps = f"Appoint {here.more} more, each of a unit that has none yet, and let them make their key."
    if not here.can_seal():
        yield Told(
            "officers_missing",
            f"{here.total} identity officers have made their key; three of at least two units are needed: no contact "
            f"of a confidential report can be sealed. {helps}",
        )
    elif here.short:
        units = ", ".join(f"{unit.name} ({unit.code})" for unit in enough.named(here.short))
        yield Told(
            "officers_of_units",
            f"Who complains confidentially about one of these units can leave no contact, because fewer than three "
            f"identity officers sit elsewhere, or all of those in one unit: {units}. {helps}",
        )


def _store(now: datetime) -> Iterator[Told]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            word = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if word != "ok":
            yield Told("store_damaged", f"The SQLite file is damaged: {word}", "error")


_IN_TABLES: tuple[Callable[[datetime], Iterator[Told]], ...] = (
    _store,
    _unsealed,
    _reactions,
    _calendar,
    _vacant,
    _officers,
)
