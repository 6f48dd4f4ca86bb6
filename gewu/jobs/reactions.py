"""What follows which fact: one list, read from top to bottom.

The worker reads the sealed journal in order and calls these functions for each entry. A reaction may run twice (a
crash lies between doing and noting), so each of them checks what is done already. One that fails is noted as a
`Stumble` and tried again later; the entries behind it go on.

Facts of `case` and `bulk` each stand here by name, with an empty row when nothing follows. Other nouns may stand in
`NOTHING_FOLLOWS` as a whole. A test compares both with the facts that are registered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gewu.domain.access.actor import SYSTEM
from gewu.domain.areas.models import BorderVersion
from gewu.domain.cases.actions.borders import move_cases
from gewu.domain.journal.models import Entry
from gewu.domain.notify.actions import tell as _tell

READER = "reactions"
Reaction = Callable[[Entry, datetime], None]


def tell(entry: Entry, now: datetime) -> None:
    """Queue the messages of `notify.table`."""
    _tell(entry, now=now)


def follow_border(entry: Entry, now: datetime) -> None:
    """Open cases go where the new border puts them; those already there stay."""
    version = BorderVersion.objects.filter(pk=entry.subject_id, state=BorderVersion.State.IN_FORCE).first()
    if version is not None:
        move_cases(version, actor=SYSTEM, now=now)


REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "areas.borders_in_force": (follow_border,),
    "bulk.asked": (),
    "bulk.called_off": (),
    "bulk.confirmed": (),
    "bulk.done": (),
    "case.absent": (tell,),
    "case.accept": (tell,),
    "case.add": (tell,),
    "case.answer": (tell,),
    "case.appeal": (tell,),
    "case.ask_reporter": (tell,),
    "case.assign": (tell,),
    "case.close": (tell,),
    "case.confirm_arrival": (tell,),
    "case.correct": (),
    "case.decide_holder": (tell,),
    "case.decline": (tell,),
    "case.exported": (),
    "case.extend": (tell,),
    "case.hand_back": (tell,),
    "case.hand_up": (tell,),
    "case.internal_note": (),
    "case.join": (tell,),
    "case.joined": (tell,),
    "case.leave": (tell,),
    "case.merge": (tell,),
    "case.moved_border": (tell,),
    "case.pause": (tell,),
    "case.rate": (),
    "case.recategorise": (),
    "case.recheck_drawn": (),
    "case.rechecked": (),
    "case.refuse": (tell,),
    "case.reopen": (tell,),
    "case.report": (tell,),
    "case.report_done": (tell,),
    "case.resume": (tell,),
    "case.revealed": (),
    "case.rework": (tell,),
    "case.split": (),
    "case.start": (),
    "case.stuck": (tell,),
    "case.take_over": (tell,),
    "case.transfer": (tell,),
    "case.unmerge": (tell,),
    "case.verify": (tell,),
    "case.void": (tell,),
    "case.warned": (tell,),
    "case.whistle": (tell,),
    "case.withdraw": (tell,),
}

# Subjects of the journal from whose facts nothing follows beyond what their action did, and why.
NOTHING_FOLLOWS: dict[str, str] = {
    "absence": "who is away is asked when a message is made",
    "account": "takes effect at once",
    "areas": "only a version in force concerns anybody else",
    "calendar": "deadlines are recomputed in the action itself",
    "cases": "a list was taken as a table: the supervisor reads it in the journal",
    "catalogue": "a case keeps the version it was filed under",
    "condition": "a case keeps the version it was filed under",
    "contact": "the reporter reads the log of looks",
    "identity": "the officers see it on their page",
    "installation": "takes effect at once",
    "officer": "takes effect at once",
    "patrol": "a plan counts from its next round",
    "people": "takes effect at once",
    "photo": "takes effect at once",
    "round": "what was found is a case of its own",
    "finding": "settled on the spot: nobody else needs to act",
    "visit": "the resident holds the slip",
    "place": "takes effect at once",
    "places": "takes effect at once",
    "post": "the handover pack is made when it is opened",
    "privacy": "proof of what has been erased",
    "retention": "takes effect in the next night",
    "subclass": "a case keeps the version it was filed under",
    "suggestion": "the writer reads the answer with the code",
    "token": "takes effect at once",
    "unit": "takes effect at once",
}


def of(kind: str) -> tuple[Reaction, ...]:
    """The functions that follow a fact."""
    return REACTIONS.get(kind, ())


def named(name: str) -> Reaction:
    """The reaction that a stumble names."""
    return {reaction.__name__: reaction for row in REACTIONS.values() for reaction in row}[name]
