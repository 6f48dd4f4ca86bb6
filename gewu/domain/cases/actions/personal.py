"""The people behind a case: ending what is kept of them, and asking who reported. By the number of a receipt or case.

`privacy` erases and opens by ids and knows no cases; which ids belong to a number is said here, for page and API alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from gewu.core.errors import Invalid, NotFound
from gewu.core.text import CaseNumber
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import check_allowed, may
from gewu.domain.accounts.queries import get_user
from gewu.domain.cases.models import Case, CasePhoto, CaseText, Report
from gewu.domain.people.models import Appointment
from gewu.domain.people.queries import in_force, today
from gewu.domain.privacy import erasure, openings
from gewu.domain.privacy.models import Erasure, Opening

WHAT = ("contact", "case")  # contact and rating of one receipt; or all texts, photos and contacts of the case
REASONS = ("request", "unlawful", "order")

Ids = tuple[set[UUID], set[UUID], set[UUID]]  # texts, photos, contacts


def erase(number: str, what: str, reason: str, *, actor: Actor, now: datetime) -> Erasure:
    """End it for good, backups included."""
    check_allowed(may(actor, "privacy.erase"))
    for name, said, choices in (("what", what, WHAT), ("reason", reason, REASONS)):
        if said not in choices:
            raise Invalid.at(name, "choice", _("Please choose one of the list."))
    ids = _of_case(number) if what == "case" else _of_receipt(number)
    return erasure.erase(*ids, reason=reason, now=now, actor=actor)


def ask_identity(
    number: str, *, motive: str, reader: str, actor: Actor, now: datetime, defer: int = 0, ground: str = ""
) -> Opening:
    """Ask the officers to open the identity behind a case to `reader`; it looks the same when there is none."""
    check_allowed(may(actor, "identity.open"))
    case = _case(number)
    try:
        user = get_user(reader)
    except NotFound:
        raise Invalid.at("reader", "unknown", _("There is no such user name.")) from None
    held = Appointment.objects.filter(in_force(today(now)), user=user).order_by("starts").first()
    if held is None:
        raise Invalid.at("reader", "no_post", _("The reader holds no post today."))
    reports = list(Report.objects.filter(case=case).order_by("filed_at"))
    about = next((one.about_unit for one in reports if one.about_unit), None)
    # Said alike with and without an identity: the unit is known of every report that names one.
    if about and Appointment.objects.filter(in_force(today(now)), user=user, post__unit_id=about).exists():
        raise Invalid.at("reader", "own_unit", _("This person belongs to the unit complained of."))
    return openings.ask(
        case.pk,
        sealed_id=next((one.sealed_id for one in reports if one.sealed_id), None),
        excluded_unit=about,
        motive=motive,
        reader_id=user.pk,
        reader_post_id=held.post_id,
        actor=actor,
        now=now,
        defer=timedelta(
            days=max(-1, min(defer, openings.LONGEST_DEFERRAL.days + 1))
        ),  # beyond it is refused there
        ground=ground,
    )


def _of_receipt(typed: str) -> Ids:
    report = Report.objects.filter(number=_number(typed)).first()
    if report is None:
        raise _unknown()
    found = {one for one in (report.contact_id, report.sealed_id) if one}
    words = CaseText.objects.filter(kind="rating", report_id=report.pk).values_list("text_id", flat=True)
    return {*words, *filter(None, [report.rating_text_id])}, set(), found


def _of_case(typed: str) -> Ids:
    case = _case(typed)
    reports = list(Report.objects.filter(case=case))
    texts = {case.text_id, case.place_text_id, *(report.rating_text_id for report in reports)}
    texts |= set(CaseText.objects.filter(case=case).values_list("text_id", flat=True))
    photos = set(CasePhoto.objects.filter(case=case).values_list("photo_id", flat=True))
    contacts = {one for report in reports for one in (report.contact_id, report.sealed_id)}
    return {one for one in texts if one}, photos, {one for one in contacts if one}


def _case(typed: str) -> Case:
    case = Case.objects.filter(number=_number(typed)).first()
    if case is None:
        raise _unknown()
    return case


def _number(typed: str) -> str:
    try:
        return str(CaseNumber.parse(typed))
    except Invalid:
        raise _unknown() from None


def _unknown() -> Invalid:
    return Invalid.at("number", "unknown", _("There is no such number."))
