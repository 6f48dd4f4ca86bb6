"""All addresses of the API, drawn from the endpoints."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from gewu.api import (
    errors,
    v1,  # noqa: F401 - importing registers the endpoints
)
from gewu.api.endpoint import ENDPOINTS, Endpoint, view_of
from gewu.core.errors import NotFound


@csrf_exempt
def nothing(request: HttpRequest, place: str) -> HttpResponse:
    """No endpoint has this address: the same answer as for what one may not know of."""
    return errors.answer(NotFound())


def _by_path() -> dict[str, dict[str, Endpoint]]:
    """Endpoints by path and method; a fixed word goes before a part that takes any (`cases/import`)."""
    found: dict[str, dict[str, Endpoint]] = defaultdict(dict)
    for row in sorted(ENDPOINTS, key=lambda row: ["<" in part for part in row.path.split("/")]):
        found[row.path][row.method] = row
    return found


def _name(rows: dict[str, Endpoint]) -> str:
    """A path is named after its first function."""
    return next(iter(rows.values())).name


app_name = "api"
urlpatterns = [
    *(path(f"v1/{place}", view_of(rows), name=_name(rows)) for place, rows in _by_path().items()),
    path("<path:place>", nothing),
]
