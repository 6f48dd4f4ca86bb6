"""Core on its own: it speaks English until somebody gives it a voice, whatever other tests have set before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gewu.core.sentences import _Voice, speak_with


@pytest.fixture(autouse=True)
def _no_voice() -> Iterator[None]:
    before = _Voice.translate
    speak_with(None)
    yield
    speak_with(before)
