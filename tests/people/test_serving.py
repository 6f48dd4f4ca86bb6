"""Who answers for a post: a case never waits for somebody who is away."""

from __future__ import annotations

import pytest

from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User
from gewu.domain.people import actions, kinds
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.models import UnitKind
from gewu.domain.people.queries import actor_for, get_post, serving, vacancies
from tests.people.cast import NOW, appoint, away, post, town, user

pytestmark = pytest.mark.django_db


def answering(code: str) -> list[str]:
    return [who.username for who in serving(get_post(code), now=NOW)]


@pytest.fixture
def people() -> dict[str, User]:
    return town()


def test_the_holder_answers(people: dict[str, User]) -> None:
    assert answering("worker-left1") == ["worker"]


def test_the_stand_in_answers_for_the_absent(people: dict[str, User]) -> None:
    away(people["worker"], people["director"])
    assert answering("worker-left1") == ["director"]
    hats = actor_for(people["director"], now=NOW).hats
    assert get_post("worker-left1").id in {hat.post_id for hat in hats}


def test_without_a_stand_in_the_question_climbs_level_by_level(people: dict[str, User]) -> None:
    for away_too, answers in (
        ("worker", "lead"),
        ("lead", "director"),
        ("director", "duty_lead"),
        ("duty_lead", "dispatcher"),
    ):
        away(people[away_too])
        assert answering("worker-left1") == [answers]


def test_a_vacant_post_climbs_within_its_own_line(people: dict[str, User]) -> None:
    post("lead", "right1")  # right has no director
    assert answering("lead-right1") == ["duty_lead"]
    assert "lead-right1" in [one.code for one in vacancies("001001002", now=NOW)]
    assert vacancies("001001001", now=NOW) == []


def test_a_closed_account_answers_for_nothing(people: dict[str, User]) -> None:
    accounts.deactivate(people["worker"], actor=SYSTEM, now=NOW)
    assert answering("worker-left1") == ["lead"]
    assert "worker-left1" in [one.code for one in vacancies("", now=NOW)]


def test_stand_ins_that_point_at_each_other_do_not_hang(people: dict[str, User]) -> None:
    away(people["worker"], people["lead"])
    away(people["lead"], people["worker"])
    assert answering("worker-left1") == ["director"]


def test_a_handler_is_answered_for_by_the_head_of_the_unit(people: dict[str, User]) -> None:
    code, names, level = kinds.KINDS[0]
    kind = UnitKind.objects.create(code=code, names={"en": str(names)}, level=level)
    unit = actions.create_unit("firm", kind=kind, level="V", name="Firm", actor=SYSTEM, now=NOW)
    post("handler", "left", unit=unit)
    appoint(user("head"), post("unit_head", "left", unit=unit))
    assert answering("handler-left") == ["head"]


@pytest.mark.parametrize("role", ["supervisor", "privacy_officer", "identity_officer", "administrator"])
def test_nobody_answers_for_oversight_because_a_colleague_left(people: dict[str, User], role: str) -> None:
    post(role, "town")
    assert answering(f"{role}-town") == []
