"""Recomputing the journal: does everything stored still agree with what was sealed and published?

For the operator (`gewu verify --heads PATH`), the supervisor, and every restore drill. It reads rows, not the program's
word for them: each digest from the stored fields, the tree from the digests, each head from the tree.

What the database alone shows: an edited, deleted, inserted or moved entry, a broken order within a subject, an entry
nobody sealed. What only the heads folder shows: an older database put back, a tail cut off, a history rewritten and
sealed anew. What nobody can show: the loss of entries younger than the last seal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from gewu.core.merkle import EMPTY_ROOT, Frontier
from gewu.domain.journal import canonical, claims
from gewu.domain.journal.claims import Claim, Finding
from gewu.domain.journal.models import Cursor, Entry, Tree

__all__ = ["Finding", "is_sound", "register_check", "verify"]

SEALED_WITHIN = timedelta(seconds=60)
EACH_CODE = 20  # findings of one code that are told one by one; the rest is counted
_CHUNK = 5000

Check = Callable[[], Iterable[Finding]]
_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Let `verify` run `check` too: commitments to texts, figures against their entries."""
    _checks[name] = check


def is_sound(findings: Iterable[Finding]) -> bool:
    """True when there is no fault; notes do not count."""
    return all(finding.severity == "note" for finding in findings)


def verify(*, heads: Path | None = None, now: datetime) -> list[Finding]:
    """Compare everything with everything; an empty list, or notes alone, means that nothing is wrong.

    The worker may go on sealing meanwhile: sealed entries never change, and whatever is held against the tree is read
    before the tree.
    """
    found = chain(_sealed_and_published(heads), _unsealed(now), _versions(), _registered())
    return list(_in_moderation(found))


def _sealed_and_published(folder: Path | None) -> Iterator[Finding]:
    published, damaged = claims.parted(claims.of_folder(folder) if folder else iter(()))
    yield from damaged
    held = [*published, *claims.of_rows()]
    cursors = list(Cursor.objects.values_list("name", "position"))
    tree = Tree.objects.first() or Tree(size=0, frontier=bytes(Frontier()), root=EMPTY_ROOT)
    of_tree, broken = claims.parted(claims.of_tree(tree))
    yield from broken
    yield from _walk(tree.size, sorted([*held, *of_tree], key=lambda claim: claim.size))
    yield from _beyond(tree, cursors)
    yield from _witness(tree, folder, published)


def _walk(end: int, held: list[Claim]) -> Iterator[Finding]:
    """Every sealed entry in order, each claim at its size."""
    frontier = Frontier()
    waiting = iter([*held, None])
    claim = next(waiting)
    while claim and claim.size == 0:
        yield from _compare(claim, EMPTY_ROOT)
        claim = next(waiting)
    expected = 1
    for entry in _in_chunks(Entry.objects.filter(position__lte=end)):
        position = entry.position or 0
        if position != expected:
            yield Finding(
                "entry_missing",
                _("%(count)s sealed entries are missing.") % {"count": position - expected},
                f"position {expected}",
            )
        yield from _entry(entry)
        frontier.append(canonical.leaf(position, entry.digest))
        expected = position + 1
        while claim and claim.size <= position:
            yield from _compare(claim, frontier.root() if claim.size == position else None)
            claim = next(waiting)
    if expected <= end:
        count = {"count": end + 1 - expected}
        yield Finding(
            "entry_missing", _("%(count)s sealed entries are missing.") % count, f"position {expected}"
        )
    while claim:
        yield from _compare(claim, None, beyond=claim.size > end)
        claim = next(waiting)


def _in_chunks(entries: QuerySet[Entry]) -> Iterator[Entry]:
    """By position, some thousand at a time: no cursor stays open on the server, no transaction on the file."""
    position = 0
    while chunk := list(entries.filter(position__gt=position).order_by("position")[:_CHUNK]):
        yield from chunk
        position = chunk[-1].position or 0


def _entry(entry: Entry) -> Iterator[Finding]:
    if canonical.digest(entry) != bytes(entry.digest):
        where = f"position {entry.position}" if entry.position else "unsealed"
        yield Finding(
            "entry_changed", _("An entry was changed after it was written."), f"{where}, id {entry.id}"
        )


def _compare(claim: Claim, root: bytes | None, *, beyond: bool = False) -> Iterator[Finding]:
    if root == claim.root:
        return
    size = {"size": claim.size}
    if not claim.published:
        text = _("The first %(size)s entries are not those that were sealed.")
        yield Finding("tree_differs", text % size, claim.where)
    elif beyond:
        text = _(
            "%(size)s entries were published, the journal has fewer: it is older, or its end was cut off."
        )
        yield Finding("rolled_back", text % size, claim.where)
    else:
        text = _("The first %(size)s entries are not those that were published.")
        yield Finding("rewritten", text % size, claim.where)


def _beyond(tree: Tree, cursors: list[tuple[str, int]]) -> Iterator[Finding]:
    """Entries and readers past the tree's end. The tree is read again: it may have grown since."""
    last = Entry.objects.aggregate(last=Max("position"))["last"] or 0
    size = Tree.objects.filter(pk=tree.pk).values_list("size", flat=True).first() or 0
    for position in Entry.objects.filter(position__lt=1).values_list("position", flat=True)[: EACH_CODE + 1]:
        yield Finding(
            "entry_beyond", _("An entry has a position that was never sealed."), f"position {position}"
        )
    if last > size:
        yield Finding("entry_beyond", _("An entry has a position that was never sealed."), f"position {last}")
    for name, position in cursors:
        if position > size:
            yield Finding("cursor_beyond", _("A reader is further than the journal."), f"reader {name}")


def _witness(tree: Tree, folder: Path | None, published: list[Claim]) -> Iterator[Finding]:
    if not published:
        text = _("No outside witness: roll-back not excluded.")
        yield Finding("no_witness", text, str(folder or ""), severity="note")
    elif max(claim.size for claim in published) < tree.size:
        text = _("The newest entries are sealed but not yet published.")
        yield Finding("heads_behind", text, str(folder), severity="note")


def _unsealed(now: datetime) -> Iterator[Finding]:
    for entry in Entry.objects.filter(position__isnull=True).order_by("id").iterator(_CHUNK):
        yield from _entry(entry)
        if entry.at < now - SEALED_WITHIN:
            yield Finding("unsealed", _("An entry waits for its seal for over a minute."), f"id {entry.id}")


def _versions() -> Iterator[Finding]:
    """Each subject's versions are 1..n: one is missing where an entry was taken out before it was sealed."""
    broken = (
        Entry.objects.filter(subject_version__isnull=False)
        .values("subject_kind", "subject_id")
        .annotate(count=Count("id"), first=Min("subject_version"), last=Max("subject_version"))
        .filter(~Q(count=F("last")) | ~Q(first=1))
        .order_by("subject_kind", "subject_id")
    )
    for row in broken.iterator(_CHUNK):
        where = f"{row['subject_kind']} {row['subject_id']}"
        yield Finding("versions_broken", _("The versions of this subject are not 1, 2, 3 and so on."), where)


def _registered() -> Iterator[Finding]:
    for check in _checks.values():
        yield from check()


def _in_moderation(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first of each code in full and the number of the rest: a rewritten journal has a finding for every line."""
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.code] += 1
        if told[finding.code] <= EACH_CODE:
            yield finding
    for code, count in told.items():
        if count > EACH_CODE:
            yield Finding(code, _("%(count)s more of this kind.") % {"count": count - EACH_CODE})
