"""Everything that can go wrong on purpose, as one small tree.

    GewuError                 a stable code and a sentence a grid worker understands
    ├── Invalid               what was typed cannot be taken; one FieldError for each field     422
    ├── Refused               understood, but this person may not, or not now                   403
    ├── NotFound              not there, or not for this person to know of: never told apart    404
    ├── Conflict              somebody was first; carries what happened meanwhile               409
    │   └── InProgress        the same request is still being worked on; try again              409
    ├── TooMany               a limit on tries or size is used up; carries when to try again    429
    ├── Unavailable           the store is busy or full; nothing was taken, nothing is lost     503
    └── Broken                the installation itself is wrong (settings, keys, history)        500

`web/` and `api/` each have one table from these classes to an answer; nothing else may choose a status.
Sentences are lazy translations, so an error raised in the domain is read in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gewu.core.sentences import sentence as _

CHECK_FIELDS = _("Please check the marked fields.")
NOTHING_HERE = _("There is nothing here.")


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it stands (``place.lon``), a stable code, and the sentence beside it."""

    field: str
    code: str
    message: Any  # str or a lazy translation: str() gives the reader's language


class GewuError(Exception):
    """Base of all expected errors."""

    code = "error"

    def __init__(self, message: Any, *, code: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)


class Invalid(GewuError):
    """Input that cannot be taken. `errors` is never empty."""

    code = "invalid"

    def __init__(self, errors: Iterable[FieldError], message: Any = CHECK_FIELDS) -> None:
        super().__init__(message)
        self.errors = tuple(errors)
        if not self.errors:
            raise ValueError("Invalid needs at least one field error")

    @classmethod
    def at(cls, field: str, code: str, message: Any) -> Invalid:
        """The common case: one field is wrong."""
        return cls([FieldError(field, code, message)])

    def __str__(self) -> str:
        return "; ".join(f"{error.field}: {error.message}" for error in self.errors)


class Refused(GewuError):
    """May not do this, or not now (wrong state, wrong post, second factor missing)."""

    code = "refused"


class NotFound(GewuError):
    """Not there or not to be known of. The answer is the same, byte for byte."""

    code = "not_found"

    def __init__(self, message: Any = NOTHING_HERE, *, code: str | None = None) -> None:
        super().__init__(message, code=code)


class Conflict(GewuError):
    """Somebody was first. `facts` say what the row is now, so the reader can see what happened."""

    code = "conflict"


class InProgress(Conflict):
    """The same request is being worked on right now."""

    code = "in_progress"


class TooMany(GewuError):
    """A limit is used up; `retry_after` says for how long."""

    code = "too_many"

    def __init__(self, message: Any, *, retry_after: timedelta, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Unavailable(GewuError):
    """The store cannot take it now. Nothing was accepted, so nothing was lost."""

    code = "unavailable"

    def __init__(self, message: Any, *, retry_after: timedelta = timedelta(seconds=5)) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Broken(GewuError):
    """The installation is not as it must be; for operators, in plain words."""

    code = "broken"
