"""Free writing: every text lies encrypted under a key of its own and is named everywhere else by its id.

The journal gets `text.commitment`, an HMAC under a salt derived from the text's key. Erasing the key ends text, salt
and any use of the commitment at once, here and in every backup.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from gewu.core import chance
from gewu.core.errors import Broken
from gewu.domain import statements
from gewu.domain.privacy import envelope, rowkeys
from gewu.domain.privacy.models import Text

_PART = "text"


def keep(content: str, *, kind: str) -> Text:
    """Store one text inside the caller's transaction. Two inserts; `commitment` is set on what comes back."""
    row = chance.new_id()
    key, data = rowkeys.make(row), content.encode("utf-8")
    text = Text(id=row, kind=kind, sealed=envelope.seal(key, data, row=row, part=_PART))
    statements.insert(text)
    text.commitment = envelope.commit(key, data)
    return text


def read(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """All these texts in one query. Erased ones are absent; an empty id is passed over."""
    wanted = {row for row in ids if row is not None}
    if not wanted:
        return {}
    found = Text.objects.filter(id__in=wanted).annotate(wrapped=rowkeys.beside())
    return {
        row: envelope.unseal(rowkeys.unwrap(row, wrapped), sealed, row=row, part=_PART).decode("utf-8")
        for row, sealed, wrapped in found.values_list("id", "sealed", "wrapped")
        if wrapped is not None
    }


def commits_to(text_id: UUID, commitment: str) -> bool:
    """Whether a commitment in the journal speaks of the text as stored now; Broken when it was erased."""
    key, content = rowkeys.of([text_id]).get(text_id), read([text_id]).get(text_id)
    if key is None or content is None:
        raise Broken(f"Text {text_id} was erased: its commitment can no longer be checked.")
    return envelope.commit(key, content.encode("utf-8")) == commitment


def destroy(ids: Collection[UUID]) -> int:
    """Delete these texts and end their keys, inside the caller's transaction. Gives how many there were.

    People erase through `erasure.erase`, which also journals it and clears the store's free space.
    """
    ended = rowkeys.destroy(ids)
    Text.objects.filter(id__in=ids).delete()
    return ended
