"""How long personal data stays, and the nightly job that ends it.

Rules are rows: contact data 180 days after closing, texts and photos of a case three years, the journal for good. What
is due is told by the packages that know about closing (`use_due`), which come after this one.

A wrong clock must not empty the store: after a jump of more than 48 hours between two runs, forward or back, nothing is
erased until the clock has gone evenly for 48 hours. That leaves two nights in which the journal says so and `doctor`
warns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.core.text import clean
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import openings, rowkeys
from gewu.domain.privacy.erasure import backup_keys, clear_free_space, erase
from gewu.domain.privacy.models import Contact, RetentionClock, RetentionRule, SealedContact
from gewu.domain.requests.work import unit_of_work

JUMP = timedelta(hours=48)
SHIPPED = "shipped"  # the source of a term nobody here has set
DEFAULTS = {
    "contact": (180, SHIPPED),
    "text": (3 * 365 + 1, SHIPPED),
    "photo": (3 * 365 + 1, SHIPPED),
}
BATCH = 500
SUBJECT = UUID(int=1)  # the journal's name for the retention rules of this installation


class Due(Protocol):
    """Tells at most `limit` ids of a class (`contact`, `text`, `photo`) whose case closed before `closed_before`.

    Ids given out must not come again once they were erased: the provider forgets them or checks that they are gone.
    """

    def __call__(self, code: str, *, closed_before: datetime, limit: int) -> Collection[UUID]: ...


@dataclass(frozen=True)
class Outcome:
    """What a night did."""

    erased: dict[str, int] = field(default_factory=dict)
    held_back: bool = False  # the clock had jumped


_providers: list[Due] = []


def use_due(provider: Due) -> None:
    """Called once at start by a package whose rows have contacts, texts or photos."""
    if provider not in _providers:
        _providers.append(provider)


def rules() -> dict[str, int]:
    """Days by class; a class without a row has its default."""
    return {code: days for code, (days, _source) in DEFAULTS.items()} | dict(
        RetentionRule.objects.values_list("code", "days")
    )


def set_up() -> None:
    """Write the defaults as rows where there are none, so that they can be seen and changed."""
    for code, (days, source) in DEFAULTS.items():
        RetentionRule.objects.get_or_create(code=code, defaults={"days": days, "source": source})


def change_rule(code: str, *, days: int, source: str, actor: Actor, now: datetime) -> None:
    """Another number of days for one class, with where it comes from."""
    if code not in DEFAULTS:
        raise Invalid.at("code", "unknown", _("There is no such class of data."))
    if not 1 <= days <= 36_500:
        raise Invalid.at("days", "out_of_range", _("Between one day and a hundred years."))
    source = clean(source, max_length=limits.NAME, lines=False, field="source", required=True)
    with unit_of_work():
        before = rules()[code]
        RetentionRule.objects.update_or_create(code=code, defaults={"days": days, "source": source})
        journal.record(
            "retention.changed", actor=actor, subject=("retention", SUBJECT), at=now,
            data={"code": code, "days_from": before, "days_to": days},
        )  # fmt: skip


def run(now: datetime) -> Outcome:
    """The nightly job; safe to repeat. Ends openings, erases what is due, lets the backups' keys follow."""
    openings.end_expired(now=now)
    if not _clock_is_steady(now):
        return Outcome(held_back=True)
    erased = {code: _erase_class(code, days, now) for code, days in sorted(rules().items())}
    erased["contact"] = erased.get("contact", 0) + _erase_dated(now)
    # What an erasure of the day could not finish (a busy store, a backup disk that was away) is finished here.
    clear_free_space()
    if (path := backup_keys()).exists():
        rowkeys.sync_backup(path)
    return Outcome(erased=erased)


def _clock_is_steady(now: datetime) -> bool:
    with unit_of_work():
        clock, new = RetentionClock.objects.get_or_create(
            defaults={"last_seen": now, "steady_since": now - JUMP}
        )
        jumped = abs(now - clock.last_seen) > JUMP
        steady_since = now if jumped else clock.steady_since
        RetentionClock.objects.update(last_seen=now, steady_since=steady_since)
        steady = new or now - steady_since >= JUMP
        if not steady:
            journal.record(
                "retention.held_back", actor=SYSTEM, subject=("retention", SUBJECT), at=now,
                data={"last_seen": clock.last_seen.isoformat(), "until": (steady_since + JUMP).isoformat()},
            )  # fmt: skip
    return steady


def _erase_class(code: str, days: int, now: datetime) -> int:
    before, done = now - timedelta(days=days), 0
    for provider in _providers:
        last: set[UUID] = set()
        while due := set(provider(code, closed_before=before, limit=BATCH)):
            if due <= last:
                break  # a provider that repeats itself must not keep the night busy
            done += _erase(code, due, now)
            last = due
    return done


def _erase_dated(now: datetime) -> int:
    done = 0
    for model in (Contact, SealedContact):
        while due := set(model.objects.filter(erase_after__lte=now).values_list("id", flat=True)[:BATCH]):
            done += _erase("contact", due, now)
    return done


def _erase(code: str, ids: set[UUID], now: datetime) -> int:
    given: dict[str, set[UUID]] = {code: ids}
    erasure = erase(
        given.get("text", ()), given.get("photo", ()), given.get("contact", ()), reason="retention", now=now
    )
    counts: dict[str, int] = erasure.counts
    return sum(counts.values())
