"""Who the recipients of a row are, for one entry about one case.

The journal entry says who held the case after the act; so a reaction that runs late, or twice, tells the same people.
A post is asked who serves it today: a message never goes to somebody who is away, and never to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gewu.core import levels
from gewu.domain.access import table as access
from gewu.domain.accounts.models import User
from gewu.domain.areas import paths
from gewu.domain.cases.models import Case, Report
from gewu.domain.journal.models import Entry
from gewu.domain.notify import table
from gewu.domain.notify.recipients import EMAIL, Recipient
from gewu.domain.people.models import Post
from gewu.domain.people.queries import serving
from gewu.domain.statements import ID, Prepared, Slot

CONVENE = ("dispatcher", "duty_lead")
UNIT_ROLES = ("unit_head", "handler", "director", "dispatcher")

_CASE = Prepared(lambda: Case.objects.select_related("condition").filter(pk=Slot("case", ID)))
_TO_TELL = ("contact_id", "language")
_WHO_JOINED = Prepared(
    lambda: Report.objects.filter(pk=Slot("report", ID), contact_id__isnull=False).values_list(*_TO_TELL)
)
_WHO_WAIT = Prepared(
    lambda: (
        Report.objects.filter(Q(case=Slot("case", ID)) | Q(case__merged_into=Slot("case", ID)))
        .filter(withdrawn_at=None, contact_id__isnull=False)
        .order_by("id")
        .values_list(*_TO_TELL)
    )
)


@dataclass(frozen=True)
class Scene:
    """An entry, its case as the entry left it, and the present moment."""

    entry: Entry
    case: Case
    now: datetime

    @classmethod
    def of(cls, entry: Entry, *, now: datetime) -> Scene | None:
        """None when the case is not there (an entry about something else)."""
        case = _CASE.first(case=entry.subject_id)
        if case is None:
            return None
        case.level = str(entry.data.get("level_to") or case.level)
        return cls(entry, case, now)


def recipients(row: table.Told, scene: Scene) -> list[Recipient]:
    """Everybody a row of the table means, each once; never the person who did it."""
    if row.whom == table.REPORTER:
        return list(_reporters(row, scene))
    users = {user.pk: user for post in _posts(row.whom, scene) for user in serving(post, now=scene.now)}
    return [
        _to_user(user, row.channels) for key, user in sorted(users.items()) if key != scene.entry.actor_id
    ]


def everybody(role: str, channels: tuple[str, ...], *, now: datetime) -> list[Recipient]:
    """Whoever serves a post of this role, wherever it is."""
    posts = Post.objects.filter(role=role, is_active=True).order_by("code")
    users = {user.pk: user for post in posts for user in serving(post, now=now)}
    return [_to_user(user, channels) for _key, user in sorted(users.items())]


def _to_user(user: User, channels: tuple[str, ...]) -> Recipient:
    reached = tuple(channel for channel in channels if channel != EMAIL or user.email)
    return Recipient(user_id=user.pk, channels=reached, language=user.language)


def _reporters(row: table.Told, scene: Scene) -> Iterator[Recipient]:
    if scene.entry.kind == "case.joined":
        found = _WHO_JOINED(report=scene.entry.data["report"])
    else:
        found = _WHO_WAIT(case=scene.case.pk)
    told: set[UUID] = set()
    for contact_id, language in found:
        if contact_id not in told:
            told.add(contact_id)
            yield Recipient(contact_id=contact_id, channels=row.channels, language=language)


def _posts(whom: str, scene: Scene) -> Iterable[Post]:
    return _FINDERS[whom](scene)


def _holder(scene: Scene) -> list[Post]:
    word = scene.entry.data.get("holder_to")
    if word is None:
        post, unit = scene.case.holder_post_id, scene.case.holder_unit_id
        word = f"post:{post.hex}" if post else f"unit:{unit.hex}" if unit else ""
    return _named(str(word)) or _triage(scene)


def _sender(scene: Scene) -> list[Post]:
    return _named(str(scene.entry.data.get("holder_from") or ""))


def _named(word: str) -> list[Post]:
    kind, _sep, key = word.partition(":")
    if kind == "post":
        return list(Post.objects.filter(pk=UUID(key)))
    return _of_units([UUID(key)]) if kind == "unit" else []


def _units(scene: Scene) -> list[Post]:
    return _of_units([UUID(str(unit)) for unit in scene.entry.data.get("units") or ()])


def _of_units(units: list[UUID]) -> list[Post]:
    return list(Post.objects.filter(unit_id__in=units, role__in=UNIT_ROLES, is_active=True).order_by("code"))


def _triage(scene: Scene) -> list[Post]:
    """Whoever accepts on this level over this place; at the district the department of the category."""
    found = Post.objects.filter(access.who("case.accept", scene.case), is_active=True)
    posts = list(found.filter(level=scene.case.level).order_by("code"))
    department = scene.case.department_id
    return posts or (_of_units([department]) if department else [])


def _next_up(scene: Scene) -> list[Post]:
    found = Post.objects.filter(access.who("case.take_over", scene.case), is_active=True)
    return list(found.order_by("code"))


def _supervisors(scene: Scene) -> list[Post]:
    over = paths.covering(scene.case.scope_path)
    return list(Post.objects.filter(role="supervisor", area__path__in=over, is_active=True).order_by("code"))


def _conveners(scene: Scene) -> list[Post]:
    over = paths.covering(scene.case.scope_path)
    found = Post.objects.filter(
        role__in=CONVENE, level=levels.SUBDISTRICT, area__path__in=over, is_active=True
    )
    return list(found.order_by("code"))


_FINDERS: dict[str, Callable[[Scene], list[Post]]] = {
    table.HOLDER: _holder,
    table.TRIAGE: _triage,
    table.NEXT_UP: _next_up,
    table.SENDER: _sender,
    table.UNITS: _units,
    table.CONVENERS: _conveners,
    table.SUPERVISOR: _supervisors,
}
