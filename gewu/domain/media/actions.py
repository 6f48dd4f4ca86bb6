"""Keeping, releasing and forgetting photos.

`keep_photo` decodes and writes files, so it is called before the transaction of the act the photo belongs to, and the
act then names its id. A photo no act ever named is forgotten when the next day is over (`sweep`); who names photos is
told by the packages that do (`use_claims`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from gewu.core import chance
from gewu.core.errors import Conflict, Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.journal import actions as journal
from gewu.domain.media import images, queries
from gewu.domain.media.models import Photo
from gewu.domain.media.storage import FULL, PUBLIC, THUMB, Name, Store, first_of, store
from gewu.domain.people.queries import day_after
from gewu.domain.privacy import envelope, erasure, rowkeys
from gewu.domain.requests.work import unit_of_work

KINDS = ("report", "before", "after")
ORPHAN_FILE = timedelta(hours=1)
UNCLAIMED = timedelta(hours=24)
ASKED_FOR = timedelta(days=30)  # nights in which an unclaimed photo is looked for
MOST_BOXES = 100
_BATCH = 500


class Claims(Protocol):
    """Which of these photos some act has named."""

    def __call__(self, photo_ids: Collection[UUID]) -> Collection[UUID]: ...


@dataclass(frozen=True)
class Swept:
    """What a sweep took away: files without a row, rows without an act."""

    files: int
    photos: int


@dataclass
class _Registry:
    claims: list[Claims] = field(default_factory=list)


_registry = _Registry()


def use_claims(claims: Claims) -> None:
    """Called once at start by a package whose rows name photos."""
    if claims not in _registry.claims:
        _registry.claims.append(claims)


def keep_photo(
    data: bytes, *, now: datetime, kind: str = "report", field: str = "photo", files: Store | None = None
) -> Photo:
    """Keep one photo; when this returns it is on the disk and its row is stored.

    Invalid (at `field`) when it is too large, damaged or no photo; Unavailable when the disk cannot take it. Either
    way nothing else of the form is lost.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of photo: {kind}")
    picture = images.make(data, field=field)
    files, key = files or store(), rowkeys.new_key()
    # Its id stands in addresses: it tells the day alone, so nothing of the hour of a confidential report.
    row = chance.id_told_as(day_after(now))
    sealed = envelope.seal(key, picture.jpeg, row=row, part=FULL)
    # Files first: a power cut may leave a file without a row (swept later), never a row without its file.
    files.put(Name(row, FULL), sealed)
    files.put(Name(row, THUMB), envelope.seal(key, picture.thumb, row=row, part=THUMB))
    with unit_of_work():
        rowkeys.keep(row, key)
        return Photo.objects.create(
            id=row, kind=kind, width=picture.width, height=picture.height, size=len(picture.jpeg),
            digest=sha256(sealed).hexdigest(), commitment=envelope.commit(key, picture.jpeg),
            added_on=now.astimezone(get_default_timezone()).date(),
        )  # fmt: skip


def release(
    photo_id: UUID,
    boxes: Collection[images.Box],
    *,
    looked: bool,
    actor: Actor,
    now: datetime,
    files: Store | None = None,
) -> Photo:
    """Let the public see a copy with these rectangles painted over; releasing again replaces the copy.

    `looked`: somebody says they have looked at the whole photo and nobody can be recognised.
    """
    if not looked:
        raise Invalid.at("looked", "required", _("Please look at the whole photo first."))
    if len(boxes) > MOST_BOXES:
        raise Invalid.at("boxes", "too_many", _("At most 100 rectangles."))
    files = files or store()
    photo, key = _photo(photo_id), queries.key_of(photo_id)
    jpeg = queries.photo_bytes(photo_id, files=files)
    if jpeg is None or key is None:
        raise NotFound()
    public, copy = images.covered(jpeg, list(boxes)), chance.new_id()
    files.put(Name(photo_id, PUBLIC, copy), envelope.seal(key, public, row=photo_id, part=PUBLIC))
    with unit_of_work():
        changed = Photo.objects.filter(id=photo_id, released_id=photo.released_id).update(
            released_at=now, released_id=copy
        )
        if not changed:
            raise Conflict(_("Somebody has just released this photo."), code="photo_released")
        journal.record(
            "photo.released", actor=actor, subject=("photo", photo_id), at=now,
            data={"boxes": len(boxes), "commitment": envelope.commit(key, public)},
        )  # fmt: skip
        transaction.on_commit(lambda: _remove_copy(files, photo))
    return _photo(photo_id)


def withhold(photo_id: UUID, *, actor: Actor, now: datetime, files: Store | None = None) -> None:
    """Take the public copy away again."""
    files, photo = files or store(), _photo(photo_id)
    with unit_of_work():
        if not Photo.objects.filter(id=photo_id, released_id__isnull=False).update(
            released_at=None, released_id=None
        ):
            raise Conflict(_("This photo is not public."), code="photo_not_public")
        journal.record("photo.withheld", actor=actor, subject=("photo", photo_id), at=now, data={})
        transaction.on_commit(lambda: _remove_copy(files, photo))


def sweep(*, now: datetime, files: Store | None = None) -> Swept:
    """Take away what nothing refers to: files an hour after their day, photos that no act has named a day after it.

    Photos are asked after for a month of nights; what was claimed then stays claimed until retention ends it, so older
    ones, of which there are ever more, are not asked again.
    """
    return Swept(files=_sweep_files(files or store(), now), photos=_sweep_photos(now))


def claimed(photo_ids: Collection[UUID]) -> set[UUID]:
    """Those of these photos that some act has named already; no other act can."""
    return {row for claims in _registry.claims for row in claims(photo_ids)} if photo_ids else set()


def forget_rows(ids: Collection[UUID]) -> None:
    """For `erasure`, inside its transaction; the row keys end there."""
    listed = list(ids)
    for at in range(0, len(listed), _BATCH):
        Photo.objects.filter(id__in=listed[at : at + _BATCH]).delete()


def forget_files(ids: Collection[UUID]) -> None:
    """For `erasure`, after its commit: photo, thumbnail and public copies."""
    files = store()
    for row in ids:
        files.remove_all(row)


def _sweep_files(files: Store, now: datetime) -> int:
    gone = 0
    waiting = [found for found in files.walk() if now - found.name.made_at > ORPHAN_FILE]
    for at in range(0, len(waiting), _BATCH):
        batch = waiting[at : at + _BATCH]
        rows = dict(
            Photo.objects.filter(id__in={found.name.photo for found in batch}).values_list(
                "id", "released_id"
            )
        )
        for found in batch:
            name = found.name
            wanted = name.photo in rows and (name.part != PUBLIC or rows[name.photo] == name.copy)
            if found.temporary or not wanted:
                files.remove_found(found)
                gone += 1
    return gone


def _sweep_photos(now: datetime) -> int:
    if not _registry.claims:
        return 0  # nobody could say what is still wanted
    gone, last, until = 0, first_of(now - ASKED_FOR), first_of(now - UNCLAIMED)
    while ids := _some(last, until):
        last = ids[-1]
        if unclaimed := set(ids) - claimed(ids):
            erasure.erase(photo_ids=unclaimed, reason="unclaimed", now=now)
            gone += len(unclaimed)
    return gone


def _some(after: UUID, until: UUID) -> list[UUID]:
    """The next photos by the moment they were made."""
    rows = Photo.objects.filter(id__gt=after, id__lt=until).order_by("id")
    return list(rows.values_list("id", flat=True)[:_BATCH])


def _photo(photo_id: UUID) -> Photo:
    photo = Photo.objects.filter(id=photo_id).first()
    if photo is None:
        raise NotFound()
    return photo


def _remove_copy(files: Store, photo: Photo) -> None:
    if photo.released_id is not None:
        files.remove(Name(photo.id, PUBLIC, photo.released_id))
