"""What may stand in an entry's data: codes, ids, states, numbers, commitments. Never text.

The journal is kept for good and can never be edited, so whatever slips in stays. A string that could carry a name or
a sentence is therefore refused by its form, before anyone has to judge its meaning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from gewu.core.errors import Broken
from gewu.core.limits import WHOLE_NUMBER
from gewu.domain.journal.facts import Fact

CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,80}", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
DEPTH = 4


def checked(fact: Fact, data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` as plain JSON values; raises `Broken`, since only the program itself writes here."""
    if unknown := data.keys() - fact.data_fields:
        raise _refuse(fact, f"has no field {', '.join(sorted(map(repr, unknown)))}")
    return {name: _value(fact, name, value, DEPTH) for name, value in data.items()}


def _value(fact: Fact, name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _code(fact, name, str.__str__(value))
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, int):
        return _whole(fact, name, value)
    if isinstance(value, float):
        return _real(fact, name, value)
    if isinstance(value, date):
        return _moment(fact, name, value)
    if depth and isinstance(value, Mapping):
        return {_key(fact, name, key): _value(fact, name, part, depth - 1) for key, part in value.items()}
    if depth and isinstance(value, list | tuple):
        return [_value(fact, name, part, depth - 1) for part in value]
    raise _refuse(fact, f"cannot keep {type(value).__name__} in {name!r}")


def _code(fact: Fact, name: str, value: str) -> str:
    if not CODE.fullmatch(value):
        raise _refuse(fact, f"keeps codes, not text, in {name!r}")
    return value


def _key(fact: Fact, name: str, key: Any) -> str:
    if not isinstance(key, str) or not NAME.fullmatch(key):
        raise _refuse(fact, f"has a key in {name!r} that is no name")
    return str.__str__(key)


def _whole(fact: Fact, name: str, value: int) -> int:
    if abs(value) > WHOLE_NUMBER:
        raise _refuse(fact, f"has too large a number in {name!r}")
    return int(value)


def _real(fact: Fact, name: str, value: float) -> float:
    if not math.isfinite(value):
        raise _refuse(fact, f"has no number in {name!r}")
    return float(value)


def _moment(fact: Fact, name: str, value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise _refuse(fact, f"has a moment without zone in {name!r}")
    return value.astimezone(UTC).isoformat()


def _refuse(fact: Fact, what: str) -> Broken:
    # The value itself is left out: it may be the very text that must not be written anywhere.
    return Broken(f"The journal entry {fact.kind!r} {what}.", code="journal_data")
