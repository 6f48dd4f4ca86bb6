"""The small town of tests.people, open for business, with a case somebody reported and wants to hear about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gewu.core.clock import DrivenClock
from gewu.domain.access.actor import ANYONE, SYSTEM, Actor
from gewu.domain.accounts.models import User
from gewu.domain.cases import actions as cases
from gewu.domain.cases.models import Case
from gewu.domain.catalogue import actions as catalogue
from gewu.domain.journal.models import Entry
from gewu.domain.people.queries import actor_for
from gewu.domain.privacy.contacts import ContactInput
from tests.people import cast
from tests.place.builders import opened
from tests.services.time import START

LITTER, FIRE = "0110", "0120"  # ordinary hours; an emergency with urgent ones
MAIL = ContactInput(name="甲", email="reporter@example.org", channel="email")


@dataclass
class Town:
    """Who is who, and the time."""

    people: dict[str, User]
    clock: DrivenClock

    def actor(self, role: str) -> Actor:
        return actor_for(self.people[role], now=self.clock.now(), strong=True)

    def report(self, condition: str = LITTER, *, contact: ContactInput | None = MAIL, **fields: Any) -> Case:
        """A report from left1."""
        given = cases.ReportInput(
            text="A heap of waste.", condition=condition, area_code="left1", contact=contact, **fields
        )
        return cases.report(given, actor=ANYONE, now=self.clock.now()).case

    def act(self, role: str, move: str, case: Case, **given: Any) -> Entry:
        """One move; returns its journal entry."""
        cases.act(move, case.number, given, actor=self.actor(role), now=self.clock.now())
        return Entry.objects.filter(kind=f"case.{move}", subject_id=case.id).order_by("-subject_version")[0]


def made(clock: DrivenClock) -> Iterator[Town]:
    opened()
    catalogue.load_seed(now=START, actor=SYSTEM)
    people = cast.town()
    for role, user in people.items():
        user.email = f"{role}@example.org"
        user.save(update_fields=["email"])
    yield Town(people, clock)
