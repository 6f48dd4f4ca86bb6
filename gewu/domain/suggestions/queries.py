"""Reading suggestions: one by its code, and the desk's list. Erased words are empty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from gewu.core import limits
from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.privacy import texts
from gewu.domain.privacy.models import Text
from gewu.domain.suggestions.codes import mac_of, parse_code
from gewu.domain.suggestions.models import Suggestion


@dataclass(frozen=True)
class Read:
    """A suggestion in words; `text` is empty once its time is over, `answer` while there is none."""

    row: Suggestion
    text: str
    answer: str


def by_code(typed: object) -> Read:
    """What the holder of the code may read."""
    row = Suggestion.objects.filter(mac=mac_of(parse_code(typed))).first()
    if row is None:
        raise NotFound
    return _in_words([row])[0]


def for_desk(actor: Actor, *, answered: bool = False) -> list[Read]:
    """The oldest open ones first, or the newest answered ones."""
    check_allowed(may(actor, "suggestion.answer"))
    rows = Suggestion.objects.filter(answered_at__isnull=not answered)
    return _in_words(list(rows.order_by("-answered_at" if answered else "written_at")[: limits.PAGE]))


def due_for_erasure(code: str, *, closed_before: datetime, limit: int) -> Collection[UUID]:
    """Words and answers written before that day; those erased already are not named again."""
    if code != "text":
        return []
    old = Suggestion.objects.filter(written_at__lt=closed_before)
    found: list[UUID] = []
    for name in ("text_id", "answer_id"):
        there = Exists(Text.objects.filter(pk=OuterRef(name)))
        found += old.filter(there).values_list(name, flat=True)[: limit - len(found)]
    return found


def _in_words(rows: list[Suggestion]) -> list[Read]:
    said = texts.read([one for row in rows for one in (row.text_id, row.answer_id)])
    return [Read(row, said.get(row.text_id, ""), _of(said, row.answer_id)) for row in rows]


def _of(said: dict[UUID, str], text_id: UUID | None) -> str:
    return said.get(text_id, "") if text_id else ""
