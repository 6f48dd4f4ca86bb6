"""The cast of these tests: a clerk in a post, and identity officers of two units."""

from __future__ import annotations

from uuid import UUID

from gewu.core import chance
from gewu.domain.access.actor import Actor, Hat
from gewu.domain.areas.models import Area
from gewu.domain.people.models import Post, Unit, UnitKind
from gewu.domain.privacy import sealing
from gewu.domain.privacy.models import Officer
from tests.services.time import START

PASSPHRASES = {"one": "three grey herons", "two": "seven wet bicycles", "three": "eleven warm loaves"}


def clerk(*, strong: bool = True) -> Actor:
    """An intake clerk of the subdistrict's service hall."""
    area = Area.objects.create(
        code=f"area-{chance.digits(6)}", level="subdistrict", kind="subdistrict", name="Xiqiao", path=chance.digits(3),
        valid_from=START.date(),
    )  # fmt: skip
    kind = UnitKind.objects.create(code=f"hall-{chance.digits(6)}")
    unit = Unit.objects.create(code=f"hall-{chance.digits(6)}", kind=kind, level="S", name="Service hall")
    post = Post.objects.create(
        code=f"post-{chance.digits(6)}", role="intake", area=area, unit=unit, level="S", title="Window 3"
    )
    hat = Hat(role="intake", level="S", area_path=area.path, post_id=post.id, unit_id=unit.id)
    return Actor(kind="staff", user_id=chance.new_id(), hats=(hat,), strong=strong)


def somebody(user_id: UUID | None = None, *, strong: bool = True) -> Actor:
    """A signed-in person without a stored post."""
    hat = Hat(role="identity_officer", level="D", area_path="", post_id=chance.new_id())
    return Actor(kind="staff", user_id=user_id or chance.new_id(), hats=(hat,), strong=strong)


def officers(names: tuple[str, ...] = ("one", "two", "three")) -> dict[str, Officer]:
    """Officers one and three sit in one unit, two in another."""
    units = {"one": chance.new_id(), "two": chance.new_id()}
    units["three"] = units["one"]
    return {
        name: sealing.appoint_officer(
            chance.new_id(), unit_id=units[name], passphrase=PASSPHRASES[name], actor=somebody(), now=START
        )
        for name in names
    }
