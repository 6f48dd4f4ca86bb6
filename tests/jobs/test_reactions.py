"""Each fact of the program has its reactions or says that nothing follows."""

from __future__ import annotations

import pytest

from gewu.domain.journal.facts import all_facts
from gewu.domain.notify.table import MESSAGES
from gewu.jobs import reactions

EXPLICIT = ("bulk", "case")


def test_every_fact_has_a_row() -> None:
    # Tests of the journal paint benches in the same process.
    kinds = {fact.kind for fact in all_facts() if fact.subject != "bench"}
    listed = {
        kind
        for kind in kinds
        if kind in reactions.REACTIONS or kind.split(".")[0] in reactions.NOTHING_FOLLOWS
    }
    assert kinds - listed == set()
    assert {kind for kind in kinds if kind.split(".")[0] in EXPLICIT} <= set(reactions.REACTIONS)


def test_no_row_is_left_over() -> None:
    assert set(reactions.REACTIONS) - {fact.kind for fact in all_facts()} == set()


def test_whatever_has_messages_tells() -> None:
    telling = {kind for kind, row in reactions.REACTIONS.items() if reactions.tell in row}
    assert telling == {kind for kind, rows in MESSAGES.items() if rows}


@pytest.mark.parametrize("reaction", [reactions.tell, reactions.follow_border])
def test_a_stumble_finds_its_reaction_again(reaction: reactions.Reaction) -> None:
    assert reactions.named(reaction.__name__) is reaction
