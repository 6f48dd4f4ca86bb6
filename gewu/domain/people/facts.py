"""What can happen to units, posts and those who hold them. Ids, codes and days; never a name."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("unit.created", "unit", ("code", "kind", "level")),
        journal.Fact("unit.areas_covered", "unit", ("areas",)),
        journal.Fact("post.created", "post", ("code", "role", "level", "area", "unit")),
        journal.Fact("post.appointed", "post", ("user", "starts", "ends", "full_time")),
        journal.Fact("post.ended", "post", ("user", "ends")),
        journal.Fact("post.handed_over", "post", ("outgoing", "incoming", "on", "open")),
        journal.Fact("absence.reported", "absence", ("user", "stand_in", "starts", "ends", "reason")),
        journal.Fact("absence.ended", "absence", ("user", "ends")),
        journal.Fact(
            "people.set_up", "batch", ("kinds", "units", "posts", "people", "appointments", "appointed")
        ),
    )
