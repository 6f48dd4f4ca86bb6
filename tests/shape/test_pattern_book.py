"""The pattern book has a chapter for every style sheet of components, and none for what is gone."""

from __future__ import annotations

from gewu.web.staff.patterns import BOOK
from tests.shape.sources import ROOT

SHEETS = ROOT / "frontend" / "css" / "components"
CHAPTERS = ROOT / "gewu" / "web" / "templates" / "staff" / "patterns"


def test_every_style_sheet_has_its_chapter() -> None:
    sheets = {path.stem for path in SHEETS.glob("*.css")}
    assert set(BOOK) == sheets
    assert {path.stem for path in CHAPTERS.glob("*.html")} == sheets
