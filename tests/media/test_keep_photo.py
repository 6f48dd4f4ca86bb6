"""A photo is kept upright, small and without a word about where, when and with what it was taken."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gewu.core import chance
from gewu.core.errors import Broken, Invalid, Unavailable
from gewu.domain.media import actions, images, queries, storage
from gewu.domain.media.models import Photo
from gewu.domain.privacy.models import RowKey
from tests.media import photos
from tests.services.time import START

# What a photo is made into is no matter of the store; that it is kept with its report is tested on both.
pytestmark = [pytest.mark.one_store, pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def kept(data: bytes) -> Image.Image:
    photo = actions.keep_photo(data, now=START)
    found = queries.photo_bytes(photo.id)
    assert found is not None
    return Image.open(io.BytesIO(found))


def looks(image: Image.Image, x: float, y: float, colour: tuple[int, int, int]) -> bool:
    at = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(at, tuple)
    return all(abs(have - want) < 40 for have, want in zip(at, colour, strict=True))


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        actions.keep_photo(data, now=START, field="photos.2")
    (error,) = refused.value.errors
    assert error.field == "photos.2"
    return error.code


def test_a_photo_is_kept_with_a_small_copy() -> None:
    photo = actions.keep_photo(photos.jpeg(photos.scene(1200, 900)), now=START)

    assert (photo.width, photo.height, photo.added_on) == (1200, 900, START.date())
    thumb = queries.photo_bytes(photo.id, part="thumb")
    assert thumb is not None
    assert Image.open(io.BytesIO(thumb)).size == (480, 360)
    assert queries.photo_bytes(photo.id, part="public") is None


def test_no_word_of_the_camera_is_left() -> None:
    data = photos.with_position()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)

    photo = actions.keep_photo(data, now=START)

    for part in ("full", "thumb"):
        found = queries.photo_bytes(photo.id, part=part)  # type: ignore[arg-type]
        assert found is not None
        image = Image.open(io.BytesIO(found))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"anary" not in found


def test_no_column_holds_a_position_or_a_time_of_day() -> None:
    assert {field.name for field in Photo._meta.fields} == {
        "id", "kind", "width", "height", "size", "digest", "commitment", "added_on", "released_at", "released_id",
    }  # fmt: skip


def test_a_photo_held_on_its_side_is_turned_upright() -> None:
    # Orientation 6: the camera wrote it lying; to be seen upright it is turned by 90 degrees to the right.
    lying = photos.scene().transpose(Image.Transpose.ROTATE_90)
    assert lying.size == (600, 800)

    image = kept(photos.with_position(6, lying))

    assert image.size == (800, 600)
    assert looks(image, 0.5, 0.1, photos.RED)
    assert looks(image, 0.5, 0.9, photos.BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(orientation: int) -> None:
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    scene = photos.scene()
    stored = scene.transpose(back[orientation]) if orientation in back else scene

    image = kept(photos.with_position(orientation, stored))

    assert image.size == (800, 600)
    assert looks(image, 0.2, 0.1, photos.RED)
    assert looks(image, 0.8, 0.9, photos.BLUE)


def test_heic_from_a_phone_is_taken() -> None:
    image = kept(photos.heic())

    assert (image.format, image.size) == ("JPEG", (800, 600))
    assert looks(image, 0.5, 0.1, photos.RED)


def test_without_the_decoder_heic_is_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    data = photos.heic()
    monkeypatch.setattr(images, "_can_read_heif", lambda: False)

    assert refusal(data) == "heic_unsupported"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_other_kinds_become_jpeg(kind: str, mode: str) -> None:
    image = kept(photos.encoded(photos.scene().convert(mode), kind))

    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (800, 600))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_see_through_becomes_white(mode: str) -> None:
    options = {"transparency": 0} if mode == "P" else {}
    image = kept(photos.encoded(Image.new(mode, (40, 40), 0), "PNG", **options))

    assert looks(image, 0.5, 0.5, (255, 255, 255))


def test_sixteen_bits_keep_their_shades() -> None:
    image = kept(photos.encoded(Image.new("I;16", (40, 40), 128 * 256), "PNG"))

    assert looks(image, 0.5, 0.5, (128, 128, 128))


def test_a_large_photo_is_scaled_down() -> None:
    image = kept(photos.jpeg(photos.scene(4000, 3000)))

    assert image.size == (2560, 1920)


def test_an_appended_script_does_not_survive() -> None:
    data = photos.jpeg() + b"<script>alert('canary')</script>PK\x03\x04"
    photo = actions.keep_photo(data, now=START)

    found = queries.photo_bytes(photo.id)
    assert found is not None
    assert b"canary" not in found
    assert b"PK\x03\x04" not in found


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_from_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = photos.png_bomb()
    assert len(bomb) < 60_000

    def decode(*_: Any, **__: Any) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    assert refusal(bomb) == "photo_too_many_pixels"
    assert refusal(photos.png_bomb(20_000)) == "photo_too_many_pixels"  # Pillow's own limit comes first here


@pytest.mark.parametrize(
    "data", [photos.SVG, photos.EPS, b"", b"GIF89a" + bytes(40), b"%PDF-1.7", b"\xff\xd8"]
)
def test_what_is_no_photo_is_refused_by_its_first_bytes(data: bytes) -> None:
    assert refusal(data) == "not_a_photo"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("make", [photos.jpeg, photos.heic, lambda: photos.encoded(photos.scene(), "PNG")])
def test_a_photo_that_is_cut_off_is_refused(make: Any, share: float) -> None:
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    whole = photos.encoded(noise, "PNG") if make not in (photos.jpeg, photos.heic) else make(noise)

    assert refusal(whole[: int(len(whole) * share)]) == "photo_damaged"


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"\0\0\0\x18ftypheic"]
)
def test_a_right_head_with_rubbish_behind_is_refused(head: bytes) -> None:
    assert refusal(head + chance.token_bytes(300)) == "photo_damaged"


def test_a_file_that_lies_about_its_kind_is_refused() -> None:
    assert refusal(b"\xff\xd8\xff" + photos.SVG) == "photo_damaged"


def test_a_jpeg_of_endless_scans_is_refused_undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = photos.jpeg(progressive=True)
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    monkeypatch.setattr(images, "_opened", lambda *_: pytest.fail("it was opened"))

    assert refusal(data[:start] + data[start:end] * 200 + data[end:]) == "photo_damaged"


def test_a_progressive_jpeg_is_taken() -> None:
    assert kept(photos.jpeg(progressive=True)).size == (800, 600)


def test_too_many_bytes_are_refused_unread() -> None:
    assert refusal(photos.jpeg() + bytes(images.MOST_BYTES)) == "photo_too_large"


def test_a_refused_photo_leaves_nothing(data_dir: Path) -> None:
    refusal(photos.jpeg()[:-200])

    assert not Photo.objects.exists()
    assert not RowKey.objects.exists()
    assert not (data_dir / "photos").exists()


def test_files_are_encrypted_and_for_their_owner_only(data_dir: Path) -> None:
    actions.keep_photo(photos.jpeg(), now=START)

    files = [path for path in (data_dir / "photos").rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        assert b"JFIF" not in path.read_bytes()


def test_a_changed_or_missing_file_is_said(data_dir: Path) -> None:
    photo = actions.keep_photo(photos.jpeg(), now=START)
    (file,) = (data_dir / "photos").rglob("*.full")
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(Broken):
        queries.photo_bytes(photo.id)

    file.unlink()
    with pytest.raises(Broken):
        queries.photo_bytes(photo.id)


def test_a_full_disk_is_said_and_no_row_is_made(data_dir: Path) -> None:
    class Full(storage.Disk):
        def write(self, path: Path, data: bytes) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable):
        actions.keep_photo(photos.jpeg(), now=START, files=storage.Store(data_dir / "photos", Full()))
    assert not Photo.objects.exists()


def test_commitments_follow_a_seed_and_not_the_keys(tmp_path: Path, settings: Any) -> None:
    said = []
    for name in ("one", "two"):
        settings.KEYS, settings.PHOTOS = tmp_path / name / "keys", tmp_path / name / "photos"
        (tmp_path / name).mkdir()
        with chance.seeded(7):
            said.append(actions.keep_photo(photos.jpeg(), now=START).commitment)
        Photo.objects.all().delete()
        RowKey.objects.all().delete()

    assert said[0] == said[1]
