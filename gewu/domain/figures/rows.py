"""What is handed to the figures: plain values, made by `derive` from one journal entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DeltaRow:
    """So much of one indicator on one day under one key."""

    day: date
    grid_path: str
    unit_id: str  # hex, or "" for none
    condition_code: str
    level: str
    source: str
    indicator: str
    amount: int = 1


@dataclass(frozen=True, slots=True)
class DurationRow:
    """One finished clock."""

    kind: str
    level: str
    unit_id: str
    grid_path: str
    condition_code: str
    day: date
    seconds: int
    wall: int
    in_time: bool | None
