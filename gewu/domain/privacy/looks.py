"""The reporter's log: who looked at what is personal, told as date, post and purpose, never as a name.

The entry is written in the transaction that shows the data. When it cannot be written, nothing is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gewu.core.errors import Invalid
from gewu.domain.names import called
from gewu.domain.people.models import Post
from gewu.domain.privacy.models import Look

FACETS = ("contact", "lookup", "identity", "text", "photo")
REASONS = {
    "ask_back": _("To ask the reporter about the matter"),
    "appointment": _("To arrange a time for a visit or repair"),
    "result": _("To tell the result in person"),
    "correct": _("To correct contact data as the reporter asked"),
    "danger": _("Danger to life or health"),
    "caller": _("The reporter is on the phone"),
    "counter": _("The reporter is at the counter"),
    "duty": _("Needed for a decision on the case"),
    "opening": _("Identity opened by two officers"),
}
CONTACT_REASONS = ("ask_back", "appointment", "result", "correct", "danger")
LOOKUP_REASONS = ("caller", "counter")


@dataclass(frozen=True)
class Shown:
    """One line of the reporter's log."""

    at: datetime
    facet: str
    post: str
    unit: str
    purpose: Any  # str or a lazy translation


def note(
    facet: str, *, reason: str, actor: Any, now: datetime,
    case_id: UUID | None = None, contact_id: UUID | None = None, shown_from: datetime | None = None,
) -> Look:  # fmt: skip
    """Write one line, with the post as it is called today; inside the transaction that shows the data."""
    if facet not in FACETS:
        raise ValueError(f"no such facet: {facet}")
    check_reason(reason, REASONS)
    post = Post.objects.select_related("unit").filter(id=actor.post_id).first() if actor.post_id else None
    return Look.objects.create(
        case_id=case_id, contact_id=contact_id, facet=facet, reason=reason, at=now, shown_from=shown_from or now,
        post_id=actor.post_id, post_title=post.title if post else "",
        unit_name=post.unit.name if post and post.unit else "",
    )  # fmt: skip


def of_case(case_id: UUID, *, contact_id: UUID | None = None, now: datetime) -> list[Shown]:
    """All looks at a case, newest first; with a contact's handle look-ups of it by phone are among them."""
    mine = Q(case_id=case_id) if contact_id is None else Q(case_id=case_id) | Q(contact_id=contact_id)
    return _shown(mine, now)


def of_reporter(case_id: UUID, *, contact_id: UUID | None, now: datetime) -> list[Shown]:
    """What one reporter of a case may read: looks at the case and at their own contact, not at another reporter's."""
    mine = Q(case_id=case_id, contact_id=None)
    return _shown(mine if contact_id is None else mine | Q(contact_id=contact_id), now)


def _shown(mine: Q, now: datetime) -> list[Shown]:
    rows = list(Look.objects.filter(mine, shown_from__lte=now).order_by("-at", "-id"))
    names = said(rows)
    return [Shown(look.at, look.facet, *names[look.pk], REASONS[look.reason]) for look in rows]


def said(rows: Sequence[Look]) -> dict[UUID, tuple[str, str]]:
    """Post and unit of each look in the reader's language; as they were called then, where that has changed since."""
    ids = {look.post_id for look in rows if look.post_id}
    posts = {post.pk: post for post in Post.objects.select_related("unit").filter(pk__in=ids)} if ids else {}
    found = {}
    for look in rows:
        post = posts.get(look.post_id) if look.post_id else None
        unit = post.unit if post else None
        found[look.pk] = (
            called(look.post_title, post.names if post and post.title == look.post_title else {}),
            called(look.unit_name, unit.names if unit and unit.name == look.unit_name else {}),
        )
    return found


def check_reason(reason: str, allowed: Any) -> None:
    """A reason is chosen from a list, so that the reporter can be told it."""
    if reason not in allowed:
        raise Invalid.at("reason", "reason_unknown", _("Please choose one of the listed reasons."))
