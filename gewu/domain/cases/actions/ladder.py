"""What the moves on the ladder change: who holds the case, on which level (rules.md 2)."""

from __future__ import annotations

from datetime import datetime
from itertools import takewhile

from gewu.core import levels
from gewu.core.errors import Invalid, Refused
from gewu.core.sentences import sentence as _
from gewu.core.worktime import deadline
from gewu.domain.access.actor import Hat
from gewu.domain.access.table import CONFIDENTIAL
from gewu.domain.areas.queries import grid_of
from gewu.domain.cases import by_day, clocks, lookups, rules
from gewu.domain.cases.actions.asks import Holder
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import GRID_PATH, Case, Party, Stage
from gewu.domain.cases.workflow import ACCEPTED, ASSIGNED, HANDLING
from gewu.domain.catalogue.models import Condition
from gewu.domain.people.models import Post, Unit
from gewu.domain.people.queries import day_of
from gewu.domain.privacy import contacts
from gewu.domain.statements import change

_WORDS = {("duty_lead", levels.SUBDISTRICT): "say_lead", ("dispatcher", levels.DISTRICT): "say_disp"}


def accept(step: Step) -> None:
    """The matter is ours: its condition stands, the promise begins."""
    case = step.case
    if step.given["condition"] is not None:
        set_condition(step, step.given["condition"])
        begin_on_its_level(case)
    case.accepted_at = step.now
    step.to(ACCEPTED)


def set_condition(step: Step, condition: Condition) -> None:
    """Another filing condition: privacy and emergency follow it; a case once private stays so."""
    case, before = step.case, step.case.sensitivity
    case.condition = condition
    case.emergency = condition.emergency
    case.start_level = rules.start_level(condition, case.filed_area.level)
    case.sensitivity = rules.stricter(before, rules.sensitivity_of(condition))
    if case.sensitivity != before:
        # As `merge` holds it: from here on nothing is joined with it.
        Case.objects.select_for_update().get(pk=case.pk)
    if case.sensitivity == CONFIDENTIAL != before:
        seal_contacts(step)
        case.filed_at = day_of(case.filed_at)
        step.board.turn_confidential()
    if case.sensitivity != before:
        case.filed_area = grid_of(case.filed_area)
        case.scope_path = case.scope_path[:GRID_PATH]
        close_up_joined(case)
    case.department = lookups.unit_for(condition, levels.DISTRICT, case.scope_path)


def close_up_joined(case: Case) -> None:
    """What was joined with a case tells of the same matter, under a number of its own: it is as private."""
    for one in Case.objects.filter(merged_into=case).select_related("filed_area__parent"):
        one.sensitivity = rules.stricter(one.sensitivity, case.sensitivity)
        as_private = {
            "sensitivity": one.sensitivity,
            "filed_at": by_day.as_told(one, one.filed_at),
            "filed_area_id": grid_of(one.filed_area).pk,
            "scope_path": one.scope_path[:GRID_PATH],
        }
        change(Case, as_private, {"id": one.pk})


def seal_contacts(step: Step) -> None:
    """What reporters left so far is sealed like that of a report which was confidential from the start."""
    for tie in lookups.reports_of(step.case):
        if tie.contact_id is not None:
            tie.sealed_id = contacts.seal_kept(tie.contact_id, actor=step.actor, now=step.now)
            tie.contact_id = None
            step.saves.append(tie)


def begin_on_its_level(case: Case) -> None:
    """A case that nobody holds yet starts where its condition says, also when the condition is found later."""
    case.level = case.start_level


def assign(step: Step) -> None:
    """Name the holder on the level where the case is."""
    holder: Holder = step.given["to"]
    _on_this_level(step, holder)
    step.hold(holder, level=step.case.level)
    step.say("note", step.given["text"])
    step.to(ASSIGNED)


def hand_up(step: Step) -> None:
    """One level up, to its triage; at the district the department of the category waits to be confirmed."""
    case = step.case
    target = step.given["level"] or levels.above(case.level)
    if target is None:
        raise Refused(_("There is no level above the district departments."), code="top")
    if target != levels.above(case.level) and not case.emergency:
        raise Invalid.at("level", "one_at_a_time", _("Only emergencies skip a level."))
    step.say("tried", step.given["text"])
    step.data["reason"] = step.given["reason"]
    step.hold(None, level=target, counts_on=True)
    step.to(ACCEPTED)


def hand_back(step: Step) -> None:
    """Back to who sent it, on their level."""
    case = step.case
    stage = Stage.objects.filter(case=case, ended_at=None).first()
    if stage is None or not stage.sent_from_level:
        raise Refused(_("Nobody sent this case here, so it cannot go back."), code="nobody_sent_it")
    sender = Holder(
        post=Post.objects.filter(pk=stage.sent_by_post).first() if stage.sent_by_post else None,
        unit=Unit.objects.filter(pk=stage.sent_by_unit).first() if stage.sent_by_unit else None,
        level=stage.sent_from_level,
    )
    _book_wrong_address(step)
    step.data["reason"] = step.given["reason"]
    step.say("reason", step.given["text"])
    _count_return(step)
    step.hold(sender if sender.post or sender.unit else None, level=stage.sent_from_level, counts_on=True)
    step.to(ACCEPTED)


def transfer(step: Step) -> None:
    """To another holder of the same level."""
    holder: Holder = step.given["to"]
    _on_this_level(step, holder)
    if _same(step.case, holder):
        raise Invalid.at("to", "same", _("The case is already there."))
    _book_wrong_address(step)
    step.data["reason"] = step.given["reason"]
    step.say("reason", step.given["text"])
    _count_return(step)
    step.hold(holder, level=step.case.level)
    step.to(ASSIGNED)


def _book_wrong_address(step: Step) -> None:
    """The time a wrong address cost is booked to the sender's level, from the arrival here on."""
    if step.given["reason"] != "wrong_address":
        return
    stages = list(Stage.objects.filter(case=step.case).order_by("-began_at", "-id"))
    here = (step.case.holder_post_id, step.case.holder_unit_id, step.case.level)
    stretches = takewhile(lambda one: (one.holder_post, one.holder_unit, one.level) == here, stages)
    sender = stages[0].sent_from_level if stages else ""
    if sender:
        Stage.objects.filter(pk__in=[one.pk for one in stretches]).update(charged_level=sender)
        step.board.book_to(sender)


def _count_return(step: Step) -> None:
    """The second return calls for a decision: both sides are asked for their word."""
    case = step.case
    case.returns += 1
    if case.returns >= rules.RETURNS_TO_DECIDE:
        due = deadline(step.now, clocks.HEARING, step.board.calendar).at
        for post, unit in _sides(step):
            if post is not None or unit is not None:
                _hear(step, post, unit, due)


def _sides(step: Step) -> list[tuple[Post | None, Unit | None]]:
    """Who holds it now and, in a transfer, who is to get it; in a return who sent it, or who had it before."""
    case, given = step.case, step.given["to"]
    here = (case.holder_post, case.holder_unit)
    if given is not None:
        return [here, (given.post, given.unit)]
    stages = list(Stage.objects.filter(case=case).order_by("-began_at", "-id"))
    known = [(stages[0].sent_by_post, stages[0].sent_by_unit)]
    known += [(stage.holder_post, stage.holder_unit) for stage in stages]
    mine = (case.holder_post_id, case.holder_unit_id)
    post, unit = next((one for one in known if one not in ((None, None), mine)), (None, None))
    return [
        here,
        (
            Post.objects.filter(pk=post).first() if post else None,
            Unit.objects.filter(pk=unit).first() if unit else None,
        ),
    ]


def _hear(step: Step, post: Post | None, unit: Unit | None, due: datetime) -> None:
    unit = None if post is not None else unit
    known = next(
        (p for p in step.case.parties.all() if p.relation == "heard" and p.post == post and p.unit == unit),
        None,
    )
    party = known or Party(case=step.case, relation="heard", post=post, unit=unit)
    party.since, party.due_at, party.answered_at, party.until = step.now, due, None, None
    step.saves.append(party)


def _end_hearing(step: Step) -> None:
    """It is decided: who was asked for a word and gave none has no part in the case by that any more."""
    for party in step.case.parties.all():
        if party.relation == "heard" and party.until is None:
            party.until = step.now
            step.saves.append(party)


def decide_holder(step: Step) -> None:
    """The next level has heard both and names one holder, who can only hand up. At D two people must agree."""
    case, holder = step.case, step.given["to"]
    hat = step.actor.hats[0]
    if case.returns < rules.RETURNS_TO_DECIDE:
        raise Refused(
            _("Nothing has to be decided: the case was not returned twice."), code="nothing_to_decide"
        )
    waiting = [
        p
        for p in case.parties.all()
        if p.relation == "heard" and not p.answered_at and p.due_at and p.due_at > step.now
    ]
    if waiting:
        raise Refused(
            _("Both sides are heard first: one of them still has time to write."),
            code="not_heard",
            until=waiting[0].due_at,
        )
    _on_this_level(step, holder)
    step.say("reason", step.given["text"])
    if case.level == levels.DISTRICT and not _agreed(step, _word_of(hat), holder):
        step.data["decision"] = "proposed"
        return
    step.data["decision"] = "made"
    _end_hearing(step)
    step.hold(holder, level=case.level)
    case.decided, case.returns = True, 0
    step.to(ASSIGNED)


def _word_of(hat: Hat) -> str:
    """Whose word a hat gives at the district: the subdistrict's duty lead's, or the district dispatcher's."""
    word = _WORDS.get((hat.role, hat.level))
    if word is None:
        raise Refused(
            _("Here the subdistrict's duty lead and the district dispatcher decide together."),
            code="not_yours",
        )
    return word


def _agreed(step: Step, mine: str, holder: Holder) -> bool:
    """Duty lead and district dispatcher, one after the other, name the same holder; each may change their word."""
    theirs = next(word for word in _WORDS.values() if word != mine)
    words = {
        p.relation: p for p in step.case.parties.all() if p.relation in (mine, theirs) and p.until is None
    }
    named = (holder.post, None if holder.post else holder.unit)
    other = words.get(theirs)
    agreed = other is not None and (other.post, other.unit) == named
    if agreed and step.was_done_by_me("case.decide_holder"):
        raise Refused(_("Two people decide: somebody else has to agree."), code="second_person")
    for word in words.values() if agreed else filter(None, [words.get(mine)]):
        word.until = step.now
        step.saves.append(word)
    if not agreed:
        step.saves.append(Party(case=step.case, relation=mine, post=named[0], unit=named[1], since=step.now))
    return agreed


def whistle(step: Step) -> None:
    """Convene units; one leads and holds the case; each has a limit to confirm its arrival."""
    case, units, lead = step.case, step.given["units"], step.given["lead"]
    if lead not in units:
        units = [*units, lead]
    due = deadline(step.now, clocks.arrival(case), step.board.calendar).at
    known = {p.unit_id: p for p in case.parties.all() if p.relation == "whistled"}
    for party in known.values():
        if party.leads and party.unit_id != lead.pk:  # of an earlier call
            party.leads = False
            step.saves.append(party)
    for unit in units:
        party = known.get(unit.pk) or Party(case=case, relation="whistled", unit=unit)
        party.since, party.due_at, party.answered_at, party.leads = step.now, due, None, unit == lead
        party.until = party.missed_at = None
        step.saves.append(party)
    step.say("note", step.given["text"])
    step.data["units"] = [unit.pk.hex for unit in units]
    step.hold(Holder(post=None, unit=lead, level=lead.level), level=lead.level)
    step.to(ASSIGNED)


def confirm_arrival(step: Step) -> None:
    """A whistled unit is on the spot; once for each call."""
    party = _own_party(step, "whistled")
    if party.answered_at is not None:
        raise Refused(_("Your arrival is already on record."), code="already_arrived")
    party.answered_at = step.now
    step.saves.append(party)
    step.data["on_time"] = int(party.due_at is None or step.now <= party.due_at)
    step.data["units"] = [party.unit.pk.hex] if party.unit else []
    step.say("note", step.given["text"])


def join(step: Step) -> None:
    """Call a unit in to help; the holder stays."""
    unit = step.given["unit"]
    known = next(
        (p for p in step.case.parties.all() if p.relation == "helper" and p.unit_id == unit.pk), None
    )
    if known is not None and known.until is None:
        raise Invalid.at("unit", "already", _("This unit already helps."))
    party = known or Party(case=step.case, relation="helper", unit=unit)
    party.since, party.until = step.now, None
    step.saves.append(party)
    step.data["units"] = [unit.pk.hex]
    step.say("note", step.given["text"])


def leave(step: Step) -> None:
    """A helping unit goes; what it did stays on record. A leading unit cannot leave while it holds the case."""
    party = _own_party(step, "helper", "whistled")
    if party.leads and party.unit_id == step.case.holder_unit_id:
        raise Refused(_("The leading unit cannot leave. It can hand the case back."), code="leads")
    party.until = step.now
    step.saves.append(party)
    step.data["units"] = [party.unit.pk.hex] if party.unit else []
    step.say("note", step.given["text"])


def _own_party(step: Step, *relations: str) -> Party:
    hat = step.actor.hats[0]
    for party in step.case.parties.all():
        mine = party.post_id == hat.post_id or (party.unit_id is not None and party.unit_id == hat.unit_id)
        if party.relation in relations and party.until is None and mine:
            return party
    raise Refused(_("Your unit has no part in this case any more."), code="no_part")


def take_over(step: Step) -> None:
    """The next level takes an overdue case to itself."""
    case = step.case
    if case.overdue_at is None:
        raise Refused(_("Only an overdue case can be taken over."), code="not_overdue")
    hat = step.actor.hats[0]
    post = Post.objects.select_related("unit").get(pk=hat.post_id)
    step.say("note", step.given["text"])
    case.asked_at, case.wakes_at = None, None
    step.hold(Holder(post=post, unit=post.unit, level=hat.level), level=hat.level)
    step.to(HANDLING)


def _on_this_level(step: Step, holder: Holder) -> None:
    """A holder stands on the case's level: going up is handing up, not assigning."""
    if holder.level != step.case.level:
        raise Invalid.at(
            "to", "level", _("This post or unit works on another level. Hand the case up or back instead.")
        )
    if holder.post is not None and not step.case.scope_path.startswith(holder.post.area.path):
        raise Invalid.at("to", "area", _("This post serves another area."))


def _same(case: Case, holder: Holder) -> bool:
    if holder.post is not None:
        return bool(case.holder_post_id == holder.post.pk)
    return case.holder_post_id is None and holder.unit is not None and case.holder_unit_id == holder.unit.pk
