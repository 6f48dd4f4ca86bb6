"""Many units, posts, people and appointments at once: all or nothing, the second time changes only what differs.

The XLSX import and the demo town come through here. Rows are found by their codes; the whole batch is compared with
what is stored in memory, and every fault is named at its row before anything is written. Units, posts and people that
the batch does not name stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import ForeignKey, Model

from gewu.core import chance
from gewu.core.errors import FieldError, Invalid
from gewu.core.sentences import sentence as _
from gewu.domain.accounts.models import User
from gewu.domain.areas.models import Area
from gewu.domain.areas.queries import valid_on
from gewu.domain.journal import actions as journal
from gewu.domain.journal.actions import Acting
from gewu.domain.people import rules
from gewu.domain.people.batch import AppointmentInput, KindInput, PersonInput, PostInput, UnitInput, located
from gewu.domain.people.kinds import KINDS
from gewu.domain.people.models import Appointment, Post, Unit, UnitCoverage, UnitKind
from gewu.domain.people.queries import today
from gewu.domain.people.roles import in_every_language

_CHUNK = 500


class _Checkable(Protocol):
    def checked(self) -> Any: ...


Input = TypeVar("Input", bound=_Checkable)
Stored = TypeVar("Stored", bound=Model)


@dataclass(frozen=True)
class Count:
    """How many rows of one noun were made and how many changed."""

    created: int = 0
    changed: int = 0


@dataclass(frozen=True)
class SetUp:
    """What a batch did, or with `dry_run` would do."""

    kinds: Count
    units: Count
    posts: Count
    people: Count
    appointments: Count


def set_up(
    *,
    kinds: Sequence[KindInput] = (),
    units: Sequence[UnitInput] = (),
    posts: Sequence[PostInput] = (),
    people: Sequence[PersonInput] = (),
    appointments: Sequence[AppointmentInput] = (),
    actor: Acting,
    now: datetime,
    dry_run: bool = False,
) -> SetUp:
    """Bring everything in, or raise `Invalid` with every fault at ``<noun>.<index>.<field>`` and change nothing."""
    with transaction.atomic():
        batch = _Batch(today(now))
        done = SetUp(
            kinds=batch.kinds(kinds),
            units=batch.units(units),
            posts=batch.posts(posts),
            people=batch.people(people),
            appointments=batch.appointments(appointments),
        )
        if batch.faults:
            raise Invalid(batch.faults)
        if dry_run:
            transaction.set_rollback(True)
        elif data := _numbers(done):
            data |= {"appointed": batch.appointed}
            journal.record(
                "people.set_up", actor=actor, subject=("batch", chance.new_id()), at=now, data=data
            )
    return done


def _numbers(done: SetUp) -> dict[str, Any]:
    """How many were made and changed of each noun that changed at all."""
    counts = {noun.name: getattr(done, noun.name) for noun in fields(done)}
    return {noun: [one.created, one.changed] for noun, one in counts.items() if one.created or one.changed}


@dataclass
class _Plan(Generic[Stored]):
    """Rows of one noun that are to be made or changed, and in which columns."""

    new: dict[UUID, Stored] = field(default_factory=dict)
    changed: dict[UUID, Stored] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)

    def put(self, row: Stored, **values: Any) -> Stored:
        """Set what differs and remember it. Ids are compared, so that no related row is fetched for it."""
        differing = {name for name, value in values.items() if _stored_as(row, name) != _key_of(value)}
        for name in differing:
            setattr(row, name, values[name])
        if row._state.adding:
            self.new[row.pk] = row
        elif differing:
            self.changed[row.pk] = row
            self.columns |= differing
        return row

    def put_given(self, row: Stored, **values: Any) -> Stored:
        """The same for columns a batch may leave out."""
        return self.put(row, **{name: value for name, value in values.items() if value is not None})

    def store(self, model: type[Stored]) -> Count:
        model._default_manager.bulk_create(self.new.values(), _CHUNK)
        if self.changed:
            model._default_manager.bulk_update(self.changed.values(), sorted(self.columns), _CHUNK)
        return self.count()

    def count(self) -> Count:
        return Count(created=len(self.new), changed=len(self.changed))


def _stored_as(row: Model, name: str) -> Any:
    column = row._meta.get_field(name)
    return getattr(row, column.attname if isinstance(column, ForeignKey) else name)


def _key_of(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


class _Batch:
    """One batch on its way in. Each step knows what the steps before it brought; none writes once a fault is known."""

    def __init__(self, day: date) -> None:
        self.faults: list[FieldError] = []
        self.appointed: list[
            list[Any]
        ] = []  # who was given which seat, as ids and days: audits every appointment
        self._broken: set[Any] = set()  # codes whose own row is at fault: that is said once
        self._areas = {area.code: area for area in Area.objects.filter(valid_on(day))}
        self._kinds = _kinds()
        self._units = {unit.code: unit for unit in Unit.objects.select_for_update()}
        self._posts = {post.code: post for post in Post.objects.select_for_update()}
        self._people = {user.username: user for user in User.objects.select_for_update()}

    def kinds(self, given: Sequence[KindInput]) -> Count:
        plan: _Plan[UnitKind] = _Plan()
        for _place, row in self._rows("kinds", given, key=lambda row: row.code, column="code"):
            if row.code not in self._kinds:
                kind = UnitKind(code=row.code, names=dict(row.names), level=row.level)
                self._kinds[row.code] = plan.put(kind)
        return Count() if self.faults else plan.store(UnitKind)

    def units(self, given: Sequence[UnitInput]) -> Count:
        """Parents may come after their children, so rows are made first and tied afterwards."""
        plan: _Plan[Unit] = _Plan()
        placed = []
        for place, row in self._rows("units", given, key=lambda row: row.code, column="code"):
            kind = self._known(place, "kind", row.kind, self._kinds, required=True)
            area = self._known(place, "area", row.area, self._areas)
            unit = self._units.get(row.code) or Unit(code=row.code)
            plan.put(unit, kind=kind, level=row.level, name=row.name)
            if row.area is not None:
                plan.put(unit, area=area)
            plan.put_given(unit, names=row.names, is_active=row.is_active)
            self._units[row.code] = unit
            placed.append((place, row, unit))
        for place, row, unit in placed:
            if row.parent is not None:
                plan.put(unit, parent=self._known(place, "parent", row.parent, self._units))
        self._check_circles((place, unit) for place, _row, unit in placed)
        covered = self._coverage(placed)
        if self.faults:
            return Count()
        count = plan.store(Unit)
        UnitCoverage.objects.bulk_create(covered, _CHUNK)
        return count

    def posts(self, given: Sequence[PostInput]) -> Count:
        plan: _Plan[Post] = _Plan()
        for place, row in self._rows("posts", given, key=lambda row: row.code, column="code"):
            area = self._known(place, "area", row.area, self._areas, required=True)
            unit = self._known(place, "unit", row.unit, self._units)
            post = self._posts.get(row.code) or Post(code=row.code, role=row.role)
            self._posts[row.code] = post
            self._check_post(place, row, post, area)
            if self.faults:
                continue
            plan.put(post, area=area, level=row.level, title=row.title)
            if row.unit is not None:
                plan.put(post, unit=unit)
            plan.put_given(post, duties=row.duties, names=row.names)
            if post.pk in plan.changed:
                plan.put(post, version=post.version + 1)
        return Count() if self.faults else plan.store(Post)

    def people(self, given: Sequence[PersonInput]) -> Count:
        plan: _Plan[User] = _Plan()
        for _place, row in self._rows("people", given, key=lambda row: row.username, column="username"):
            known = self._people.get(row.username)
            user = known or User(username=row.username, password=make_password(None))
            plan.put(user, name=row.name)
            plan.put_given(
                user, phone=row.phone, email=row.email, language=row.language or None, names=row.names
            )
            self._people[row.username] = user
        return Count() if self.faults else plan.store(User)

    def appointments(self, given: Sequence[AppointmentInput]) -> Count:
        rows = []
        for place, row in self._rows("appointments", given, key=_appointment_key, column="post"):
            post = self._known(place, "post", row.post, self._posts, required=True)
            user = self._known(place, "username", row.username, self._people, required=True)
            rows.append((place, row, post, user))
        if self.faults:  # the days can only be compared when every post and person is known
            return Count()
        stored = list(Appointment.objects.select_related("post"))
        of_pair: dict[tuple[UUID, UUID], list[Appointment]] = {}
        for one in stored:
            of_pair.setdefault((one.post_id, one.user_id), []).append(one)
        plan: _Plan[Appointment] = _Plan()
        placed = []
        for place, row, post, user in rows:
            one = _same(of_pair.get((post.id, user.id), []), row) or Appointment(post=post, user=user)
            placed.append((place, plan.put(one, starts=row.starts, ends=row.ends, full_time=row.full_time)))
        self._check_days(placed, stored)
        return Count() if self.faults else self._store_appointments(plan)

    def _rows(
        self, noun: str, given: Sequence[Input], *, key: Callable[[Any], Any], column: str
    ) -> Iterator[tuple[str, Any]]:
        """Rows whose form is in order, each with its place in the batch; a code may come only once."""
        seen = set()
        for index, typed in enumerate(given):
            place = f"{noun}.{index}"
            try:
                row = typed.checked()
            except Invalid as error:
                self.faults += located(error, place)
                self._broken.add(key(typed))
                continue
            if key(row) in seen:
                self._fault(place, column, "twice", _("This stands twice in the table."))
                continue
            seen.add(key(row))
            yield place, row

    def _known(
        self, place: str, column: str, code: str | None, known: Mapping[str, Any], *, required: bool = False
    ) -> Any:
        code = code or ""
        if (code or required) and code not in known and code not in self._broken:
            message = _("There is no “%(code)s” here.", code=code[:40])
            self._fault(place, column, f"{column}_unknown", message)
        return known.get(code)

    def _fault(self, place: str, column: str, code: str, message: object) -> None:
        self.faults.append(FieldError(f"{place}.{column}", code, message))

    def _check_post(self, place: str, row: PostInput, post: Post, area: Area | None) -> None:
        if post.role != row.role:
            message = _("A post keeps its role. Make a new post with a new code.")
            self._fault(place, "role", "role_changed", message)
        if area is not None:
            try:
                rules.check_area(row.role, area.level)
            except Invalid as error:
                self.faults += located(error, place)

    def _check_circles(self, placed: Iterable[tuple[str, Unit]]) -> None:
        parents = {unit.pk: unit.parent_id for unit in self._units.values()}
        for place, unit in placed:
            above, seen = unit.parent_id, {unit.pk}
            while above is not None and above not in seen:
                seen.add(above)
                above = parents.get(above)
            if above is not None:
                self._fault(place, "parent", "parent_circle", _("This unit stands above itself."))

    def _coverage(self, placed: Iterable[tuple[str, UnitInput, Unit]]) -> list[UnitCoverage]:
        wanted = {
            (unit.pk, area.pk)
            for place, row, unit in placed
            for code in row.covers
            if (area := self._known(place, "covers", code, self._areas))
        }
        have = set(UnitCoverage.objects.values_list("unit_id", "area_id"))
        return [UnitCoverage(unit_id=unit, area_id=area) for unit, area in sorted(wanted - have)]

    def _check_days(self, placed: Sequence[tuple[str, Appointment]], stored: Sequence[Appointment]) -> None:
        """Every row against all that will hold once the batch is in; stored rows carry their changes already."""
        held: dict[UUID, rules.Holding] = {}
        by_post: dict[UUID, list[rules.Holding]] = {}
        by_user: dict[UUID, list[rules.Holding]] = {}
        for one in {one.pk: one for one in [*stored, *(one for _place, one in placed)]}.values():
            period = rules.Period(one.starts, one.ends)
            held[one.pk] = rules.Holding(one.post_id, one.user_id, one.post.role, period)
            by_post.setdefault(one.post_id, []).append(held[one.pk])
            by_user.setdefault(one.user_id, []).append(held[one.pk])
        for place, one in placed:
            mine = held[one.pk]
            seat = rules.check_seat(mine, [other for other in by_post[one.post_id] if other is not mine])
            pair = rules.check_roles(mine, [other for other in by_user[one.user_id] if other is not mine])
            for error, column in ((seat, "post"), (pair, "username")):
                if error is not None:
                    self._fault(place, column, error.code, error.message)

    def _store_appointments(self, plan: _Plan[Appointment]) -> Count:
        # Ended ones first: the index allows a seat one open holder at any moment, also between two statements.
        for still_open in (False, True):
            rows = [one for one in plan.changed.values() if (one.ends is None) == still_open]
            if rows:
                Appointment.objects.bulk_update(rows, sorted(plan.columns), _CHUNK)
        Appointment.objects.bulk_create(plan.new.values(), _CHUNK)
        self.appointed = [
            [one.post_id, one.user_id, one.starts, one.ends]
            for one in [*plan.changed.values(), *plan.new.values()]
        ]
        return plan.count()


def _appointment_key(row: AppointmentInput) -> tuple[str, str, date]:
    return row.post, row.username, row.starts


def _same(stored: Sequence[Appointment], row: AppointmentInput) -> Appointment | None:
    """The stored appointment of this person in this seat that the row means: their days meet."""
    wanted = rules.Period(row.starts, row.ends)
    return next((one for one in stored if rules.Period(one.starts, one.ends).overlaps(wanted)), None)


def _kinds() -> dict[str, UnitKind]:
    """The kinds of units by code; those every installation begins with are made when they are missing."""
    known = {kind.code: kind for kind in UnitKind.objects.all()}
    missing = [
        UnitKind(code=code, names=in_every_language(name), level=level)
        for code, name, level in KINDS
        if code not in known
    ]
    UnitKind.objects.bulk_create(missing)
    return known | {kind.code: kind for kind in missing}
