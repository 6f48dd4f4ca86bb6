"""Of a private case triage sees that it is there; words and names open to those assigned, or with a reason."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from django.utils.translation import override

from gewu.core.errors import NotFound, Refused
from gewu.domain.access.table import may
from gewu.domain.areas.models import Area
from gewu.domain.cases import queries
from gewu.domain.cases.actions import Reported, looking
from gewu.domain.cases.models import Report
from gewu.domain.figures import proof
from gewu.domain.figures import queries as figures
from gewu.domain.journal.queries import history
from gewu.domain.people.models import Post
from gewu.domain.privacy import looks
from gewu.domain.privacy.contact_data import ContactInput
from tests.cases.refusals import invalid, refused
from tests.town import (
    DISCIPLINE,
    DISPUTE,
    LABOUR_PAY,
    NOW,
    ROAD,
    WASTE,
    actor,
    at,
    at_level,
    do,
    fresh,
    join,
    people_who,
    report_case,
    reporter,
    walk_to,
)


def test_triage_lists_a_private_case_and_does_not_read_it(town: ModuleType) -> None:
    told = report_case(DISPUTE, text="夫妻争吵")
    seen = queries.view_case(told.case.number, actor=actor("director_a"))

    assert (seen.readable, seen.text, seen.place) == (False, "", "")
    assert all(not act.texts for act in seen.story)
    (line,) = [
        one
        for one in queries.queue(actor("director_a"), queries.Filter()).lines
        if one.case.pk == told.case.pk
    ]
    assert (line.readable, line.text) == (False, "")


def test_who_is_assigned_reads_it(town: ModuleType) -> None:
    told = report_case(DISPUTE, text="夫妻争吵")
    do("accept", told, "director_a")
    do("assign", told, "director_a", to="post:committee-hand-a")

    assert queries.view_case(told.case.number, actor=actor("committee_hand_a")).text == "夫妻争吵"
    assert people_who(lambda one: may(one, "case.read", fresh(told))) == {"committee_hand_a"}


def test_a_worker_does_not_even_find_it(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        queries.get_case(report_case(DISPUTE).case.number, actor=actor("worker_a1"))


def test_the_duty_lead_reads_with_a_reason_that_the_reporter_can_see(town: ModuleType) -> None:
    told = report_case(DISPUTE, text="夫妻争吵")
    assert queries.view_case(told.case.number, actor=actor("duty_lead")).reasoned

    seen = looking.read_with_reason(told.case.number, reason="duty", actor=actor("duty_lead"), now=NOW)
    assert seen.text == "夫妻争吵"
    (look,) = looks.of_case(told.case.pk, now=NOW)
    assert (look.facet, look.post) == ("text", "duty-lead")


def test_who_looked_is_told_in_the_readers_language_and_as_it_was_called_then(town: ModuleType) -> None:
    told = report_case(DISPUTE, text="夫妻争吵")
    looking.read_with_reason(told.case.number, reason="duty", actor=actor("duty_lead"), now=NOW)
    Post.objects.filter(code="duty-lead").update(names={"zh-hant": "值班長", "en": "Duty lead"})
    for language, called in (("zh-hant", "值班長"), ("en", "Duty lead"), ("zh-hans", "duty-lead")):
        with override(language):
            assert looks.of_case(told.case.pk, now=NOW)[0].post == called
    Post.objects.filter(code="duty-lead").update(title="夜班")  # the seat is another one by now
    with override("en"):
        assert looks.of_case(told.case.pk, now=NOW)[0].post == "duty-lead"


def test_nobody_else_of_the_triage_does(town: ModuleType) -> None:
    told = report_case(DISPUTE)
    for who in ("director_a", "dispatcher", "intake"):
        with refused("not_yours"):
            looking.read_with_reason(told.case.number, reason="x", actor=actor(who), now=NOW)


def test_a_department_sees_its_own_matters_only(town: ModuleType) -> None:
    told = report_case("1212")
    assert queries.get_case(told.case.number, actor=actor("police_hand")).level == "D"
    for who in ("urban_hand", "transport_hand"):
        with pytest.raises(NotFound):
            queries.get_case(told.case.number, actor=actor(who))


def test_a_department_sees_what_becomes_its_matter_later(town: ModuleType) -> None:
    told = walk_to("handling")
    do("recategorise", told, "lead_a1", condition="1212")
    seen = queries.get_case(told.case.number, actor=actor("police_hand"))
    assert (seen.level, seen.start_level) == ("G", "D")
    assert seen in [line.case for line in queries.queue(actor("police_hand"), queries.Filter()).lines]


def test_a_department_sees_no_more_what_was_only_called_its_matter(town: ModuleType) -> None:
    told = report_case("1212")
    do("accept", told, "dispatcher")
    case = do("recategorise", told, "dispatcher", condition=ROAD)
    assert case.level == "D", "it lies where it lies"
    for who in ("police_hand", "transport_hand"):
        with pytest.raises(NotFound):
            queries.get_case(told.case.number, actor=actor(who))


def test_a_department_does_not_see_what_was_never_its(town: ModuleType) -> None:
    with pytest.raises(NotFound):
        queries.get_case(report_case().case.number, actor=actor("urban_hand"))
    told = at_level("D")
    do("assign", told, "urban_dispatcher", to="unit:urban")
    do("hand_back", told, "urban_hand")
    assert queries.get_case(told.case.number, actor=actor("urban_hand"))  # held it once
    with pytest.raises(NotFound):
        queries.get_case(told.case.number, actor=actor("transport_hand"))


def test_a_confidential_report_is_sealed_or_refused_before_anything_is_kept(town: ModuleType) -> None:
    """Without three officers who made their keys nothing can be sealed, so nothing is taken."""
    with pytest.raises(Refused):
        report_case(DISCIPLINE, contact=ContactInput(name="李四", phone="13800000000"))
    assert report_case(DISCIPLINE).case.sensitivity == "confidential"


def test_a_confidential_report_joins_no_other(town: ModuleType) -> None:
    """What it says and whose it is would be kept as openly as what the others said."""
    told = report_case()
    contact = ContactInput(name="李四", phone="13800000000")
    for asked in ({"confidential": True}, {"about_unit": "team"}):
        with invalid(confidential="stands_alone"):
            join(told.case.number, contact=contact, **asked)
    assert Report.objects.filter(case=told.case).count() == 1


def test_the_hour_of_a_confidential_report_is_told_to_its_reporter_alone(town: ModuleType) -> None:
    told = report_case(DISCIPLINE, now=at(10, 9, 37))
    do("accept", told, "duty_lead", now=at(10, 9, 50))
    do("assign", told, "duty_lead", to="unit:judicial", now=at(10, 9, 50))
    do("add", told, reporter(told), now=at(10, 9, 58))
    for who in ("duty_lead", "judicial_hand"):
        story = queries.view_case(told.case.number, actor=actor(who)).story
        assert [one.at for one in story] == [at(10, 0), at(10, 9, 50), at(10, 9, 50), at(10, 0)]
    assert fresh(told).filed_at == at(10, 0)
    own = queries.view_case(told.case.number, actor=reporter(told)).story
    assert [one.at for one in own][::3] == [at(10, 9, 37), at(10, 9, 58)]
    other = report_case(now=at(10, 9, 37))
    (first,) = queries.view_case(other.case.number, actor=actor("duty_lead")).story
    assert (first.at, fresh(other).filed_at) == (at(10, 9, 37), at(10, 9, 37))


def test_the_reporter_may_tick_confidential_anywhere(town: ModuleType) -> None:
    assert report_case(confidential=True).case.sensitivity == "confidential"


def test_a_handler_of_a_confidential_case_never_gets_its_contact(town: ModuleType) -> None:
    told = report_case(confidential=True)
    do("accept", told, "lead_a1")
    do("assign", told, "lead_a1", to="post:lead-a1")
    with refused("not_yours"):
        looking.reveal_contact(told.case.number, reason="call_back", actor=actor("lead_a1"), now=NOW)


def test_administrators_and_evaluators_see_no_case(town: ModuleType) -> None:
    told = report_case()
    for who in ("administrator", "evaluator", "supervisor", "privacy_officer", "identity_officer_1"):
        with pytest.raises(NotFound):
            queries.get_case(told.case.number, actor=actor(who))


def taken(condition: str, who: str, **more: Any) -> Reported:
    """A private case that its level's triage has accepted."""
    told = report_case(condition, **more)
    do("accept", told, who)
    return told


def readers(told: Reported) -> set[str]:
    case = fresh(told)
    return people_who(lambda one: may(one, "case.read", case))


def test_who_held_it_once_reads_it_no_more(town: ModuleType) -> None:
    told = taken(LABOUR_PAY, "dispatcher", contact=ContactInput(phone="13800000000"))
    do("assign", told, "dispatcher", to="unit:team")
    assert readers(told) == {"team_hand", "team_head"}
    do("transfer", told, "team_hand", to="unit:judicial")

    assert readers(told) == {"judicial_hand"}
    assert queries.get_case(
        told.case.number, actor=actor("team_hand")
    )  # its number and state go on being known
    with refused("not_yours"):
        looking.reveal_contact(told.case.number, reason="ask_back", actor=actor("team_hand"), now=NOW)


def test_who_helps_reads_it_while_it_helps(town: ModuleType) -> None:
    told = taken(LABOUR_PAY, "dispatcher")
    do("assign", told, "dispatcher", to="unit:judicial")
    do("join", told, "judicial_hand", unit="team")
    assert readers(told) == {"judicial_hand", "team_hand", "team_head"}
    do("leave", told, "team_hand")
    assert readers(told) == {"judicial_hand"}


def test_who_was_whistled_to_reads_it_until_it_leaves(town: ModuleType) -> None:
    told = taken(LABOUR_PAY, "dispatcher")
    do("whistle", told, "duty_lead", units=["team", "safety"], lead="team")
    assert "safety_hand" in readers(told)
    do("leave", told, "safety_hand")
    assert readers(told) == {"team_hand", "team_head"}


def test_a_side_reads_it_until_it_has_spoken_or_was_decided(town: ModuleType) -> None:
    told = taken(LABOUR_PAY, "dispatcher")
    do("assign", told, "dispatcher", to="unit:team")
    do("transfer", told, "team_hand", to="unit:judicial")
    do("transfer", told, "judicial_hand", to="unit:safety")  # the second time: both sides are heard
    assert readers(told) == {"judicial_hand", "safety_hand"}
    do("internal_note", told, "judicial_hand", statement=True)
    assert readers(told) == {"safety_hand"}


def test_a_side_that_never_spoke_has_no_part_after_the_decision(town: ModuleType) -> None:
    told = taken(DISPUTE, "director_a")
    do("assign", told, "director_a", to="unit:property")
    do("transfer", told, "property_hand", to="unit:committee-a")
    do("transfer", told, "director_a", to="post:committee-hand-a")
    assert {"director_a", "committee_hand_a"} <= readers(told)
    do("decide_holder", told, "dispatcher", to="unit:property", now=at(20))
    assert readers(told) == {"property_hand"}


def test_who_typed_it_in_sees_of_a_private_case_what_triage_sees(town: ModuleType) -> None:
    told = report_case(DISPUTE, by=actor("contact_a1"), source="phone")
    seen = queries.view_case(told.case.number, actor=actor("contact_a1"))
    assert (seen.readable, seen.text) == (False, "")
    ordinary = report_case(by=actor("contact_a1"), source="phone")
    assert queries.view_case(ordinary.case.number, actor=actor("contact_a1")).readable


def test_what_was_joined_with_a_case_becomes_as_private_as_that(town: ModuleType) -> None:
    twin, main = report_case(text="隔壁又吵了一夜"), report_case()
    do("merge", twin, "director_a", into=main.case.number)
    do("accept", main, "director_a", condition=DISPUTE)

    seen = queries.view_case(twin.case.number, actor=actor("director_a"))
    assert (seen.readable, seen.text) == (False, "")
    assert do("unmerge", twin, "director_a").sensitivity == "private"


def test_of_a_private_matter_the_grid_is_told_and_nothing_smaller(town: ModuleType) -> None:
    """Reported in a micro-grid, which may be one stairway; it may also turn private on the way, with what is joined."""
    grid = Area.objects.get(code="a1")
    stairway = Area.objects.create(
        code="a1-3",
        level="microgrid",
        parent=grid,
        path=f"{grid.path}003",
        name="3号楼",
        valid_from=NOW.date(),
    )

    def lies_in(told: Reported) -> tuple[str, str]:
        case = fresh(told)
        return case.filed_area.code, case.scope_path

    plain, twin = (report_case(at=None, area_code="a1-3") for _each in range(2))
    assert lies_in(plain) == ("a1-3", stairway.path)
    for condition, more in ((DISPUTE, {}), (DISCIPLINE, {}), (WASTE, {"confidential": True})):
        assert lies_in(report_case(condition, at=None, area_code="a1-3", **more)) == ("a1", grid.path)

    do("merge", twin, "lead_a1", into=plain.case.number)
    do("accept", plain, "lead_a1", condition=DISPUTE)
    assert lies_in(plain) == ("a1", grid.path)
    assert lies_in(twin) == ("a1", grid.path)
    (entry,) = [one for one in history(("case", plain.case.pk)) if one.kind == "case.accept"]
    assert (entry.data["grid_from"], entry.data["grid"]) == (stairway.path, grid.path)

    do("unmerge", twin, "director_a")
    assert lies_in(twin) == ("a1", grid.path)
    assert figures.stock(stairway.path).get(("", "open_delta"), 0) == 0
    assert proof.prove() == []
