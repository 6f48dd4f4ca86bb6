"""What can happen to the installation itself. Codes, years and counts; never a name or a phone."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("installation.opened", "installation", ("code", "prefix", "zone", "model")),
        journal.Fact(
            "calendar.days_set", "installation", ("years", "published", "added", "changed", "calendar")
        ),
        journal.Fact("calendar.hours_set", "installation", ("before", "after", "calendar")),
    )
