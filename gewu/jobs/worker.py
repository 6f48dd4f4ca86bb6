"""The worker: a plain loop over ordered modules, each under its own lease, so that several workers share the work.

    seal -> reactions -> bulk -> timers -> schedule -> deliver -> fold

`run_once` is one pass, `run_until_idle` as many as have something to do (demo, replay, tests), `run_forever` the
process behind `gewu worker`. A module that fails is logged and noted in the report; the others go on, and the next
pass tries it again. Everything a module does is safe to be killed in and safe to be repeated.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import close_old_connections

from gewu.core import clock
from gewu.core.errors import Conflict, Unavailable
from gewu.domain.cases.actions import bulk, timers
from gewu.domain.figures import actions as figures
from gewu.domain.journal import actions as journal
from gewu.domain.journal import heads
from gewu.domain.journal.models import Entry, Lease
from gewu.domain.journal.queries import after, cursor
from gewu.domain.notify import actions as notify
from gewu.jobs import reactions, schedule
from gewu.jobs.actions import forget_stumble, name_of, note_stumble
from gewu.jobs.queries import due_stumbles

log = logging.getLogger(__name__)
BATCH = 500
PAUSE = 0.5  # seconds between passes that found nothing
LEASE = 60
SENDING_LEASE = 900  # a pass of deliveries may wait for a slow server
PASSES_MOST = 10_000


@dataclass
class Report:
    """What one or more passes did, by module; `failed` names the error of each module that could not."""

    done: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.done.values())

    def add(self, other: Report) -> None:
        for name, count in other.done.items():
            self.done[name] = self.done.get(name, 0) + count
        self.failed |= other.failed


@dataclass(frozen=True)
class Module:
    """One kind of work: what it does in a pass, under which lease."""

    name: str
    run: Callable[[datetime, Lease], int]
    lease: str = ""
    seconds: int = LEASE

    @property
    def lease_name(self) -> str:
        return self.lease or f"worker.{self.name}"


def seal(now: datetime, lease: Lease) -> int:
    """Number what was committed, and publish the new head to the outside witness."""
    sealed = journal.seal(now=now, fence=lease.fence)
    if sealed:
        heads.publish(settings.HEADS, now=now)
    return sealed


def react(now: datetime, lease: Lease) -> int:
    """Call the reactions of new entries in order, then of those whose pause is over."""
    position = cursor(reactions.READER)
    entries = after(position, BATCH)
    for entry in entries:
        for reaction in reactions.of(entry.kind):
            _attempt(reaction, entry, now)
    if entries and not journal.move_cursor(reactions.READER, position, entries[-1].position or position):
        raise Conflict("Another worker has moved on.", code="cursor_moved")
    return len(entries) + _again(now)


def deliver(now: datetime, lease: Lease) -> int:
    """Send a batch of messages; those that must wait do not count as work done."""
    done = notify.deliver_due(now)
    return done.sent + done.failed + done.dropped


MODULES: tuple[Module, ...] = (
    Module("seal", seal, lease=journal.SEALER),
    Module("reactions", react),
    Module("bulk", lambda now, lease: bulk.run_due(now)),
    Module("timers", lambda now, lease: timers.fire_due(now)),
    Module("schedule", lambda now, lease: schedule.run_due(now)),
    Module("deliver", deliver, seconds=SENDING_LEASE),
    Module("fold", lambda now, lease: figures.fold()),
)


class Worker:
    """One worker: its name and the leases it holds. A lease is renewed when half of it is over, not each pass."""

    def __init__(self, *, modules: tuple[Module, ...] = MODULES, holder: str | None = None) -> None:
        self.modules = modules
        self.holder = holder or name_of_this_process()
        self._leases: dict[str, Lease] = {}

    def once(self, now: datetime) -> Report:
        """One pass over all modules. A module whose lease another worker holds is left to that one."""
        report = Report()
        for module in self.modules:
            try:
                lease = self._lease(module, now)
                report.done[module.name] = module.run(now, lease) if lease else 0
            except Exception as error:
                log.exception("%s failed", module.name)
                report.failed[module.name] = name_of(error)
                self._leases.pop(module.name, None)
        return report

    def until_idle(self, now: datetime) -> Report:
        """Passes at one moment until nothing is left to do then."""
        total = Report()
        for _ in range(PASSES_MOST):
            report = self.once(now)
            total.add(report)
            if report.failed or not report.total:
                break
        return total

    def end(self, now: datetime) -> None:
        """Give the leases back, so that the next worker need not wait."""
        for lease in self._leases.values():
            journal.release_lease(lease.name, fence=lease.fence, now=now)
        self._leases.clear()

    def _lease(self, module: Module, now: datetime) -> Lease | None:
        half = timedelta(seconds=module.seconds / 2)
        held = self._leases.get(module.name)
        if held is None or not now < held.until - half <= now + half:
            held = journal.take_lease(module.lease_name, self.holder, now=now, seconds=module.seconds)
        if held is None:
            self._leases.pop(module.name, None)
        else:
            self._leases[module.name] = held
        return held


def run_once(now: datetime, *, modules: tuple[Module, ...] = MODULES) -> Report:
    """One pass of a worker that then goes."""
    worker = Worker(modules=modules)
    try:
        return worker.once(now)
    finally:
        worker.end(now)


def run_until_idle(now: datetime, *, modules: tuple[Module, ...] = MODULES) -> Report:
    """Whatever can be done at this moment: for the demo, replays and tests."""
    worker = Worker(modules=modules)
    try:
        return worker.until_idle(now)
    finally:
        worker.end(now)


def run_forever(*, stop: threading.Event | None = None, pause: float = PAUSE) -> None:
    """Until SIGTERM, SIGINT or `stop`: then the pass at hand is finished and the leases are given back."""
    worker = Worker()
    with _stopping(stop or threading.Event()) as ended:
        while not ended.is_set():
            close_old_connections()
            report = worker.once(clock.now())
            if report.failed or not report.total:
                ended.wait(pause)
    worker.end(clock.now())


def name_of_this_process() -> str:
    """Who holds a lease: the machine and the process."""
    return f"{socket.gethostname()}:{os.getpid()}"[-80:]


def _attempt(reaction: reactions.Reaction, entry: Entry, now: datetime) -> None:
    try:
        reaction(entry, now)
    except Unavailable:
        raise  # the store, not the entry: the whole pass is repeated
    except Exception as error:
        log.exception("%s failed on entry %s", reaction.__name__, entry.position)
        note_stumble(reaction.__name__, entry, error, now=now)


def _again(now: datetime) -> int:
    done = 0
    for stumble in due_stumbles(now, limit=BATCH):
        entry = Entry.objects.get(pk=stumble.entry_id)
        try:
            reactions.named(stumble.reaction)(entry, now)
        except Unavailable:
            raise
        except Exception as error:
            log.exception("%s failed again on entry %s", stumble.reaction, entry.position)
            note_stumble(stumble.reaction, entry, error, now=now)
        else:
            forget_stumble(stumble)
            done += 1
    return done


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[threading.Event]:
    """SIGTERM and SIGINT set the event in place of ending the process at once; in a thread only the event counts."""
    numbers = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
