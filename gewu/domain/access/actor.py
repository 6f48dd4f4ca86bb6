"""Who is acting, for everything that judges or records acts. Made and explained in `people.actor`."""

from __future__ import annotations

from gewu.domain.people.actor import ANYONE, SYSTEM, Actor, ActorKind, Hat

__all__ = ["ANYONE", "SYSTEM", "Actor", "ActorKind", "Hat"]
