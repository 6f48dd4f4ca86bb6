"""What a set-up or an import brings, and how each row is checked on its own, before any database is asked.

Fields hold what was typed; `checked` gives the same row with its form settled, or raises `Invalid` at the field.
Codes stand for the rows they mean, so a batch can name units and posts that it brings itself. None leaves a stored
value as it is, which an empty text does not: a workbook without a phone column must not wipe the phones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gewu.core import limits
from gewu.core.errors import FieldError, Invalid
from gewu.core.text import clean
from gewu.domain.accounts import rules as account_rules
from gewu.domain.people import rules


@dataclass(frozen=True)
class KindInput:
    """One kind of unit, found again by its code. A kind that is there keeps its names."""

    code: str
    names: Mapping[str, str]
    level: str = ""

    def checked(self) -> KindInput:
        return replace(self, code=rules.code(self.code), level=self.level and rules.level(self.level))


@dataclass(frozen=True)
class UnitInput:
    """One unit, found again by its code."""

    code: str
    kind: str
    level: str
    name: str
    names: Mapping[str, str] | None = None
    parent: str | None = None
    area: str | None = None
    covers: tuple[str, ...] = ()
    is_active: bool | None = None

    def checked(self) -> UnitInput:
        return replace(
            self,
            code=rules.code(self.code),
            kind=rules.code(self.kind, field="kind"),
            level=rules.level(self.level),
            name=clean(self.name, max_length=120, lines=False, field="name", required=True),
        )


@dataclass(frozen=True)
class PostInput:
    """One seat, found again by its code. Its role cannot change."""

    code: str
    role: str
    area: str
    title: str
    unit: str | None = None
    level: str = ""  # empty: the usual one of the role
    duties: str | None = None
    names: Mapping[str, str] | None = None

    def checked(self) -> PostInput:
        duties = self.duties
        if duties is not None:
            duties = clean(duties, max_length=limits.TEXT, lines=True, field="duties")
        return replace(
            self,
            code=rules.code(self.code),
            level=rules.post_level(self.role, self.level),
            title=clean(self.title, max_length=80, lines=False, field="title", required=True),
            duties=duties,
        )


@dataclass(frozen=True)
class PersonInput:
    """One account, found again by its user name. A new one has no password yet."""

    username: str
    name: str
    phone: str | None = None
    email: str | None = None
    language: str = ""  # empty: what the person chose stays
    names: Mapping[str, str] | None = None

    def checked(self) -> PersonInput:
        return replace(
            self,
            username=account_rules.username(self.username),
            name=account_rules.name(self.name),
            phone=None if self.phone is None else account_rules.phone(self.phone),
            email=None if self.email is None else account_rules.email(self.email),
            language=account_rules.language(self.language) if self.language else "",
        )


@dataclass(frozen=True)
class AppointmentInput:
    """One person in one seat. Found again when the same person's days in the same seat meet."""

    post: str
    username: str
    starts: date
    ends: date | None = None
    full_time: bool = True

    def checked(self) -> AppointmentInput:
        period = rules.period(self.starts, self.ends)
        return replace(
            self,
            post=rules.code(self.post, field="post"),
            username=account_rules.username(self.username),
            starts=period.starts,
        )


def located(error: Invalid, place: str) -> list[FieldError]:
    """The errors of one row as errors of the batch: ``posts.3.area``."""
    return [FieldError(f"{place}.{one.field}", one.code, one.message) for one in error.errors]
