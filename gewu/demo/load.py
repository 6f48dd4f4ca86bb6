"""Writing the model place through the same actions as everybody else's data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gewu.demo import town as model
from gewu.demo.parts import Town, TownPlace
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts import actions as accounts
from gewu.domain.accounts.models import User
from gewu.domain.areas import actions as areas
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.people.actions.setup import set_up
from gewu.domain.people.batch import AppointmentInput, KindInput, PersonInput, PostInput, UnitInput
from gewu.domain.people.models import Appointment
from gewu.domain.people.queries import today
from gewu.domain.people.roles import ROLES
from gewu.domain.place import actions as place
from gewu.domain.places import actions as places
from gewu.domain.privacy import retention


@dataclass(frozen=True)
class Login:
    """One way in, for one kind of post. Made at this moment, shown once, stored nowhere."""

    role: str
    title: str
    username: str
    password: str
    totp: str  # empty where no second factor is demanded


def load(town: Town, *, now: datetime) -> None:
    """Everything but logins and cases; a second call changes nothing."""
    subdistrict = next(area for area in town.areas if area.code == model.SUBDISTRICT)
    place.open_installation(
        code=subdistrict.code,
        name=subdistrict.name,
        names={"zh-hans": subdistrict.name, "en": subdistrict.name_en},
        phone="0523-0000-0000",
        supervision_phone="0523-0000-0001",
        is_model=True,
        actor=SYSTEM,
        now=now,
    )
    imported = areas.import_geojson(model.feature_collection(town), actor=SYSTEM, now=now)
    if imported.version is not None:
        areas.put_into_force(imported.version, actor=SYSTEM, now=now)
    catalogue.load_seed(now=now, actor=SYSTEM)
    _people(town, now)
    places.set_up([_place(one) for one in town.places], actor=SYSTEM, now=now)
    retention.set_up()


def _people(town: Town, now: datetime) -> None:
    starts = today(now)
    set_up(
        kinds=[KindInput(k.code, {"zh-hans": k.name, "en": k.name_en}, k.level) for k in town.unit_kinds],
        units=[
            UnitInput(
                u.code,
                u.kind,
                u.level,
                u.name,
                {"zh-hans": u.name, "en": u.name_en},
                u.parent,
                u.area,
                u.covers,
            )
            for u in town.units
        ],
        posts=[PostInput(p.code, p.role, p.area, p.title, p.unit, p.level) for p in town.posts],
        people=[PersonInput(p.username, p.name) for p in town.people],
        appointments=[
            AppointmentInput(a.post, a.person, starts, None, a.full_time) for a in town.appointments
        ],
        actor=SYSTEM,
        now=now,
    )


def _place(one: TownPlace) -> places.PlaceInput:
    return places.PlaceInput(
        one.code, one.kind, one.name, one.grid, one.lon, one.lat, one.households, one.residents
    )


def logins(*, now: datetime) -> list[Login]:
    """One login for each kind of post, with a password made now; a second factor where it is demanded."""
    return list(_logins(now))


def _logins(now: datetime) -> Iterator[Login]:
    for role in ROLES.values():
        appointment = (
            Appointment.objects.filter(post__role=role.code, ends=None)
            .select_related("user", "post", "post__unit")
            .order_by("post__code")
            .first()
        )
        if appointment is None:
            continue
        user: User = appointment.user
        password = accounts.set_password(user, actor=SYSTEM, now=now)
        totp = accounts.add_totp(user, actor=SYSTEM, now=now) if role.strong else ""
        yield Login(role.code, appointment.post.title, user.username, password, totp)
