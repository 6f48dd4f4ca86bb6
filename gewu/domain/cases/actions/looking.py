"""Looking at what is personal: always one case, with a reason from a list, written down and shown to the reporter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from gewu.core.errors import NotFound
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases.models import Case, Report
from gewu.domain.cases.queries import CaseView, get_case, view_case
from gewu.domain.cases.rules import PHONE_LOOKBACK
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import contacts, looks
from gewu.domain.privacy.contact_data import ContactInput
from gewu.domain.requests.work import unit_of_work


@dataclass(frozen=True)
class Caller:
    """A case of the person on the line: what triage sees of any case, nothing more."""

    number: str
    state: str
    category: Any
    filed_at: datetime


def reveal_contact(number: str, *, reason: str, actor: Actor, now: datetime) -> ContactInput:
    """The reporter's ordinary contact. A confidential one cannot be read here at all."""
    case = get_case(number, actor=actor)
    verdict = may(actor, "case.reveal", case)
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    report = (
        Report.objects.filter(case=case, contact_id__isnull=False, withdrawn_at=None)
        .order_by("filed_at")
        .first()
    )
    if report is None or report.contact_id is None:
        raise NotFound(_("The reporter left no contact."), code="no_contact")
    return contacts.reveal(report.contact_id, case_id=case.pk, reason=reason, actor=acting, now=now)


def read_with_reason(number: str, *, reason: str, actor: Actor, now: datetime) -> CaseView:
    """A private case opened by the duty lead: the log first, then the text; without the log nothing is shown."""
    case = get_case(number, actor=actor)
    verdict = may(actor, "case.read_reasoned", case)
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    with unit_of_work():
        looks.note("text", reason=reason, actor=acting, now=now, case_id=case.pk)
        journal.record(
            "case.revealed",
            actor=acting,
            subject=("case", case.pk),
            scope_path=case.scope_path,
            at=now,
            data={"facet": "text", "reason": reason},
        )
    return view_case(number, actor=actor, reasoned=True)


def find_caller(phone: str, *, reason: str, actor: Actor, now: datetime) -> list[Caller]:
    """With the caller on the line: their open cases and those closed within 90 days, by the full number."""
    verdict = may(actor, "case.find_by_phone")
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    handles = contacts.find_by_phone(phone, reason=reason, actor=acting, now=now)
    since = now - PHONE_LOOKBACK
    recent = Q(is_open=True) | Q(closed_at__gte=since)
    recent |= Q(merged_into__is_open=True) | Q(
        merged_into__closed_at__gte=since
    )  # it goes on in the other case
    cases = Case.objects.filter(recent, reports__contact_id__in=handles)
    return [
        Caller(case.number, (case.merged_into or case).state, case.condition.subclass.names, case.filed_at)
        for case in cases.select_related("condition__subclass", "merged_into").distinct()
    ]
