"""What can happen on patrols, as the journal records it. A round is one entry: who closed it, and the date."""

from gewu.domain.journal.facts import Fact, register


def register_facts() -> None:
    """Make them known."""
    register(
        Fact(
            "patrol.planned", "patrol",
            ("kind", "area", "frequency", "every", "starts", "season", "place_kinds", "places", "version"),
        ),
        Fact("patrol.ended", "patrol", ("version",)),
        Fact("patrol.round_closed", "round", ("on",)),
        Fact("patrol.settled", "finding", ("on", "commitments")),
        Fact("visit.agreed", "visit", ("purpose", "area")),
        Fact("visit.cancelled", "visit", ("by",)),
        Fact("visit.done", "visit", ("on", "commitments")),
        Fact("visit.noted", "visit", ("on", "commitments")),
    )  # fmt: skip
