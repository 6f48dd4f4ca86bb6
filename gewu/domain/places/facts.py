"""What can happen to places, as the journal records it: codes and numbers, never a name of a person."""

from gewu.domain.journal.facts import Fact, register


def register_facts() -> None:
    """Make them known."""
    register(
        Fact("places.set_up", "batch", ("created", "changed")),
        Fact("place.added", "place", ("code", "kind", "area")),
        Fact("place.changed", "place", ("code", "fields")),
        Fact("place.sign_renewed", "place", ("code",)),
        Fact("places.printed", "batch", ("count",)),
    )
