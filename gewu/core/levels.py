"""The ladder of a case: grid, village or community, subdistrict, district."""

from __future__ import annotations

GRID, COMMUNITY, SUBDISTRICT, DISTRICT = "G", "V", "S", "D"
LADDER = (GRID, COMMUNITY, SUBDISTRICT, DISTRICT)


def above(level: str) -> str | None:
    """The next level up, None above the district."""
    place = LADDER.index(level)
    return LADDER[place + 1] if place + 1 < len(LADDER) else None


def is_higher(level: str, than: str) -> bool:
    """True when `level` stands above `than` on the ladder."""
    return LADDER.index(level) > LADDER.index(than)
