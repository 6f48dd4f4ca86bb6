"""Kinds of patrols: which places they go along and what is looked at there. One table for forms, phones and paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Item:
    """One thing to look at; ticked only when it is not as it should be."""

    code: str
    label: Any


@dataclass(frozen=True)
class PatrolKind:
    """One kind of patrol, with the kinds of places (places/kinds.py) it usually goes along."""

    code: str
    name: Any
    places: tuple[str, ...]
    checklist: tuple[Item, ...]


def _item(code: str, label: Any) -> Item:
    return Item(code, label)


KINDS: dict[str, PatrolKind] = {
    kind.code: kind
    for kind in (
        PatrolKind(
            "fire_lane", pgettext_lazy("patrol", "Fire lanes"), ("fire_lane",),
            (
                _item("blocked", pgettext_lazy("patrol item", "Lane blocked by cars or goods")),
                _item("marking", pgettext_lazy("patrol item", "Marking worn off")),
                _item("hydrant", pgettext_lazy("patrol item", "Hydrant covered or damaged")),
            ),
        ),
        PatrolKind(
            "charging", pgettext_lazy("patrol", "E-bike charging"), ("charging_shed",),
            (
                _item("wires", pgettext_lazy("patrol item", "Loose wires or sockets")),
                _item("extinguisher", pgettext_lazy("patrol item", "Extinguisher missing or out of date")),
                _item("indoors", pgettext_lazy("patrol item", "Charging indoors or in a stairway")),
            ),
        ),
        PatrolKind(
            "small_venue", pgettext_lazy("patrol", "Shops and small venues"), ("shop", "venue"),
            (
                _item("exit", pgettext_lazy("patrol item", "Exit locked or blocked")),
                _item("gas", pgettext_lazy("patrol item", "Gas hose or bottle not safe")),
                _item("sleeping", pgettext_lazy("patrol item", "Somebody sleeps among the goods")),
            ),
        ),
        PatrolKind(
            "water", pgettext_lazy("patrol", "Rivers and ponds"), ("water",),
            (
                _item("rail", pgettext_lazy("patrol item", "Rail or warning sign missing")),
                _item("rubbish", pgettext_lazy("patrol item", "Rubbish or foam on the water")),
                _item("outlet", pgettext_lazy("patrol item", "Waste water runs in")),
            ),
        ),
        PatrolKind(
            "straw", pgettext_lazy("patrol", "Straw burning season"), ("village_group", "water"),
            (
                _item("heap", pgettext_lazy("patrol item", "Straw heaped at field or road")),
                _item("smoke", pgettext_lazy("patrol item", "Smoke or fresh ashes")),
            ),
        ),
        PatrolKind(
            "order", pgettext_lazy("patrol", "Cleanliness and order"),
            ("waste_point", "compound", "building_group", "building", "manhole"),
            (
                _item("waste", pgettext_lazy("patrol item", "Waste beside the bins")),
                _item("cover", pgettext_lazy("patrol item", "Manhole cover loose or missing")),
                _item("lamp", pgettext_lazy("patrol item", "Lamp does not light")),
                _item("parking", pgettext_lazy("patrol item", "Way blocked by parking")),
            ),
        ),
    )
}  # fmt: skip

PURPOSES: dict[str, Any] = {
    "help": pgettext_lazy("visit purpose", "Help with papers or an errand"),
    "safety": pgettext_lazy("visit purpose", "Looking at wires, gas and smoke alarm"),
    "dispute": pgettext_lazy("visit purpose", "Talking about a dispute"),
    "care": pgettext_lazy("visit purpose", "Company, as you asked for it"),
    "information": pgettext_lazy("visit purpose", "Explaining a matter of the neighbourhood"),
}
