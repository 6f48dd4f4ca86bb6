"""Sentences are translated when they are read, not when they are raised."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gewu.core.errors import Invalid
from gewu.core.sentences import _Voice, sentence, speak_with


@pytest.fixture(autouse=True)
def _no_translator_yet() -> Iterator[None]:
    """As in a plain script; what the process had before comes back afterwards."""
    before = _Voice.translate
    speak_with(None)
    yield
    speak_with(before)


@pytest.fixture
def mirror() -> None:
    """A translator whose language is easy to tell: upper case up to the facts."""
    speak_with(lambda msgid: msgid.replace("At most", "AT MOST"))


def test_without_a_translator_the_english_text_stands() -> None:
    assert str(sentence("At most %(limit)s characters.", limit=5)) == "At most 5 characters."
    assert str(sentence("100 % plain")) == "100 % plain"


@pytest.mark.usefixtures("mirror")
def test_the_translator_of_the_moment_is_asked() -> None:
    error = Invalid.at("text", "too_long", sentence("At most %(limit)s characters.", limit=5))
    assert str(error) == "text: AT MOST 5 characters."
    speak_with(None)
    assert str(error) == "text: At most 5 characters."


def test_equal_sentences_are_equal() -> None:
    assert sentence("a", b=1) == sentence("a", b=1)
    assert sentence("a", b=1) != sentence("a", b=2)
    assert len({sentence("a", b=1), sentence("a", b=1)}) == 1
