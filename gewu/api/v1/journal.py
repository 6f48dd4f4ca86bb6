"""The journal for its witness: sealed entries for the supervisor, signed heads for anyone, the log of looks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from gewu.api.endpoint import ANYONE, REPORTER, Call, endpoint
from gewu.api.v1.shapes import Out
from gewu.core import limits
from gewu.core.errors import Invalid, NotFound
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import tie_of
from gewu.domain.journal import heads, queries
from gewu.domain.journal.models import Entry
from gewu.domain.journal.verify import is_sound, verify
from gewu.domain.privacy import looks
from gewu.domain.privacy.models import Look


class EntryOut(Out, frozen=True):
    """One sealed entry: codes, ids, states and numbers; never a text, and nobody by name."""

    position: int
    kind: str
    at: datetime
    by: str
    scope: str
    subject: str
    version: int | None = None
    data: dict[str, Any] = {}
    digest: str = ""

    @classmethod
    def of(cls, entry: Entry) -> EntryOut:
        return cls(
            position=entry.position or 0,
            kind=entry.kind,
            at=entry.at,
            by=entry.actor_kind,
            scope=entry.scope_path,
            subject=f"{entry.subject_kind}:{entry.subject_id.hex}",
            version=entry.subject_version,
            data=entry.data,
            digest=bytes(entry.digest).hex(),
        )


class EntriesOut(Out, frozen=True):
    """Entries in the order of the seal; hand `next` in as `after` for those that follow."""

    items: list[EntryOut]
    next: int


class HeadOut(Out, frozen=True):
    """The newest signed daily head; the signature is Ed25519 over the other fields."""

    head: dict[str, Any]
    public_key: str


class JournalFaultOut(Out, frozen=True):
    """A `fault`: something is not as it must be; or a `note` the reader must know of."""

    code: str
    message: str
    where: str
    severity: str


class CheckOut(Out, frozen=True, omit_defaults=False):
    """Nothing is wrong when there are notes alone."""

    sound: bool
    findings: list[JournalFaultOut]


class LookOut(Out, frozen=True):
    """Somebody looked at what is personal: when, under which post, for what."""

    at: datetime
    facet: str
    post: str
    unit: str
    purpose: str
    number: str = ""


class LooksOut(Out, frozen=True):
    """Looks, newest first; hand `next` in as `after` for the older ones."""

    items: list[LookOut]
    next: str = ""


@endpoint("GET", "journal", answer=EntriesOut, guard="journal.see", query=("after", "limit"))
def list_entries(call: Call[None]) -> EntriesOut:
    """Sealed entries after a position."""
    after = call.number("after", 0, most=limits.WHOLE_NUMBER)
    found = queries.after(after, call.limit)
    items = [EntryOut.of(entry) for entry in found]
    return EntriesOut(items=items, next=items[-1].position if items else after)


@endpoint("GET", "journal/head", answer=HeadOut, guard=ANYONE)
def show_head(call: Call[None]) -> HeadOut:
    """What anyone can keep as a witness that the journal was not rewritten."""
    newest: dict[str, Any] = {}
    for _where, document in heads.daily_heads(settings.HEADS):
        newest = document or newest
    if not newest:
        raise NotFound
    return HeadOut(head=newest, public_key=heads.public_key(settings.HEADS))


@endpoint("POST", "journal/check", answer=CheckOut, guard="journal.see", keyed=False)
def check_journal(call: Call[None]) -> CheckOut:
    """Recompute everything and compare it with the published heads, as `gewu verify --heads` does."""
    folder = Path(settings.HEADS)
    findings = verify(heads=folder if folder.is_dir() else None, now=call.now)
    return CheckOut(
        sound=is_sound(findings),
        findings=[JournalFaultOut(one.code, str(one.message), one.where, one.severity) for one in findings],
    )


@endpoint("GET", "looks", answer=LooksOut, guard="access_log.see", query=("after", "limit"))
def list_looks(call: Call[None]) -> LooksOut:
    """Who looked at what is personal, as posts and purposes, for oversight."""
    rows = Look.objects.order_by("-at", "-id")
    if call.word("after"):
        rows = rows.filter(at__lt=_moment(call.word("after")))
    found = list(rows[: call.limit])
    numbers = dict(Case.objects.filter(pk__in=[look.case_id for look in found]).values_list("pk", "number"))
    called = looks.said(found)
    items = [
        LookOut(
            at=look.at,
            facet=look.facet,
            post=called[look.pk][0],
            unit=called[look.pk][1],
            purpose=str(looks.REASONS[look.reason]),
            number=numbers.get(look.case_id, "") if look.case_id else "",
        )
        for look in found
    ]
    return LooksOut(items=items, next=found[-1].at.isoformat() if len(found) == call.limit else "")


@endpoint("GET", "my/looks", answer=LooksOut, guard=REPORTER)
def my_looks(call: Call[None]) -> LooksOut:
    """The reporter's own log: who looked at text or contact of this report, when and for what."""
    tie = tie_of(call.actor)
    case = tie.case.merged_into or tie.case
    found = looks.of_reporter(case.pk, contact_id=tie.contact_id or tie.sealed_id, now=call.now)
    return LooksOut(
        items=[
            LookOut(at=look.at, facet=look.facet, post=look.post, unit=look.unit, purpose=str(look.purpose))
            for look in found
        ]
    )


def _moment(word: str) -> datetime:
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        raise Invalid.at("after", "unknown", word) from None
    if found.tzinfo is None or not 1900 < found.year < 9000:
        raise Invalid.at("after", "unknown", word)
    return found
