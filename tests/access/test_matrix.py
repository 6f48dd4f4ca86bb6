"""Everybody at every door: routes, cases, contact data, photos and moves, against a policy written separately.

Planted in every case are its text, place, note, rating, contact and photo; whatever an answer holds (pages, JSON,
headers, workbooks) is searched for them. See policy.py for what to add with a new page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver

from gewu.api import urls  # noqa: F401 - registers the endpoints
from gewu.api.endpoint import ENDPOINTS
from gewu.domain.cases.workflow import MOVES
from gewu.domain.people.roles import ROLES
from tests import town as cast
from tests.access import matrix, policy
from tests.access.matrix import World

STAFF = [code.replace("-", "_") for code, *_rest in cast.POSTS if code[-2:] not in {"-2", "-3"}]
CALLERS = [*STAFF, "anyone", "reporter", "private_reporter"]


def routes() -> set[str]:
    """Every route of the program with the methods it takes: `GET staff/cases`; pages that take several say ANY."""
    found = {f"{row.method} api/v1/{row.path}" for row in ENDPOINTS}
    for route, _view in _walk(get_resolver()):
        if not route.startswith(("api/", "account/")) and route not in policy.OPEN_PAGES:
            found.add(f"ANY {route}")
    return found


def test_every_route_has_its_row() -> None:
    named = {row.split(" ", 1)[1] for row in routes()}
    known = {row.split(" ", 1)[1] for row in policy.ENTRANCES}
    assert named - known == set(), "a new route needs a row in policy.py"
    assert known - named == set(), "rows without a route"
    missing = {row for row in routes() if row.startswith(("GET api", "POST api", "DELETE api"))}
    assert missing - set(policy.ENTRANCES) == set()


def test_every_staff_page_has_a_guard() -> None:
    for route, view in _walk(get_resolver()):
        if route.startswith("staff/"):
            assert getattr(view, "guard", ""), route


def test_every_role_and_every_move_stands_in_the_policy() -> None:
    assert {role for _code, role, *_rest in cast.POSTS} | {"resident"} == set(ROLES)
    assert set(policy.MOVES) == set(MOVES)


@pytest.mark.one_store
@pytest.mark.parametrize("name", CALLERS)
def test_doors(standing: World, name: str) -> None:
    who = standing.callers[name]
    found: list[str] = []
    for row in sorted(policy.ENTRANCES):
        method, route = row.split(" ", 1)
        for one in ("GET", "POST") if method == "ANY" else (method,):
            found += matrix.judge_entrance(standing, who, one, route)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", CALLERS)
def test_lists(standing: World, name: str) -> None:
    found = matrix.judge_list(standing, standing.callers[name])
    assert not found, "\n".join(found)


@pytest.mark.one_store  # one case is judged in Python; what the store decides are lists
@pytest.mark.parametrize("name", CALLERS)
def test_cases(standing: World, name: str) -> None:
    who = standing.callers[name]
    found = [fault for matter in standing.matters for fault in matrix.judge_case(standing, who, matter)]
    assert not found, "\n".join(found)


@pytest.mark.one_store
@pytest.mark.parametrize("name", CALLERS)
def test_moves(standing: World, name: str) -> None:
    who = standing.callers[name]
    some = [one for one in standing.matters if one.sensitivity == policy.NORMAL]
    some += [one for one in standing.matters if one.place.name in ("worker's", "team's")]
    found = [
        fault for matter in some for move in policy.MOVES for fault in matrix.judge_move(who, matter, move)
    ]
    assert not found, "\n".join(found)


@pytest.mark.one_store
@pytest.mark.parametrize("name", STAFF)
def test_without_a_second_factor(standing: World, name: str) -> None:
    """The roles that need one come in nowhere but where anyone may; a reveal or an export asks it of everybody."""
    who = standing.callers[name]
    weak = matrix.Caller(name, who.role, matrix.signed_in(name, strong=False), headers=who.headers)
    listed = matrix.knock(weak, "GET", "api/v1/cases")
    page = matrix.knock(weak, "GET", "staff/cases")
    if who.role in policy.STRONG:
        assert (listed.status_code, matrix.code_of(listed)) == (403, "second_factor")
        assert page["Location"].startswith("/account/2fa/")
    else:
        assert (listed.status_code, page.status_code) == (200, 200)
    for matter in standing.matters[:3]:
        answer = matrix.knock(weak, "POST", f"api/v1/cases/{matter.number}/contact", {"reason": "result"})
        assert matter.phone not in matrix.everything_in(answer)
    exported = matrix.knock(weak, "GET", "api/v1/figures/workbook")
    assert (exported.status_code, matrix.code_of(exported) in {"second_factor", "not_yours"}) == (403, True)


@pytest.mark.one_store
@pytest.mark.parametrize("name", ["lead_a1", "worker_a1", "director_a", "dispatcher", "administrator", ""])
def test_tokens_do_only_what_their_scopes_name(standing: World, name: str) -> None:
    from datetime import timedelta

    from gewu.domain.access.actor import SYSTEM
    from gewu.domain.accounts.actions import issue_token
    from gewu.domain.accounts.models import User

    user = User.objects.get(username=name) if name else None
    issued = issue_token(
        "t", scopes=["case:read"], expires=cast.NOW + timedelta(days=1), user=user,
        client="" if name else "program", actor=SYSTEM, now=cast.NOW,
    )  # fmt: skip
    role = standing.callers[name].role if name else "anyone"
    headers = {"Authorization": f"Bearer {issued.secret}"}
    program = matrix.Caller(name or "program", role, matrix.Client(), headers=headers)
    for row, who in sorted(policy.ENTRANCES.items()):
        method, route = row.split(" ", 1)
        if not route.startswith("api/") or who is policy.EVERYBODY:
            continue
        answer = matrix.knock(program, method, matrix.address(standing, route))
        reads = route in {"api/v1/cases", "api/v1/cases/<number>", "api/v1/cases/<number>/moves/<move>"}
        reads = reads or route in {
            "api/v1/field", "api/v1/field/cases/<number>/moves/<move>", "api/v1/cases/<number>/similar",
        }  # fmt: skip
        signed_in = row in {
            "GET api/v1/field", "GET api/v1/me", "GET api/v1/inbox", "POST api/v1/inbox/seen", "GET api/v1/units",
            "GET api/v1/views", "GET api/v1/hints",
        }  # fmt: skip
        photo = route == "api/v1/cases/<number>/photos/<uuid:photo_id>"
        if signed_in and name:
            assert answer.status_code in (200, 422), row
        elif name and name not in ("dispatcher", "administrator") and (reads or photo):
            moved = method == "POST"
            hidden = {"not_found"} if photo else set()  # the photo of a case whose text is not theirs
            assert matrix.code_of(answer) in {"scope" if moved else ""} | hidden, row
        else:
            assert matrix.is_shut(answer), (row, answer.status_code)
        assert standing.pattern.search(matrix.everything_in(answer)) is None or (reads or photo), row


def _walk(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry, route)
        else:
            yield route, entry.callback
