"""What can happen to a photo beside its case: the public may see a copy, or no longer."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("photo.released", "photo", ("boxes", "commitment")),
        journal.Fact("photo.withheld", "photo"),
    )
