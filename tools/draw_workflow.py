"""Draws docs/workflow.md from the workflow table; `tests/shape/test_workflow_doc.py` compares the two.

.venv/bin/python tools/draw_workflow.py
"""

from __future__ import annotations

import os
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent.parent / "docs" / "workflow.md"


def draw() -> str:
    """The whole page."""
    from django.utils import translation

    with translation.override("en"):
        return "\n".join([*_head(), *_diagram(), *_moves(), *_messages()]) + "\n"


def _head() -> list[str]:
    return [
        "# The workflow table",
        "",
        "Drawn from `gewu/domain/cases/workflow.py` by `tools/draw_workflow.py`; change the table, not this page.",
        "",
    ]


def _diagram() -> list[str]:
    from gewu.domain.cases.workflow import MOVES, STATES

    lines = ["## States", "", "```mermaid", "stateDiagram-v2", "    [*] --> submitted: report"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in MOVES.values():
        for before in sorted(move.frm):
            for after in sorted(move.ends_in(before) - {before}):
                arrows.setdefault((before, after), []).append(move.code)
    lines += [f"    {a} --> {b}: {', '.join(codes)}" for (a, b), codes in arrows.items()]
    return [*lines, "```", "", *[f"- `{code}` {words}" for code, words in STATES.items()], ""]


def _moves() -> list[str]:
    from gewu.domain.cases.workflow import MOVES

    lines = ["## Moves", "", "| move | from | to | by | needs | clocks |", "|---|---|---|---|---|---|"]
    for move in MOVES.values():
        after = {"=": "same", "?": " or ".join(sorted(move.may_end_in))}.get(move.to, move.to)
        needs = ", ".join(f"{ask.name}{'' if ask.required else '?'}" for ask in move.asks) or "–"
        takers = "; ".join(_taker(grant) for grant in move.takers)
        clocks = " ".join(move.clocks) or "–"
        before = ", ".join(sorted(move.frm))
        lines.append(f"| `{move.code}` {move.name} | {before} | {after} | {takers} | {needs} | {clocks} |")
    return [*lines, ""]


def _taker(grant: object) -> str:
    kind, relation = getattr(grant, "kind", ""), getattr(grant, "relation", "")
    if kind != "staff":
        return kind
    roles = getattr(grant, "roles", None)
    return f"{relation}: {', '.join(sorted(roles))}" if roles else f"{relation}: any"


def _messages() -> list[str]:
    from gewu.domain.notify.table import MESSAGES

    lines = ["## Messages", "", "Texts stand in `gewu/domain/notify/texts.py`.", ""]
    lines += ["| after | to | channels | text | always |", "|---|---|---|---|---|"]
    for fact, rows in MESSAGES.items():
        for row in rows:
            always = "yes" if row.when is None else "on a condition"
            lines.append(f"| `{fact}` | {row.whom} | {', '.join(row.channels)} | {row.text} | {always} |")
    return lines


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gewu.config.settings")
    django.setup()
    PAGE.write_text(draw(), encoding="utf-8")
