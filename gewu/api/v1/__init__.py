"""Version 1 of the API; importing this package registers its endpoints."""

from gewu.api.v1 import (
    accounts,
    areas,
    cases,
    catalogue,
    description,
    desk,
    field,
    figures,
    inbox,
    journal,
    patrols,
    people,
    place,
    places,
    privacy,
    reports,
)

__all__ = [
    "accounts",
    "areas",
    "cases",
    "catalogue",
    "description",
    "desk",
    "field",
    "figures",
    "inbox",
    "journal",
    "patrols",
    "people",
    "place",
    "places",
    "privacy",
    "reports",
]
