"""What can happen to a case: the report, each move of the workflow table, and what the clocks do."""

from __future__ import annotations

from gewu.domain.journal import facts as journal

FIELDS = (
    "move", "from", "to", "level_from", "level_to", "condition", "grid", "unit", "source", "holder_from", "holder_to",
    "reason", "on_time", "stage", "closing", "confirmation", "rating", "returns", "sensitivity", "emergency", "texts",
    "commitments", "photos", "other", "units", "limit", "decision", "located", "fresh", "handled_level", "as_note",
    "grid_from", "late_from", "late", "done_at", "exempt",
)  # fmt: skip


def register() -> None:
    """Make the facts known to the journal."""
    from gewu.domain.cases.workflow import MOVES

    journal.register(
        journal.Fact("case.report", "case", FIELDS),
        journal.Fact("case.joined", "case", (*FIELDS, "report")),
        *(journal.Fact(move.action, "case", FIELDS) for move in MOVES.values()),
        journal.Fact("case.warned", "case", (*FIELDS, "clock", "warning", "level", "provisional")),
        journal.Fact("case.absent", "case", FIELDS),
        journal.Fact("case.stuck", "case", ("kind", "level")),
        journal.Fact("case.recheck_drawn", "case", ("seed", "week", "area")),
        journal.Fact("case.rechecked", "case", ("result",)),
        journal.Fact("case.moved_border", "case", (*FIELDS, "version_from", "version_to")),
        journal.Fact("case.revealed", "case", ("facet", "reason")),
        journal.Fact("case.exported", "case", ("reason",)),
        journal.Fact("cases.exported", "batch", ("count", "reason")),
        journal.Fact("bulk.asked", "bulk", ("move", "count", "second")),
        journal.Fact("bulk.confirmed", "bulk", ("move", "count")),
        journal.Fact("bulk.called_off", "bulk", ("move", "count")),
        journal.Fact("bulk.done", "bulk", ("move", "count", "failed")),
    )
