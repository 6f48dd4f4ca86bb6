"""Photos really made for these tests, and files that only pretend to be some."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageDraw

RED, BLUE = (200, 30, 30), (30, 30, 200)


def scene(width: int = 800, height: int = 600) -> Image.Image:
    """Red above, blue below: shows which way up it is."""
    image = Image.new("RGB", (width, height), RED)
    ImageDraw.Draw(image).rectangle((0, height // 2, width, height), fill=BLUE)
    return image


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    return encoded(image or scene(), "JPEG", **options)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_position(orientation: int = 1, image: Image.Image | None = None) -> bytes:
    """A JPEG as phones write it: place, time, device, comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x0110] = "Canary Phones", "Model 7"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:10 08:59:01"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (32.0, 29.0, 17.25)
    gps[3], gps[4] = "E", (119.0, 54.0, 41.5)
    return jpeg(image, exif=exif, comment=b"canary comment", quality=90)


def heic(image: Image.Image | None = None) -> bytes:
    import pillow_heif

    out = io.BytesIO()
    pillow_heif.from_pillow(image or scene()).save(out, quality=80)
    return out.getvalue()


def png_bomb(side: int = 13_000) -> bytes:
    """A PNG of 169 megapixels in some twenty kilobytes: nothing but zeros, one bit each."""
    row = b"\x00" + bytes((side + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", body), (b"IEND", b""),
        )
    )  # fmt: skip


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage"
