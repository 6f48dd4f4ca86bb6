"""More words: additions, corrections, internal notes."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from gewu.domain.cases.models import CasePhoto, CaseText
from gewu.domain.cases.queries import moves_for, view_case
from gewu.domain.privacy import texts
from gewu.domain.privacy.models import RowKey
from tests.cases.refusals import invalid, refused
from tests.town import NOW, actor, do, fresh, join, photo, report_case, reporter, walk_to


def test_the_reporter_adds_words_and_photos(town: ModuleType) -> None:
    told = report_case()
    case = do("add", told, reporter(told), text="今天更多了", photos=[str(photo().pk)])

    assert case.version == 2
    assert CaseText.objects.get(case=case, version=2).public
    assert CasePhoto.objects.get(case=case).by_reporter


def test_staff_add_what_only_staff_read(town: ModuleType) -> None:
    told = walk_to("handling")
    do("add", told, "worker_a1", text="已拍照", photos=[str(photo().pk)])
    assert not CaseText.objects.get(case=told.case, kind="addition").public
    assert CasePhoto.objects.get(case=told.case).kind == "before"


def test_nothing_is_no_addition(town: ModuleType) -> None:
    with invalid(text="required"):
        do("add", report_case(), "lead_a1", text=" ", photos=[])


def test_within_five_minutes_the_reporter_corrects_and_the_old_words_are_destroyed(town: ModuleType) -> None:
    told = report_case(text="王小明乱倒垃圾")
    old = told.case.text_id
    case = do("correct", told, reporter(told), text="有人乱倒垃圾", now=NOW + timedelta(minutes=5))

    assert texts.read([old, case.text_id]) == {case.text_id: "有人乱倒垃圾"}
    assert not RowKey.objects.filter(id=old, wrapped__isnull=False).exists()
    assert not CaseText.objects.filter(text_id=old).exists()


def test_later_there_is_adding_only(town: ModuleType) -> None:
    told = report_case()
    with refused("too_late"):
        do("correct", told, reporter(told), now=NOW + timedelta(minutes=5, seconds=1))
    with refused("wrong_state"):
        do("correct", walk_to("accepted", told), reporter(told))


def test_who_joined_does_not_touch_the_first_ones_words(town: ModuleType) -> None:
    told, twin = report_case(text="王小明乱倒垃圾"), report_case()
    other = join(told.case.number)
    do("merge", twin, "lead_a1", into=told.case.number)
    for neighbour in (other, twin):
        with refused("not_yours"):
            do("correct", told, reporter(neighbour), text="没有的事")
        assert "correct" not in {move.code for move in moves_for(fresh(told), reporter(neighbour))}
    assert texts.read([fresh(told).text_id]) == {told.case.text_id: "王小明乱倒垃圾"}


def test_staff_never_correct_the_reporters_words(town: ModuleType) -> None:
    with refused("not_yours"):
        do("correct", report_case(), "lead_a1")


def test_an_internal_note_stays_inside(town: ModuleType) -> None:
    told = walk_to("handling")
    do("internal_note", told, "worker_a1", text="业主脾气不好")

    by_staff = view_case(told.case.number, actor=actor("lead_a1"))
    by_reporter = view_case(told.case.number, actor=reporter(told))
    assert "业主脾气不好" in {words for act in by_staff.story for _row, words in act.texts}
    assert "业主脾气不好" not in {words for act in by_reporter.story for _row, words in act.texts}


def test_notes_are_possible_in_every_state(town: ModuleType) -> None:
    for state in ("submitted", "waiting", "declined", "closed"):
        told = walk_to(state)
        assert do("internal_note", told, "lead_a1").state == state
        assert fresh(told).state == state


def test_a_statement_is_given_by_a_side_only(town: ModuleType) -> None:
    with refused("not_a_side"):
        do("internal_note", walk_to("handling"), "worker_a1", statement=True)


def test_a_note_has_words(town: ModuleType) -> None:
    with invalid(text="required"):
        do("internal_note", walk_to("handling"), "worker_a1", text="")
