"""The one table of who is told what: fact x recipient x channel x text.

A row is told when its fact is in the journal and its condition holds. Texts hold the case number, words for state,
level and clock, and a deadline; never what somebody wrote, and no name. A fact that is missing here tells nobody.

Recipients (`whom.py` finds them):
    holder     who must act now; a level's triage where nobody is named
    triage     those who accept, route and verify on the case's level
    next_up    the next level's triage
    sender     who held the case before this act
    units      units named in the act: whistled, called in
    conveners  the subdistrict's dispatcher and duty lead, who call units together
    reporter   everybody tied to the case with a contact, on the way they chose
    supervisor the supervisors over the place
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gewu.domain.notify.recipients import EMAIL, NEWS, PAGE

HOLDER, TRIAGE, NEXT_UP, SENDER = "holder", "triage", "next_up", "sender"
UNITS, CONVENERS, REPORTER, SUPERVISOR = "units", "conveners", "reporter", "supervisor"

Condition = Callable[[Mapping[str, Any]], bool]
STAFF_CHANNELS = (PAGE, EMAIL)


@dataclass(frozen=True)
class Told:
    """One row: whom, with which text (`texts.TEXTS`), over which channels, and when at all."""

    whom: str
    text: str
    channels: tuple[str, ...] = STAFF_CHANNELS
    when: Condition | None = None

    def applies(self, data: Mapping[str, Any]) -> bool:
        return self.when is None or self.when(data)


def _reporter(text: str, when: Condition | None = None) -> Told:
    return Told(REPORTER, text, (NEWS,), when)


def _is(key: str, *values: Any) -> Condition:
    return lambda data: data.get(key) in values


def _warning(name: str) -> Condition:
    # The reporter's own time to answer warns nobody: silence simply closes the case.
    return lambda data: data.get("warning") == name and data.get("clock") != "confirm"


def _by(*kinds: str) -> Condition:
    """Done by staff, a reporter, or the system."""
    return _is("by", *kinds)


def _first_word(data: Mapping[str, Any]) -> bool:
    """The act ended the clock of the first contact: the reporter had not heard from us before."""
    return any(str(word).startswith("contact:") for word in data.get("stage") or ())


# Texts that, while the question is open, go out with a way straight to the answer (`cases.asking`): the other text.
# The way is made when the message leaves; no table holds it.
WITH_LINK = {"solved": "solved_link"}

MESSAGES: dict[str, tuple[Told, ...]] = {
    "case.report": (Told(TRIAGE, "new", (PAGE,)), _reporter("received")),
    "case.joined": (_reporter("received_joined"),),
    "case.accept": (_reporter("accepted"),),
    "case.decline": (_reporter("declined"),),
    "case.assign": (Told(HOLDER, "assigned"),),
    "case.hand_up": (Told(HOLDER, "handed_up"), _reporter("moved_up")),
    "case.hand_back": (Told(HOLDER, "handed_back"),),
    "case.transfer": (Told(HOLDER, "transferred"),),
    "case.whistle": (Told(UNITS, "whistled"),),
    "case.confirm_arrival": (Told(HOLDER, "arrived", (PAGE,)),),
    "case.absent": (Told(CONVENERS, "absent"), Told(HOLDER, "absent", (PAGE,)), Told(UNITS, "not_there")),
    "case.join": (Told(UNITS, "called_in"),),
    "case.leave": (Told(HOLDER, "left", (PAGE,)),),
    "case.take_over": (Told(SENDER, "taken_over"),),
    "case.decide_holder": (
        Told(HOLDER, "decided", when=_is("decision", "made")),
        Told(NEXT_UP, "proposed", (PAGE,), _is("decision", "proposed")),
    ),
    "case.pause": (_reporter("paused"),),
    "case.resume": (Told(HOLDER, "resumed", (PAGE,)),),
    "case.extend": (
        Told(NEXT_UP, "extension_asked", (PAGE,), _is("decision", "asked")),
        Told(HOLDER, "extension_granted", (PAGE,), _is("decision", "granted")),
        Told(HOLDER, "extension_refused", (PAGE,), _is("decision", "refused")),
    ),
    "case.report_done": (Told(TRIAGE, "to_verify", (PAGE,)), _reporter("done", _first_word)),
    "case.verify": (_reporter("solved", _is("to", "handled")), _reporter("closed", _is("to", "closed"))),
    "case.rework": (Told(HOLDER, "rework"),),
    "case.close": (_reporter("closed"),),
    "case.refuse": (
        Told(HOLDER, "refused"),
        Told(SUPERVISOR, "refused_at_district", when=lambda data: data.get("level_from") == "D"),
    ),
    "case.reopen": (Told(HOLDER, "reopened"),),
    "case.merge": (_reporter("merged"),),
    "case.unmerge": (Told(HOLDER, "unmerged", (PAGE,)),),
    "case.withdraw": (Told(HOLDER, "withdrawn", (PAGE,), _is("to", "closed")),),
    "case.void": (_reporter("void"),),
    "case.appeal": (Told(NEXT_UP, "appeal", (PAGE,), _is("decision", "asked", "reviewed")),),
    "case.recategorise": (),
    "case.ask_reporter": (_reporter("question"),),
    "case.answer": (
        Told(HOLDER, "answered", (PAGE,), _by("reporter")),
        _reporter("answer", _by("staff")),
        Told(HOLDER, "unanswered", (PAGE,), _by("system")),
    ),
    "case.add": (Told(HOLDER, "added", (PAGE,), _by("reporter")),),
    "case.warned": (
        Told(HOLDER, "yellow", (PAGE,), _warning("yellow")),
        Told(HOLDER, "red", when=_warning("red")),
        Told(HOLDER, "overdue", when=_warning("overdue")),
        Told(NEXT_UP, "overdue_below", when=_warning("overdue")),
    ),
    "case.stuck": (
        Told(HOLDER, "untouched", (PAGE,), _is("kind", "untouched")),
        Told(NEXT_UP, "stuck", (PAGE,), _is("kind", "stuck")),
    ),
    "case.moved_border": (Told(HOLDER, "moved", (PAGE,)),),
}
