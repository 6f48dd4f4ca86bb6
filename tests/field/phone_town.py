"""The town in a data folder of its own: `python -m tests.field.phone_town` fills it and answers what it holds.

Runs as a program of its own, because the served installation is not the one of the test's process; and stays, because
starting it takes longer than any answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import django


def _plan_a_round(town: ModuleType) -> None:
    """Five fire lanes in grid a1, to be walked today."""
    from gewu.core import clock
    from gewu.domain.access.actor import SYSTEM
    from gewu.domain.patrols.actions import PlanInput, make_plan, make_rounds
    from gewu.domain.places.actions import set_up
    from tests.places.conftest import given

    _lon, lat = town.middle("a1")
    lanes = [
        given(f"L{n}", town=town, kind="fire_lane", name=f"{n} 号楼消防通道", lat=lat + n / 2000)
        for n in range(1, 6)
    ]
    now = clock.now()
    set_up(lanes, actor=SYSTEM, now=now)
    plan = PlanInput(
        name="消防通道", kind="fire_lane", area="a1", frequency="weekly", starts=now.date(), place_kinds=["fire_lane"]
    )  # fmt: skip
    make_plan(plan, actor=town.actor("lead_a1"), now=now)
    make_rounds(now)


def _fill() -> None:
    """The cast, and the round."""
    from tests import town

    town.town()
    _plan_a_round(town)


def _session(username: str = "worker_a1") -> dict[str, str]:
    """The cookies of a worker who has just signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    from gewu.domain.accounts.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: _get_new_csrf_string(),
    }


def _round() -> dict[str, Any]:
    """What was seen on the round."""
    from gewu.domain.patrols.models import Finding, Stop

    stops = list(Stop.objects.select_related("place"))
    filed = Finding.objects.filter(settled=False).select_related("case__condition")
    return {
        "places": {stop.place.name: stop.result for stop in stops},
        "marks": {stop.place.name: stop.faults for stop in stops if stop.faults},
        "findings": Finding.objects.count(),
        "kinds": [one.case.condition.code for one in filed if one.case],
    }


def _lost() -> None:
    """The worker's phone is reported lost."""
    from gewu.core import clock
    from gewu.domain.access.actor import SYSTEM
    from gewu.domain.accounts.actions import end_sessions
    from gewu.domain.accounts.models import User

    end_sessions(User.objects.get(username="worker_a1"), actor=SYSTEM, now=clock.now())


def _photos() -> int:
    """How many photos the newest case has."""
    from gewu.domain.cases.models import Case, CasePhoto

    return CasePhoto.objects.filter(case=Case.objects.latest("id")).count()


def _handed() -> str:
    """A new case in the hands of the worker; filed now, or the server's worker would find it overdue in between."""
    from gewu.core import clock
    from gewu.domain.cases.actions import act
    from tests import town

    number = town.report_case(at="a1", now=clock.now()).case.number
    act("accept", number, {}, actor=town.actor("lead_a1"), now=clock.now())
    act("assign", number, {"to": "post:worker-a1"}, actor=town.actor("lead_a1"), now=clock.now())
    return number


def _numbers() -> list[str]:
    """The numbers of all cases."""
    from gewu.domain.cases.models import Case

    return sorted(Case.objects.values_list("number", flat=True))


COMMANDS: dict[str, Callable[[], Any]] = {
    "fill": _fill, "session": _session, "round": _round, "lost": _lost, "numbers": _numbers, "photos": _photos,
    "handed": _handed, "session of lead_a1": lambda: _session("lead_a1"),
}  # fmt: skip


def main() -> None:
    """One command a line, one answer a line, until nobody asks any more."""
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(COMMANDS[line.strip()]()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
