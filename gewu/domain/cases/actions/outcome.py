"""What the moves towards the end of a case change: hold, done, verified, asked, closed, refused, opened again."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from gewu.core.errors import FieldError, Invalid, Refused
from gewu.domain.cases import clocks, lookups, queries, relations, rules
from gewu.domain.cases.actions.asks import Holder
from gewu.domain.cases.actions.step import Step
from gewu.domain.cases.models import Case, CasePhoto, Clock, Report
from gewu.domain.cases.workflow import ABOVE, CLOSED, DECLINED, HANDLED, HANDLING, WAITING
from gewu.domain.figures.derive import exempted
from gewu.domain.journal.queries import history
from gewu.domain.statements import ID, Prepared, Slot

_ENDED_PROMISE = Prepared(
    lambda: Clock.objects.filter(
        case=Slot("case", ID), kind=clocks.PROMISE, stopped_at__isnull=False
    ).order_by("-stopped_at")[:1]
)


def decline(step: Step) -> None:
    """Not ours: the reporter learns why and where to turn."""
    step.case.reason = step.data["reason"] = step.given["reason"]
    step.case.closed_at = step.now
    step.say("answer", step.given["text"], public=True)
    step.to(DECLINED)


def start(step: Step) -> None:
    step.to(HANDLING)


def pause(step: Step) -> None:
    """On hold, with a reason the reporter reads and a day to wake up."""
    step.case.reason = step.data["reason"] = step.given["reason"]
    step.case.wakes_at = step.given["until"]
    step.say("reason", step.given["text"], public=True)
    step.to(WAITING)


def resume(step: Step) -> None:
    step.case.wakes_at, step.case.reason = None, ""
    step.to(HANDLING)


def extend(step: Step) -> None:
    """Asked by the holder, granted one level up, at most the original limit, never once overdue."""
    case, decision = step.case, step.given["grant"]
    promise = step.board.running.get(clocks.PROMISE)
    if promise is None:
        raise Refused(_("This case has no promised time to extend."), code="no_promise")
    if case.overdue_at is not None or (promise.due_at is not None and promise.due_at <= step.now):
        raise Refused(_("An overdue case cannot be extended."), code="overdue")
    if decision is None:
        _ask_extension(step)
    elif case.extension != "asked":
        raise Refused(_("Nobody has asked for more time."), code="not_asked")
    elif not _stands_above(step) or step.was_done_by_me("case.extend"):
        raise Refused(_("More time is granted one level up."), code="level_above")
    else:
        case.extension = "granted" if decision == "yes" else "refused"
        if decision == "yes":
            step.board.extend_promise(promise.limit_seconds)
        step.data["decision"] = case.extension
    step.say("reason", step.given["text"])


def _ask_extension(step: Step) -> None:
    if step.case.extension:
        raise Refused(_("More time can be asked for once only."), code="asked_before")
    step.case.extension = "asked"
    step.data["decision"] = "asked"


def _stands_above(step: Step) -> bool:
    return any(
        hat.role in (ABOVE.roles or ()) and relations.RELATIONS[ABOVE.relation].check(hat, step.case)
        for hat in step.actor.hats
    )


def report_done(step: Step) -> None:
    """The holder says it is done, with the evidence the category asks for."""
    case, given = step.case, step.given
    _check_evidence(step)
    case.closing = given["closing"]
    case.asked_at = None  # what was still asked is settled
    step.board.resume()
    case.done_at, case.done_by = step.now, step.actor.post_id
    step.say("evidence", given["text"], public=True)
    step.show(given["photos"], "after")
    step.to(HANDLED)


def _check_evidence(step: Step) -> None:
    """Solved needs the closing condition ticked and the photos the category asks for; by notice only where it may be.

    As a photo from before counts one that came with the report or was added while it was worked on: the handler need
    not take again what the reporter has shown. Without any, two photos are asked: from before, and of the result.
    """
    case, closing, faults = step.case, step.given["closing"], []
    if closing not in rules.outcomes(case):
        message = _(
            "This category cannot be ended by an explanation. Hand it up if it cannot be solved here."
        )
        faults.append(FieldError("closing", "not_by_notice", message))
    if closing == "solved" and not step.given["closing_met"]:
        faults.append(
            FieldError("closing_met", "required", _("Please tick that the closing condition is met."))
        )
    if closing == "solved" and (fault := _photos_missing(step)):
        faults.append(FieldError("photos", "required", fault))
    if faults:
        raise Invalid(faults)


def _photos_missing(step: Step) -> str:
    """What is wanted and not there, in words."""
    needs, given = rules.needs_of(step.case), len(step.given["photos"] or ())
    if needs.before and given < 1 + needs.after and not has_photo_from_before(step.case):
        return _(
            "This category needs a photo from before and one of the result. There is none from before yet."
        )
    return _("This category needs a photo of the result.") if needs.after and not given else ""


def has_photo_from_before(case: Case) -> bool:
    """Somebody has shown how it was: with this report or one that was joined, or while it was worked on."""
    of_this = Q(case=case) | Q(case__merged_into=case)
    return CasePhoto.objects.filter(of_this, kind__in=("report", "before")).exists()


def verify(step: Step) -> None:
    """Somebody else looked: it is done. Then the reporters are asked; with nobody to ask, the case closes."""
    case = step.case
    if case.verified_at is not None:
        raise Refused(
            _("This case is already verified; its reporter is being asked."), code="already_verified"
        )
    if (case.done_by and case.done_by == step.actor.post_id) or step.was_done_by_me("case.report_done"):
        raise Refused(_("Somebody other than who did the work verifies it."), code="own_work")
    case.verified_at = step.now
    step.say("note", step.given["text"])
    _ask_anew(step)
    if asked(step):
        step.to(HANDLED)
    else:
        end(step, case.closing, "none")


def _ask_anew(step: Step) -> None:
    """Answers to an earlier try do not count for this one."""
    for report in reports_of(step):
        if report.answer:
            report.answer, report.answered_at = "", None
            step.saves.append(report)


def asked(step: Step) -> list[Report]:
    """The reporters who are asked whether it is solved: all with a tie to the case who did not decline it."""
    return [report for report in reports_of(step) if report.wants_answer and report.withdrawn_at is None]


def reports_of(step: Step) -> list[Report]:
    """The ties to this case, also those that came with cases joined to it."""
    return lookups.reports_of(step.case)


def rework(step: Step) -> None:
    """Not done yet: back to the same holder, everything kept."""
    case = step.case
    if case.verified_at is not None:
        raise Refused(
            _("This case is already verified; its reporter is being asked."), code="already_verified"
        )
    step.say("reason", step.given["text"])
    case.done_at, case.done_by, case.closing = None, None, ""
    step.to(HANDLING)


def close(step: Step) -> None:
    """The time for an answer has run out."""
    if step.case.verified_at is None:
        raise Refused(_("Only a verified case is closed."), code="not_verified")
    end(step, step.case.closing, rules.confirmation_of([report.answer for report in asked(step)]))


def end(step: Step, closing: str, confirmation: str) -> None:
    """Close, with the two separate words: what kind of end, and what the reporter said of it."""
    case = step.case
    case.closing, case.confirmation, case.closed_at = closing, confirmation, step.now
    case.asked_at, case.wakes_at = None, None
    step.data["handled_level"] = case.level
    step.data["fresh"] = int(case.reopened == 0)
    step.data["on_time"] = _promise_kept(step)
    step.to(CLOSED)


def _promise_kept(step: Step) -> int:
    """1 or 0 for a promise that was judged before, -1 where none was or it ends only now (the clock's word tells)."""
    promise = _ENDED_PROMISE.first(case=step.case.pk)
    if promise is None or clocks.PROMISE in step.board.running:
        return -1
    return int(promise.counted <= promise.limit_seconds)


def refuse(step: Step) -> None:
    """“Not solved”: back to work one level up; at the district it stays there and the supervisor is told."""
    case = step.case
    if case.verified_at is None:
        raise Refused(
            _("This is still being checked. You will be asked when it is done."), code="not_asked_yet"
        )
    _answer(step, "refused")
    case.confirmation = "refused"
    step.data["reason"] = step.given["reason"]
    step.say("reason", step.given["text"], public=True)
    back_to_work(step, rules.level_after_refusal(case.level))


def back_to_work(step: Step, level: str) -> None:
    """Take a case up again on `level`: its triage holds it, or on the same level who held it before."""
    case = step.case
    case.closed_at, case.verified_at, case.done_at, case.done_by, case.closing = None, None, None, None, ""
    case.extension = ""
    case.accepted_at = case.accepted_at or step.now
    if level != case.level:
        step.hold(holder_above(step, level), level=level)
    step.to(HANDLING)


def holder_above(step: Step, level: str) -> Holder | None:
    """Who takes a refused case on the level above: the director, the dispatcher, the category's department."""
    post, unit = queries.first_holder(step.case, level)
    return Holder(post=post, unit=unit, level=level) if post or unit else None


def rate(step: Step) -> None:
    """“Solved”, with a rating if the reporter likes; the last answer closes the case."""
    case, report = step.case, step.own_report
    if case.state == HANDLED:
        if case.verified_at is None:
            raise Refused(
                _("This is still being checked. You will be asked when it is done."), code="not_asked_yet"
            )
        _answer(step, "solved")
    elif case.closing not in rules.HANDLED_AS:
        raise Refused(
            _("There is nothing to rate: this case ended without being handled."), code="not_handled"
        )
    elif step.given["rating"] is None:
        raise Invalid.at("rating", "required", _("Please choose 1 to 5."))
    report.rating = step.given["rating"]
    report.rating_text_id = step.say("rating", step.given["text"])
    step.data["rating"] = report.rating or 0
    step.saves.append(report)
    if case.state == HANDLED and all(one.answer for one in asked(step) if one.pk != report.pk):
        end(step, case.closing, "confirmed")


def _answer(step: Step, word: str) -> None:
    report = step.own_report
    report.answer, report.answered_at = word, step.now
    if report not in step.saves:
        step.saves.append(report)


def reopen(step: Step) -> None:
    """Open again: by the reporter one level up, by the next level with the holder it had."""
    case, by_reporter = step.case, step.actor.kind == "reporter"
    if not rules.may_reopen(case, by_reporter=by_reporter, now=step.now):
        raise Refused(
            _(
                "A case can be opened again once, within 15 days after closing. You can report the matter anew."
            ),
            code="too_late",
        )
    case.reopened += 1
    case.reopened_by_reporter = case.reopened_by_reporter or by_reporter
    case.confirmation = ""
    _ask_anew(step)
    step.say("reason", step.given["text"], public=True)
    back_to_work(step, rules.level_after_refusal(case.level) if by_reporter else case.level)


def withdraw(step: Step) -> None:
    """A reporter takes the report back. With other reporters tied to it the matter goes on without this one."""
    report = step.own_report
    report.withdrawn_at = step.now
    step.saves.append(report)
    others = [one for one in reports_of(step) if one.pk != report.pk and one.withdrawn_at is None]
    if not others:
        end(step, "withdrawn", "none")


def void(step: Step) -> None:
    """Entered in error: ended as unfounded, with the reason on record."""
    step.case.reason = step.data["reason"] = step.given["reason"]
    step.say("reason", step.given["text"])
    end(step, "unfounded", "none")


def appeal(step: Step) -> None:
    """Against being counted overdue: once, after closing; two reviews by two others; the fact stays."""
    case, decision = step.case, step.given["decision"]
    if case.overdue_at is None:
        raise Refused(_("Only a case that was overdue can be appealed."), code="not_overdue")
    if decision is None:
        if case.appeal:
            raise Refused(_("An appeal can be made once only."), code="appealed")
        case.appeal = "asked"
    else:
        _review(step, decision)
    step.say("reason", step.given["text"])
    step.data["decision"] = case.appeal


def _review(step: Step, decision: str) -> None:
    case = step.case
    if case.appeal not in {"asked", "reviewed"}:
        raise Refused(_("There is no open appeal."), code="no_appeal")
    earlier = history(("case", case.pk))
    acted = {entry.actor_id for entry in earlier if entry.kind == "case.appeal"}
    concerned = any(relations.holds(hat, case) for hat in step.actor.hats)
    if concerned or step.actor.user_id in acted:
        raise Refused(_("Another post has to review this."), code="second_person")
    if decision == "no":
        case.appeal = "refused"
    else:
        case.appeal = "accepted" if case.appeal == "reviewed" else "reviewed"
    if case.appeal == "accepted":
        step.data["exempt"] = exempted(earlier)
