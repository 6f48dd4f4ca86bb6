"""What can happen to the catalogue. Codes and names of changed fields; never their wording."""

from __future__ import annotations

from gewu.domain.journal import facts as journal


def register() -> None:
    """Make the facts known to the journal."""
    journal.register(
        journal.Fact("catalogue.loaded", "catalogue", ("seed", "added", "renewed", "kept")),
        journal.Fact("condition.added", "condition", ("code", "version", "limit", "level", "subclass")),
        journal.Fact(
            "condition.changed", "condition", ("code", "version", "fields", "limit", "level", "before")
        ),
        journal.Fact("subclass.added", "subclass", ("code", "parent")),
        journal.Fact("condition.retired", "condition", ("code", "version")),
    )
