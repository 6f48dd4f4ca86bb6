"""What is said and linked along the way: questions, answers, additions, notes, categories, joined and split cases."""

from __future__ import annotations

from datetime import datetime

from gewu.core import worktime
from gewu.core.errors import Conflict, Invalid, Refused
from gewu.core.sentences import sentence as _
from gewu.domain.cases import clocks, rules
from gewu.domain.cases.actions.ladder import begin_on_its_level, set_condition
from gewu.domain.cases.actions.outcome import reports_of
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case, CaseText, Merge
from gewu.domain.cases.workflow import CLOSED, SUBMITTED
from gewu.domain.privacy import texts


def ask_reporter(step: Step) -> None:
    """A question holds the clocks until it is answered, or until the time for an answer has run out."""
    case = step.case
    if case.asked_at is not None:
        raise Refused(_("A question is already waiting for its answer."), code="asked")
    if not any(report.withdrawn_at is None for report in reports_of(step)):
        raise Refused(_("This case has no reporter to ask."), code="no_reporter")
    case.asked_at = step.now
    step.say("question", step.given["text"], public=True)


def answer(step: Step) -> None:
    """The reporter answers a question; staff answer the reporter; silence lets the clocks go on."""
    case = step.case
    step.say("answer", step.given["text"], public=True)
    if step.actor.kind in {"reporter", "system"} and case.asked_at is not None:
        case.asked_at = None
        step.board.resume()


def add(step: Step) -> None:
    """More words or photos, from the reporter or from those who work on it."""
    by_reporter = step.actor.kind == "reporter"
    if not step.given["text"] and not step.given["photos"]:
        raise Invalid.at("text", "required", _("Please write something or add a photo."))
    step.say("addition", step.given["text"], public=by_reporter)
    step.show(step.given["photos"], "report" if by_reporter else "before", public=by_reporter)


def correct(step: Step) -> None:
    """Within five minutes the reporter may put the text right; the earlier wording is destroyed."""
    case = step.case
    if not rules.may_correct(step.own_report, step.now):
        raise Refused(_("Five minutes have passed. You can still add something."), code="too_late")
    old = case.text_id
    kept = step.say("report", step.given["text"], public=True)
    assert kept is not None  # noqa: S101 - the table demands the text
    case.text_id = kept
    CaseText.objects.filter(case=case, text_id=old).delete()
    texts.destroy([old])


def internal_note(step: Step) -> None:
    """For colleagues only. Marked as statement it is the word of a side before a decision."""
    step.say("note", step.given["text"])
    if not step.given["statement"]:
        return
    hat = step.actor.hats[0]
    for party in step.case.parties.all():
        mine = party.post_id == hat.post_id or (party.unit_id is not None and party.unit_id == hat.unit_id)
        if party.relation == "heard" and mine:
            party.answered_at = step.now
            step.saves.append(party)
            return
    raise Refused(_("Your statement was not asked for in this case."), code="not_a_side")


def recategorise(step: Step) -> None:
    """Another filing condition: its limits count from the same start."""
    case = step.case
    if step.given["condition"].pk == case.condition_id:
        raise Invalid.at("condition", "same", _("The case already has this category."))
    set_condition(step, step.given["condition"])
    if case.state == SUBMITTED:
        begin_on_its_level(case)
        step.stage_changed = True
    step.board.recategorise()
    step.say("reason", step.given["text"])


def merge(step: Step) -> None:
    """This case goes on in another; its reporters follow that one, and everything can be undone."""
    case = step.case
    # Both locked, in one order: what is joined with this one meanwhile makes no chain, the other turns neither private
    # nor ends, and of two joined with each other at once one is refused (SQLite has one writer anyway).
    both = (
        Case.objects.select_for_update().filter(number__in=[case.number, step.given["into"]]).order_by("pk")
    )
    main = next((one for one in both if one.number == step.given["into"]), None)
    if main is None or main.pk == case.pk or not main.is_open:
        raise Invalid.at("into", "unknown", _("There is no open case with this number."))
    if not any(main.scope_path.startswith(hat.area_path) for hat in step.actor.hats):
        raise Invalid.at("into", "unknown", _("There is no open case with this number."))
    if main.sensitivity != case.sensitivity:
        raise Invalid.at(
            "into",
            "sensitivity",
            _("Only cases that are equally private can be joined: who reported one follows the other."),
        )
    if case.merged.exists():
        raise Conflict(
            _("Other cases were joined with this one. Join that one with this instead."), code="merged"
        )
    step.saves.append(Merge(case=case, into=main, state_before=case.state, at=step.now))
    case.merged_into = main
    step.say("note", step.given["text"])
    step.data["other"] = main.pk.hex
    case.closing, case.confirmation, case.closed_at = "merged", "none", step.now
    step.to(CLOSED)


def unmerge(step: Step) -> None:
    """Two matters after all: the case is again what it was, its clocks go on."""
    case = step.case
    link = Merge.objects.filter(case=case, undone_at=None).first()
    if link is None:
        raise Refused(_("This case was not joined with another."), code="not_merged")
    link.undone_at = step.now
    step.saves.append(link)
    step.data["other"] = link.into_id.hex
    case.merged_into, case.closing, case.confirmation, case.closed_at = None, "", "", None
    step.say("reason", step.given["text"])
    _terms_go_on(step, link.at)
    step.to(link.state_before)


def _terms_go_on(step: Step, since: datetime) -> None:
    """Time that no clock counts stood still as well: nobody could arrive, speak or answer while the case was joined.

    What had run out before and was not noted any more is noted by the worker now.
    """
    case, calendar = step.case, step.board.calendar
    if case.asked_at is not None:
        ran = worktime.elapsed(case.asked_at, since, clocks.ANSWER.kind, calendar)
        case.asked_at = worktime.before(step.now, clocks.ANSWER.kind, ran, calendar)
    for party in case.parties.all():
        if party.due_at is None or party.answered_at is not None or party.until is not None:
            continue
        if party.missed_at is not None and party.missed_at < since:
            continue
        kind = clocks.arrival(case).kind if party.relation == "whistled" else clocks.HEARING.kind
        party.missed_at = None
        if party.due_at > since:
            left = worktime.elapsed(since, party.due_at, kind, calendar)
            party.due_at = worktime.add(step.now, kind, left, calendar)
        step.saves.append(party)


def split(step: Step) -> None:
    """A second matter in one report becomes a case of its own at the same place."""
    from gewu.domain.cases.actions.intake import split_off

    child = split_off(
        step.case, text=step.given["text"], condition=step.given["condition"], actor=step.actor, now=step.now
    )
    step.data["other"] = child.pk.hex
