"""One pass takes everything a step further; two workers share, a killed one leaves nothing undone or done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from gewu.core.errors import Unavailable
from gewu.domain.figures import proof
from gewu.domain.figures.models import Delta
from gewu.domain.journal import queries as journal
from gewu.domain.journal.models import Cursor, Entry, Lease
from gewu.domain.notify import actions as notify
from gewu.domain.notify.models import Message
from gewu.jobs import queries, reactions, schedule, worker
from gewu.jobs.models import Stumble
from tests.notify.cast import Town
from tests.services.mail import Mailbox
from tests.services.ports import free_port


def test_until_idle_everything_has_followed(town: Town) -> None:
    case = town.report()
    report = worker.run_until_idle(town.clock.now())
    assert report.failed == {}
    assert not Entry.objects.filter(position=None).exists()
    assert queries.behind() == 0
    assert Message.objects.filter(code="new", facts__number=case.number).count() == 1
    assert Delta.objects.count() == 0
    assert proof.prove() == []
    assert worker.run_once(town.clock.now()).total == 0


def test_an_idle_pass_writes_nothing(town: Town) -> None:
    """It happens twice a second, on a machine with a small disk."""
    from django.test.utils import CaptureQueriesContext

    one = worker.Worker()
    one.until_idle(town.clock.now())
    with CaptureQueriesContext(connection) as asked:
        assert one.once(town.clock.now()).total == 0
    writing = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "DELETE"))]
    assert writing == []
    assert len([query for query in asked if "journal_lease" in query["sql"]]) <= 1  # sealing checks its own
    assert len(asked) < 30


def test_time_alone_warns_and_tells(town: Town) -> None:
    case = town.report()
    worker.run_until_idle(town.clock.now())
    for minutes in (60, 36, 24):  # half, four fifths and all of two hours
        worker.run_until_idle(town.clock.advance(timedelta(minutes=minutes)))
    codes = set(Message.objects.filter(facts__number=case.number).values_list("code", flat=True))
    assert {"new", "yellow", "red", "overdue", "overdue_below"} <= codes


def test_a_module_whose_lease_is_held_elsewhere_is_left_alone(town: Town) -> None:
    town.report()
    other = worker.Worker(holder="other:1")
    other.once(town.clock.now())
    town.report()
    assert worker.run_once(town.clock.now()).total == 0
    assert worker.run_once(town.clock.advance(timedelta(seconds=worker.LEASE))).total > 0


def test_the_others_go_on_when_one_module_fails(town: Town) -> None:
    town.report()
    with patch.object(worker.timers, "fire_due", side_effect=RuntimeError):
        report = worker.run_once(town.clock.now())
    assert report.failed == {"timers": "RuntimeError"}
    assert report.done["fold"] > 0


def test_one_entry_that_fails_does_not_stop_the_rest(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = town.report(), town.report()
    told = notify.tell

    def tell(entry: Entry, *, now: Any) -> None:
        if entry.subject_id == bad.id and broken:
            raise KeyError("a text that must not be kept")
        told(entry, now=now)

    broken = True
    monkeypatch.setattr(reactions, "_tell", tell)
    worker.run_until_idle(town.clock.now())
    (stumble,) = queries.stumbles()
    assert (stumble.reaction, stumble.error, stumble.attempts) == ("tell", "KeyError", 1)
    assert Message.objects.filter(facts__number=good.number, code="new").exists()

    worker.run_until_idle(town.clock.advance(timedelta(minutes=2)))
    assert queries.stumbles()[0].attempts == 2  # and the next try in five minutes
    broken = False
    worker.run_until_idle(town.clock.advance(timedelta(minutes=5)))
    assert queries.stumbles() == []
    assert Message.objects.filter(facts__number=bad.number, code="new").exists()


def test_a_busy_store_is_no_fault_of_the_entry(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.report()
    with patch.object(reactions, "_tell", side_effect=Unavailable("busy")):
        assert worker.run_once(town.clock.now()).failed == {"reactions": "unavailable"}
    assert Stumble.objects.count() == 0
    assert journal.cursor(reactions.READER) == 0


def test_a_crash_between_reacting_and_moving_on_tells_nobody_twice(town: Town) -> None:
    town.report()
    worker.run_until_idle(town.clock.now())
    before = Message.objects.count()
    Cursor.objects.filter(name=reactions.READER).update(position=0)
    worker.run_until_idle(town.clock.now())
    assert Message.objects.count() == before


def test_a_job_runs_once_in_its_slot(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    night = schedule.Job(
        "night", schedule.daily(schedule.time(2, 30)), lambda now: ran.append(f"{now:%d %H}")
    )
    monkeypatch.setattr(schedule, "JOBS", (night,))
    schedule.run_due(town.clock.now())
    schedule.run_due(town.clock.advance(timedelta(hours=1)))
    assert ran == ["10 01"]  # made up for once at the first start
    schedule.run_due(town.clock.advance(timedelta(hours=16, minutes=29)))  # 02:29 of the next day
    assert len(ran) == 1
    schedule.run_due(town.clock.advance(timedelta(minutes=1)))
    assert ran == ["10 01", "10 18"]


def test_a_failed_job_waits_for_its_lease(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fail(now: Any) -> None:
        tries.append(1)
        raise ValueError

    monkeypatch.setattr(schedule, "JOBS", (schedule.Job("failing", schedule.every(60), fail),))
    for seconds in (0, 1, schedule.PAUSE - 2, 1):
        town.clock.advance(timedelta(seconds=seconds))
        report = worker.run_once(town.clock.now())
        assert report.failed == ({"schedule": "ValueError"} if seconds in (0,) or len(tries) == 2 else {})
    assert len(tries) == 2


def test_all_jobs_run_in_an_empty_night(town: Town) -> None:
    assert schedule.run_due(town.clock.now()) == len(schedule.JOBS)


def test_the_week_begins_on_its_day(town: Town) -> None:
    slot = schedule.weekly(0, schedule.time(6, 0))
    zone = schedule.place.calendar().zone
    monday = town.clock.now() - timedelta(days=1, hours=3)  # Monday 06:00
    assert slot(monday, zone) == slot(monday - timedelta(seconds=1), zone) + 1
    assert slot(monday + timedelta(days=6, hours=23), zone) == slot(monday, zone)


SCRIPT = """
import sys, django
from django.conf import settings
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
settings.EMAIL_URL, settings.HEADS = sys.argv[2], __import__("pathlib").Path(sys.argv[3])
from datetime import datetime
from gewu.core import clock
from gewu.jobs import worker
with clock.driven(clock.DrivenClock(datetime.fromisoformat(sys.argv[4]))):
    print("ready", flush=True)
    worker.run_forever(pause=0.05)
print("ended", flush=True)
"""


def process(town: Town, heads: Path, mail: str) -> subprocess.Popen[str]:
    """A worker of its own on the store of this test, at this moment of the test's clock."""
    data, store = heads.parent / "data", str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, store, mail, str(heads), town.clock.now().isoformat()],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "gewu.config.settings", "GEWU_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def mail_address(host: str, port: int) -> str:
    return f"mailto://{host}:{port}?from=gewu@example.org"


@pytest.mark.service
def test_sigterm_ends_it_cleanly(open_town: Town, heads_dir: Path, mailbox: Mailbox) -> None:
    open_town.report()
    running = process(open_town, heads_dir, mail_address(mailbox.host, mailbox.port))
    mailbox.wait_for(1, seconds=30)  # the reporter's
    running.send_signal(signal.SIGTERM)
    assert running.communicate(timeout=20)[0].split() == ["ready", "ended"]
    assert running.returncode == 0
    assert Lease.objects.filter(until__gt=open_town.clock.now(), name__startswith="worker.").count() == 0


class Killer(Mailbox):
    """A mail server that kills its client with the mail in its hands, before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.victim: subprocess.Popen[str] | None = None
        self.struck = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.victim is not None:
            self.victim.kill()
            self.victim = None
            self.struck.set()
        return answer


@pytest.mark.service
def test_killed_with_the_mail_on_its_way_it_goes_again_under_the_same_id(
    open_town: Town, heads_dir: Path, settings: Any
) -> None:
    killer = Killer()
    killer.start()
    try:
        open_town.report()
        worker.run_once(open_town.clock.now(), modules=worker.MODULES[:2])  # sealed and queued, not yet sent
        killer.victim = process(open_town, heads_dir, mail_address(killer.host, killer.port))
        victim = killer.victim
        assert killer.struck.wait(30)
        assert victim.wait(20) == -signal.SIGKILL
        (message,) = Message.objects.filter(channel="news")
        assert (message.state, message.attempts) == ("sending", 1)

        settings.EMAIL_URL = mail_address(killer.host, killer.port)
        worker.run_until_idle(open_town.clock.advance(timedelta(minutes=9)))
        assert len(killer.messages) == 1  # nobody knows yet whether it still runs
        worker.run_until_idle(open_town.clock.advance(timedelta(minutes=1)))
        worker.run_until_idle(open_town.clock.advance(timedelta(hours=1)))
        first, second = killer.messages
        assert first["Message-ID"] == second["Message-ID"]
    finally:
        killer.stop()


@pytest.mark.service
def test_killed_before_the_server_answers_at_all_nothing_is_lost(
    open_town: Town, heads_dir: Path, mailbox: Mailbox, settings: Any
) -> None:
    """A server that takes the connection and says nothing: the message is claimed, not sent."""
    import socket

    with socket.create_server(("127.0.0.1", free_port())) as mute:
        open_town.report()
        running = process(open_town, heads_dir, mail_address("127.0.0.1", mute.getsockname()[1]))
        mute.settimeout(30)
        connected, _ = mute.accept()
        running.kill()
        running.wait(20)
        connected.close()
    assert Message.objects.get(channel="news").state == "sending"
    settings.EMAIL_URL = mail_address(mailbox.host, mailbox.port)
    worker.run_until_idle(open_town.clock.advance(timedelta(seconds=worker.SENDING_LEASE)))
    assert len(mailbox.wait_for(1)) == 1
    assert queries.behind() == 0
