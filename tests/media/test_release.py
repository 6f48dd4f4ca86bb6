"""The public sees a copy with rectangles painted over, and only after somebody released it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from gewu.core import chance
from gewu.core.errors import Conflict, Invalid, NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.journal.models import Entry
from gewu.domain.media import actions, queries
from gewu.domain.media.images import Box
from gewu.domain.media.models import Photo
from tests.media import photos
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]

ACTOR = Actor(kind="staff", user_id=chance.new_id())
FACE = Box(left=100, top=100, width=200, height=150)


def with_face() -> Photo:
    scene = photos.scene()
    ImageDraw.Draw(scene).ellipse((110, 110, 290, 240), fill=(255, 220, 180))
    return actions.keep_photo(photos.jpeg(scene), now=START)


def public(photo: Photo) -> Image.Image:
    found = queries.photo_bytes(photo.id, part="public")
    assert found is not None
    return Image.open(io.BytesIO(found)).convert("RGB")


def test_a_released_copy_has_the_rectangle_painted_over() -> None:
    photo = with_face()
    assert queries.photo_bytes(photo.id, part="public") is None

    actions.release(photo.id, [FACE], looked=True, actor=ACTOR, now=START)

    inside = public(photo).crop((116, 116, 284, 234))  # away from the edge, where JPEG blocks mix both sides
    assert all(high - low < 30 for low, high in inside.getextrema())  # one colour: nothing to be seen
    full = queries.photo_bytes(photo.id)
    assert full is not None
    assert Image.open(io.BytesIO(full)).convert("RGB").getpixel((200, 175))[0] > 240  # type: ignore[index]
    assert Entry.objects.get(kind="photo.released").data["boxes"] == 1


def test_releasing_again_replaces_the_copy(data_dir: Path) -> None:
    photo = with_face()
    actions.release(photo.id, [], looked=True, actor=ACTOR, now=START)
    actions.release(photo.id, [FACE], looked=True, actor=ACTOR, now=START)

    assert len(list((data_dir / "photos").rglob("*.public"))) == 1
    assert public(photo).getpixel((200, 175))[0] < 100  # type: ignore[index]


def test_a_withheld_photo_is_public_no_longer(data_dir: Path) -> None:
    photo = with_face()
    actions.release(photo.id, [FACE], looked=True, actor=ACTOR, now=START)

    actions.withhold(photo.id, actor=ACTOR, now=START)

    assert queries.photo_bytes(photo.id, part="public") is None
    assert list((data_dir / "photos").rglob("*.public")) == []
    with pytest.raises(Conflict):
        actions.withhold(photo.id, actor=ACTOR, now=START)


@pytest.mark.parametrize(
    "box", [Box(-1, 0, 5, 5), Box(0, 0, 0, 5), Box(790, 0, 20, 5), Box(0, 590, 5, 20), Box(0, 0, 10**20, 5)]
)
def test_a_rectangle_outside_the_photo_is_refused(box: Box) -> None:
    photo = with_face()
    with pytest.raises(Invalid) as refusal:
        actions.release(photo.id, [FACE, box], looked=True, actor=ACTOR, now=START)
    assert refusal.value.errors[0].field == "boxes.1"
    assert queries.photo_bytes(photo.id, part="public") is None


def test_an_unknown_photo_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.release(chance.new_id(), [], looked=True, actor=ACTOR, now=START)


def test_nobody_releases_a_photo_unseen() -> None:
    with pytest.raises(Invalid) as refused:
        actions.release(chance.new_id(), [], looked=False, actor=ACTOR, now=START)
    assert refused.value.errors[0].field == "looked"
