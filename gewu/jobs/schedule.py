"""Recurring jobs with their local times, in one list.

A job runs once in each of its slots (a local day from a time on, a week, so many minutes). Which slot was done last
stands in a row, written only after the job: killed in the middle, it runs again, so each job may run
twice. While a job runs it holds a lease; one that fails keeps it, and is tried again when the lease is over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gewu.core import chance
from gewu.domain.cases.actions import recheck, timers
from gewu.domain.desk import actions as desk
from gewu.domain.journal import actions as journal
from gewu.domain.media import actions as media
from gewu.domain.notify import actions as notify
from gewu.domain.patrols import actions as patrols
from gewu.domain.place import queries as place
from gewu.domain.privacy import openings, retention, sealing
from gewu.domain.requests import actions as requests
from gewu.jobs import queries
from gewu.jobs.actions import finish_slot

log = logging.getLogger(__name__)
PAUSE = 600  # seconds before a failed job is tried again
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

When = Callable[[datetime, ZoneInfo], int]


@dataclass(frozen=True)
class Job:
    """What runs, and the number of the slot that `now` lies in."""

    name: str
    slot: When
    run: Callable[[datetime], object]


def daily(at: time) -> When:
    """Each local day, from `at` on; what was missed is made up for once."""

    def slot(now: datetime, zone: ZoneInfo) -> int:
        local = now.astimezone(zone)
        return local.date().toordinal() - (local.time() < at)

    return slot


def weekly(weekday: int, at: time) -> When:
    """Each week from this weekday (Monday is 0) and time on."""

    def slot(now: datetime, zone: ZoneInfo) -> int:
        return (daily(at)(now, zone) - date.min.toordinal() - weekday) // 7

    return slot


def every(minutes: int) -> When:
    """Each so many minutes, day and night."""

    def slot(now: datetime, zone: ZoneInfo) -> int:
        return (now - _EPOCH) // timedelta(minutes=minutes)

    return slot


def _draw_sample(now: datetime) -> int:
    """The week that ended with last Sunday."""
    local = now.astimezone(place.calendar().zone)
    monday = local.date() - timedelta(days=local.weekday())
    return recheck.draw(datetime.combine(monday, time(0), tzinfo=local.tzinfo), now=now)


def _patrol_rounds(now: datetime) -> int:
    """Those of today are made, those whose days are over lapse."""
    return patrols.lapse(now) + patrols.make_rounds(now)


JOBS: tuple[Job, ...] = (
    Job("patrol_rounds", every(15), _patrol_rounds),
    Job("find_still", every(15), timers.find_still),
    Job("openings_end", every(1), lambda now: openings.end_expired(now=now)),
    Job("officers_end", every(1), lambda now: sealing.end_without_post(now=now)),
    Job("presence_sweep", every(1), desk.sweep),
    Job("requests_sweep", every(60), requests.sweep),
    Job("retention", daily(time(2, 30)), retention.run),
    Job("media_sweep", daily(time(3, 0)), lambda now: media.sweep(now=now)),
    Job("messages_forget", daily(time(3, 15)), notify.forget),
    Job("head_to_supervisor", daily(time(8, 5)), notify.tell_head),
    Job("calendar_warning", daily(time(8, 10)), notify.warn_of_calendar),
    Job("draw_sample", weekly(0, time(6, 0)), _draw_sample),
)


def run_due(now: datetime) -> int:
    """Run every job whose slot is new; how many it were. The first failure is raised after all had their turn."""
    zone, known, done, failed = place.calendar().zone, queries.last_slots(), 0, []
    for job in JOBS:
        slot = job.slot(now, zone)
        if slot <= known.get(job.name, 0):
            continue
        try:
            done += _run(job, slot, now)
        except Exception as error:
            log.exception("job %s failed", job.name)
            failed.append(error)
    if failed:
        raise failed[0]
    return done


def _run(job: Job, slot: int, now: datetime) -> int:
    """Jobs before this one may have taken long: whether another worker has done it meanwhile is asked once more."""
    name = f"schedule.{job.name}"
    if slot <= queries.last_slot(job.name):
        return 0
    lease = journal.take_lease(name, chance.new_id().hex, now=now, seconds=PAUSE)
    if lease is None:
        return 0
    job.run(now)
    finish_slot(job.name, slot)
    journal.release_lease(name, fence=lease.fence, now=now)
    return 1
