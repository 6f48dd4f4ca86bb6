"""Who may do what is tested on the people of the town."""

from tests.town_fixture import filled, town

__all__ = ["filled", "town"]
