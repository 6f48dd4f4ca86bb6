"""Are there identity officers enough to seal a contact (rules.md 5); about which units not, and how many more help.

Three must be able to take part, none of the unit complained of, and two of them must sit in different units. With
exactly three officers in three units a complaint about any of these leaves two: it can still be made without a contact.
For whoever reports, said before sending; for the officers and those who appoint them; and for `gewu doctor`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gewu.domain.people.models import Unit
from gewu.domain.privacy.models import Officer

FEWEST = 3
UNITS_OF_PAIR = 2


@dataclass(frozen=True)
class Officers:
    """How many officers with a key sit in which unit."""

    by_unit: Counter[UUID]

    @property
    def total(self) -> int:
        return self.by_unit.total()

    def can_seal(self, *, excluded_unit: UUID | None = None) -> bool:
        """A contact can be sealed to them, and none of them is of the unit that is complained of."""
        others = [number for unit, number in self.by_unit.items() if unit != excluded_unit]
        return sum(others) >= FEWEST and len(others) >= UNITS_OF_PAIR

    @property
    def short(self) -> set[UUID]:
        """The units about which no contact can be sealed, although about others it can."""
        return (
            {unit for unit in self.by_unit if not self.can_seal(excluded_unit=unit)}
            if self.can_seal()
            else set()
        )

    @property
    def more(self) -> int:
        """So many more, each of a unit that has none yet, and a contact can be sealed whatever unit it is about."""
        most = max(self.by_unit.values(), default=1)
        return max(0, FEWEST + most - self.total, UNITS_OF_PAIR + 1 - len(self.by_unit))

    def without(self, officer: Officer) -> Officers:
        """Those who stay when this one leaves."""
        return Officers(+(self.by_unit - Counter([officer.unit_id])))


def of(officers: Iterable[Officer]) -> Officers:
    """These officers alone."""
    return Officers(Counter(one.unit_id for one in officers))


def officers() -> Officers:
    """Those in office today, who have made their key."""
    return Officers(Counter(Officer.objects.filter(ended_at=None).values_list("unit_id", flat=True)))


def named(units: Iterable[UUID]) -> list[Unit]:
    """The units themselves, in code order."""
    return list(Unit.objects.filter(pk__in=list(units)).order_by("code"))
