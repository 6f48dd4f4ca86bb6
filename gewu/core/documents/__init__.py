"""Paper: typst sets a template with data and gives a PDF.

A template lies in `templates/NAME.typ` and reads its data with ``json(bytes(sys.inputs.data))``; nothing of a document
is put together as source, so no text of a person can become mark-up. The font comes from an npm package at build time
(Makefile) and is the only one used: typst draws empty boxes without an error when a font is missing, so its absence is
refused here. The same data give the same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno
import typst

from gewu.core.errors import Broken
from gewu.core.sentences import sentence as _

HERE = Path(__file__).resolve().parent
TEMPLATES, FONTS = HERE / "templates", HERE / "fonts"
FONT_FILES = ("NotoSansSC_400Regular.ttf", "NotoSansSC_600SemiBold.ttf")


def set_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `templates/<template>.typ` with `data` (JSON values).

    Raises `Broken` when the fonts were not built.
    """
    if missing_fonts():
        raise Broken(_("The font for documents is missing. The administrator can run: make install"))
    made: bytes = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made


def missing_fonts() -> list[str]:
    """Font files that the build should have put beside this module."""
    return [name for name in FONT_FILES if not (FONTS / name).is_file()]


def qr_svg(content: str) -> str:
    """A QR code as SVG for a template: a quarter of it may be torn or dirty and it still reads."""
    drawn = io.BytesIO()
    segno.make(content, error="q", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
