"""What can happen to the map."""

from __future__ import annotations

from gewu.domain.journal.facts import Fact
from gewu.domain.journal.facts import register as register_facts

BORDERS_IMPORTED = "areas.borders_imported"
BORDERS_DISCARDED = "areas.borders_discarded"
BORDERS_IN_FORCE = "areas.borders_in_force"


def register() -> None:
    """Called once when the program starts."""
    register_facts(
        Fact(
            BORDERS_IMPORTED,
            "border_version",
            ("number", "areas", "added", "gone", "accepted", "ignored", "within"),
        ),
        Fact(BORDERS_DISCARDED, "border_version", ("number", "areas")),
        Fact(BORDERS_IN_FORCE, "border_version", ("number", "replaced", "areas", "ended")),
    )
