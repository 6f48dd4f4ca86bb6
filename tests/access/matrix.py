"""The matrix of access: a world with planted texts, everybody of the cast at every door, and what was wrong there.

Each `judge_*` returns the violations it found, so that the same questions can be asked of a program with a hole in it
(test_not_blind.py). Standings are worked out from the cast's own tables (tests/town.py), never from the program.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from gewu.core.text import CaseNumber
from gewu.domain.access.actor import SYSTEM, Actor
from gewu.domain.accounts.actions import issue_token
from gewu.domain.accounts.models import User
from gewu.domain.cases.actions import Reported
from gewu.domain.cases.models import Case
from gewu.domain.media.actions import keep_photo
from gewu.domain.patrols.actions import PlanInput, VisitInput, When, agree, find, make_plan, make_rounds
from gewu.domain.places.actions import PlaceInput, add_place
from gewu.domain.privacy import receipts
from gewu.domain.privacy.contact_data import ContactInput
from gewu.web.sessions import BEGAN, SEEN
from tests import town
from tests.access import policy
from tests.media import photos

MISSING = str(CaseNumber("LT", 2026, 999_999))
NOTHING_HERE = UUID(int=0)
LEVELS = "GVSD"
HEADERS = {"Accept-Language": "en"}


@dataclass(frozen=True)
class Place:
    """How a case of the world lies: grid ("" for the whole subdistrict), level, holder, category with a department."""

    name: str
    grid: str
    level: str
    holder: str = ""  # post or unit code
    is_open: bool = True
    department: str = ""
    entered_by: str = ""
    held_before: str = ""  # unit code


PLACES = (
    Place("worker's", "a1", "G", "worker-a1"),
    Place("fresh", "a1", "G"),
    Place("neighbour's", "b1", "G"),
    Place("committee's", "a1", "V", "committee-hand-a"),
    Place("team's", "a1", "S", "team"),
    Place("district's", "a1", "D", "urban"),
    Place("police's", "a1", "D", department="police"),
    Place("closed", "a1", "G", "worker-a1", is_open=False),
    Place("entered", "b1", "G", entered_by="worker_a2"),
    Place("once held", "a1", "D", "urban", held_before="team"),
    Place("nowhere", "", "S"),
)


@dataclass(frozen=True)
class Matter:
    """One case with everything planted in it."""

    place: Place
    sensitivity: str
    told: Reported
    photo: UUID
    number: str

    def canary(self, facet: str) -> str:
        """What was planted: text, place, note, rating, or the contact's name."""
        return f"kanari-{facet}-{self.place.name[:4]}-{self.sensitivity}"

    @property
    def phone(self) -> str:
        return f"1390000{PLACES.index(self.place):02}{sorted(policy.EVERY).index(self.sensitivity):02}"


@dataclass
class Caller:
    """Somebody at the door. `post` is None for reporters and strangers."""

    name: str
    role: str
    client: Client
    actor: Actor | None = None
    level: str = ""
    area: str = ""
    unit: str | None = None
    post: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    own: str = ""  # the number of a reporter's own case

    @cached_property
    def grids(self) -> set[str]:
        """The grids of the post's area; with "" for the whole subdistrict."""
        if self.area in town.GRIDS:
            return {self.area}
        if self.area.startswith("community_"):
            return {grid for grid in town.GRIDS if grid[0] == self.area[-1]}
        return {*town.GRIDS, ""} if self.area else set()

    def standings(self, matter: Matter) -> set[str]:
        """Every way in which this person stands to that case."""
        place, found = matter.place, set()
        if self.role == "reporter":
            return {"own_report"} if self.own == matter.number else set()
        if not self.post:
            return set()
        covers = place.grid in self.grids
        if covers:
            found.add("covers")
        if covers and self.level != "D":
            found |= {"here", "open_here"} if place.is_open else {"here"}
        if covers and self.level == "D" and place.level == "D":
            found.add("with_district")
        if place.holder and place.holder in (self.post, self.unit):
            found.add("holds")
        if place.held_before and place.held_before == self.unit:
            found.add("held")
        if place.department and place.department == self.unit:
            found.add("own_category")
        if place.entered_by == self.name:
            found.add("entered")
        reach = {"G": "G", "V": "GV", "S": "GVSD", "D": "D"}[self.level]
        if covers and place.level in reach:
            found |= {"triages", "triages_street"} if self.level == "S" else {"triages"}
        if covers and place.level == self.level and not place.holder:
            found.add("desk")
        if covers and self.level == (LEVELS + "D")[LEVELS.index(place.level) + 1]:
            found.add("level_above")
        if covers and self.level == "S" and place.level == "D":
            found.add("street_over_district")
        return found

    def sees(self, matter: Matter) -> str:
        """ "read", "list" or "": what the policy lets this person see."""
        found = {
            facet
            for roles, standing, sensitivities, facet in policy.SEES
            if self.role in roles
            and standing in self.standings(matter)
            and matter.sensitivity in sensitivities
        }
        return policy.READ if policy.READ in found else policy.LIST if found else ""

    def allowed(self, rows: Iterable[tuple[Any, ...]], matter: Matter) -> bool:
        """One of these rows of the policy is for this person and that case."""
        return any(
            self.role in roles
            and standing in self.standings(matter)
            and (not rest or matter.sensitivity in rest[0])
            for roles, standing, *rest in rows
        )


@dataclass
class World:
    """The cast at the door, and the cases behind it."""

    callers: dict[str, Caller]
    matters: list[Matter]
    token: UUID
    walked: dict[str, UUID]  # a plan, its round, a finding with a photo, and a visit: all in grid a1

    @cached_property
    def secrets(self) -> dict[str, tuple[Matter, str]]:
        """Every planted text, with its case and what it is."""
        facets = ("text", "place", "note", "rating", "contact")
        found = {matter.canary(facet): (matter, facet) for matter in self.matters for facet in facets}
        return found | {matter.phone: (matter, "contact") for matter in self.matters}

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(r"kanari-[\w'-]+|1390000\d{4}")

    def leaks(self, answer: HttpResponse, who: Caller, *, but: set[str] = frozenset()) -> list[str]:
        """Planted texts in body or headers that this person may not read; `but` are let pass."""
        found = []
        for word in set(self.pattern.findall(everything_in(answer))) - but:
            matter, facet = self.secrets.get(word, (None, "unknown"))
            reads = matter is not None and who.sees(matter) == policy.READ
            hidden = facet in ("contact", "unknown")
            hidden |= (
                facet == "rating" and matter is not None and policy.RATED & who.standings(matter) != set()
            )
            hidden |= facet == "place" and matter is not None and matter.sensitivity == policy.CONFIDENTIAL
            hidden |= facet == "note" and who.role == "reporter"
            if hidden or not reads:
                found.append(f"{who.name} finds {word}")
        return found


def build() -> World:
    """Fill the town's store with the cases; the town stands already."""
    matters = [_matter(place, sensitivity) for place in PLACES for sensitivity in sorted(policy.EVERY)]
    lon, lat = town.middle("a1")
    add_place(PlaceInput("place-a1", "building", "三号楼", "a1", lon, lat), actor=SYSTEM, now=town.NOW)
    token = issue_token(
        "there",
        scopes=["case:read"],
        expires=town.NOW + town.timedelta(days=9),
        client="there",
        actor=SYSTEM,
        now=town.NOW,
    )
    callers = {
        code.replace("-", "_"): _staff(code, role, area, unit, level)
        for code, role, area, unit, level in town.POSTS
        if code not in {"identity-officer-2", "identity-officer-3"}
    }
    callers["anyone"] = Caller("anyone", "anyone", Client())
    for name, matter in (("reporter", matters[0]), ("private_reporter", matters[2])):
        header = {"Authorization": f"Receipt {receipts.cookie_for(matter.told.report.number, now=town.NOW)}"}
        callers[name] = Caller(name, "reporter", Client(), headers=header, own=matter.number)
    return World(callers, matters, token.token.pk, _walked())


def _walked() -> dict[str, UUID]:
    """What is planted of patrols and visits; the contact of a visit is shown to nobody."""
    lead, worker = town.actor("lead_a1"), town.actor("worker_a1")
    given = PlanInput("楼栋", "order", "a1", "daily", town.NOW.date(), place_kinds=["building"])
    plan = make_plan(given, actor=lead, now=town.NOW)
    make_rounds(town.NOW)
    walk, photo = plan.rounds.get(), keep_photo(photos.jpeg(photos.scene(12, 16)), now=town.NOW)
    settled = {"text": "已清走", "settled": True, "photos": [photo.pk.hex]}
    find(walk.pk, "place-a1", settled, when=When(), actor=worker, now=town.NOW)
    begins = town.NOW + town.timedelta(hours=2)
    contact = ContactInput(name="kanari-visit", phone="13900009999")
    appointment = VisitInput(
        "worker-a1", "safety", begins, begins + town.timedelta(hours=1), "三号楼 201", contact, agreed=True
    )
    visit = agree(appointment, actor=worker, now=town.NOW)
    found = walk.findings.get()
    return {
        "plan_id": plan.pk, "round_id": walk.pk, "finding_id": found.pk, "found_photo": photo.pk, "visit_id": visit.pk
    }  # fmt: skip


def _matter(place: Place, sensitivity: str) -> Matter:
    draft = Matter(place, sensitivity, None, NOTHING_HERE, "")  # type: ignore[arg-type]
    kept = keep_photo(photos.jpeg(photos.scene(16, 12)), now=town.NOW)
    told = town.report_case(
        town.POLICE_MATTER if place.department else town.WASTE,
        at=place.grid or None,
        by=town.actor(place.entered_by) if place.entered_by else town.ANYONE,
        source="worker" if place.entered_by else "page",
        text=draft.canary("text"),
        place=draft.canary("place"),
        photos=(str(kept.pk),),
        contact=ContactInput(name=draft.canary("contact"), phone=draft.phone),
    )
    _walk(place, told, draft)
    town.do("internal_note", told, "duty_lead", text=draft.canary("note"))
    Case.objects.filter(pk=told.case.pk).update(sensitivity=sensitivity)
    return Matter(place, sensitivity, told, kept.pk, told.case.number)


def _walk(place: Place, told: Reported, draft: Matter) -> None:
    match place.name:
        case "worker's":
            town.walk_to(town.HANDLING, told)
        case "closed":
            town.walk_to("verified", told)
            town.do("rate", told, town.reporter(told), text=draft.canary("rating"))
        case "committee's" | "team's" | "district's":
            town.at_level(place.level, told)
            who = {"V": "director_a", "S": "dispatcher", "D": "urban_dispatcher"}[place.level]
            kind = "post" if place.level == "V" else "unit"
            town.do("assign", told, who, to=f"{kind}:{place.holder}")
        case "once held":
            town.at_level("S", told)
            town.do("assign", told, "dispatcher", to=f"unit:{place.held_before}")
            town.do("hand_up", told, "team_hand")
            town.do("assign", told, "urban_dispatcher", to=f"unit:{place.holder}")


def _staff(code: str, role: str, area: str, unit: str | None, level: str) -> Caller:
    name = code.replace("-", "_")
    acting = town.actor(name)
    return Caller(
        name, role, signed_in(name), acting, level or acting.hats[0].level, area, unit, code, dict(HEADERS)
    )


def signed_in(name: str, *, strong: bool = True) -> Client:
    """A browser with somebody's session, by default after the second factor.

    The session has begun and was seen just now: else each knock would write that anew, since it is undone each time.
    """
    client = Client()
    user = User.objects.get(username=name)
    client.force_login(user)
    session = client.session
    session[BEGAN] = session[SEEN] = int(town.NOW.timestamp())
    if strong:
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0, "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is undone; marked as a test's own, so that durable work is let pass."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def kept_in(client: Client) -> Iterator[None]:
    """The browser has the cookies of before again, also when it was signed out."""
    before = deepcopy(client.cookies)
    yield
    client.cookies = before


def knock(who: Caller, method: str, path: str, body: Any = None) -> HttpResponse:
    """One call, undone afterwards."""
    headers = HEADERS | who.headers
    with undone(), kept_in(who.client):
        if path.startswith("api/"):
            data = b"" if method == "GET" else json.dumps(body or {})
            return who.client.generic(method, f"/{path}", data, "application/json", headers=headers)
        if method == "GET":
            return who.client.get(f"/{path}", body, headers=headers)
        return who.client.post(f"/{path}", body or {}, headers=headers)


def everything_in(answer: HttpResponse) -> str:
    """Body and headers as text; a workbook or archive is unpacked, and marks inside a word are taken out of it."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return (
        "\n".join(f"{name}: {value}" for name, value in answer.items())
        + "\n"
        + re.sub(r"</?mark>", "", body.decode("utf-8", "replace"))
    )


def code_of(answer: HttpResponse) -> str:
    """The code of a problem; empty for pages and successes."""
    return str(json.loads(answer.content)["code"]) if "problem" in answer.get("Content-Type", "") else ""


def judge_case(world: World, who: Caller, matter: Matter) -> list[str]:
    """Every door to one case: hidden and missing must be the same bytes, listed shows no text, read shows its own."""
    found: list[str] = []
    sees, case = who.sees(matter), f"{matter.place.name} {matter.sensitivity}"
    for base, photo in (("api/v1/cases", "api/v1/cases"), ("staff/cases", "staff/cases")):
        if base.startswith("staff") and not who.post:
            continue
        shown = knock(who, "GET", f"{base}/{matter.number}")
        found += world.leaks(shown, who)
        picture = knock(who, "GET", f"{photo}/{matter.number}/photos/{matter.photo}")
        is_picture = picture.get("Content-Type") == "image/jpeg"
        if is_picture != (sees == policy.READ):
            found.append(f"{who.name} photo of {case} ({base}): {picture.status_code}")
        if sees:
            if shown.status_code != 200:
                found.append(f"{who.name} does not see {case} ({base}): {shown.status_code}")
            elif (matter.canary("text") in everything_in(shown)) != (sees == policy.READ):
                found.append(f"{who.name} text of {case} ({base}): not {sees}")
        elif (shown.status_code, shown.content) != _missing(who, base):
            found.append(f"{who.name} learns of {case} ({base}): {shown.status_code}")
        if base.startswith("api") or matter.place.name in ("worker's", "team's"):
            found += _judge_contact(world, who, matter, base)
            found += _judge_reasoned(world, who, matter, base)
    return found


def _missing(who: Caller, base: str) -> tuple[int, bytes]:
    """What a case that is not there answers; asked once for each caller."""
    kept: dict[str, tuple[int, bytes]] = who.__dict__.setdefault("missing", {})
    if base not in kept:
        answer = knock(who, "GET", f"{base}/{MISSING}")
        kept[base] = answer.status_code, answer.content
    return kept[base]


def _judge_contact(world: World, who: Caller, matter: Matter, base: str) -> list[str]:
    body = {"reason": "result"}
    answer = knock(who, "POST", f"{base}/{matter.number}/contact", body)
    may = bool(who.sees(matter)) and who.allowed(policy.REVEALS, matter)
    own = {matter.canary("contact"), matter.phone}
    found = world.leaks(answer, who, but=own)
    if (matter.phone in everything_in(answer)) != may:
        found.append(
            f"{who.name} contact of {matter.number} {matter.sensitivity} ({base}): {answer.status_code}"
        )
    return found


def _judge_reasoned(world: World, who: Caller, matter: Matter, base: str) -> list[str]:
    answer = knock(who, "POST", f"{base}/{matter.number}/read", {"reason": "duty"})
    may = who.allowed(policy.OPENS_WITH_REASON, matter)
    facets = {"text", "note", "rating"} | ({"place"} if matter.sensitivity != policy.CONFIDENTIAL else set())
    found = world.leaks(answer, who, but={matter.canary(facet) for facet in facets} if may else set())
    if may and matter.canary("text") not in everything_in(answer):
        found.append(f"{who.name} cannot open {matter.number} with a reason ({base})")
    return found


def judge_list(world: World, who: Caller) -> list[str]:
    """The list holds exactly the cases this person sees one by one."""
    answer = knock(who, "GET", "api/v1/cases?open=all&limit=200")
    if not who.post or answer.status_code != 200:
        return [] if is_shut(answer) else [f"{who.name} lists: {answer.status_code}"]
    listed = {item["number"] for item in json.loads(answer.content)["items"]}
    seen = {matter.number for matter in world.matters if who.sees(matter)}
    return [f"{who.name} list: {number}" for number in sorted(listed ^ seen)] + world.leaks(answer, who)


def judge_move(who: Caller, matter: Matter, move: str) -> list[str]:
    """Whether this person may take this move at all, in whatever state the case is."""
    answer = _try_move(who, matter.number, move)
    may = bool(who.sees(matter)) and who.allowed(policy.MOVES[move], matter)
    did = code_of(answer) not in {"not_found", "not_yours", "unauthorized", "second_factor", "scope"}
    if did == may:
        return []
    return [
        f"{who.name} {move} {matter.place.name} {matter.sensitivity}: {answer.status_code} {code_of(answer)}"
    ]


def _try_move(who: Caller, number: str, move: str) -> HttpResponse:
    """Thousands of these: through the view itself, behind the session. No move passes this version."""
    path = f"/api/v1/cases/{number}/moves/{move}"
    body = b'{"given": {}, "version": 1000000}'
    request = RequestFactory().post(path, body, "application/json", headers=HEADERS | who.headers)
    request.now, request.actor = town.NOW, who.actor or town.ANYONE
    request._dont_enforce_csrf_checks = True
    match = resolve(path)
    answer: HttpResponse = match.func(request, **match.kwargs)
    return answer


def judge_entrance(world: World, who: Caller, method: str, route: str) -> list[str]:
    """Who may not come in gets nothing; who may is not turned away. Whatever is shown is searched for planted texts."""
    body = BODIES.get(route.rpartition("/")[2]) if method == "POST" else None
    answer = knock(who, method, address(world, route), body)
    found = world.leaks(answer, who)
    row = policy.ENTRANCES.get(f"{method} {route}") or policy.ENTRANCES.get(f"ANY {route}") or set()
    may = who.role in row and (not in_grid_a1(route) or "a1" in who.grids)
    wrong = is_turned_away(answer, method, route) if may else not is_shut(answer)
    if wrong:
        found.append(f"{who.name} {method} {route}: {answer.status_code} {code_of(answer)}")
    return found


def is_shut(answer: HttpResponse) -> bool:
    """Nothing was shown or done: who are you, not yours, nothing here, or first sign in."""
    return answer.status_code in (401, 403, 404, 405) or answer.get("Location", "").startswith("/account/")


def is_turned_away(answer: HttpResponse, method: str, route: str) -> bool:
    """The guard itself said no. An empty form may be refused for other reasons, and what it names need not be there."""
    if route.startswith("api/"):
        return answer.status_code == 401 or (
            code_of(answer) in {"not_yours", "scope", "second_factor", "csrf"} and not names_nothing(route)
        )
    if answer.get("Location", "").startswith("/account/"):
        return True
    return method == "GET" and answer.status_code in (403, 404) and not names_nothing(route)


def names_nothing(route: str) -> bool:
    """Routes whose address names something that this world does not hold, or that is not everybody's of a role."""
    parts = r"bulk_id|opening_id|photo_id|view_id|<(str:)?number>"
    return (bool(re.search(parts, route)) and not in_grid_a1(route)) or route in {
        "api/v1/journal/head",
        "api/v1/places/<code>/renew",
        "staff/cases/open",
        "staff/cases/bulk/waiting",
    }


def in_grid_a1(route: str) -> bool:
    """Routes to what is planted of patrols and visits: only whose area covers the grid learns of it."""
    return bool(re.search("round_id|visit_id|plan_id|finding_id", route))


# Where an empty body would be refused before anybody asks whose round it is.
BODIES: dict[str, dict[str, Any]] = {
    "ticks": {"place": "place-a1", "result": "fine"}, "findings": {"place": "place-a1", "text": "又堆满了"},
    "<uuid:plan_id>": {"name": "楼栋", "kind": "order", "area": "a1", "frequency": "daily", "version": 1},
}  # fmt: skip


# What `<code>` names in a route: the first whose part stands in it.
CODES = (
    ("/g/", "a1"), ("/grids/", "a1"), ("/places/", "place-a1"), ("moves", "accept"), ("catalogue", "0110"),
    ("retention", "text"), ("units", "team"), ("", "worker-a1"),
)  # fmt: skip


def address(world: World, route: str) -> str:
    """The route with its parts filled with what is there."""
    matter = world.matters[0]
    known = {
        "number": matter.number,
        "move": "accept",
        "photo_id": matter.photo,
        "token_id": world.token,
        "role": "lead",
        "year": 2026,
    }
    known |= {"username": "lead_a1", "bulk_id": NOTHING_HERE, "opening_id": NOTHING_HERE}
    known |= {**world.walked, "view_id": NOTHING_HERE, "suggestion_id": NOTHING_HERE}
    if "finding_id" in route:
        known["photo_id"] = world.walked["found_photo"]
    known |= {"sign": "0" * 16, "other": world.matters[1].number}
    known["code"] = next(code for part, code in CODES if part in f"/{route}")
    if "<int:number>" in route:
        known["number"] = 1
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(known[part[1]]), route)
