"""What nothing refers to goes: files without a row after an hour, photos no act named once the next day is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from gewu.core import chance, clock
from gewu.core.clock import DrivenClock
from gewu.domain.access.actor import Actor
from gewu.domain.media import actions, queries, storage
from gewu.domain.media.models import Photo
from tests.media import photos
from tests.services.time import START

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir", "clock")]

HOUR = timedelta(hours=1)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> set[UUID]:
    """The photos that acts have named."""
    wanted: set[UUID] = set()

    def claims(photo_ids: Collection[UUID]) -> Collection[UUID]:
        return wanted.intersection(photo_ids)

    monkeypatch.setattr(actions, "_registry", actions._Registry(claims=[claims]))
    return wanted


def test_files_without_a_row_go_after_an_hour(data_dir: Path) -> None:
    lost, kept = chance.new_id(), actions.keep_photo(photos.jpeg(), now=START)
    storage.store().put(storage.Name(lost, storage.FULL), b"lost in a power cut")

    assert actions.sweep(now=START + 0.9 * HOUR).files == 0
    assert actions.sweep(now=START + 1.1 * HOUR).files == 1

    assert queries.photo_bytes(kept.id) is not None
    assert len(list((data_dir / "photos").rglob("*.full"))) == 1


def test_unfinished_files_go_too_and_foreign_ones_stay(data_dir: Path) -> None:
    photo = actions.keep_photo(photos.jpeg(), now=START)
    (file,) = (data_dir / "photos").rglob("*.full")
    file.with_name(file.name + ".new").write_bytes(b"half")
    (file.parent / "README.txt").write_text("put here by the operator", encoding="ascii")

    assert actions.sweep(now=START + 15 * HOUR).files == 0  # of a photo the day is known, and no hour
    assert actions.sweep(now=START + 17 * HOUR).files == 1

    assert (file.parent / "README.txt").exists()
    assert queries.photo_bytes(photo.id) is not None


def test_a_public_copy_is_kept_while_its_release_is_under_way(clock: DrivenClock) -> None:
    photo = actions.keep_photo(photos.jpeg(), now=START)
    now = clock.advance(5 * HOUR)
    under_way = storage.Name(photo.id, storage.PUBLIC, chance.new_id())
    storage.store().put(under_way, b"written, its row not yet")

    assert actions.sweep(now=now).files == 0
    assert actions.sweep(now=now + 2 * HOUR).files == 1
    actions.release(photo.id, [], looked=True, actor=Actor(kind="staff", user_id=chance.new_id()), now=now)
    assert actions.sweep(now=now + 5 * HOUR).files == 0
    assert queries.photo_bytes(photo.id, part="public") is not None


def test_a_photo_no_act_named_is_forgotten_when_the_next_day_is_over(
    named: set[UUID], data_dir: Path
) -> None:
    wanted, left = (actions.keep_photo(photos.jpeg(), now=START) for _ in range(2))
    named.add(wanted.id)

    assert actions.sweep(now=START + 38 * HOUR).photos == 0
    assert actions.sweep(now=START + 40 * HOUR).photos == 1

    assert list(Photo.objects.values_list("id", flat=True)) == [wanted.id]
    assert queries.photo_bytes(left.id) is None
    assert len(list((data_dir / "photos").rglob("*.full"))) == 1


def test_while_nobody_can_say_what_is_named_no_photo_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_registry", actions._Registry())
    actions.keep_photo(photos.jpeg(), now=START)

    assert actions.sweep(now=START + 100 * HOUR).photos == 0


def test_the_age_of_a_file_stands_in_its_name() -> None:
    name = storage.Name(chance.new_id(), storage.PUBLIC, chance.new_id())

    assert storage.Name.parse(str(name)) == name
    assert abs(name.made_at - clock.now()) < timedelta(seconds=1)
    for foreign in ("README.txt", "full", "zz.full", f"{name.photo.hex}.exe", ""):
        assert storage.Name.parse(foreign) is None
