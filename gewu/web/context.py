"""What every template may ask for without its view having said so."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from gewu.domain.access.actor import ANYONE
from gewu.domain.names import name_of
from gewu.domain.place.models import ONLY, Installation
from gewu.domain.statements import Prepared
from gewu.web import handbook, switches

_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The installation (None before it is opened), the reader, and how they want to read."""
    language = get_language() or "en"
    tag = _TAGS.get(language, language)
    place = SimpleLazyObject(_installation)
    return {
        "place": place,
        "place_name": SimpleLazyObject(lambda: name_of(place)),
        "actor": getattr(request, "actor", ANYONE),
        "now": getattr(request, "now", None),
        "language_tag": tag,
        "help_url": SimpleLazyObject(lambda: handbook.address(request)),
        "large_print": switches.is_large(request),
    }


_INSTALLATION = Prepared(lambda: Installation.objects.filter(pk=ONLY))


def _installation() -> Installation | None:
    return _INSTALLATION.first()
