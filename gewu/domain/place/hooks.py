"""What else has to happen when deadlines move: a list, because this package may not know who keeps deadlines.

A noun with deadlines hands over a function when its app is ready. It runs inside the transaction of the change, with
both calendars, so that a published year and the deadlines made from it can never disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gewu.core.worktime import WorkCalendar
from gewu.domain.journal.actions import Acting


@dataclass(frozen=True)
class CalendarChange:
    """One change: the days it touched (`first` to `last`, None for every day) and the calendar before and after."""

    before: WorkCalendar
    after: WorkCalendar
    version: int
    first: date | None = None
    last: date | None = None
    days: int = 0  # how many days of the table were added, changed or taken away


Hook = Callable[[CalendarChange, Acting, datetime], None]
_hooks: list[Hook] = []


def on_calendar_change(hook: Hook) -> Hook:
    """Call `hook(change, actor, now)` with every change from now on; the same function twice counts once."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def forget(hook: Hook) -> None:
    """Take a hook off the list again."""
    _hooks.remove(hook)


def tell(change: CalendarChange, *, actor: Acting, now: datetime) -> None:
    """Tell everyone on the list, in order."""
    for hook in tuple(_hooks):
        hook(change, actor, now)
