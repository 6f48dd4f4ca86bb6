"""The course of events: what happens when, under a driven clock, for the demo and the replay.

Whatever is to happen is put into one queue by its moment. Between two events the timers fire as the worker would fire
them: it looks every so often, so deadlines close together are found by one look. One act is one transaction.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from gewu.core.clock import DrivenClock
from gewu.core.errors import GewuError
from gewu.domain.cases.actions import numbers, timers
from gewu.domain.figures import actions as figures
from gewu.domain.journal import actions as journal

MINUTE = timedelta(minutes=1)
Happening = Callable[[datetime], None]


class Course:
    """Events in the order of time; two of one moment in the order they were put in."""

    def __init__(self, hands: DrivenClock, *, looks_every: timedelta = MINUTE) -> None:
        self.hands = hands
        self._looks_every, self._looked = looks_every, hands.now()
        self.refused: Counter[str] = Counter()  # what the program refused, by move and code
        self.fired = 0
        self._waiting: list[tuple[datetime, int, Happening]] = []
        self._count = 0
        numbers.forget_blocks()

    def at(self, moment: datetime, what: Happening) -> None:
        """Let `what` happen then; a moment that has passed means at once."""
        self._count += 1
        heapq.heappush(self._waiting, (max(moment, self.hands.now()), self._count, what))

    def run(self, until: datetime) -> None:
        """Everything up to `until`, the timers with it; the clock stands there afterwards."""
        while self._waiting and self._waiting[0][0] <= until:
            moment, _count, what = heapq.heappop(self._waiting)
            if moment - self._looked >= self._looks_every:
                self._fire_until(moment)
                self._looked = moment
            self.hands.set(moment)
            what(moment)
        self._fire_until(until)
        self.hands.set(until)

    def attempt(self, word: str, what: Callable[[], object]) -> bool:
        """Do it; what the program refuses is counted under `word` and its code, and told at the end."""
        try:
            what()
        except GewuError as error:
            self.refused[f"{word} {error.code}"] += 1
            return False
        return True

    def _fire_until(self, moment: datetime) -> None:
        while (due := timers.next_due()) is not None and due <= moment:
            look = min(max(due, self.hands.now()) + self._looks_every, moment)
            self.hands.set(look)
            fired = timers.fire_due(look)
            if not fired and look == moment:
                break  # what is due cannot be done now, and looking again does not help
            if not fired:
                self.hands.set(moment)
                fired = timers.fire_due(moment)
            self.fired += fired
            if not fired:
                break


def settle(now: datetime) -> int:
    """Seal the journal and fold the figures; how many entries were sealed."""
    sealed = journal.seal_all(now)
    while figures.fold(batch=5000):
        pass
    return sealed
