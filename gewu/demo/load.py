"""Writing the model place through the same actions as everybody else's data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gewu.core.levels import LADDER
from gewu.demo import town as model
from gewu.demo.parts import Town, TownPlace
from gewu.demo.traditional import names
from gewu.demo.units import ENFORCEMENT
from gewu.domain.access.actor import SYSTEM
from gewu.domain.accounts import actions as accounts
from gewu.domain.areas import actions as areas
from gewu.domain.areas.models import Area
from gewu.domain.cases.models import Case
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.people.actions.setup import set_up
from gewu.domain.people.batch import AppointmentInput, KindInput, PersonInput, PostInput, UnitInput
from gewu.domain.people.models import Appointment, Post, Unit
from gewu.domain.people.queries import today
from gewu.domain.people.roles import ROLES
from gewu.domain.place import actions as place
from gewu.domain.places import actions as places
from gewu.domain.privacy import retention
from gewu.domain.privacy.sealing import appoint_officer


@dataclass(frozen=True)
class Login:
    """One way in, for one kind of post. Made at this moment, shown once, stored nowhere."""

    role: str
    title: str
    username: str
    password: str
    totp: str  # empty where no second factor is demanded
    passphrase: str = ""  # of an identity officer's key; set once, when the town is loaded


def load(town: Town, *, now: datetime) -> None:
    """Everything but logins and cases; a second call changes nothing."""
    subdistrict = next(area for area in town.areas if area.code == model.SUBDISTRICT)
    place.open_installation(
        code=subdistrict.code,
        name=subdistrict.name,
        names=names(subdistrict.name, subdistrict.name_en),
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
        kinds=[KindInput(k.code, names(k.name, k.name_en), k.level) for k in town.unit_kinds],
        units=[
            UnitInput(
                u.code,
                u.kind,
                u.level,
                u.name,
                names(u.name, u.name_en),
                u.parent,
                u.area,
                u.covers,
            )
            for u in town.units
        ],
        posts=[
            PostInput(p.code, p.role, p.area, p.title, p.unit, p.level, names=names(p.title, p.title_en))
            for p in town.posts
        ],
        people=[PersonInput(p.username, p.name, names=names(p.name)) for p in town.people],
        appointments=[
            AppointmentInput(a.post, a.person, starts, None, a.full_time) for a in town.appointments
        ],
        actor=SYSTEM,
        now=now,
    )


def _place(one: TownPlace) -> places.PlaceInput:
    return places.PlaceInput(
        one.code, one.kind, one.name, one.grid, one.lon, one.lat, one.households, one.residents,
        one.keeper, one.attributes, one.is_active, names(one.name, one.name_en),
    )  # fmt: skip


def appoint_officers(passphrases: Sequence[str], *, now: datetime) -> None:
    """Give the holders of the three posts their keys, each locked by one of these words."""
    for appointment, passphrase in zip(_officers(), passphrases, strict=True):
        appoint_officer(
            appointment.user_id,
            unit_id=_unit_of(appointment.post),
            passphrase=passphrase,
            actor=SYSTEM,
            now=now,
        )


def _unit_of(post: Post) -> UUID:
    assert post.unit_id is not None  # noqa: S101 - the model place seats every officer in a unit
    return post.unit_id


def _officers() -> list[Appointment]:
    held = Appointment.objects.filter(post__role="identity_officer", ends=None)
    return list(held.select_related("post").order_by("post__code"))


def logins(*, now: datetime, passphrases: Sequence[str] = ()) -> list[Login]:
    """One login for each kind of post, with a password made now; a second factor where it is demanded.

    Of several like posts the one is taken at which most lies open, so that there is something to see. `passphrases`
    are those `appoint_officers` was given; later nobody knows them any more.
    """
    word_of = dict(zip([one.user_id for one in _officers()], passphrases, strict=False))
    return [_login(post, word_of, now) for post in _shown()]


def _login(appointment: Appointment, word_of: Mapping[UUID, str], now: datetime) -> Login:
    post, user = appointment.post, appointment.user
    password = accounts.set_password(user, actor=SYSTEM, now=now)
    totp = ""
    if ROLES[post.role].strong:
        accounts.remove_factors(user, actor=SYSTEM, now=now)
        totp = accounts.add_totp(user, actor=SYSTEM, now=now)
    return Login(post.role, post.title, user.username, password, totp, word_of.get(user.id, ""))


def _shown() -> list[Appointment]:
    """One appointment for each role and level; nobody is shown twice.

    Those of grid and community serve one grid together, so that a case can be walked through all their hands.
    """
    held = Appointment.objects.filter(ends=None).select_related("user", "post", "post__area", "post__unit")
    busy = _open_at()
    grid = shown_grid().path
    of_kind: dict[tuple[int, int], list[Appointment]] = defaultdict(list)
    roles = list(ROLES)
    for one in held.order_by("post__code"):
        of_kind[LADDER.index(one.post.level), roles.index(one.post.role)].append(one)
    shown: dict[UUID, Appointment] = {}
    enforcement = Unit.objects.values_list("id", flat=True).get(code=ENFORCEMENT)
    for kind in sorted(of_kind):
        fresh = [one for one in of_kind[kind] if one.user_id not in shown]
        if fresh and fresh[0].post.role == "identity_officer":
            shown |= {one.user_id: one for one in fresh}  # an opening takes two, so all three are shown
        elif fresh:
            best = max(
                fresh,
                key=lambda one: (
                    one.post.unit_id == enforcement,
                    one.post.level in "GV" and grid.startswith(one.post.area.path),
                    _open_of(one.post, busy),
                ),
            )
            shown[best.user_id] = best
    return list(shown.values())


def shown_grid() -> Area:
    """The grid whose people sign in at the demo: one that has a contact as well, with the most open matters."""
    busy = _open_at()
    posts = Post.objects.filter(role="contact", area__level="grid").select_related("area").order_by("code")
    return max((post.area for post in posts), key=lambda area: busy[area.path])


def _open_at() -> Counter[object]:
    """Open cases by who holds them, and by every area they lie in."""
    found: Counter[object] = Counter()
    rows = Case.objects.filter(is_open=True).values_list("holder_post_id", "holder_unit_id", "scope_path")
    for post, unit, path in rows:
        found[post or unit] += 1
        for end in range(3, len(path) + 1, 3):
            found[path[:end]] += 1
    return found


def _open_of(post: Post, busy: Counter[object]) -> tuple[int, int]:
    return busy[post.id] + (busy[post.unit_id] if post.unit_id else 0), busy[post.area.path]
