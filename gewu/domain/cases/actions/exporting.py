"""What leaves the program on paper or as a table: one case file, or a list without texts. With a reason, and on record.

Whoever exports has shown a second factor (the page asks for it, rules.md 4); the reporter reads in the log that the
content went out, as of every look.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from gewu.core import chance, limits
from gewu.core.errors import Invalid, NotFound, Refused
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.cases import queries
from gewu.domain.cases.models import Case
from gewu.domain.cases.queries import CaseView, Filter
from gewu.domain.journal import actions as journal
from gewu.domain.privacy import looks
from gewu.domain.requests.work import unit_of_work

REASONS: dict[str, Any] = {
    "paper": pgettext_lazy("export reason", "For the paper file"),
    "meeting": pgettext_lazy("export reason", "For a meeting about it"),
    "department": pgettext_lazy("export reason", "For a department without access"),
    "reporter": pgettext_lazy("export reason", "The reporter asked for it"),
    "law": pgettext_lazy("export reason", "A law or court asks for it"),
}
ROWS_MOST = 5_000


def case_file(number: str, *, reason: str, actor: Actor, now: datetime) -> CaseView:
    """Everything of one case that its page shows to this person, all acts; written down before it is given."""
    check_reason(reason)
    case = queries.get_case(number, actor=actor)
    verdict = may(actor, "case.export", case)
    check_allowed(verdict)
    if not may(actor, "case.read", case):
        raise NotFound
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    with unit_of_work():
        looks.note("text", reason="duty", actor=acting, now=now, case_id=case.pk)
        subject, path = ("case", case.pk), case.scope_path
        data = {"reason": reason}
        journal.record("case.exported", actor=acting, subject=subject, scope_path=path, at=now, data=data)
    return queries.view_case(number, actor=actor, whole=True)


def case_list(wanted: Filter, *, reason: str, actor: Actor, now: datetime) -> list[Case]:
    """The cases of a list, without a word of what was reported; a list too long for one table is refused, never cut."""
    check_reason(reason)
    verdict = may(actor, "case.export")
    check_allowed(verdict)
    acting = actor.wearing(verdict.hat.post_id) if verdict.hat else actor
    rows, after = _page(actor, wanted, "")
    while after:
        if len(rows) >= ROWS_MOST:
            said = _("These are more than %(most)s cases. Please narrow the list.") % {"most": ROWS_MOST}
            raise Refused(said, code="too_many")
        more, after = _page(actor, wanted, after)
        rows += more
    with unit_of_work():
        subject = ("batch", chance.new_id())
        data = {"count": len(rows), "reason": reason}
        journal.record("cases.exported", actor=acting, subject=subject, at=now, data=data)
    return rows


def _page(actor: Actor, wanted: Filter, after: str) -> tuple[list[Case], str]:
    page = queries.queue(actor, wanted, after=after, limit=limits.PAGE_MOST)
    return [line.case for line in page.lines], page.next


def check_reason(reason: str) -> None:
    """A reason is chosen from a list."""
    if reason not in REASONS:
        raise Invalid.at("reason", "choice", _("Please choose one of the listed reasons."))
