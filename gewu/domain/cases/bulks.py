"""The gate to bulk acts: whoever asked sees theirs; others see one only while it waits for a second person's word.

How each case went is stored by codes: the worker, who finds it out, speaks no language, and each reader has their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from gewu.core.errors import GewuError, Invalid, NotFound
from gewu.core.sentences import Sentence
from gewu.domain.access.actor import Actor
from gewu.domain.cases.models import Bulk
from gewu.domain.cases.workflow import STATES

DONE = "done"
_NAMES: dict[str, Mapping[str, Any]] = {"state": STATES}  # facts that are codes


@dataclass(frozen=True)
class Answer:
    """How one case went: `done`, the code of what hindered it, or nothing yet; and the sentences that say it."""

    code: str
    sentences: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def said(self) -> str:
        """In the language of whoever reads."""
        return " ".join(str(Sentence(msgid, _in_words(facts))) for msgid, facts in self.sentences)


def get_bulk(bulk_id: UUID, *, actor: Actor) -> Bulk:
    """One bulk act, if the actor may know of it."""
    row = Bulk.objects.filter(pk=bulk_id).first()
    if row is None or (row.user_id != actor.person and not _awaits_second(row)):
        raise NotFound
    return row


def awaiting_second(*, actor: Actor) -> QuerySet[Bulk]:
    """Large ones of others that wait for a second person, the oldest first."""
    rows = Bulk.objects.filter(state="waiting", starts_at=None)
    return rows.exclude(user_id=actor.person).order_by("id")


def _awaits_second(row: Bulk) -> bool:
    return row.state == "waiting" and row.starts_at is None


def answer_of(row: Bulk, number: str) -> Answer:
    """How this case went. Earlier versions kept a code and the words of one language."""
    kept = row.results.get(number, "")
    if isinstance(kept, str):
        code, _colon, said = kept.partition(": ")
        return Answer(code, ((said, {}),) if said else ())
    return Answer(kept["code"], tuple((msgid, facts) for msgid, facts in kept["said"]))


def as_kept(error: GewuError) -> dict[str, Any]:
    """What hindered a case, as `answer_of` reads it."""
    messages = [one.message for one in error.errors] if isinstance(error, Invalid) else [error.message]
    return {"code": error.code, "said": [_in_codes(message, error.facts) for message in messages]}


def _in_codes(message: Any, codes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    if not isinstance(message, Sentence):
        return str(message), {}
    facts = {name: codes.get(name, fact) if name in _NAMES else fact for name, fact in message.facts.items()}
    return message.msgid, {name: fact if isinstance(fact, int) else str(fact) for name, fact in facts.items()}


def _in_words(facts: Mapping[str, Any]) -> dict[str, object]:
    return {name: _NAMES.get(name, {}).get(fact, fact) for name, fact in facts.items()}
