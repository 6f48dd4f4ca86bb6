"""Who holds a seat. Two acts on one seat meet at its version, two on one person at the person's row.

Both rows are taken first, the seat before the person, and periods are compared after that: SQLite lets one writer in
at a time, PostgreSQL waits at these rows.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from gewu.core.errors import Conflict, Invalid, NotFound
from gewu.core.sentences import sentence as _
from gewu.domain.accounts.models import User
from gewu.domain.journal import actions as journal
from gewu.domain.journal.actions import Acting
from gewu.domain.people import handover, rules
from gewu.domain.people.models import Appointment, Post

_DAY = timedelta(days=1)


def appoint(
    post: Post,
    user: User,
    *,
    starts: date,
    ends: date | None = None,
    full_time: bool = True,
    actor: Acting,
    now: datetime,
) -> Appointment:
    """`user` holds the seat from the first to the last day."""
    period = rules.period(starts, ends)
    with transaction.atomic():
        seat = _take(post)
        appointment = _appoint(seat, user, period, full_time=full_time)
        journal.record(
            "post.appointed",
            actor=actor,
            subject=("post", seat.id),
            version=seat.version,
            scope_path=seat.area.path,
            at=now,
            data={"user": user.id, "starts": starts, "ends": ends, "full_time": full_time},
        )
    return appointment


def end_appointment(appointment: Appointment, *, ends: date, actor: Acting, now: datetime) -> Appointment:
    """`ends` is the last day; it can only be moved forward."""
    rules.period(appointment.starts, ends)
    with transaction.atomic():
        seat = _take(appointment.post)
        _end(appointment, ends)
        journal.record(
            "post.ended",
            actor=actor,
            subject=("post", seat.id),
            version=seat.version,
            scope_path=seat.area.path,
            at=now,
            data={"user": appointment.user_id, "ends": ends},
        )
    return appointment


def hand_over(
    post: Post, to: User, *, on: date, full_time: bool = True, actor: Acting, now: datetime
) -> handover.HandoverPack:
    """The holder's last day is the one before `on`, from which `to` holds the seat; gives the pack for `to`."""
    with transaction.atomic():
        seat = _take(post)
        holding = (
            Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=on), post=seat)
            .order_by("starts")
            .first()
        )
        if holding is not None and holding.starts >= on:
            message = _("The holder begins on that day or later. Choose a later day.")
            raise Invalid.at("on", "handover_too_early", message)
        if holding is not None and holding.user_id == to.id:
            raise Invalid.at("to", "same_person", _("This person holds the post already."))
        if holding is not None:
            _end(holding, on - _DAY)
        _appoint(seat, to, rules.Period(on), full_time=full_time)
        pack = handover.HandoverPack(
            post_id=seat.id,
            on=on,
            outgoing=holding.user_id if holding else None,
            incoming=to.id,
            duties=seat.duties,
            matters=handover.matters(seat.id, now=now),
        )
        journal.record(
            "post.handed_over",
            actor=actor,
            subject=("post", seat.id),
            version=seat.version,
            scope_path=seat.area.path,
            at=now,
            data={"outgoing": pack.outgoing, "incoming": to.id, "on": on, "open": len(pack.matters)},
        )
    return pack


def _take(post: Post) -> Post:
    """Raise the seat's version; whoever acts on it next waits here and then sees what was done."""
    if not Post.objects.filter(pk=post.pk, is_active=True).update(version=F("version") + 1):
        raise NotFound
    return Post.objects.select_related("area").get(pk=post.pk)


def _appoint(seat: Post, user: User, period: rules.Period, *, full_time: bool) -> Appointment:
    if not User.objects.select_for_update().filter(pk=user.pk, is_active=True).exists():
        raise Invalid.at("user", "account_closed", _("This account is closed."))
    new = rules.Holding(seat.id, user.id, seat.role, period)
    rows = Appointment.objects.filter(Q(post=seat) | Q(user=user)).select_related("post")
    held = [
        rules.Holding(row.post_id, row.user_id, row.post.role, rules.Period(row.starts, row.ends))
        for row in rows
    ]
    if found := [error for error in (rules.check_seat(new, held), rules.check_roles(new, held)) if error]:
        raise Invalid(found)
    appointment = Appointment(
        post=seat, user=user, starts=period.starts, ends=period.ends, full_time=full_time
    )
    appointment.save(force_insert=True)
    return appointment


def _end(appointment: Appointment, ends: date) -> None:
    later = Q(ends__isnull=True) | Q(ends__gt=ends)
    if not Appointment.objects.filter(later, pk=appointment.pk).update(ends=ends):
        raise Conflict(_("This appointment has ended by then."), code="already_ended")
    appointment.ends = ends
