"""Every test of the case line plays in the town."""

from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
