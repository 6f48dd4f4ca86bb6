"""Suggestions are written and answered in the town of the cast."""

from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
