"""Who is acting: the answer to "by whom?" that every action, list and journal entry is given.

An actor is a person of the staff with the hats of their posts, a reporter holding a receipt, a program with a token,
the program itself, or anyone. `access` judges actors; this module only says what one is. It stands here because
`people` makes them; everything after `people` imports it from `gewu.domain.access.actor`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from gewu.core.errors import NotFound, Refused
from gewu.core.sentences import sentence as _

ActorKind = Literal["staff", "reporter", "system", "client"]


@dataclass(frozen=True)
class Hat:
    """One post as somebody wears it today: their own, or an absent colleague's (`stand_in`)."""

    role: str
    level: str
    area_path: str
    post_id: UUID
    unit_id: UUID | None = None
    stand_in: bool = False


@dataclass(frozen=True)
class Actor:
    """Who acts, with what. `acting_post` is the post chosen for this act when the person holds several."""

    kind: ActorKind
    user_id: UUID | None = None
    hats: tuple[Hat, ...] = ()
    strong: bool = False  # a second factor was used in this session
    scopes: frozenset[str] | None = (
        None  # of a program's token; None for a person on a page, who is not narrowed
    )
    report_id: UUID | None = None
    case_id: UUID | None = None  # the one case a reporter's receipt opens
    via: str = "page"
    acting_post: UUID | None = None

    @property
    def post_id(self) -> UUID | None:
        """The post that goes on the record: the chosen one, else the first hat's."""
        if self.acting_post is not None:
            return self.acting_post
        return self.hats[0].post_id if self.hats else None

    @property
    def person(self) -> UUID:
        """The account of who acts; where only people come, nobody else finds anything."""
        if self.user_id is None:
            raise NotFound
        return self.user_id

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(hat.role for hat in self.hats)

    def has(self, *roles: str) -> bool:
        """True when at least one hat is of one of `roles`."""
        return any(hat.role in roles for hat in self.hats)

    def wearing(self, post_id: UUID) -> Actor:
        """The same person under one hat alone; refused when they do not have it today."""
        hats = tuple(hat for hat in self.hats if hat.post_id == post_id)
        if not hats:
            raise Refused(_("You do not hold this post today."), code="not_your_post")
        return replace(self, hats=hats, acting_post=post_id)


SYSTEM = Actor(kind="system", via="system")
ANYONE = Actor(kind="client", scopes=frozenset())
