"""Codes of what is counted: one fact each, never a rate. Rates are made of them in `insight.indicators`."""

from __future__ import annotations

REPORTED = "reported"
JOINED = "joined"
ACCEPTED = "accepted"
DECLINED = "declined"
ASSIGNED = "assigned"
RECEIVED = "received"  # a post or unit got a case to hold: assigned, passed on, whistled, taken over, named
FIRST_CONTACT_IN_TIME = "first_contact_in_time"
FIRST_CONTACT_LATE = "first_contact_late"
HANDED_UP = "handed_up"  # at the level it left
HANDED_BACK = "handed_back"
TRANSFERRED = "transferred"
WHISTLED = "whistled"
ARRIVED = "arrived"
ARRIVED_LATE = "arrived_late"
DONE = "done"  # each report of being done
DONE_IN_TIME = "done_in_time"  # promises kept
DONE_LATE = "done_late"  # promises broken
VERIFIED = "verified"
REWORKED = "reworked"
CLOSED = "closed"
CLOSED_IN_TIME = "closed_in_time"
CLOSED_LATE = "closed_late"
CLOSED_AS = {
    "solved": "closed_solved",
    "notice": "closed_notice",
    "unfounded": "closed_unfounded",
    "withdrawn": "closed_withdrawn",
    "merged": "closed_merged",
    "void": "closed_void",
}
CONFIRMED_AS = {
    "confirmed": "confirmed",
    "unconfirmed": "unconfirmed",
    "none": "nobody_asked",
}
REFUSED = "refused"
RATED = {rating: f"rated_{rating}" for rating in range(1, 6)}
REOPENED = "reopened"
APPEAL_OK = "appealed_ok"
# What an accepted appeal counts off, beside it and under a name of its own: what was published of a month stays true,
# and the case keeps its mark.
EXEMPT = {DONE_LATE: "done_late_exempt", CLOSED_LATE: "closed_late_exempt"}
PAUSED = "paused"
EXTENDED = "extended"
OVERDUE_FIRED = "overdue_fired"
OVERDUE_OPEN = "overdue_open"  # cases whose broken promise is still open
STUCK = "stuck"
UNTOUCHED = "untouched"
SOLVED_AT_LEVEL = "solved_at_level"
SOLVED_IN_GRID = "solved_in_grid"
STAGE_ENDED = "stage_ended"
STAGE_SECONDS = "stage_seconds"  # countable seconds a level held cases
OPEN = "open_delta"  # +1/-1 at the level; its sum to a day is the number of open cases

STOCKS = frozenset({OPEN, OVERDUE_OPEN})  # summed from the beginning, not over a period


def flow(level_from: str, level_to: str) -> str:
    """One case going from one level to another (or from holder to holder of one level)."""
    return f"flow_{level_from}{level_to}"
