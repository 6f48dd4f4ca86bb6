"""The sixteen roles, and what follows from a role alone.

`levels` are those a post of this role may stand on, the usual one first; a resident has no post. `strong` demands a
second factor. `field` roles work on a phone outdoors and keep their session for a shift. `climbs`: when nobody holds
such a post, the next level answers for it, because a case never waits. Posts of oversight do not climb and lend
nothing upward: nobody becomes supervisor or officer because a colleague left. `lent`: a stand-in gets the hat; an
identity officer's key is personal, so nobody can stand in for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override, pgettext_lazy

from gewu.domain.accounts.second_factor import COMPULSORY_ROLES
from gewu.domain.accounts.sessions import FIELD_ROLES
from gewu.domain.names import LANGUAGES


@dataclass(frozen=True)
class Role:
    """One role of the table below."""

    code: str
    name: Any  # a lazy translation
    levels: tuple[str, ...] = ()
    climbs: bool = False
    lent: bool = True

    @property
    def level(self) -> str:
        """The usual level; empty for residents, who have no post."""
        return self.levels[0] if self.levels else ""

    @property
    def strong(self) -> bool:
        return self.code in COMPULSORY_ROLES

    @property
    def field(self) -> bool:
        return self.code in FIELD_ROLES

    @property
    def names(self) -> dict[str, str]:
        """The name in the languages of the program."""
        return in_every_language(self.name)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("resident", pgettext_lazy("role", "Resident")),
        Role("contact", pgettext_lazy("role", "Contact"), ("G",)),
        Role("worker", pgettext_lazy("role", "Grid worker"), ("G",), climbs=True),
        Role("lead", pgettext_lazy("role", "Grid lead"), ("G",), climbs=True),
        Role("director", pgettext_lazy("role", "Grid centre director"), ("V",), climbs=True),
        Role("adviser", pgettext_lazy("role", "Grid adviser"), ("S", "D")),
        Role("intake", pgettext_lazy("role", "Intake clerk"), ("S", "D"), climbs=True),
        Role("dispatcher", pgettext_lazy("role", "Dispatcher"), ("S", "D"), climbs=True),
        Role("duty_lead", pgettext_lazy("role", "Duty lead"), ("S", "D"), climbs=True),
        Role("handler", pgettext_lazy("role", "Handler"), ("V", "S", "D"), climbs=True),
        Role("unit_head", pgettext_lazy("role", "Head of unit"), ("V", "S", "D"), climbs=True),
        Role("evaluator", pgettext_lazy("role", "Evaluator"), ("S", "D")),
        Role("supervisor", pgettext_lazy("role", "Supervisor"), ("S", "D")),
        Role("privacy_officer", pgettext_lazy("role", "Privacy officer"), ("S", "D")),
        Role("identity_officer", pgettext_lazy("role", "Identity officer"), ("S", "D"), lent=False),
        Role("administrator", pgettext_lazy("role", "Administrator"), ("S", "D")),
    )
}

# Who answers for a level when a post on it, or below it, stands empty; the first that somebody holds.
ANSWERING: dict[str, tuple[str, ...]] = {
    "G": ("lead",),
    "V": ("director",),
    "S": ("duty_lead", "dispatcher"),
    "D": ("duty_lead", "dispatcher"),
}

_APART = frozenset({"supervisor", "privacy_officer", "identity_officer"})
INCOMPATIBLE = frozenset(frozenset({"administrator", role}) for role in _APART)


def clash(roles: Iterable[str]) -> frozenset[str] | None:
    """The pair among `roles` that one person may not hold together, None when all go together."""
    held = frozenset(roles)
    return next((pair for pair in INCOMPATIBLE if pair <= held), None)


def name(code: str) -> str:
    """The role's name in the reader's language."""
    return str(ROLES[code].name)


def in_every_language(name: Any) -> dict[str, str]:
    """A lazy translation spelled out, as rows keep names that an installation may change."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(name)
    return found
