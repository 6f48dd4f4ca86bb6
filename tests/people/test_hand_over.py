"""A post changes hands, and the next holder finds what is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gewu.core.errors import Invalid
from gewu.domain.journal.models import Entry
from gewu.domain.people import actions, handover
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.handover import OpenMatter
from gewu.domain.people.queries import get_post, handover_pack, holders
from tests.people.cast import AFTER, NOW, TODAY, town, user

pytestmark = pytest.mark.django_db

LATER, SOON = NOW.replace(day=20), NOW.replace(day=11)


@pytest.fixture(autouse=True)
def _open_matters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(handover, "_sources", {})
    handover.register(
        "cases",
        lambda post_id, now: [
            OpenMatter("case", "LT-2026-000003-1", "waiting"),
            OpenMatter("case", "LT-2026-000002-3", "handling", LATER),
            OpenMatter("case", "LT-2026-000001-5", "handling", SOON),
        ],
    )
    return


def test_the_pack_lists_what_is_open_the_most_urgent_first() -> None:
    people = town()
    ann = user("ann")
    seat = get_post("lead-left1")
    pack = actions.hand_over(seat, ann, on=AFTER, actor=SYSTEM, now=NOW)
    assert (pack.outgoing, pack.incoming, pack.on) == (people["lead"].id, ann.id, AFTER)
    assert [matter.due_at for matter in pack.matters] == [SOON, LATER, None]
    assert holders([seat.id], now=NOW) == {seat.id: people["lead"]}
    assert holders([seat.id], now=SOON) == {seat.id: ann}
    entry = Entry.objects.get(kind="post.handed_over")
    assert entry.data["open"] == 3
    assert entry.subject_version == 3


def test_a_vacant_post_is_handed_over_too() -> None:
    town()
    seat = actions.create_post(
        "empty", role="lead", area=get_post("lead-left1").area, title="Lead", actor=SYSTEM, now=NOW
    )
    pack = actions.hand_over(seat, user("ann"), on=TODAY, actor=SYSTEM, now=NOW)
    assert pack.outgoing is None
    assert handover_pack(seat, now=NOW).outgoing == pack.incoming


def test_a_post_is_not_handed_to_its_holder_or_before_the_holder_began() -> None:
    people = town()
    seat = get_post("lead-left1")
    for to, on, code in (
        (people["lead"], AFTER, "same_person"),
        (user("ann"), seat_start(), "handover_too_early"),
    ):
        with pytest.raises(Invalid) as error:
            actions.hand_over(seat, to, on=on, actor=SYSTEM, now=NOW)
        assert error.value.errors[0].code == code
    assert Entry.objects.filter(kind="post.handed_over").count() == 0


def seat_start() -> object:
    return get_post("lead-left1").appointments.get().starts
