"""Errors of the domain as a form shows them: a summary at the top, and the same words beside each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gewu.core.errors import GewuError, Invalid

# Fields of the domain that stand under another name in our forms.
RENAMED = {
    "place.lon": "lon", "place.lat": "lat", "area_code": "area", "photo": "photos",
    "contact.channel": "contact.phone", "contact": "contact.phone",
}  # fmt: skip


def field_id(name: str) -> str:
    """The id that a field of the domain has on residents' and staff forms alike."""
    return RENAMED.get(name, name).replace(".", "_")


@dataclass(frozen=True)
class Faults:
    """Sentences by the id of their field. True when there is one, in templates as well."""

    by_field: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, error: GewuError, *, at: str = "form") -> Faults:
        """What an error says; one without a field stands at `at`."""
        if not isinstance(error, Invalid):
            return cls({at: str(error.message)})
        found: dict[str, str] = {}
        for fault in error.errors:
            found.setdefault(field_id(fault.field), str(fault.message))
        return cls(found)

    def __bool__(self) -> bool:
        return bool(self.by_field)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.by_field.items())

    def __getitem__(self, name: str) -> str:
        return self.by_field.get(name, "")

    def __or__(self, other: Faults) -> Faults:
        return Faults({**other.by_field, **self.by_field})


NO_FAULTS = Faults()
