"""Somebody is away, and somebody stands in."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from gewu.core.errors import Conflict, Invalid
from gewu.core.sentences import sentence as _
from gewu.domain.accounts.models import User
from gewu.domain.journal import actions as journal
from gewu.domain.journal.actions import Acting
from gewu.domain.people import rules
from gewu.domain.people.models import Absence, Appointment


def report_absence(
    user: User,
    *,
    starts: date,
    ends: date | None = None,
    stand_in: User | None = None,
    reason_code: str = "away",
    actor: Acting,
    now: datetime,
) -> Absence:
    """`user` is away from the first to the last day. Without a stand-in the next level answers."""
    period = rules.period(starts, ends)
    absence = Absence(
        user=user, stand_in=stand_in, starts=starts, ends=ends, reason_code=rules.reason(reason_code)
    )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two reports for one person meet here
        _check_free(user, period)
        if stand_in is not None:
            _check_stand_in(user, stand_in, period)
        absence.save(force_insert=True)
        journal.record(
            "absence.reported",
            actor=actor,
            subject=("absence", absence.id),
            at=now,
            data={
                "user": user.id,
                "stand_in": stand_in.id if stand_in else None,
                "starts": starts,
                "ends": ends,
                "reason": absence.reason_code,
            },
        )
    return absence


def end_absence(absence: Absence, *, ends: date, actor: Acting, now: datetime) -> None:
    """`ends` is the last day away. An absence that would end before it begins never was and is taken back."""
    with transaction.atomic():
        later = Absence.objects.filter(Q(ends__isnull=True) | Q(ends__gt=ends), pk=absence.pk)
        changed = later.update(ends=ends) if ends >= absence.starts else later.delete()[0]
        if not changed:
            raise Conflict(_("This absence has ended by then."), code="already_ended")
        journal.record(
            "absence.ended",
            actor=actor,
            subject=("absence", absence.id),
            at=now,
            data={"user": absence.user_id, "ends": ends},
        )
    absence.ends = ends


def _check_free(user: User, period: rules.Period) -> None:
    others = [rules.Period(row.starts, row.ends) for row in Absence.objects.filter(user=user)]
    if rules.overlapping(period, others):
        message = _("This person is already reported away in these days.")
        raise Invalid.at("starts", "absence_overlaps", message)


def _check_stand_in(user: User, stand_in: User, period: rules.Period) -> None:
    if stand_in.pk == user.pk:
        raise Invalid.at("stand_in", "stand_in_self", _("Nobody stands in for themselves."))
    if not stand_in.is_active:
        raise Invalid.at("stand_in", "account_closed", _("This account is closed."))
    rows = Appointment.objects.filter(user_id__in=(user.pk, stand_in.pk)).select_related("post")
    held = [
        rules.Holding(row.post_id, row.user_id, row.post.role, rules.Period(row.starts, row.ends))
        for row in rows
    ]
    for own in held:
        if own.user != user.pk or not own.period.overlaps(period):
            continue
        borrowed = rules.Holding(own.post, stand_in.pk, own.role, period)
        if error := rules.check_roles(borrowed, held):
            raise Invalid.at("stand_in", error.code, error.message)
