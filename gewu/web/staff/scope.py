"""What pages with numbers share: the part of the tree somebody may look at, and a number with the cases behind it."""

from __future__ import annotations

from dataclasses import dataclass

from gewu.core.errors import Invalid
from gewu.domain.access.actor import Actor
from gewu.domain.access.table import GRANTS, needs_factor
from gewu.domain.areas.models import Area


@dataclass(frozen=True)
class Number:
    """A number and the cases behind it; without cases it leads nowhere."""

    value: int
    url: str = ""


def areas_of(actor: Actor, action: str) -> list[Area]:
    """In the order of the tree, down to the grid."""
    roles = {role for grant in GRANTS[action] for role in grant.roles or ()}
    paths = [hat.area_path for hat in actor.hats if hat.role in roles and not needs_factor(hat, actor)]
    rows = Area.objects.filter(valid_to=None).exclude(level="microgrid").order_by("path")
    return [area for area in rows if any(area.path.startswith(path) for path in paths)]


def chosen(areas: list[Area], code: str, *, refused: str) -> Area:
    """The area of this code among them; without a code the highest one."""
    if not code:
        return min(areas, key=lambda area: (len(area.path), area.path))
    for area in areas:
        if area.code == code:
            return area
    raise Invalid.at("area", "unknown", refused)
