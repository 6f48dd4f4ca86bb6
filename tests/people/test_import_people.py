"""Units, posts and people come in from a workbook: all of it, or nothing with every fault named at its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from gewu.core import tables
from gewu.core.errors import Invalid
from gewu.domain.accounts.models import User
from gewu.domain.journal.models import Entry
from gewu.domain.people import actions, workbook
from gewu.domain.people.actor import SYSTEM
from gewu.domain.people.batch import AppointmentInput, PersonInput, PostInput, UnitInput
from gewu.domain.people.filled import filled
from gewu.domain.people.models import Appointment, Post, Unit, UnitCoverage
from tests.people.cast import LONG_AGO, NOW, TODAY, areas, user

pytestmark = pytest.mark.django_db

UNITS = [
    ["code", "kind", "level", "name", "parent", "area", "covers", "active"],
    ["firm", "property", "V", "某物业", "office", "left", "left1, left2", None],
    ["office", "subdistrict_office", "S", "街道办", None, "town", None, "yes"],
]
POSTS = [
    ["code", "role", "area", "unit", "level", "title", "duties"],
    ["L1", "lead", "left1", None, None, "网格长", "巡查"],
    ["L2", "lead", "left2", None, None, "网格长", None],
    ["H1", "handler", "left", "firm", "V", "处置员", None],
]
PEOPLE = [
    ["username", "name", "phone", "post", "starts", "ends", "full_time"],
    ["ann", "安宁", "0523-8800 1234", "L1", date(2025, 5, 1), None, "yes"],
    ["ann", "安宁", None, "L2", "2025/6/1", None, "yes"],
    ["bob", "鲍勃", None, "H1", None, date(2026, 12, 31), "no"],
    ["eve", "伊芙", None, None, None, None, None],
]


def book(**instead: list[Sequence[Any]]) -> bytes:
    return tables.write_workbook({"units": UNITS, "posts": POSTS, "people": PEOPLE, **instead})


def bring(data: bytes, *, dry_run: bool = False) -> actions.Imported:
    return actions.import_people(data, actor=SYSTEM, now=NOW, dry_run=dry_run)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Unit, Post, User, Appointment))


def faults(data: bytes) -> list[tuple[str, int, str, str]]:
    before = counts()
    imported = bring(data)
    assert imported.done is None
    assert counts() == before
    return [(error.sheet, error.row, error.column, error.code) for error in imported.errors]


@pytest.fixture(autouse=True)
def _areas() -> None:
    areas()


def test_a_workbook_fills_units_seats_and_people() -> None:
    imported = bring(book())
    assert imported.errors == ()
    assert counts() == (2, 3, 3, 3)
    firm = Unit.objects.get(code="firm")
    assert (firm.parent.code, firm.area.code, firm.is_active) == ("office", "left", True)
    assert UnitCoverage.objects.filter(unit=firm).count() == 2
    ann = User.objects.get(username="ann")
    assert ann.phone == "052388001234"
    assert not ann.has_usable_password()
    assert [(one.post.code, one.starts) for one in ann.appointments.order_by("starts")] == [
        ("L1", date(2025, 5, 1)),
        ("L2", date(2025, 6, 1)),
    ]
    bob = Appointment.objects.get(user__username="bob")
    assert (bob.starts, bob.ends, bob.full_time) == (TODAY, date(2026, 12, 31), False)


def test_the_entry_tells_every_appointment_and_no_name() -> None:
    bring(book())
    entry = Entry.objects.get()
    assert entry.kind == "people.set_up"
    assert entry.data["appointments"] == [3, 0]
    holder = [
        str(Post.objects.get(code="L1").id),
        str(User.objects.get(username="ann").id),
        "2025-05-01",
        None,
    ]
    assert holder in entry.data["appointed"]


def test_the_same_workbook_again_changes_nothing() -> None:
    data = book()
    bring(data)
    again = bring(data).done
    assert again is not None
    assert counts() == (2, 3, 3, 3)
    assert {
        (one.created, one.changed) for one in (again.units, again.posts, again.people, again.appointments)
    } == {(0, 0)}
    assert Entry.objects.count() == 1


def test_a_changed_workbook_updates_what_differs() -> None:
    bring(book())
    posts = [*POSTS[:1], ["L1", "lead", "left1", None, None, "网格长（一）", "巡查"], *POSTS[2:]]
    people = [
        PEOPLE[0],
        ["ann", "安宁", "0523-88001234", "L1", date(2025, 5, 1), date(2026, 2, 28), "yes"],
        ["eve", "伊芙", None, "L1", date(2026, 3, 1), None, "yes"],
    ]
    done = bring(book(posts=posts, people=people)).done
    assert done is not None
    assert (done.posts.created, done.posts.changed) == (0, 1)
    assert (done.appointments.created, done.appointments.changed) == (1, 1)
    assert Post.objects.get(code="L1").version == 2
    assert list(
        Appointment.objects.filter(post__code="L1").order_by("starts").values_list("user__username", "ends")
    ) == [
        ("ann", date(2026, 2, 28)),
        ("eve", None),
    ]


def test_a_missing_column_leaves_what_is_stored() -> None:
    bring(book())
    User.objects.filter(username="ann").update(language="en")
    bring(book(people=[["username", "name"], ["ann", "安宁"]]))
    ann = User.objects.get(username="ann")
    assert (ann.phone, ann.language) == ("052388001234", "en")
    bring(book(people=[["username", "name", "phone"], ["ann", "安宁", None]]))
    assert User.objects.get(username="ann").phone == ""


def test_a_dry_run_tells_what_would_happen_and_does_nothing() -> None:
    imported = bring(book(), dry_run=True)
    assert imported.done is not None
    assert imported.done.people.created == 3
    assert counts() == (0, 0, 0, 0)
    assert not Entry.objects.exists()


def test_every_fault_is_named_at_its_row_and_nothing_is_done() -> None:
    posts = [
        *POSTS,
        ["B1", "king", "left1", None, None, "x", None],
        ["B2", "lead", "nowhere", None, None, "x", None],
    ]
    people = [
        *PEOPLE,
        ["x y", "谁", None, None, None, None, None],
        ["ned", None, None, "L9", None, None, None],
        ["kim", "金", "12", None, None, None, None],
        ["joe", "乔", None, "B2", "soon", None, "perhaps"],
        ["bob", "鲍勃", None, "L1", None, None, None],
    ]
    assert faults(book(posts=posts, people=people)) == [
        ("posts", 5, "role", "role_unknown"),
        ("posts", 6, "area", "area_unknown"),
        ("people", 6, "username", "username_malformed"),
        ("people", 7, "name", "required"),
        ("people", 7, "post", "post_unknown"),
        ("people", 8, "phone", "phone_malformed"),
        ("people", 9, "starts", "day_malformed"),
        ("people", 9, "full_time", "flag_malformed"),
    ]


def test_two_holders_of_one_seat_are_a_fault_at_the_row() -> None:
    people = [*PEOPLE, ["joe", "乔", None, "L1", date(2026, 1, 1), None, None]]
    assert ("people", 6, "post", "post_taken") in faults(book(people=people))


def test_roles_kept_apart_are_a_fault_at_the_row() -> None:
    posts = [
        *POSTS,
        *([role, role, "town", None, None, role, None] for role in ("administrator", "supervisor")),
    ]
    people = [
        *PEOPLE,
        *(["joe", "乔", None, role, None, None, None] for role in ("administrator", "supervisor")),
    ]
    assert ("people", 7, "username", "roles_incompatible") in faults(book(posts=posts, people=people))


def test_a_unit_does_not_stand_above_itself() -> None:
    units = [UNITS[0], [*UNITS[1][:4], "office"], [*UNITS[2][:4], "firm"]]
    assert ("units", 2, "parent", "parent_circle") in faults(
        book(units=units, posts=POSTS[:1], people=PEOPLE[:1])
    )


def test_a_post_keeps_its_role() -> None:
    bring(book())
    posts = [POSTS[0], ["L1", "worker", "left1", None, None, "网格员", None]]
    assert faults(book(posts=posts, people=PEOPLE[:1])) == [("posts", 2, "role", "role_changed")]


def test_a_row_that_stands_twice_is_a_fault() -> None:
    assert ("posts", 5, "code", "twice") in faults(book(posts=[*POSTS, POSTS[1]]))
    changed = [*PEOPLE, ["eve", "另一位", None, None, None, None, None]]
    assert ("people", 6, "username", "twice") in faults(book(people=changed))


def test_a_missing_column_is_named() -> None:
    assert faults(book(posts=[["code", "role"]], people=PEOPLE[:1])) == [
        ("posts", 1, "area", "column_missing"),
        ("posts", 1, "title", "column_missing"),
    ]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    for data in (b"", b"name,phone", tables.write_workbook({"sums": [["a"]]})):
        with pytest.raises(Invalid):
            bring(data)


def test_the_template_comes_back_in_the_language_it_was_taken_in() -> None:
    for language in ("en", "zh-hans"):
        with override(language):
            sheets = tables.read_workbook(workbook.template())
            label = str(workbook.SHEETS[2].label)
            heading = sheets[label][0]
            sheets[label].append(["ann", "安宁"] + [None] * (len(heading) - 2))
        imported = bring(tables.write_workbook(sheets))
        assert imported.errors == ()
    assert User.objects.get().name == "安宁"


def test_what_is_there_goes_out_filled_and_comes_back_unchanged() -> None:
    bring(book())
    for language in ("en", "zh-hans"):
        with override(language):
            data = filled(on=TODAY)
        assert [len(rows) for rows in tables.read_workbook(data).values()] == [3, 4, 5]
        again = bring(data)
        assert again.done is not None
        nouns = (again.done.units, again.done.posts, again.done.people, again.done.appointments)
        assert {(noun.created, noun.changed) for noun in nouns} == {(0, 0)}


def test_the_error_sheet_names_row_and_column_and_runs_no_formula() -> None:
    imported = bring(book(posts=[*POSTS, ["=cmd", "lead", "left1", None, None, "x", None]]))
    (rows,) = tables.read_workbook(workbook.error_sheet(imported.errors)).values()
    assert len(rows) == 2
    assert rows[1][1] == 5


def test_eight_hundred_people_come_in_with_few_queries(django_assert_max_num_queries: Any) -> None:
    people = [PersonInput(f"user{number:03d}", f"User {number}") for number in range(800)]
    posts = [PostInput(f"P{number}", "worker", "left1", "Worker") for number in range(800)]
    units = [UnitInput(f"U{number}", "station", "S", f"Unit {number}") for number in range(100)]
    holding = [AppointmentInput(f"P{number}", f"user{number:03d}", LONG_AGO) for number in range(800)]
    for expected in (800, 0):
        with django_assert_max_num_queries(80):
            done = actions.set_up(
                units=units, posts=posts, people=people, appointments=holding, actor=SYSTEM, now=NOW
            )
        assert done.appointments.created == expected


def test_accounts_made_before_keep_their_password() -> None:
    ann = user("ann")
    ann.set_password("a long enough phrase")
    ann.save()
    bring(book())
    assert User.objects.get(username="ann").check_password("a long enough phrase")
