"""What can happen to suggestions, as the journal records it: commitments, never a word."""

from gewu.domain.journal.facts import Fact, register


def register_facts() -> None:
    """Make them known."""
    register(
        Fact("suggestion.written", "suggestion", ("commitment",)),
        Fact("suggestion.answered", "suggestion", ("commitment",)),
    )
