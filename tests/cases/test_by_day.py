"""Of a confidential report the hour can be worked out nowhere: two worlds that differ in nothing but the hour at which
its reporter acted look the same to everybody else, at every door and at each point of its course.

The report comes at 8:07 or at 9:23, the answer, the refusal and the last word at other hours too; everything that
staff do, and an ordinary report in between, has one hour in both. Each door is a row of the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from python_calamine import CalamineWorkbook

from gewu.core import chance
from gewu.core.clock import DrivenClock
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.actions.timers import find_still, fire_due
from gewu.domain.cases.models import Case, Clock, Report
from gewu.domain.cases.queries import view_case
from gewu.domain.journal import actions as journal
from gewu.domain.journal.models import Entry
from gewu.domain.journal.queries import history
from gewu.domain.media.actions import keep_photo
from gewu.domain.notify.actions import tell
from gewu.domain.notify.models import Message
from gewu.domain.notify.recipients import EMAIL
from gewu.domain.papers import case_files
from tests.api.caller import Caller
from tests.media.photos import jpeg
from tests.town import (
    DISCIPLINE,
    FIRE,
    NOW,
    OTHER,
    actor,
    at,
    do,
    fresh,
    photo,
    report_case,
    reporter,
    rolled_back,
)
from tests.web.staff.pages import client_of

HOURS = {"early": (8, 7), "late": (9, 23)}
Look = Callable[[str, datetime], str]


def _page(who: str, address: str) -> Look:
    return lambda number, now: client_of(who).get(address.replace("NUMBER", number)).content.decode()


def _api(who: str, path: str) -> Look:
    return lambda number, now: Caller().as_(who).get(path.replace("NUMBER", number)).content.decode()


def _notices(who: str) -> Look:
    """Page and API; those of one day stand in no order."""

    def look(number: str, now: datetime) -> str:
        page = client_of(who).get("/staff/inbox").content.decode().split("<li ")
        told = Caller().as_(who).get("inbox").json()["items"]
        return json.dumps([sorted(page), sorted(one["text"] + one["at"] for one in told)])

    return look


def _table(number: str, now: datetime) -> str:
    answer = client_of("duty_lead").post("/staff/cases/list.xlsx?view=open", {"reason": "meeting"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return json.dumps([[str(cell) for cell in row] for row in rows])


def _file(number: str, now: datetime) -> str:
    who = actor("judicial_hand" if Case.objects.get(number=number).state != "submitted" else "duty_lead")
    return json.dumps(case_files._file_data(view_case(number, actor=who, whole=True), who, now), default=str)


def _mails(number: str, now: datetime) -> str:
    waiting = Message.objects.filter(channel=EMAIL).order_by("not_before", "code", "recipient")
    return json.dumps([[m.code, m.recipient, str(m.not_before), str(m.queued_at), m.facts] for m in waiting])


def _live(number: str, now: datetime) -> str:
    points = client_of("duty_lead").get("/live/points?area=321204001").content.decode()
    return points + client_of("duty_lead").get("/live/queue?view=open").content.decode()


DOORS: dict[str, Look] = {
    **{
        f"queue, {view}": _page("duty_lead", f"/staff/?view={view}")
        for view in ("due", "desk", "overdue", "rest", "closed", "all")
    },
    "page of who triages": _page("duty_lead", "/staff/cases/NUMBER"),
    "page of who holds it": _page("judicial_hand", "/staff/cases/NUMBER"),
    "beside the list": _page("duty_lead", "/staff/cases/NUMBER/pane"),
    "command screen": _page("duty_lead", "/staff/command"),
    "notices of who triages": _notices("duty_lead"),
    "notices of who holds it": _notices("judicial_hand"),
    "handover": _page("administrator", "/staff/posts/duty-lead"),
    "live": _live,
    "table": _table,
    "case file": _file,
    "mails": _mails,
    "API, list": _api("duty_lead", "cases"),
    "API, newest": _api("duty_lead", "cases?order=filed"),
    "API, one": _api("judicial_hand", "cases/NUMBER"),
    "API, phone": _api("judicial_hand", "field"),
}


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path, clock: DrivenClock) -> None:
    settings.PHOTOS = tmp_path / "photos"
    settings.PHOTOS.mkdir()


def _course(clock: DrivenClock, hour: int, minute: int) -> Iterator[tuple[str, Reported]]:
    """Its whole course; stops where somebody may look."""

    def go_on(to: datetime) -> datetime:
        _pass_time(clock, to)
        return to

    def confidential() -> Reported:
        return report_case(DISCIPLINE, photos=[str(photo().pk)], now=go_on(at(10, hour, minute)))

    told = confidential() if hour < 9 else None
    report_case(now=go_on(at(10, 9)))
    told = told or confidential()
    go_on(at(10, 16))
    yield "new", told
    go_on(at(11, 9))
    yield "not accepted in time", told
    do("accept", told, "duty_lead", now=go_on(at(11, 9, 30)))
    do("assign", told, "duty_lead", to="unit:judicial", now=go_on(at(11, 9, 40)))
    do("start", told, "judicial_hand", now=go_on(at(11, 10)))
    do("ask_reporter", told, "judicial_hand", now=go_on(at(11, 11)))
    go_on(at(12, 8))
    do("answer", told, reporter(told), now=go_on(at(12, hour, minute)))
    go_on(at(12, 17))
    yield "answered", told
    go_on(at(24, 9))
    yield "overdue", told
    do("report_done", told, "judicial_hand", closing_met=True, photos=[], now=go_on(at(24, 10)))
    do("verify", told, "duty_lead", now=go_on(at(24, 11)))
    go_on(at(25, 8))
    do("refuse", told, reporter(told), now=go_on(at(25, hour, minute)))
    go_on(at(25, 17))
    yield "refused", told
    do("transfer", told, "urban_dispatcher", to="unit:urban", now=go_on(at(26, 9)))
    do("start", told, "urban_hand", now=go_on(at(26, 9)))
    do("report_done", told, "urban_hand", photos=[], now=go_on(at(26, 9)))
    do("verify", told, "duty_lead", now=go_on(at(26, 10)))
    go_on(at(27, 8))
    do("rate", told, reporter(told), now=go_on(at(27, hour, minute)))
    go_on(at(27, 17))
    yield "closed", told


def _pass_time(clock: DrivenClock, to: datetime) -> None:
    """The worker's passes on the way, each full hour, and the messages they bring."""
    passes = clock.now().replace(minute=0)
    while (passes := passes + timedelta(hours=1)) <= to:
        clock.set(passes)
        while fire_due(passes):
            pass
        find_still(passes)
        _tell(passes)
    clock.set(to)


def _tell(now: datetime) -> None:
    told = Message.objects.values("entry_id")
    for entry in Entry.objects.exclude(pk__in=told).order_by("at", "id"):
        tell(entry, now=now)


def _seen(clock: DrivenClock, hour: int, minute: int) -> dict[tuple[str, str], str]:
    found = {}
    clock.set(at(9, 9))
    with rolled_back():
        for stop, told in _course(clock, hour, minute):
            journal.seal_all(clock.now())
            for name, look in DOORS.items():
                found[stop, name] = _plain(look(told.case.number, clock.now()), told)
    return found


_RANDOM = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{12,}…?|[A-Za-z0-9]{64}|~[0-9a-f]*|\"device\":\"[^\"]*"
)


def _plain(page: str, told: Reported) -> str:
    """Without what is drawn at random: numbers, ids, tokens."""
    page = re.sub(r"LT-2026-\d{6}-\d", "NUMBER", page)
    return _RANDOM.sub("·", page)


@pytest.mark.one_store  # what is shown of a moment is worked out in Python
def test_two_hours_look_alike_at_every_door(
    town: ModuleType, clock: DrivenClock, settings: Any, tmp_path: Path
) -> None:
    worlds = []
    for name, hour in HOURS.items():
        settings.HEADS = tmp_path / name  # each world has a journal of its own
        worlds.append(_seen(clock, *hour))
    early, late = worlds
    assert early.keys() == late.keys()
    differing = {
        f"{stop}: {door}": _difference(early[stop, door], late[stop, door])
        for stop, door in early
        if early[stop, door] != late[stop, door]
    }
    assert differing == {}


def _difference(one: str, other: str) -> str:
    at_sign = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(0, at_sign - 120) : at_sign + 60]}… ≠ …{other[max(0, at_sign - 10) : at_sign + 60]}…"


def test_what_makes_the_worlds_alike_is_no_blindness(town: ModuleType, clock: DrivenClock) -> None:
    """The same two hours of an ordinary report are told apart."""
    found = []
    for hour, minute in HOURS.values():
        with rolled_back():
            clock.set(at(10, 12))
            told = report_case(now=at(10, hour, minute))
            page = _page("duty_lead", "/staff/cases/NUMBER")(told.case.number, at(10, 12))
            found.append(f"{hour:02d}:{minute:02d}" in page)
    assert found == [True, True]


def test_clocks_stay_exact_within(town: ModuleType) -> None:
    """In time is what was accepted within two working hours of the report, to the second."""
    for minute, in_time in ((37, 1), (38, 0)):
        told = report_case(DISCIPLINE, now=at(10, 9, 37))
        assert Clock.objects.get(case=told.case, kind="accept").due_at == at(10, 11, 37)
        do("accept", told, "duty_lead", now=at(10, 11, minute))
        (entry,) = [one for one in history(("case", told.case.pk)) if one.kind == "case.accept"]
        assert entry.data["stage"][0].endswith(f":{in_time}")
        assert view_case(told.case.number, actor=reporter(told)).clocks[0].due_at == at(10, 11, 37)


def test_an_overdue_acceptance_is_told_when_its_day_is_over(town: ModuleType, clock: DrivenClock) -> None:
    told = report_case(DISCIPLINE, now=at(10, 9, 37))
    clock.set(at(10, 9, 37))
    _pass_time(clock, at(12, 9))
    warned = [
        (one.at, one.data["warning"]) for one in history(("case", told.case.pk)) if one.kind == "case.warned"
    ]
    assert warned == [(at(11, 0), "overdue")]


def test_in_an_emergency_help_goes_first(town: ModuleType, clock: DrivenClock) -> None:
    told = report_case(FIRE, confidential=True, now=at(10, 9, 37))
    clock.set(at(10, 9, 37))
    _pass_time(clock, at(10, 10))
    (entry,) = [one for one in history(("case", told.case.pk)) if one.kind == "case.warned"]
    assert (entry.at, entry.data["warning"]) == (at(10, 10), "overdue")
    story = view_case(told.case.number, actor=actor("duty_lead")).story
    assert [one.at for one in story] == [at(10, 0), at(10, 0)]


def test_a_case_that_turns_confidential_keeps_days_from_then_on(town: ModuleType) -> None:
    told, twin = report_case(now=at(10, 9, 37)), report_case(now=at(10, 9, 38))
    do("merge", twin, "lead_a1", into=told.case.number, now=at(10, 10))
    case = do("recategorise", told, "duty_lead", condition=DISCIPLINE, now=at(10, 10, 30))
    assert (case.filed_at, case.due_at) == (at(10, 0), at(10, 0))
    assert fresh(twin).filed_at == at(10, 0)
    assert Clock.objects.get(case=case, kind="accept", stopped_at=None).next_at == at(11, 0)
    assert Report.objects.get(pk=told.report.pk).filed_at == at(10, 9, 37)


def test_what_was_reported_before_keeps_days_after_upgrading(town: ModuleType) -> None:
    told, plain = report_case(DISCIPLINE, now=at(10, 9, 37)), report_case(now=at(10, 9, 37))
    exact = {"filed_at": at(10, 9, 37), "due_at": at(10, 11, 37)}
    Case.objects.filter(pk=told.case.pk).update(**exact)
    Clock.objects.filter(case=told.case).update(next_at=at(10, 10, 37))
    before = Case.objects.values().get(pk=plain.case.pk)
    import_module("gewu.domain.cases.migrations.0009_confidential_by_day").keep_days(apps, None)
    case = fresh(told)
    assert (case.filed_at, case.due_at, case.overdue_at) == (at(10, 0), at(10, 0), None)
    assert Clock.objects.get(case=case).next_at == at(11, 0)
    assert Case.objects.values().get(pk=plain.case.pk) == before


def test_numbers_and_ids_tell_no_hour(town: ModuleType, django_capture_on_commit_callbacks: Any) -> None:
    """A number between two others, and the time within an id, would tell the hour as well."""
    picture = keep_photo(jpeg(), now=NOW)

    def report(condition: str) -> Reported:
        with django_capture_on_commit_callbacks(execute=True):
            return report_case(condition, now=NOW)

    with chance.seeded("any order but theirs"):
        before = report(OTHER)
        told = [report(DISCIPLINE) for _each in range(8)]
        after = report(OTHER)

    def serial(one: Reported) -> int:
        return int(one.case.number.split("-")[2])

    assert serial(after) == serial(before) + 1
    serials = [serial(one) for one in told]
    assert len(set(serials)) == 8
    assert serials != sorted(serials)
    for entry in history(("case", told[0].case.pk)):
        tell(entry, now=NOW)
    ids = [*(one.case.pk for one in told), picture.pk, *Message.objects.values_list("pk", flat=True)]
    assert len(ids) > 9
    days = {int(at(day, 0).timestamp() * 1000) for day in (10, 11)}
    assert {one.int >> 80 for one in ids} <= days


def test_the_supervisors_page_tells_the_day_of_what_the_reporter_did(
    town: ModuleType, clock: DrivenClock, settings: Any, tmp_path: Path
) -> None:
    settings.HEADS = tmp_path / "heads"
    told = report_case(DISCIPLINE, now=at(10, 9, 37))
    do("accept", told, "duty_lead", now=at(10, 11, 36))
    clock.set(at(10, 12))
    journal.seal_all(clock.now())
    page = client_of("supervisor").get("/staff/journal").content.decode()
    assert "2026-03-10 11:36" in page
    assert "09:37" not in page
    assert "accept:" not in page
