"""Passwords: long, not common, not the words of the place. No rules of composition, no forced change.

Common passwords are refused by Django's own list, which is on this machine. Here stand the words everybody in the
subdistrict would try first; a password may contain one of them only if enough is left without it.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gewu.core import chance
from gewu.domain.accounts.models import User

LOCAL_WORDS = (
    "罗塘", "羅塘", "luotang", "格务", "格務", "gewu", "姜堰", "jiangyan", "泰州", "taizhou", "网格", "網格", "wangge",
    "西桥", "xiqiao", "唐园", "tangyuan", "中天", "zhongtian", "街道", "jiedao", "社区", "shequ", "321204",
)  # fmt: skip
REST = 10  # characters that must be left when local words are taken out

# Without signs that look alike (0 O 1 l I), because passwords are read from paper once.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5  # 20 signs of 32: 100 bits


class LocalWordsValidator:
    """Refuses passwords that lean on a word of the place or of the product."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.lower()
        for word in LOCAL_WORDS:
            rest = rest.replace(word, "")
        if len(rest) < len(password) and len(rest) < REST:
            raise ValidationError(
                _("This password leans on a word everybody here would try first."), code="password_local_word"
            )

    def get_help_text(self) -> str:
        return _("Do not build it on the name of the place or of this program.")


def generate() -> str:
    """A first password, to be written down once: four groups of five signs that do not look alike."""
    draw = chance.random()
    return "-".join("".join(draw.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
