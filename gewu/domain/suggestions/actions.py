"""Writing a suggestion without an account, and answering it once.

No contact is asked for: nothing would be sent to it. The code given at the end opens text and answer; like the secret
of a receipt it is random and stored only as a keyed hash.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from gewu.core import chance, limits
from gewu.core.errors import Conflict, NotFound
from gewu.core.text import clean
from gewu.domain.access.actor import ANYONE, Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import texts
from gewu.domain.requests.work import unit_of_work
from gewu.domain.suggestions.codes import DIGITS, mac_of
from gewu.domain.suggestions.models import Suggestion


def write(typed: object, *, now: datetime) -> str:
    """Keep a suggestion; gives the code that opens it, which exists nowhere else."""
    words = clean(typed, max_length=limits.NOTE, lines=True, required=True)
    code = chance.digits(DIGITS)
    with unit_of_work():
        kept = texts.keep(words, kind="suggestion")
        row = Suggestion.objects.create(mac=mac_of(code), text_id=kept.id, written_at=now)
        journal.record(
            "suggestion.written", actor=ANYONE, subject=("suggestion", row.id), at=now,
            data={"commitment": kept.commitment},
        )  # fmt: skip
    return code


def answer(suggestion_id: UUID, typed: object, *, actor: Actor, now: datetime) -> None:
    """Answer for everybody to stand by: once, under the post of whoever answers."""
    verdict = may(actor, "suggestion.answer")
    check_allowed(verdict)
    words = clean(typed, max_length=limits.NOTE, lines=True, required=True)
    with unit_of_work():
        kept = texts.keep(words, kind="suggestion")
        # The condition decides between two who answer at once; the text of the second is undone with it.
        done = Suggestion.objects.filter(pk=suggestion_id, answered_at=None).update(
            answer_id=kept.id, answered_at=now
        )
        if not done:
            if not Suggestion.objects.filter(pk=suggestion_id).exists():
                raise NotFound
            raise Conflict(_("Somebody else has answered this already."), code="answered")
        journal.record(
            "suggestion.answered",
            actor=actor.wearing(verdict.hat.post_id) if verdict.hat else actor,
            subject=("suggestion", suggestion_id), at=now, data={"commitment": kept.commitment},
        )  # fmt: skip
