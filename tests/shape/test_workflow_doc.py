"""docs/workflow.md is drawn from the table; it must never tell another story."""

from __future__ import annotations

from tools.draw_workflow import PAGE, draw


def test_the_page_shows_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == draw(), "run tools/draw_workflow.py"
