"""The town for a clerk's desk."""

from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
