"""The words of messages, made when they are read or sent, in the reader's language.

Each text is one sentence from facts that are codes and numbers. What somebody wrote about a matter never stands in a
message: it would then lie in mailboxes and on lock screens that no erasure reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from gewu.domain.cases.workflow import DECLINE_REASONS, LEVELS, STATES

CLOCKS: dict[str, Any] = {
    "promise": pgettext_lazy("clock", "the promised time"),
    "accept": pgettext_lazy("clock", "accepting"),
    "contact": pgettext_lazy("clock", "first contact"),
    "dispatch": pgettext_lazy("clock", "assigning"),
    "stage": pgettext_lazy("clock", "handling on this level"),
    "verify": pgettext_lazy("clock", "verifying"),
    "confirm": pgettext_lazy("clock", "the reporter's answer"),
}

TEXTS: dict[str, Any] = {
    # To staff: telegraph style.
    "new": _("Case %(number)s: new, to be accepted. Due %(due)s."),
    "assigned": _("Case %(number)s: assigned to you. Due %(due)s."),
    "handed_up": _("Case %(number)s: handed up to level %(level)s. Due %(due)s."),
    "handed_back": _("Case %(number)s: handed back to you. Due %(due)s."),
    "transferred": _("Case %(number)s: passed on to you. Due %(due)s."),
    "whistled": _("Case %(number)s: you are called to the spot. Please confirm your arrival."),
    "absent": _("Case %(number)s: a unit that was called has not confirmed its arrival in time."),
    "not_there": _("Case %(number)s: the time to arrive is over; please confirm once you are there."),
    "called_in": _("Case %(number)s: your unit is asked to help."),
    "arrived": _("Case %(number)s: a unit has arrived."),
    "left": _("Case %(number)s: a helping unit has left."),
    "taken_over": _("Case %(number)s: taken over by the next level."),
    "decided": _("Case %(number)s: you are named as holder. The decision binds; handing up stays possible."),
    "proposed": _("Case %(number)s: a holder is proposed and awaits the second word."),
    "resumed": _("Case %(number)s: no longer on hold. Due %(due)s."),
    "extension_asked": _("Case %(number)s: more time is asked for; a decision is needed."),
    "extension_granted": _("Case %(number)s: more time granted. Due %(due)s."),
    "extension_refused": _("Case %(number)s: no more time granted. Due %(due)s."),
    "to_verify": _("Case %(number)s: reported done, to be verified. Due %(due)s."),
    "rework": _("Case %(number)s: back to work. Due %(due)s."),
    "refused": _("Case %(number)s: the reporter says it is not solved. Due %(due)s."),
    "refused_at_district": _(
        "Case %(number)s: the reporter says it is not solved; it is already at district level."
    ),
    "reopened": _("Case %(number)s: opened again. Due %(due)s."),
    "unmerged": _("Case %(number)s: no longer joined with another. Due %(due)s."),
    "withdrawn": _("Case %(number)s: withdrawn by its reporter."),
    "appeal": _("Case %(number)s: an appeal awaits review."),
    "answered": _("Case %(number)s: the question to the reporter is answered."),
    "unanswered": _("Case %(number)s: the reporter did not answer in time, the clocks go on. Due %(due)s."),
    "added": _("Case %(number)s: the reporter has added something."),
    "yellow": _("Case %(number)s: half of the time for %(clock)s is used. Due %(due)s."),
    "red": _("Case %(number)s: little time left for %(clock)s. Due %(due)s."),
    "overdue": _("Case %(number)s: overdue (%(clock)s). The next level is told."),
    "overdue_below": _("Case %(number)s: overdue on level %(level)s (%(clock)s). You may take over."),
    "untouched": _("Case %(number)s: nothing has happened for half of the stage."),
    "stuck": _("Case %(number)s: has not moved for two stages (level %(level)s)."),
    "moved": _("Case %(number)s: now lies in another area after the change of borders."),
    # To reporters: short and polite.
    "received": _(
        "We have received your report %(number)s. You can follow it with your receipt at any time."
    ),
    "received_joined": _(
        "Your report has been added to case %(number)s. You can follow it with your receipt."
    ),
    "accepted": _("Your report %(number)s has been accepted and is being arranged."),
    "declined": _(
        "Your report %(number)s could not be taken: %(reason)s. Your receipt shows where you can turn."
    ),
    "moved_up": _("Your report %(number)s now lies with the next level, so that it can be dealt with."),
    "paused": _("Your report %(number)s has to wait until %(until)s. Your receipt shows why."),
    "solved": _(
        "Your report %(number)s has been dealt with. Please tell us with your receipt whether it is solved."
    ),
    "solved_link": _(
        "Your report %(number)s has been dealt with. Is it solved? Please tell us here: %(link)s"
    ),
    "closed": _(
        "Your report %(number)s is closed. If it is not solved, you can open it again within 15 days."
    ),
    "merged": _(
        "Your report %(number)s was joined with another one about the same matter. You will go on hearing from us."
    ),
    "void": _(
        "Your report %(number)s was ended because of an error in our entry. You can report the matter anew."
    ),
    "question": _("We have a question about your report %(number)s. Please answer it with your receipt."),
    "answer": _("There is an answer to your report %(number)s. You can read it with your receipt."),
    "done": _("Your report %(number)s has been worked on; the result is now being checked."),
}
# To those who watch over the installation; not about a case, so not in `table`.
SERVICE_TEXTS: dict[str, Any] = {
    "head": _("Journal head: %(size)s entries, %(root)s, signature %(signature)s. Please keep this message."),
    "calendar": _("The working calendar is known until %(until)s only. Please enter the coming year."),
}


@dataclass(frozen=True)
class Words:
    """A message as it is read."""

    subject: str
    body: str


def sentence(code: str, facts: Mapping[str, Any]) -> str:
    """The one sentence of a message, in the language in force."""
    return str(TEXTS.get(code) or SERVICE_TEXTS[code]) % _readable(facts)


def letter(code: str, facts: Mapping[str, Any], *, language: str, sender: str) -> Words:
    """A message as a mail, in the recipient's language; `sender` is the installation's name."""
    with translation.override(language):
        text = sentence(code, facts)
        about_case = code in TEXTS
        subject = (
            gettext("Case %(number)s: news") % {"number": facts["number"]}
            if about_case
            else gettext("From Gewu")
        )
        ending = gettext("This message was sent automatically. Details: %(address)s") % {
            "address": settings.ADDRESS
        }
    return Words(subject, f"{text}\n\n{sender}\n{ending}\n")


def short(code: str, facts: Mapping[str, Any], *, language: str, sender: str) -> str:
    """A message as a text on a phone."""
    with translation.override(language):
        return gettext("[%(sender)s] %(text)s") % {"sender": sender, "text": sentence(code, facts)}


def _readable(facts: Mapping[str, Any]) -> dict[str, Any]:
    known = {"number": facts.get("number", "")}
    known["state"] = STATES.get(str(facts.get("state")), "")
    known["level"] = LEVELS.get(str(facts.get("level")), "")
    known["clock"] = CLOCKS.get(str(facts.get("clock")), "")
    known["reason"] = DECLINE_REASONS.get(str(facts.get("reason")), "")
    known["due"] = _moment(facts.get("due"), with_time=not facts.get("by_day"))
    known |= {name: facts.get(name, "") for name in ("size", "root", "signature", "link")}
    known["until"] = _moment(facts.get("until"), with_time=False)
    return {name: str(value) for name, value in known.items()}


def _moment(iso: Any, *, with_time: bool = True) -> str:
    if not iso:
        return gettext("not set")
    local = datetime.fromisoformat(str(iso)).astimezone(ZoneInfo(settings.TIME_ZONE))
    return f"{local:%Y-%m-%d %H:%M}" if with_time else f"{local:%Y-%m-%d}"
