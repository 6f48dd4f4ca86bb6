"""The marks between pieces of text that are put together by code: every language has its own, and this is their home.

A sentence holds its own marks and is translated whole. Only where pieces meet that are each written elsewhere, a label
and what was said or a name and a number, does code have to set one: “期限：过半” for readers of Chinese, “Limit: half
used” for others. Templates reach these through the tags and filters of `gewu_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gewu.core.sentences import sentence as _

_COLON = _(": ")
_LIST = _(", ")


def colon() -> str:
    """Between a label and what stands for it."""
    return str(_COLON)


def list_mark() -> str:
    """Between the things of a list."""
    return str(_LIST)


def named(label: object, said: object) -> str:
    """“Label: what is said”."""
    return f"{label}{colon()}{said}"


def listed(things: Iterable[object]) -> str:
    """“one, two, three”."""
    return list_mark().join(str(thing) for thing in things)


def bracketed(text: object) -> str:
    """What stands in brackets behind something, with the blank before it where the language has one."""
    return str(_(" (%(text)s)", text=text))


def percent(number: object) -> str:
    """A whole number as a share of a hundred."""
    return str(_("%(number)s %%", number=number))


@dataclass(frozen=True)
class Listed:
    """Things as a fact of a `Sentence`, which is put into words only when it is read."""

    things: tuple[object, ...]

    def __str__(self) -> str:
        return listed(self.things)
