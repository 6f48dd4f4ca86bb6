"""Making units and posts one at a time; many at once come through `setup`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gewu.core import limits
from gewu.core.errors import Invalid
from gewu.core.sentences import sentence as _
from gewu.core.text import clean
from gewu.domain.areas.models import Area
from gewu.domain.journal import actions as journal
from gewu.domain.journal.actions import Acting
from gewu.domain.people import rules
from gewu.domain.people.models import Post, Unit, UnitCoverage, UnitKind


def create_unit(
    code: str,
    *,
    kind: UnitKind,
    level: str,
    name: str,
    names: dict[str, str] | None = None,
    parent: Unit | None = None,
    area: Area | None = None,
    actor: Acting,
    now: datetime,
) -> Unit:
    """A new organisation."""
    unit = Unit(
        code=rules.code(code),
        kind=kind,
        level=rules.level(level),
        name=clean(name, max_length=120, lines=False, field="name", required=True),
        names=names or {},
        parent=parent,
        area=area,
    )
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
            journal.record(
                "unit.created",
                actor=actor,
                subject=("unit", unit.id),
                scope_path=area.path if area else "",
                at=now,
                data={"code": unit.code, "kind": kind.code, "level": unit.level},
            )
    except IntegrityError:
        raise Invalid.at("code", "code_taken", _("This code is taken.")) from None
    return unit


def cover_areas(unit: Unit, areas: Sequence[Area], *, actor: Acting, now: datetime) -> None:
    """The unit serves exactly these areas, besides the one it belongs to."""
    wanted = {area.id: area for area in areas}
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        here = set(UnitCoverage.objects.filter(unit=unit).values_list("area_id", flat=True))
        UnitCoverage.objects.filter(unit=unit).exclude(area_id__in=wanted).delete()
        new = [UnitCoverage(unit=unit, area=area) for key, area in wanted.items() if key not in here]
        UnitCoverage.objects.bulk_create(new)
        journal.record(
            "unit.areas_covered",
            actor=actor,
            subject=("unit", unit.id),
            at=now,
            data={"areas": sorted(area.code for area in areas)},
        )


def create_post(
    code: str,
    *,
    role: str,
    area: Area,
    unit: Unit | None = None,
    level: str = "",
    title: str,
    duties: str = "",
    actor: Acting,
    now: datetime,
) -> Post:
    """A new seat; nobody holds it yet."""
    stands_on = rules.post_level(role, level)
    rules.check_area(role, area.level)
    post = Post(
        code=rules.code(code),
        role=role,
        area=area,
        unit=unit,
        level=stands_on,
        title=clean(title, max_length=80, lines=False, field="title", required=True),
        duties=clean(duties, max_length=limits.TEXT, lines=True, field="duties"),
    )
    try:
        with transaction.atomic():
            post.save(force_insert=True)
            journal.record(
                "post.created",
                actor=actor,
                subject=("post", post.id),
                version=post.version,
                scope_path=area.path,
                at=now,
                data={
                    "code": post.code,
                    "role": role,
                    "level": stands_on,
                    "area": area.code,
                    "unit": unit.code if unit else None,
                },
            )
    except IntegrityError:
        raise Invalid.at("code", "code_taken", _("This code is taken.")) from None
    return post
