"""Making a photo out of what was sent: judged by its first bytes and header, decoded once, written anew.

Nothing of the original is kept: the picture is turned upright, scaled to at most 2560 pixels, and encoded as a new
JPEG without metadata. So a position, a serial number or an appended script has nowhere to stay. What would need too
much memory is refused from its header, before anything is decoded.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageOps

from gewu.core.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
LONG_SIDE = 2560
THUMB_SIDE = 480
QUALITY = 85
_MEGA = 1_000_000
# JPEG and HEIF are what cameras make, up to 50 Mpx; a PNG or WebP of that size is made to fill the memory.
MOST_PIXELS = {"JPEG": 64 * _MEGA, "HEIF": 64 * _MEGA, "PNG": 40 * _MEGA, "WEBP": 40 * _MEGA}
# A progressive JPEG has about ten scans. Each costs a pass over the whole picture, so thousands of tiny ones would keep
# the decoder busy for hours.
_SCAN, MOST_SCANS = b"\xff\xda", 64
# Pillow's own limit only warns; every limit of ours is below it, so its warning is a refusal too.
warnings.simplefilter("error", Image.DecompressionBombWarning)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
# Two at once: each may need some hundred megabytes for a second.
_decoding = BoundedSemaphore(2)


@dataclass(frozen=True)
class Box:
    """A rectangle to be covered, in pixels of the kept photo."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A photo as it is kept, and its small copy."""

    jpeg: bytes
    thumb: bytes
    width: int
    height: int


def make(data: bytes, *, field: str = "photo") -> Picture:
    """The photo of these bytes; Invalid says in plain words why there is none."""
    if len(data) > MOST_BYTES:
        raise Invalid.at(
            field, "photo_too_large", _("This photo is larger than 20 MB. Please choose a smaller one.")
        )
    kind = sniff(data)
    if kind is None:
        raise Invalid.at(
            field, "not_a_photo", _("This is not a photo. JPEG, PNG, WebP and HEIC can be taken.")
        )
    if kind == "JPEG" and data.count(_SCAN) > MOST_SCANS:
        raise _damaged(field)
    with _decoding:
        image = _upright(_opened(data, kind, field), field)
        return Picture(_encoded(image), _encoded(_small(image)), *image.size)


def sniff(data: bytes) -> str | None:
    """The kind by its first bytes; names and stated types are not believed."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def covered(jpeg: bytes, boxes: list[Box], *, field: str = "boxes") -> bytes:
    """A copy with these rectangles painted over: nothing below them is left in the bytes."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        image.load()
        clean = image.convert("RGB")
    draw = ImageDraw.Draw(clean)
    for number, box in enumerate(boxes):
        right, bottom = box.left + box.width, box.top + box.height
        inside = box.left >= 0 and box.top >= 0 and right <= clean.width and bottom <= clean.height
        if not inside or box.width < 1 or box.height < 1:
            raise Invalid.at(f"{field}.{number}", "box_outside", _("This rectangle lies outside the photo."))
        draw.rectangle((box.left, box.top, right - 1, bottom - 1), fill=(40, 40, 40))
    return _encoded(clean)


def _opened(data: bytes, kind: str, field: str) -> Image.Image:
    if kind == "HEIF" and not _can_read_heif():
        raise Invalid.at(
            field,
            "heic_unsupported",
            _("This server cannot read HEIC photos. Please set the camera to JPEG."),
        )
    try:
        image = Image.open(io.BytesIO(data), formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(field) from None
    except Exception as error:
        raise _damaged(field) from error
    if image.width * image.height > MOST_PIXELS[kind]:
        raise _too_many_pixels(field)
    if kind == "JPEG":
        image.draft(
            "RGB", (LONG_SIDE, LONG_SIDE)
        )  # decodes a large photo at a half or quarter: less memory, sooner
    return image


def _upright(image: Image.Image, field: str) -> Image.Image:
    try:
        # Scaled first and in place: every later step copies, and a copy of 48 megapixels is 150 MB.
        plain = _plain(image)
        plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        small = _on_white(ImageOps.exif_transpose(plain))
    except Exception as error:
        # Decoders fail in many ways on damaged bytes; each of them means the same to the person who sent them.
        raise _damaged(field) from error
    # A new image: colour profile, comment and every other word of the old one stay behind.
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    return clean


def _plain(image: Image.Image) -> Image.Image:
    """The decoded image in a mode that can be scaled without loss."""
    image.load()
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if "transparency" in image.info or image.mode == "PA":
        return image.convert("RGBA")
    return image.convert("RGB") if image.mode in ("P", "1", "I", "F") else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image.convert("RGBA"), mask=image.getchannel("A"))
    return ground


def _small(image: Image.Image) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return copy


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _can_read_heif() -> bool:
    """The decoder is a compiled package that some machines do not have."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener(thumbnails=False)
    return True


def _damaged(field: str) -> Invalid:
    return Invalid.at(
        field, "photo_damaged", _("This photo is damaged or incomplete. Please take or choose it again.")
    )


def _too_many_pixels(field: str) -> Invalid:
    message = _("This picture has too many pixels. Please choose a smaller one.")
    return Invalid.at(field, "photo_too_many_pixels", message)
