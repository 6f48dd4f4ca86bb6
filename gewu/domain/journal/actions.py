"""Writing the journal: recording inside other actions' transactions, and sealing by one worker.

`record` adds an entry without a position. Whoever holds the lease `SEALER` gives committed entries the next positions
and puts them into the tree. Two workers cannot both seal: taking the lease raises its fence, and a seal under an
older fence changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from gewu.core.errors import Broken, Conflict
from gewu.core.merkle import EMPTY_ROOT, Frontier
from gewu.domain import statements
from gewu.domain.journal import canonical, heads
from gewu.domain.journal.facts import fact
from gewu.domain.journal.models import FILLER as FILLER
from gewu.domain.journal.models import SEALER as SEALER
from gewu.domain.journal.models import Cursor, Entry, Head, Lease, Tree
from gewu.domain.journal.record import checked

TREE = "journal"


class Acting(Protocol):
    """Whoever acts: `access.Actor`, or anything with these three."""

    @property
    def kind(self) -> str: ...
    @property
    def user_id(self) -> UUID | None: ...
    @property
    def post_id(self) -> UUID | None: ...


def record(
    kind: str,
    *,
    actor: Acting,
    subject: tuple[str, UUID],
    version: int | None = None,
    scope_path: str = "",
    at: datetime,
    data: Mapping[str, Any],
) -> Entry:
    """Add one entry, in the transaction of the action that calls this. One INSERT.

    The second entry for one version of a subject fails on the unique index: its action came second.
    """
    registered = fact(kind)
    subject_kind, subject_id = subject
    if subject_kind != registered.subject:
        raise Broken(f"The journal entry {kind!r} is not about a {subject_kind!r}.", code="journal_subject")
    entry = Entry(
        kind=kind,
        at=at.astimezone(UTC),
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        post_id=actor.post_id,
        scope_path=scope_path,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_version=version,
        data=checked(registered, data),
    )
    entry.digest = canonical.digest(entry)
    statements.insert(entry)
    return entry


def take_lease(name: str, holder: str, *, now: datetime, seconds: int) -> Lease | None:
    """Take or prolong the lease; None while somebody else holds it. Taking it from another raises the fence."""
    until = now + timedelta(seconds=seconds)
    if not Lease.objects.filter(name=name, holder=holder, until__gt=now).update(until=until) and not _take(
        name, holder, until, now
    ):
        return None
    return Lease.objects.filter(name=name, holder=holder).first()


def release_lease(name: str, *, fence: int, now: datetime) -> bool:
    """Give the lease back before its time, so that the next worker need not wait."""
    return Lease.objects.filter(name=name, fence=fence).update(until=now) == 1


def seal(*, now: datetime, fence: int, batch: int = 1000) -> int:
    """Give the next `batch` committed entries their positions and put them into the tree; how many it were.

    Raises `Conflict` (`lease_lost`) when `fence` is not the newest or its time is over: then nothing was changed.
    """
    if not Entry.objects.filter(position__isnull=True).exists():
        _check_lease(now, fence)
        return 0
    with transaction.atomic():
        _hold_lease(now, fence)
        tree = _tree()
        frontier = Frontier.parse(bytes(tree.frontier))
        sealed = _place(frontier.size, batch)
        for position, digest in sealed:
            frontier.append(canonical.leaf(position, digest))
        _grow(tree, frontier, fence=fence, now=now)
    return len(sealed)


def seal_all(now: datetime, *, holder: str = "seal_all") -> int:
    """Seal whatever waits and publish the head: for demo, replay and backup, while no worker runs.

    Raises `Conflict` (`lease_held`) while a worker does; it will seal within a second anyway.
    """
    lease = take_lease(SEALER, holder, now=now, seconds=3600)
    if lease is None:
        raise Conflict("Somebody else is sealing the journal.", code="lease_held")
    total = 0
    try:
        while sealed := seal(now=now, fence=lease.fence):
            total += sealed
        heads.publish(settings.HEADS, now=now)
    finally:
        release_lease(SEALER, fence=lease.fence, now=now)
    return total


def move_cursor(name: str, frm: int, to: int) -> bool:
    """Move a reader's place from `frm` to `to`; False when it is no longer at `frm`: another was there."""
    if to < frm:
        raise Broken(f"The reader {name!r} would go back from {frm} to {to}.", code="cursor_back")
    if Cursor.objects.filter(name=name, position=frm).update(position=to):
        return True
    if frm:
        return False
    # The first move of this reader. Of two at once, one inserts and the other finds the place taken.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_cursor (name, position) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING",
            [name, to],
        )
        return bool(cursor.rowcount == 1)


def _take(name: str, holder: str, until: datetime, now: datetime) -> bool:
    """A lease nobody holds, in one statement: of several who ask at once the store lets one through."""
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO journal_lease (name, holder, until, fence) VALUES (%s, %s, %s, 1)
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, until = excluded.until, fence = journal_lease.fence + 1
            WHERE journal_lease.until <= %s
            """,
            [name, holder, moment(until), moment(now)],
        )
        return bool(cursor.rowcount == 1)


def _check_lease(now: datetime, fence: int) -> None:
    if not Lease.objects.filter(name=SEALER, fence=fence, until__gt=now).exists():
        raise _lost()


def _hold_lease(now: datetime, fence: int) -> None:
    """Lock the lease's row for this transaction: until it ends, nobody else can take the lease."""
    if not Lease.objects.filter(name=SEALER, fence=fence, until__gt=now).update(fence=fence):
        raise _lost()


def _lost() -> Conflict:
    return Conflict("Another worker has taken over sealing.", code="lease_lost")


def _tree() -> Tree:
    tree, _ = Tree.objects.get_or_create(
        name=TREE, defaults={"frontier": bytes(Frontier()), "root": EMPTY_ROOT}
    )
    return tree


def _place(size: int, batch: int) -> list[tuple[int, bytes]]:
    """Number the oldest unsealed entries in one statement; (position, digest) in order.

    PostgreSQL may show an entry with an older id only later, when its transaction commits. It then gets a later
    position: order of sealing is the order that counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE journal_entry SET position = %s + waiting.nth
            FROM (
                SELECT id AS waiting_id, row_number() OVER (ORDER BY id) AS nth
                FROM (SELECT id FROM journal_entry WHERE position IS NULL ORDER BY id LIMIT %s) AS oldest
            ) AS waiting
            WHERE journal_entry.id = waiting.waiting_id
            RETURNING position, digest
            """,
            [size, batch],
        )
        return sorted((position, bytes(digest)) for position, digest in cursor.fetchall())


def _grow(tree: Tree, frontier: Frontier, *, fence: int, now: datetime) -> None:
    grown = Tree.objects.filter(name=tree.name, size=tree.size, fence__lte=fence).update(
        size=frontier.size, frontier=bytes(frontier), root=frontier.root(), fence=fence
    )
    if not grown:
        raise _lost()
    if frontier.size > tree.size:
        Head.objects.create(size=frontier.size, root=frontier.root(), at=now)
