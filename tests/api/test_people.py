"""Posts and absences through the API: the row that is meant, the faults of a workbook, a lost phone."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from gewu.core import tables
from gewu.domain.accounts.models import User
from gewu.domain.accounts.queries import LOST, were_ended
from gewu.domain.people import workbook
from gewu.domain.people.models import Absence, Appointment
from tests.api.caller import Caller


def test_an_appointment_that_is_not_the_newest_is_ended_by_its_first_day(
    town: ModuleType, api: Caller
) -> None:
    day, administrator = town.NOW.date(), api.as_("administrator")
    running = Appointment.objects.get(post__code="worker-a1")
    Appointment.objects.filter(pk=running.pk).update(ends=day + timedelta(days=30))
    begins = day + timedelta(days=60)
    body = {"username": "worker_a1", "starts": begins.isoformat()}
    assert administrator.post("posts/worker-a1/appoint", body).status_code == 201
    listed = administrator.get("posts/worker-a1/appointments").json()["items"]
    assert [row["starts"] for row in listed] == [begins.isoformat(), running.starts.isoformat()]
    last = (day + timedelta(days=5)).isoformat()
    body = {"username": "worker_a1", "ends": last, "starts": running.starts.isoformat()}
    assert administrator.post("posts/worker-a1/end", body).status_code == 200
    ends = [row["ends"] for row in administrator.get("posts/worker-a1/appointments").json()["items"]]
    assert ends == [None, last]
    assert administrator.post("posts/worker-a1/end", body | {"starts": "2020-01-01"}).status_code == 404


def test_an_absence_that_is_not_the_newest_is_ended_by_its_first_day(town: ModuleType, api: Caller) -> None:
    day, administrator = town.NOW.date(), api.as_("administrator")
    for first in (day, day + timedelta(days=20)):
        body = {
            "starts": first.isoformat(),
            "ends": (first + timedelta(days=9)).isoformat(),
            "stand_in": "worker_a2",
        }
        assert administrator.post("people/worker_a1/absences", body).status_code == 201
    back = (day + timedelta(days=3)).isoformat()
    assert (
        administrator.post(
            "people/worker_a1/absences/end", {"ends": back, "starts": day.isoformat()}
        ).status_code
        == 200
    )
    found = administrator.get("people/worker_a1/absences").json()["items"]
    assert [row["ends"] for row in found] == [back, (day + timedelta(days=29)).isoformat()]
    assert Absence.objects.count() == 2


def test_the_faults_of_a_workbook_come_as_a_sheet(town: ModuleType, api: Caller) -> None:
    rows = dict(tables.read_workbook(workbook.template()))
    sheet = next(iter(rows))
    rows[sheet] = [*rows[sheet][:1], ["", "x"]]
    sent = tables.write_workbook(rows)
    told = api.as_("administrator").upload("people/workbook?dry_run=1", sent).json()["faults"]
    made = api.as_("administrator").upload("people/workbook/faults", sent)
    (listed,) = tables.read_workbook(made.content).values()
    assert len(told) == len(listed) - 1 > 0


def test_ones_own_phone_is_lost(town: ModuleType, api: Caller) -> None:
    worker = api.as_("worker_a1")
    assert worker.post("my/phone-lost").status_code == 200
    user = User.objects.get(username="worker_a1")
    assert were_ended(user.pk, since=town.NOW - timedelta(minutes=1), by=LOST)
    assert not were_ended(
        User.objects.get(username="worker_a2").pk, since=town.NOW - timedelta(days=1), by=LOST
    )
