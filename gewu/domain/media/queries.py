"""Reading photos. Who may see which is judged by the caller; here a public copy is never confused with the photo."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from gewu.core.errors import Broken
from gewu.domain.media.models import Photo
from gewu.domain.media.storage import FULL, PUBLIC, Name, Store, store
from gewu.domain.privacy import envelope, rowkeys

Part = Literal["full", "thumb", "public"]
# Whoever serves the bytes sends these along: nothing in them can run, and no cache keeps them.
SERVED_WITH = {
    "Content-Type": "image/jpeg",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


def photos(ids: Collection[UUID]) -> dict[UUID, Photo]:
    """These photos in one query; erased ones are absent."""
    return {photo.id: photo for photo in Photo.objects.filter(id__in=ids)}


def photo_bytes(photo_id: UUID, *, part: Part = FULL, files: Store | None = None) -> bytes | None:
    """The JPEG of one part; None when the photo was erased, or for `public` when none is released."""
    found = (
        Photo.objects.filter(id=photo_id)
        .annotate(wrapped=rowkeys.beside())
        .values_list("released_id", "wrapped")
    )
    released, wrapped = found.first() or (None, None)
    if wrapped is None or (part == PUBLIC and released is None):
        return None
    name = Name(photo_id, part, released if part == PUBLIC else None)
    sealed = (files or store()).get(name)
    if sealed is None:
        raise Broken(f"The file of photo {photo_id} ({part}) is missing: restore it from a backup.")
    return envelope.unseal(rowkeys.unwrap(photo_id, wrapped), sealed, row=photo_id, part=part)


def key_of(photo_id: UUID) -> bytes | None:
    """The row key of a photo; None once it was erased."""
    return rowkeys.of([photo_id]).get(photo_id)
