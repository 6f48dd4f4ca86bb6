"""How things are said on pages: time left, levels, categories, holders, acts. Used by residents' and staff pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gewu.domain.cases.by_day import hides_hours, is_over
from gewu.domain.cases.clocks import NOTHING_DUE
from gewu.domain.cases.models import Case
from gewu.domain.cases.story import Story
from gewu.domain.cases.workflow import (
    BACK_REASONS,
    DECLINE_REASONS,
    HANDLED,
    LEVELS,
    MOVES,
    REFUSE_REASONS,
    STATES,
    UP_REASONS,
    VOID_REASONS,
    WAIT_REASONS,
    WAITING,
)
from gewu.domain.desk.rules import is_resting
from gewu.domain.names import in_language, name_of
from gewu.domain.people.models import Post
from gewu.domain.people.queries import today

REASONS: dict[str, Any] = {
    **VOID_REASONS, **REFUSE_REASONS, **WAIT_REASONS, **BACK_REASONS, **UP_REASONS, **DECLINE_REASONS,
}  # fmt: skip


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def category(case: Case) -> str:
    """The subclass: what residents and lists call the matter."""
    return in_language(case.condition.subclass.names)


def holder(case: Case) -> str:
    """Who must act now: the post's title, the unit, or the triage of the level."""
    if case.holder_post is not None:
        return name_of(case.holder_post)
    if case.holder_unit is not None:
        return name_of(case.holder_unit)
    return _("Triage: %(level)s") % {"level": LEVELS[case.level]}


def time_left(due: datetime | None, now: datetime, *, by_day: bool = False) -> str:
    """“3 hours left”, “2 days over”, of what is told by the day “today”; empty when nothing runs."""
    if due is None or due >= NOTHING_DUE:
        return ""
    if by_day:
        return _days_left((today(due) - today(now)).days)
    if due >= now:
        return pgettext("time left", "%(time)s left") % {"time": span(due - now)}
    return pgettext("time left", "%(time)s over") % {"time": span(now - due)}


def _days_left(days: int) -> str:
    if not days:
        return pgettext("time left", "due today")
    time = ngettext("%(n)s day", "%(n)s days", abs(days)) % {"n": abs(days)}
    if days > 0:
        return pgettext("time left", "%(time)s left") % {"time": time}
    return pgettext("time left", "%(time)s over") % {"time": time}


def clock_words(case: Case, now: datetime) -> str:
    """How long is left, also where nothing counts: on hold until a day, waiting for the reporter, no limit."""
    if not case.is_open:
        return ""
    left = time_left(case.due_at, now, by_day=hides_hours(case))
    if case.state == WAITING:
        until = case.wakes_at.astimezone(get_default_timezone()) if case.wakes_at else None
        return _("paused until %(day)s") % {"day": f"{until:%m-%d}"} if until else _("paused")
    if case.state == HANDLED and case.verified_at is not None:
        return _("reporter: %(left)s") % {"left": left} if left else _("reporter is to confirm")
    if case.asked_at is not None:
        return _("paused: reporter asked")
    return left or _("no limit")


def span(time: timedelta) -> str:
    """The largest unit that says enough: days, hours or minutes."""
    minutes = int(time.total_seconds() // 60)
    if minutes >= 48 * 60:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 120:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def urgency(case: Case, now: datetime) -> str:
    """The class beside the words of time left: overdue, red within two hours, yellow within a day, or resting."""
    if case.overdue_at is None and is_resting(case):
        return "rest"
    if case.overdue_at is not None or (case.is_open and is_over(case, case.due_at, now)):
        return "overdue"
    left = case.due_at - now
    if left <= timedelta(hours=2):
        return "red"
    return "yellow" if left <= timedelta(days=1) else ""


def act_name(story: Story) -> str:
    """What an act is called in the history."""
    code = story.entry.kind.removeprefix("case.")
    if code in MOVES:
        return str(MOVES[code].name)
    return str(other_acts().get(code, code))


def act_detail(story: Story) -> str:
    """What changed: state, level, reason; empty when nothing worth saying did."""
    data = story.entry.data
    parts = []
    if data.get("from") and data.get("to") and data["from"] != data["to"]:
        parts.append(f"{STATES[data['from']]} → {STATES[data['to']]}")
    if data.get("level_from") and data.get("level_to") and data["level_from"] != data["level_to"]:
        parts.append(f"{LEVELS[data['level_from']]} → {LEVELS[data['level_to']]}")
    if data.get("reason") in REASONS:
        parts.append(str(REASONS[data["reason"]]))
    if data.get("as_note"):
        parts.append(_("%(move)s, kept as a note") % {"move": MOVES[data["as_note"]].name})
    if data.get("done_at") and not story.day_only:
        done = (EPOCH + timedelta(seconds=data["done_at"])).astimezone(get_default_timezone())
        parts.append(_("done at %(time)s without network") % {"time": f"{done:%m-%d %H:%M}"})
    if data.get("warning"):
        parts.append(warning(data.get("clock", ""), data["warning"]))
    return " · ".join(parts)


def clock_name(kind: str) -> str:
    """What a clock is called."""
    names = {
        "promise": _("Promised time"),
        "accept": _("Acceptance"),
        "contact": _("First contact"),
        "dispatch": _("Dispatch"),
        "stage": _("Holder's time"),
        "verify": _("Checking"),
        "confirm": _("Reporter's answer"),
    }
    return names.get(kind, kind)


def warning(kind: str, code: str) -> str:
    """How far a clock has run: half, nearly all, over. A whole sentence in every language, to stand behind a colon."""
    sentences = {
        "yellow": _("%(clock)s, half of the time used"),
        "red": _("%(clock)s, nearly all of the time used"),
        "overdue": _("%(clock)s, overdue"),
    }
    return sentences[code] % {"clock": clock_name(kind)}


def other_acts() -> dict[str, str]:
    """Acts that are no moves of the table."""
    return {
        "report": _("Reported"),
        "joined": _("A neighbour reported the same"),
        "warned": _("Reminder of a time limit"),
        "absent": _("Called and not there in time"),
        "stuck": _("Nothing has happened for long"),
        "recheck_drawn": _("Drawn for a second look"),
        "rechecked": _("Looked at again"),
        "moved_border": _("Follows the new border"),
        "revealed": _("Personal data looked at"),
        "exported": _("Taken as a file"),
    }


def roles_of(entry_actor: str) -> str:
    """Who acted, without a name: staff, the reporter, the system, a program."""
    names = {
        "staff": _("Staff"),
        "reporter": _("Reporter"),
        "system": _("System"),
        "client": _("Resident or program"),
    }
    return names.get(entry_actor, entry_actor)


def duties(post: Post) -> str:
    """What a post is there for, as its card says: its own text, else what every post of the role does."""
    usual = {
        "lead": _("Answers for this grid: takes matters on, hands them out and sees that they end."),
        "worker": _("Walks the grid, settles small matters on the spot, helps with papers and advice."),
    }
    return post.duties or usual.get(post.role, "")
