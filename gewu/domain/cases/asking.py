"""The way straight to the answer: the link in the message that asks whether it is solved.

The word in it is signed and bound to one report and to the moment of asking. It opens while that question is open:
until the confirmation clock ends, the reporter has answered, or the case went back to work. Nothing of it is stored;
who holds it gets what the receipt gives, for the hour the receipt gives (docs/adr/0014-link-to-the-answer.md).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from gewu.core import crypto
from gewu.core.errors import NotFound
from gewu.domain.cases.clocks import CONFIRM
from gewu.domain.cases.models import Case, Clock, Report
from gewu.domain.privacy import keys

_SIGNATURE = 16  # bytes of the MAC in the address, so that it still fits a text message


def word_for(contact_id: UUID, case_number: str, *, now: datetime) -> str:
    """What opens the question to this contact about this case; empty when nothing is asked (any more)."""
    tied = Report.objects.select_related("case", "case__merged_into").filter(contact_id=contact_id)
    for report in tied.order_by("id"):
        case = _case(report)
        if case.number == case_number and (clock := _open_question(report, case, now)):
            return _word(report.number, clock)
    return ""


def number_asked(word: str, *, now: datetime) -> str:
    """The report whose question this opens. NotFound for everything else: made up, changed, answered, over."""
    number = word.partition(".")[0]
    report = Report.objects.select_related("case", "case__merged_into").filter(number=number).first()
    clock = _open_question(report, _case(report), now) if report else None
    if report is None or clock is None or not crypto.same(word.encode(), _word(number, clock).encode()):
        raise NotFound
    return report.number


def _case(report: Report) -> Case:
    return report.case.merged_into or report.case


def _open_question(report: Report, case: Case, now: datetime) -> Clock | None:
    """The confirmation clock that runs for this reporter."""
    if report.answer or report.withdrawn_at is not None or not report.wants_answer:
        return None
    return Clock.objects.filter(case=case, kind=CONFIRM, stopped_at=None, due_at__gt=now).first()


def _word(number: str, clock: Clock) -> str:
    signed = crypto.mac(keys.secret("cookie"), "asking", number, clock.pk.hex)[:_SIGNATURE]
    return f"{number}.{urlsafe_b64encode(signed).decode().rstrip('=')}"
