"""Sentences that core says to people, translated only when they are read.

Core knows no web framework, yet its refusals end beside a form field in the reader's language. So core raises
a `Sentence`: the English msgid with its facts. `config` hands over the translator once at start
(`speak_with`); until then, and in plain scripts, the English text stands. Import `sentence` as `_`, so that
the message tools find the msgids::

    from gewu.core.sentences import sentence as _
    raise Invalid.at("text", "too_long", _("At most %(limit)s characters.", limit=5000))
"""

from __future__ import annotations

from collections.abc import Callable


def _english(msgid: str) -> str:
    return msgid


class _Voice:
    """Holds the one translator of the process; a class attribute, because it is set once at start."""

    translate: Callable[[str], str] = staticmethod(_english)


def speak_with(translate: Callable[[str], str] | None) -> None:
    """Use `translate` (for instance gettext) for every sentence read from now on; None: English again."""
    _Voice.translate = staticmethod(translate or _english)


class Sentence:
    """A msgid and its facts; `str()` gives it in the reader's language at that moment."""

    __slots__ = ("facts", "msgid")

    def __init__(self, msgid: str, facts: dict[str, object]) -> None:
        self.msgid = msgid
        self.facts = facts

    def __str__(self) -> str:
        text = _Voice.translate(self.msgid)
        return text % self.facts if self.facts else text

    def __repr__(self) -> str:
        return f"Sentence({self.msgid!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and (self.msgid, self.facts) == (other.msgid, other.facts)

    def __hash__(self) -> int:
        return hash(self.msgid)


def sentence(msgid: str, **facts: object) -> Sentence:
    """Make a sentence. Facts are named in the msgid as ``%(name)s``."""
    return Sentence(msgid, facts)
